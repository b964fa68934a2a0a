/*
 * The calls a closed breaker judges by: ten time buckets anchored at multiples of their width, or
 * three bits a call for the last N. The sums over the window are kept beside it, so that judging
 * costs no pass over it. Buckets move on when somebody looks: an idle window costs nothing.
 */
#ifndef TRUST_SHIELD_WINDOW_H
#define TRUST_SHIELD_WINDOW_H

#include "trust/breaker.h"

#define TRUST_WINDOW_BUCKETS 10
/* A sum stops here, so that twice as many half failures still fit 32 bits. */
#define TRUST_WINDOW_CALLS_STOP 2000000000u

/* One call as the window counts it. */
struct trust_window_call {
    uint32_t half_failures; /* 0, 1 or 2 */
    uint32_t slow;          /* 0 or 1 */
};

/* Moves a time window to now; a gap of any length only empties buckets. */
void trust_window_turn(struct trust_breaker *breaker, const struct trust_breaker_policy *policy,
                       struct trust_mono now);

/* Adds a call to the last-N window in place of the oldest. */
void trust_window_push(struct trust_breaker *breaker, uint32_t window_calls,
                       struct trust_window_call call);

static inline void trust_window_add(struct trust_breaker *breaker,
                                    const struct trust_breaker_policy *policy,
                                    struct trust_window_call call, struct trust_mono now)
{
    if (policy->window_calls > 0) {
        trust_window_push(breaker, policy->window_calls, call);
        return;
    }
    if (now.ms >= breaker->bucket_end_ms)
        trust_window_turn(breaker, policy, now);
    if (breaker->calls >= TRUST_WINDOW_CALLS_STOP)
        return;
    struct trust_breaker_bucket *bucket = &breaker->room.bucket[breaker->at];
    bucket->calls++;
    bucket->half_failures += call.half_failures;
    bucket->slow += call.slow;
    breaker->calls++;
    breaker->half_failures += call.half_failures;
    breaker->slow += call.slow;
}

#endif
