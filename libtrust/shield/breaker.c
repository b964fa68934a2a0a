/*
 * What calls, orders and time do to a cell. The fast path is a closed cell: one comparison tells
 * that nothing is due, the permit is two stores, the record a handful of additions and the
 * comparisons of the criteria that are on. Everything rarer is out of line.
 */
#include "trust/breaker.h"

#include <assert.h>
#include <string.h>

#include "base/assert.h"
#include "shield/latency.h"
#include "shield/lease.h"
#include "shield/outcome.h"
#include "shield/probe.h"
#include "shield/tally.h"
#include "shield/transition.h"
#include "shield/window.h"

static_assert(sizeof(struct trust_breaker) == 256, "a cell is four cache lines");

/* A half-open cell can lose each of its leases, open, and be half-open again. */
#define DUE_MAX (TRUST_BREAKER_PROBES_MAX + 2)

static void step_due(struct trust_breaker *breaker, const struct trust_breaker_context *context)
{
    struct trust_breaker_step step = {.at_ms = breaker->until_ms, .until_ms = TRUST_MONO_NEVER};
    switch ((enum trust_breaker_state)breaker->state) {
    case TRUST_BREAKER_CLOSED:
        assert(breaker->state != TRUST_BREAKER_CLOSED);
        return;
    case TRUST_BREAKER_HALF_OPEN:
        trust_probe_lose(breaker, context);
        return;
    case TRUST_BREAKER_OPEN:
        step.to = TRUST_BREAKER_HALF_OPEN;
        step.reason = TRUST_BREAKER_BY_WAIT_OVER;
        break;
    case TRUST_BREAKER_FORCED_OPEN:
        step.to = TRUST_BREAKER_HALF_OPEN;
        step.reason = TRUST_BREAKER_BY_EXPIRY;
        break;
    case TRUST_BREAKER_FORCED_CLOSED:
    case TRUST_BREAKER_METRICS_ONLY:
        step.to = TRUST_BREAKER_CLOSED;
        step.reason = TRUST_BREAKER_BY_EXPIRY;
        break;
    }
    trust_breaker_move(breaker, &step, context);
}

static void make_due(struct trust_breaker *breaker, const struct trust_breaker_context *context)
{
    for (int i = 0; i < DUE_MAX && context->now.ms >= breaker->until_ms; i++)
        step_due(breaker, context);
    assert(context->now.ms < breaker->until_ms);
}

static inline void catch_up(struct trust_breaker *breaker,
                            const struct trust_breaker_context *context)
{
    if (__builtin_expect(context->now.ms >= breaker->until_ms, 0))
        make_due(breaker, context);
}

void trust_breaker_init(struct trust_breaker *breaker, uint64_t seed, struct trust_mono now)
{
    *breaker = (struct trust_breaker){
        .until_ms = TRUST_MONO_NEVER,
        .since_ms = now.ms,
        .seed = seed,
        .generation = 1,
        .state = TRUST_BREAKER_CLOSED,
        .reason = TRUST_BREAKER_BY_START,
    };
}

static bool is_granted(struct trust_breaker *breaker, struct trust_permit *out_permit,
                       uint64_t agent, const struct trust_breaker_context *context)
{
    switch ((enum trust_breaker_state)breaker->state) {
    case TRUST_BREAKER_CLOSED:
    case TRUST_BREAKER_FORCED_CLOSED:
    case TRUST_BREAKER_METRICS_ONLY:
        *out_permit =
            (struct trust_permit){.generation = breaker->generation, .slot = TRUST_PERMIT_NO_SLOT};
        return true;
    case TRUST_BREAKER_HALF_OPEN:
        return trust_probe_ask(breaker, out_permit, agent, context);
    case TRUST_BREAKER_OPEN:
    case TRUST_BREAKER_FORCED_OPEN:
        return false;
    }
    return false;
}

bool trust_breaker_permit(struct trust_breaker *breaker, struct trust_permit *out_permit,
                          uint64_t agent, const struct trust_breaker_context *context)
{
    catch_up(breaker, context);
    if (__builtin_expect(breaker->state == TRUST_BREAKER_CLOSED, 1)) {
        *out_permit =
            (struct trust_permit){.generation = breaker->generation, .slot = TRUST_PERMIT_NO_SLOT};
        return true;
    }
    if (is_granted(breaker, out_permit, agent, context))
        return true;
    breaker->denied++;
    return false;
}

