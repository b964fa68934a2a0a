/* A shared cell and its clock, for the tests of shield/shared. */
#ifndef SHARED_RIG_H
#define SHARED_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "shield/shared.h"

struct rig {
    struct trust_breaker_policy policy;
    struct trust_shared shared;
    struct trust_breaker_events events;
    uint64_t now_ms;
};

static inline void begin(struct rig *rig)
{
    memset(rig, 0, sizeof *rig);
    rig->policy = trust_breaker_policy_default();
    rig->policy.jitter_ppm = 0;
    trust_shared_init(&rig->shared, 3, (struct trust_mono){0});
}

static inline struct trust_breaker_context context_of(struct rig *rig)
{
    return (struct trust_breaker_context){
        .policy = &rig->policy, .now = {rig->now_ms}, .events = &rig->events};
}

static inline void tell(struct rig *rig, uint64_t agent, const struct trust_permit *permit,
                        enum trust_outcome_class class_)
{
    struct trust_breaker_context context = context_of(rig);
    struct trust_shared_report report = {
        .agent = agent,
        .holder = agent,
        .permit = permit,
        .outcome = {.class_ = class_, .latency_ms = TRUST_LATENCY_UNKNOWN}};
    trust_shared_record(&rig->shared, &report, &context);
}

static inline void tell_many(struct rig *rig, uint64_t agent, enum trust_outcome_class class_,
                             int count)
{
    for (int i = 0; i < count; i++)
        tell(rig, agent, NULL, class_);
}

static inline bool ask(struct rig *rig, struct trust_permit *out_permit, uint64_t agent)
{
    struct trust_breaker_context context = context_of(rig);
    return trust_shared_permit(&rig->shared, out_permit, agent, &context);
}

static inline void order(struct rig *rig, enum trust_breaker_verb verb)
{
    struct trust_breaker_context context = context_of(rig);
    struct trust_breaker_order given = {.verb = verb, .expires = {TRUST_MONO_NEVER}};
    trust_shared_order(&rig->shared, &given, &context);
}

static inline struct trust_breaker_view view_of(struct rig *rig)
{
    struct trust_breaker_context context = context_of(rig);
    struct trust_breaker_view view;
    trust_breaker_read(&rig->shared.gate, &view, &context);
    return view;
}

static inline enum trust_breaker_state state_of(struct rig *rig)
{
    return view_of(rig).state;
}

/* Agents 1 and 2 open the gate; it is half-open at now. */
static inline void half_open(struct rig *rig)
{
    begin(rig);
    tell_many(rig, 1, TRUST_OUTCOME_REFUSED, 5);
    tell_many(rig, 2, TRUST_OUTCOME_REFUSED, 5);
    assert_int_equal(state_of(rig), TRUST_BREAKER_OPEN);
    rig->now_ms = 5000;
    assert_int_equal(state_of(rig), TRUST_BREAKER_HALF_OPEN);
    rig->events.count = 0;
}

#endif
