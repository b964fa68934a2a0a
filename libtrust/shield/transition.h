/* How a breaker goes from state to state: generations, back-off, and the event of each step. */
#ifndef TRUST_SHIELD_TRANSITION_H
#define TRUST_SHIELD_TRANSITION_H

#include "trust/breaker.h"

/* Flags of a cell. */
#define TRUST_BREAKER_ASKED 1u        /* half_open: mark_ms is who asked first */
#define TRUST_BREAKER_OTHERS 2u       /* half_open: somebody else asked too */
#define TRUST_BREAKER_SESSION_LOST 4u /* the outcome before was a session_lost */
#define TRUST_BREAKER_AUTH 8u         /* the last answer asked for credentials */
/* These belong to the counters: a new generation begins without them. */
#define TRUST_BREAKER_COUNTER_FLAGS 7u

/* One transition. at_ms is when it became due. */
struct trust_breaker_step {
    enum trust_breaker_state to;
    enum trust_breaker_reason reason;
    uint64_t at_ms;
    uint64_t until_ms;
    uint32_t threshold;
    uint32_t observed;
    uint32_t note; /* the order's; 0 */
};

/* Makes the transition: a new generation with empty counters, and its event. */
void trust_breaker_move(struct trust_breaker *breaker, const struct trust_breaker_step *step,
                        const struct trust_breaker_context *context);

/* Opens at step.at_ms for the back-off's time, at least for wait_ms; k goes up by one. The step's
 * state and end are worked out here. */
void trust_breaker_open(struct trust_breaker *breaker, struct trust_breaker_step step,
                        uint32_t wait_ms, const struct trust_breaker_context *context);

/* k at a time: what openings made of it, less one a full window spent closed since. */
uint32_t trust_breaker_k(const struct trust_breaker *breaker,
                         const struct trust_breaker_policy *policy, uint64_t now_ms);

#endif
