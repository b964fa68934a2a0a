/* One breaker with its policy, its time and its events, as most tests of the shield want it: no
 * jitter, so that lengths are round, and one name a step, so that a test reads as its story. */
#ifndef RIG_H
#define RIG_H

#include <string.h>

#include "trust/breaker.h"

#define AGENT 7u

struct rig {
    struct trust_breaker_policy policy;
    struct trust_breaker breaker;
    struct trust_breaker_events events;
    uint64_t now_ms;
};

static inline struct trust_breaker_context rig_context(struct rig *rig)
{
    return (struct trust_breaker_context){
        .policy = &rig->policy, .now = {rig->now_ms}, .events = &rig->events, .key = 42};
}

static inline void rig_init(struct rig *rig, uint64_t now_ms)
{
    memset(rig, 0, sizeof *rig);
    rig->policy = trust_breaker_policy_default();
    rig->policy.jitter_ppm = 0;
    rig->now_ms = now_ms;
    trust_breaker_init(&rig->breaker, 1, (struct trust_mono){now_ms});
}

static inline bool rig_ask(struct rig *rig, struct trust_permit *out_permit, uint64_t agent)
{
    struct trust_breaker_context context = rig_context(rig);
    return trust_breaker_permit(&rig->breaker, out_permit, agent, &context);
}

static inline void rig_tell(struct rig *rig, const struct trust_permit *permit,
                            struct trust_outcome outcome)
{
    struct trust_breaker_context context = rig_context(rig);
    trust_breaker_record(&rig->breaker, permit, &outcome, &context);
}

static inline struct trust_outcome outcome_of(enum trust_outcome_class class_)
{
    return (struct trust_outcome){.class_ = class_, .latency_ms = TRUST_LATENCY_UNKNOWN};
}

/* Asks and settles at once; false if refused. */
static inline bool rig_call(struct rig *rig, enum trust_outcome_class class_)
{
    struct trust_permit permit;
    if (!rig_ask(rig, &permit, AGENT))
        return false;
    rig_tell(rig, &permit, outcome_of(class_));
    return true;
}

static inline void rig_calls(struct rig *rig, enum trust_outcome_class class_, int count)
{
    for (int i = 0; i < count; i++)
        (void)rig_call(rig, class_);
}

/* Completed calls of one latency. */
static inline void rig_latency(struct rig *rig, uint32_t latency_ms, int count)
{
    for (int i = 0; i < count; i++)
        rig_tell(rig, NULL, (struct trust_outcome){.latency_ms = latency_ms});
}

static inline void rig_order(struct rig *rig, enum trust_breaker_verb verb, uint64_t expires_ms)
{
    struct trust_breaker_context context = rig_context(rig);
    struct trust_breaker_order order = {.verb = verb, .expires = {expires_ms}, .note = 5};
    trust_breaker_order(&rig->breaker, &order, &context);
}

static inline void rig_advance(struct rig *rig, uint64_t now_ms)
{
    rig->now_ms = now_ms;
    struct trust_breaker_context context = rig_context(rig);
    trust_breaker_advance(&rig->breaker, &context);
}

static inline struct trust_breaker_view rig_view(struct rig *rig)
{
    struct trust_breaker_context context = rig_context(rig);
    struct trust_breaker_view view;
    trust_breaker_read(&rig->breaker, &view, &context);
    return view;
}

static inline enum trust_breaker_state rig_state_at(struct rig *rig, uint64_t now_ms)
{
    rig->now_ms = now_ms;
    struct trust_breaker_context context = rig_context(rig);
    return trust_breaker_state(&rig->breaker, &context);
}

/* Opens by a streak, and goes on to the end of the opening. */
static inline void rig_half_open(struct rig *rig)
{
    rig_calls(rig, TRUST_OUTCOME_REFUSED, (int)rig->policy.streak);
    rig_advance(rig, rig->breaker.until_ms);
}

#endif