/* Latency and quality belong to the server, not to a generation: every outcome feeds them. */
static void feed(struct trust_breaker *breaker, const struct trust_outcome *outcome,
                 const struct trust_outcome_effect *effect)
{
    uint32_t ms = outcome->latency_ms;
    if (outcome->class_ == TRUST_OUTCOME_OK) {
        int share = outcome->is_error ? UINT16_MAX : 0;
        breaker->errors = (uint16_t)(breaker->errors + (share - breaker->errors) / 16);
        breaker->error_run =
            (uint8_t)(outcome->is_error ? breaker->error_run + (breaker->error_run < UINT8_MAX)
                                        : 0);
        breaker->flags &= (uint8_t)~TRUST_BREAKER_AUTH;
        if (ms == TRUST_LATENCY_UNKNOWN)
            return;
        trust_latency_average(breaker, ms);
        trust_latency_add(breaker, ms);
        return;
    }
    if (outcome->class_ == TRUST_OUTCOME_AUTH)
        breaker->flags |= TRUST_BREAKER_AUTH;
    if (effect->half_failures > 0) {
        bool is_long = ms != TRUST_LATENCY_UNKNOWN && ms > TRUST_LATENCY_FAILURE_MS;
        trust_latency_average(breaker, is_long ? ms : TRUST_LATENCY_FAILURE_MS);
    }
}

static inline void note_session(struct trust_breaker *breaker, enum trust_outcome_class class_)
{
    if (class_ == TRUST_OUTCOME_SESSION_LOST)
        breaker->flags |= TRUST_BREAKER_SESSION_LOST;
    else if (class_ != TRUST_OUTCOME_CANCELLED)
        breaker->flags &= (uint8_t)~TRUST_BREAKER_SESSION_LOST;
}

static inline void note_streak(struct trust_breaker *breaker,
                               const struct trust_outcome_effect *effect,
                               const struct trust_breaker_context *context)
{
    if (effect->breaks_streak) {
        breaker->streak = 0;
    } else if (effect->counts_in_streak) {
        uint64_t latest_ms = breaker->mark_ms + 2 * (uint64_t)context->policy->window_ms;
        if (breaker->streak == 0 || context->now.ms > latest_ms) {
            breaker->streak = 0;
            breaker->mark_ms = context->now.ms;
        }
        breaker->streak = (uint16_t)(breaker->streak + (breaker->streak < UINT16_MAX));
    }
}

static uint32_t permille(uint32_t part, uint64_t whole)
{
    return (uint32_t)((uint64_t)part * 1000 / whole);
}

static void open_now(struct trust_breaker *breaker, struct trust_breaker_step step,
                     const struct trust_breaker_context *context)
{
    step.at_ms = context->now.ms;
    trust_breaker_open(breaker, step, 0, context);
}

static bool is_rate_met(uint64_t bad, uint32_t pct, uint64_t whole)
{
    return pct > 0 && bad * 100 >= pct * whole;
}

/* The criteria of a closed breaker, on every record. */
static inline void judge(struct trust_breaker *breaker, const struct trust_breaker_context *context)
{
    const struct trust_breaker_policy *policy = context->policy;
    struct trust_breaker_step step = {0};
    if (policy->streak > 0 && breaker->streak >= policy->streak) {
        step.reason = TRUST_BREAKER_BY_STREAK;
        step.threshold = policy->streak;
        step.observed = breaker->streak;
        open_now(breaker, step, context);
        return;
    }
    if (breaker->calls < policy->min_calls)
        return;
    uint64_t halves = 2 * (uint64_t)breaker->calls;
    if (is_rate_met(breaker->half_failures, policy->fail_pct, halves)) {
        step.reason = TRUST_BREAKER_BY_FAIL_RATE;
        step.threshold = policy->fail_pct * 10;
        step.observed = permille(breaker->half_failures, halves);
        open_now(breaker, step, context);
    } else if (is_rate_met(breaker->slow, policy->slow_pct, breaker->calls)) {
        step.reason = TRUST_BREAKER_BY_SLOW_RATE;
        step.threshold = policy->slow_pct * 10;
        step.observed = permille(breaker->slow, breaker->calls);
        open_now(breaker, step, context);
    }
}

/* A 429 that says when to come back opens at once. False: it is not one. */
static bool open_for_retry(struct trust_breaker *breaker, const struct trust_outcome *outcome,
                           const struct trust_breaker_context *context)
{
    if (outcome->class_ != TRUST_OUTCOME_RATE_LIMITED || outcome->retry_after_ms == 0)
        return false;
    uint32_t wait_ms = outcome->retry_after_ms < TRUST_RETRY_AFTER_MS_MAX
                           ? outcome->retry_after_ms
                           : TRUST_RETRY_AFTER_MS_MAX;
    struct trust_breaker_step step = {.reason = TRUST_BREAKER_BY_RETRY_AFTER,
                                      .at_ms = context->now.ms,
                                      .threshold = wait_ms,
                                      .observed = wait_ms};
    trust_breaker_open(breaker, step, wait_ms, context);
    return true;
}

/* One outcome, looked up and judged for slowness. */
struct reading {
    const struct trust_outcome_effect *effect;
    struct trust_window_call call;
};

static inline struct reading read_outcome(const struct trust_breaker *breaker,
                                          const struct trust_outcome *outcome,
                                          const struct trust_breaker_policy *policy)
{
    bool was_lost = (breaker->flags & TRUST_BREAKER_SESSION_LOST) != 0;
    const struct trust_outcome_effect *effect = trust_outcome_effect_row(outcome->class_, was_lost);
    bool is_slow = outcome->is_slow || effect->is_slow ||
                   trust_latency_is_slow(breaker, policy, outcome->latency_ms);
    return (struct reading){effect, {.half_failures = effect->half_failures, .slow = is_slow}};
}

