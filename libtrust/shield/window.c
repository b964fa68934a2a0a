/* See window.h. */
#include "shield/window.h"

#include <string.h>

#include "base/assert.h"

static void empty(struct trust_breaker *breaker)
{
    memset(&breaker->room, 0, sizeof breaker->room);
    breaker->calls = 0;
    breaker->half_failures = 0;
    breaker->slow = 0;
}

static void next_bucket(struct trust_breaker *breaker)
{
    breaker->at = (uint16_t)((breaker->at + 1u) % TRUST_WINDOW_BUCKETS);
    struct trust_breaker_bucket *oldest = &breaker->room.bucket[breaker->at];
    breaker->calls -= oldest->calls;
    breaker->half_failures -= oldest->half_failures;
    breaker->slow -= oldest->slow;
    *oldest = (struct trust_breaker_bucket){0};
}

void trust_window_turn(struct trust_breaker *breaker, const struct trust_breaker_policy *policy,
                       struct trust_mono now)
{
    if (now.ms < breaker->bucket_end_ms)
        return;
    uint64_t width = (policy->window_ms + TRUST_WINDOW_BUCKETS - 1) / TRUST_WINDOW_BUCKETS;
    assert(width > 0);
    uint64_t steps = (now.ms - breaker->bucket_end_ms) / width + 1;
    if (steps >= TRUST_WINDOW_BUCKETS) {
        empty(breaker);
    } else {
        for (uint64_t i = 0; i < steps; i++)
            next_bucket(breaker);
    }
    breaker->bucket_end_ms = (now.ms / width + 1) * width;
}

static inline uint32_t bit_of(const uint32_t *plane, uint32_t at)
{
    return plane[at / 32] >> (at % 32) & 1u;
}

static inline void set_bit(uint32_t *plane, uint32_t at, uint32_t value)
{
    plane[at / 32] = (plane[at / 32] & ~(1u << (at % 32))) | value << (at % 32);
}

void trust_window_push(struct trust_breaker *breaker, uint32_t window_calls,
                       struct trust_window_call call)
{
    assert(window_calls <= TRUST_BREAKER_WINDOW_CALLS_MAX);
    uint32_t at = breaker->at < window_calls ? breaker->at : 0;
    struct trust_breaker_bits *bits = &breaker->room.bits;
    if (breaker->calls >= window_calls) {
        breaker->half_failures -= 2 * bit_of(bits->failure, at) + bit_of(bits->half, at);
        breaker->slow -= bit_of(bits->slow, at);
    } else {
        breaker->calls++;
    }
    set_bit(bits->failure, at, call.half_failures >> 1);
    set_bit(bits->half, at, call.half_failures & 1u);
    set_bit(bits->slow, at, call.slow);
    breaker->half_failures += call.half_failures;
    breaker->slow += call.slow;
    breaker->at = (uint16_t)(at + 1);
}
