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

/* Ten calls a word, three bits each: half failures below, slow above. */
#define CALLS_A_WORD 10u

void trust_window_push(struct trust_breaker *breaker, uint32_t window_calls,
                       struct trust_window_call call)
{
    assert(window_calls <= TRUST_BREAKER_WINDOW_CALLS_MAX);
    uint32_t at = breaker->at < window_calls ? breaker->at : 0;
    uint32_t *word = &breaker->room.last_calls[at / CALLS_A_WORD];
    uint32_t shift = at % CALLS_A_WORD * 3;
    if (breaker->calls >= window_calls) {
        uint32_t oldest = *word >> shift & 7u;
        breaker->half_failures -= oldest & 3u;
        breaker->slow -= oldest >> 2;
    } else {
        breaker->calls++;
    }
    *word = (*word & ~(7u << shift)) | (call.half_failures | call.slow << 2) << shift;
    breaker->half_failures += call.half_failures;
    breaker->slow += call.slow;
    breaker->at = (uint16_t)(at + 1);
}