static inline void count(struct trust_breaker *breaker, const struct reading *reading,
                         const struct trust_breaker_context *context)
{
    note_streak(breaker, reading->effect, context);
    trust_window_add(breaker, context->policy, reading->call, context->now);
}

/* A result of half_open: it counts only for a lease that is still out. */
static void settle(struct trust_breaker *breaker, const struct trust_permit *permit,
                   const struct trust_outcome *outcome, const struct reading *reading,
                   const struct trust_breaker_context *context)
{
    if (permit == NULL || !trust_lease_is_live(breaker, permit))
        return;
    trust_lease_remove(breaker, permit->slot);
    note_session(breaker, outcome->class_);
    if (reading->effect->is_neutral || open_for_retry(breaker, outcome, context))
        return;
    trust_probe_count(breaker, reading->call, context->now.ms, context);
}

static inline bool is_stale(const struct trust_breaker *breaker, const struct trust_permit *permit)
{
    return permit != NULL && permit->generation != breaker->generation;
}

static inline bool has_window(const struct trust_breaker *breaker)
{
    return breaker->state == TRUST_BREAKER_CLOSED || breaker->state == TRUST_BREAKER_METRICS_ONLY;
}

void trust_breaker_record(struct trust_breaker *breaker, const struct trust_permit *permit,
                          const struct trust_outcome *outcome,
                          const struct trust_breaker_context *context)
{
    assert(outcome->class_ < TRUST_OUTCOME_CLASS_COUNT);
    catch_up(breaker, context);
    struct reading reading = read_outcome(breaker, outcome, context->policy);
    feed(breaker, outcome, reading.effect);
    if (is_stale(breaker, permit))
        return;
    if (!has_window(breaker)) {
        settle(breaker, permit, outcome, &reading, context);
        return;
    }
    note_session(breaker, outcome->class_);
    if (reading.effect->is_neutral)
        return;
    if (breaker->state == TRUST_BREAKER_METRICS_ONLY) {
        count(breaker, &reading, context);
        return;
    }
    if (open_for_retry(breaker, outcome, context))
        return;
    count(breaker, &reading, context);
    judge(breaker, context);
}

void trust_breaker_tally(struct trust_breaker *breaker, const struct trust_permit *permit,
                         const struct trust_outcome *outcome,
                         const struct trust_breaker_context *context)
{
    catch_up(breaker, context);
    struct reading reading = read_outcome(breaker, outcome, context->policy);
    feed(breaker, outcome, reading.effect);
    if (is_stale(breaker, permit) || !has_window(breaker))
        return;
    note_session(breaker, outcome->class_);
    if (!reading.effect->is_neutral)
        count(breaker, &reading, context);
}

void trust_breaker_order(struct trust_breaker *breaker, const struct trust_breaker_order *order,
                         const struct trust_breaker_context *context)
{
    catch_up(breaker, context);
    uint64_t now_ms = context->now.ms;
    struct trust_breaker_step step = {
        .reason = TRUST_BREAKER_BY_OVERRIDE, .at_ms = now_ms, .note = order->note};
    step.until_ms = order->expires.ms > now_ms ? order->expires.ms : now_ms;
    switch (order->verb) {
    case TRUST_BREAKER_FORCE_OPEN:
        step.to = TRUST_BREAKER_FORCED_OPEN;
        break;
    case TRUST_BREAKER_FORCE_CLOSED:
        step.to = TRUST_BREAKER_FORCED_CLOSED;
        break;
    case TRUST_BREAKER_WATCH:
        step.to = TRUST_BREAKER_METRICS_ONLY;
        break;
    case TRUST_BREAKER_CLOSE:
    case TRUST_BREAKER_RESET:
        step.to = TRUST_BREAKER_CLOSED;
        step.until_ms = TRUST_MONO_NEVER;
        break;
    }
    trust_breaker_move(breaker, &step, context);
    if (order->verb == TRUST_BREAKER_RESET)
        breaker->k = 0;
}

void trust_breaker_advance(struct trust_breaker *breaker,
                           const struct trust_breaker_context *context)
{
    catch_up(breaker, context);
}

void trust_breaker_adopt(struct trust_breaker *breaker, const struct trust_breaker_context *context)
{
    enum trust_breaker_state state = (enum trust_breaker_state)breaker->state;
    struct trust_breaker_step step = {.to = state,
                                      .reason = TRUST_BREAKER_BY_POLICY,
                                      .at_ms = context->now.ms,
                                      .until_ms = breaker->until_ms,
                                      .note = breaker->note};
    /* In half_open the end was the first lease's, which is dropped. */
    if (state == TRUST_BREAKER_HALF_OPEN)
        step.until_ms = TRUST_MONO_NEVER;
    trust_breaker_move(breaker, &step, context);
}
