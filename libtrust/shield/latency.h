/*
 * What a cell knows of its calls' latency, in 56 bytes: a moving average, the median of the last 20
 * completed calls and the nearest-rank 99th percentile of the last 80 to 99, which of fewer than a
 * hundred is the greatest. Exact figures over a short past: a constant latency gives itself, and
 * both follow a server that changed within one hundred calls.
 */
#ifndef TRUST_SHIELD_LATENCY_H
#define TRUST_SHIELD_LATENCY_H

#include "trust/breaker.h"

#define TRUST_LATENCY_RING 20
#define TRUST_LATENCY_BLOCKS 4
/* Failing fast must not attract traffic: a failure enters the average with at least this. */
#define TRUST_LATENCY_FAILURE_MS 5000
/* Below this no call is slow, unless the policy says so. */
#define TRUST_LATENCY_SLOW_MS_MIN 1000

/* Averages one latency in, with weight 1/8. */
static inline void trust_latency_average(struct trust_breaker *breaker, uint32_t ms)
{
    /* 0 means "no sample": a latency below a millisecond is the least the scale shows. */
    uint32_t sample = ms < 1u << 23 ? ms << 8 | (ms == 0) : 1u << 31;
    if (breaker->ewma == 0)
        breaker->ewma = sample;
    else
        breaker->ewma = (uint32_t)(breaker->ewma + ((int64_t)sample - breaker->ewma) / 8);
}

/* Adds the latency of a completed call; above 65,535 ms it counts as that. */
static inline void trust_latency_add(struct trust_breaker *breaker, uint32_t ms)
{
    uint16_t sample = ms < UINT16_MAX ? (uint16_t)ms : UINT16_MAX;
    breaker->latency_ms[breaker->latency_at] = sample;
    if (sample > breaker->block_max_ms)
        breaker->block_max_ms = sample;
    if (breaker->latency_count < TRUST_LATENCY_RING)
        breaker->latency_count++;
    if (++breaker->latency_at < TRUST_LATENCY_RING)
        return;
    breaker->latency_at = 0;
    breaker->latency_max_ms[breaker->latency_block] = breaker->block_max_ms;
    breaker->latency_block = (uint8_t)((breaker->latency_block + 1u) % TRUST_LATENCY_BLOCKS);
    breaker->block_max_ms = 0;
}

/* The nearest-rank median of the samples in the ring; 0 without any. */
uint32_t trust_latency_p50_ms(const struct trust_breaker *breaker);

/* The nearest-rank 99th percentile; 0 without a sample. */
uint32_t trust_latency_p99_ms(const struct trust_breaker *breaker);

/* True if a call of this latency, of at least a second, is slow by the cell's own median. */
bool trust_latency_is_slow_here(const struct trust_breaker *breaker, uint32_t ms);

/* True if a call of this latency is slow. The median is worked out for the few calls above a second
 * alone. */
static inline bool trust_latency_is_slow(const struct trust_breaker *breaker,
                                         const struct trust_breaker_policy *policy, uint32_t ms)
{
    uint32_t least_ms = policy->slow_ms > 0 ? policy->slow_ms : TRUST_LATENCY_SLOW_MS_MIN;
    if (ms < least_ms || ms == TRUST_LATENCY_UNKNOWN)
        return false;
    return policy->slow_ms > 0 || trust_latency_is_slow_here(breaker, ms);
}

/* How long a lease lives. */
uint32_t trust_latency_lease_ms(const struct trust_breaker *breaker,
                                const struct trust_breaker_policy *policy);

#endif
