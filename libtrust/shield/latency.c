/* See latency.h. */
#include "shield/latency.h"

#include "base/assert.h"

#define LEASE_MS_MIN 1000u
#define LEASE_MS_MAX 60000u

uint32_t trust_latency_p50_ms(const struct trust_breaker *breaker)
{
    uint16_t sorted[TRUST_LATENCY_RING] = {0};
    uint32_t count = breaker->latency_count;
    assert(count <= TRUST_LATENCY_RING);
    if (count == 0)
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t j = i;
        for (; j > 0 && sorted[j - 1] > breaker->latency_ms[i]; j--)
            sorted[j] = sorted[j - 1];
        sorted[j] = breaker->latency_ms[i];
    }
    return sorted[(count - 1) / 2];
}

uint32_t trust_latency_p99_ms(const struct trust_breaker *breaker)
{
    uint32_t greatest = breaker->block_max_ms;
    for (uint32_t i = 0; i < TRUST_LATENCY_BLOCKS; i++) {
        if (breaker->latency_max_ms[i] > greatest)
            greatest = breaker->latency_max_ms[i];
    }
    return greatest;
}

bool trust_latency_is_slow_here(const struct trust_breaker *breaker, uint32_t ms)
{
    return ms >= 3 * trust_latency_p50_ms(breaker);
}

uint32_t trust_latency_lease_ms(const struct trust_breaker *breaker,
                                const struct trust_breaker_policy *policy)
{
    if (policy->lease_ms > 0)
        return policy->lease_ms;
    if (breaker->latency_count < TRUST_LATENCY_RING)
        return LEASE_MS_MAX;
    uint32_t ms = 4 * trust_latency_p99_ms(breaker);
    if (ms < LEASE_MS_MIN)
        return LEASE_MS_MIN;
    return ms < LEASE_MS_MAX ? ms : LEASE_MS_MAX;
}
