/* See model.h. */
#include "model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

void model_init(struct model *model, const struct trust_breaker_policy *policy)
{
    memset(model, 0, sizeof *model);
    model->policy = *policy;
    model->state = TRUST_BREAKER_CLOSED;
    model->generation = 1;
    model->until_ms = TRUST_MONO_NEVER;
}

static uint32_t halves_of(enum trust_outcome_class class_, bool was_session_lost)
{
    switch (class_) {
    case TRUST_OUTCOME_REFUSED:
    case TRUST_OUTCOME_TIMEOUT:
    case TRUST_OUTCOME_HTTP5XX:
    case TRUST_OUTCOME_GARBAGE:
    case TRUST_OUTCOME_RATE_LIMITED:
        return 2;
    case TRUST_OUTCOME_SESSION_LOST:
        return was_session_lost ? 2 : 0;
    case TRUST_OUTCOME_INTERNAL:
        return 1;
    case TRUST_OUTCOME_OK:
    case TRUST_OUTCOME_AUTH:
    case TRUST_OUTCOME_CALLER:
    case TRUST_OUTCOME_CANCELLED:
        return 0;
    }
    return 0;
}

/* Counts in no window: the outcome says nothing of the server. */
static bool is_neutral(enum trust_outcome_class class_, bool was_session_lost)
{
    return class_ != TRUST_OUTCOME_OK && halves_of(class_, was_session_lost) == 0;
}

/* Whether the outcome at index was preceded by a lost session, cancelled ones apart. */
static bool was_lost(const struct model *model, uint32_t index)
{
    while (index > 0) {
        index--;
        if (model->outcomes[index].class_ != TRUST_OUTCOME_CANCELLED)
            return model->outcomes[index].class_ == TRUST_OUTCOME_SESSION_LOST;
    }
    return false;
}

static uint32_t k_at(const struct model *model, uint64_t now_ms)
{
    if (model->state != TRUST_BREAKER_CLOSED)
        return model->k;
    uint64_t windows = (now_ms - model->since_ms) / model->policy.window_ms;
    return windows >= model->k ? 0 : model->k - (uint32_t)windows;
}

static void go(struct model *model, enum trust_breaker_state to, uint64_t at_ms, uint64_t until_ms)
{
    if (to != model->state) {
        model->k = k_at(model, at_ms);
        model->since_ms = at_ms;
    }
    model->state = to;
    model->until_ms = until_ms;
    model->generation++;
    model->outcome_count = 0;
    model->result_count = 0;
    model->asker_count = 0;
    memset(model->leases, 0, sizeof model->leases);
}

static void open_at(struct model *model, uint64_t at_ms, uint64_t wait_ms)
{
    const struct trust_breaker_policy *policy = &model->policy;
    uint32_t k = k_at(model, at_ms);
    double length_ms = policy->open_ms * pow(policy->backoff_ppm / 1e6, k);
    if (length_ms > policy->open_max_ms)
        length_ms = policy->open_max_ms;
    uint64_t whole_ms = (uint64_t)llround(length_ms);
    go(model, TRUST_BREAKER_OPEN, at_ms, at_ms + (whole_ms > wait_ms ? whole_ms : wait_ms));
    model->k = k < 255 ? k + 1 : k;
}

static double fail_pct_of_probes(const struct model *model)
{
    return model->policy.fail_pct == 0 ? 50 : model->policy.fail_pct;
}

/* Whether these probes, all of them, would be bad. */
static bool is_bad(const struct model *model, double failures, double slow)
{
    double probes = model->policy.probes;
    if (failures / probes * 100 >= fail_pct_of_probes(model) - 1e-9)
        return true;
    return model->policy.slow_pct > 0 && slow / probes * 100 >= model->policy.slow_pct - 1e-9;
}

static void judge_probes(struct model *model, uint64_t at_ms)
{
    double failures = 0;
    double slow = 0;
    for (uint32_t i = 0; i < model->result_count; i++) {
        failures += halves_of(model->results[i].class_, true) / 2.0;
        slow += model->results[i].is_slow;
    }
    double left = model->policy.probes - (double)model->result_count;
    if (is_bad(model, failures, slow))
        open_at(model, at_ms, 0);
    else if (!is_bad(model, failures + left, slow) && !is_bad(model, failures, slow + left))
        go(model, TRUST_BREAKER_CLOSED, at_ms, TRUST_MONO_NEVER);
}

static void add_result(struct model *model, uint64_t at_ms, enum trust_outcome_class class_,
                       bool is_slow)
{
    model->results[model->result_count++] =
        (struct model_outcome){.t_ms = at_ms, .class_ = class_, .is_slow = is_slow};
    judge_probes(model, at_ms);
}

static struct model_lease *first_to_end(struct model *model)
{
    struct model_lease *first = NULL;
    for (uint32_t i = 0; i < TRUST_BREAKER_PROBES_MAX; i++) {
        struct model_lease *lease = &model->leases[i];
        if (lease->is_out && (first == NULL || lease->end_ms < first->end_ms))
            first = lease;
    }
    return first;
}

/* One transition that is due; false if none is. */
static bool is_one_due(struct model *model)
{
    switch (model->state) {
    case TRUST_BREAKER_CLOSED:
        return false;
    case TRUST_BREAKER_HALF_OPEN: {
        struct model_lease *lease = first_to_end(model);
        if (lease == NULL || lease->end_ms > model->now_ms)
            return false;
        lease->is_out = false;
        add_result(model, lease->end_ms, TRUST_OUTCOME_REFUSED, false);
        return true;
    }
    case TRUST_BREAKER_OPEN:
    case TRUST_BREAKER_FORCED_OPEN:
        if (model->until_ms > model->now_ms)
            return false;
        go(model, TRUST_BREAKER_HALF_OPEN, model->until_ms, TRUST_MONO_NEVER);
        return true;
    case TRUST_BREAKER_FORCED_CLOSED:
    case TRUST_BREAKER_METRICS_ONLY:
        if (model->until_ms > model->now_ms)
            return false;
        go(model, TRUST_BREAKER_CLOSED, model->until_ms, TRUST_MONO_NEVER);
        return true;
    }
    return false;
}

void model_advance(struct model *model, uint64_t now_ms)
{
    model->now_ms = now_ms;
    while (is_one_due(model))
        continue;
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The value at rank ceil(share x count) of the samples from index `from` on. */
static uint32_t nearest_rank(const struct model *model, uint32_t from, double share)
{
    static uint32_t sorted[MODEL_OUTCOMES_MAX];
    uint32_t count = model->latency_count - from;
    if (count == 0)
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t ms = model->latencies[from + i];
        sorted[i] = ms > 65535 ? 65535 : ms;
    }
    qsort(sorted, count, sizeof *sorted, by_value);
    return sorted[(uint32_t)ceil(share * count - 1e-9) - 1];
}

static uint64_t lease_ms(const struct model *model)
{
    if (model->policy.lease_ms > 0)
        return model->policy.lease_ms;
    if (model->latency_count < 20)
        return 60000;
    uint32_t blocks = model->latency_count / 20;
    uint32_t p99_ms = nearest_rank(model, blocks > 4 ? (blocks - 4) * 20 : 0, 0.99);
    double ms = 4.0 * p99_ms;
    return (uint64_t)(ms < 1000 ? 1000 : ms > 60000 ? 60000 : ms);
}

static bool has_other_asked(const struct model *model, uint64_t agent)
{
    for (uint32_t i = 0; i < model->asker_count; i++) {
        if (model->askers[i] != agent)
            return true;
    }
    return false;
}

static bool has_lease_out(const struct model *model, uint64_t agent)
{
    for (uint32_t i = 0; i < TRUST_BREAKER_PROBES_MAX; i++) {
        if (model->leases[i].is_out && model->leases[i].agent == agent)
            return true;
    }
    return false;
}

static uint32_t leases_out(const struct model *model)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < TRUST_BREAKER_PROBES_MAX; i++)
        count += model->leases[i].is_out;
    return count;
}

static void note_asker(struct model *model, uint64_t agent)
{
    for (uint32_t i = 0; i < model->asker_count; i++) {
        if (model->askers[i] == agent)
            return;
    }
    assert(model->asker_count < MODEL_ASKERS_MAX);
    model->askers[model->asker_count++] = agent;
}

static bool is_leased(struct model *model, struct model_permit *out_permit, uint64_t agent)
{
    note_asker(model, agent);
    if (leases_out(model) + model->result_count >= model->policy.probes)
        return false;
    if (has_other_asked(model, agent) && has_lease_out(model, agent))
        return false;
    uint32_t i = 0;
    while (model->leases[i].is_out)
        i++;
    model->leases[i] = (struct model_lease){.is_out = true,
                                            .agent = agent,
                                            .end_ms = model->now_ms + lease_ms(model),
                                            .id = ++model->lease_ids};
    *out_permit = (struct model_permit){model->generation, model->lease_ids};
    return true;
}

bool model_permit(struct model *model, struct model_permit *out_permit, uint64_t agent)
{
    bool is_granted = true;
    if (model->state == TRUST_BREAKER_OPEN || model->state == TRUST_BREAKER_FORCED_OPEN)
        is_granted = false;
    else if (model->state == TRUST_BREAKER_HALF_OPEN)
        is_granted = is_leased(model, out_permit, agent);
    else
        *out_permit = (struct model_permit){model->generation, 0};
    model->denied += !is_granted;
    return is_granted;
}

struct model_counters model_counters(const struct model *model)
{
    struct model_counters counters = {.leases = leases_out(model), .k = k_at(model, model->now_ms)};
    uint64_t width = (model->policy.window_ms + 9) / 10;
    uint64_t first_ms = 0; /* of the row of failures */
    uint32_t seen = 0;     /* calls from the newest back */
    for (uint32_t i = 0; i < model->result_count; i++) {
        counters.calls++;
        counters.half_failures += halves_of(model->results[i].class_, true);
        counters.slow += model->results[i].is_slow;
    }
    if (model->state == TRUST_BREAKER_HALF_OPEN)
        return counters;
    for (uint32_t i = model->outcome_count; i-- > 0;) {
        const struct model_outcome *outcome = &model->outcomes[i];
        if (is_neutral(outcome->class_, was_lost(model, i)))
            continue;
        seen++;
        bool is_recent = outcome->t_ms / width + 10 > model->now_ms / width;
        if (model->policy.window_calls > 0 ? seen > model->policy.window_calls : !is_recent)
            continue;
        counters.calls++;
        counters.half_failures += halves_of(outcome->class_, was_lost(model, i));
        counters.slow += outcome->is_slow;
    }
    for (uint32_t i = 0; i < model->outcome_count; i++) {
        const struct model_outcome *outcome = &model->outcomes[i];
        if (outcome->class_ == TRUST_OUTCOME_OK) {
            counters.streak = 0;
        } else if (outcome->class_ != TRUST_OUTCOME_RATE_LIMITED &&
                   halves_of(outcome->class_, was_lost(model, i)) == 2) {
            if (counters.streak > 0 &&
                outcome->t_ms - first_ms > 2 * (uint64_t)model->policy.window_ms)
                counters.streak = 0;
            if (counters.streak == 0)
                first_ms = outcome->t_ms;
            counters.streak++;
        }
    }
    return counters;
}

static void judge_calls(struct model *model)
{
    struct model_counters counters = model_counters(model);
    const struct trust_breaker_policy *policy = &model->policy;
    bool is_open = policy->streak > 0 && counters.streak >= policy->streak;
    if (counters.calls >= policy->min_calls && counters.calls > 0) {
        double failures = counters.half_failures / 2.0;
        double calls = counters.calls;
        if (policy->fail_pct > 0 && failures * 100 >= policy->fail_pct * calls)
            is_open = true;
        if (policy->slow_pct > 0 && counters.slow * 100.0 >= policy->slow_pct * calls)
            is_open = true;
    }
    if (is_open)
        open_at(model, model->now_ms, 0);
}

static bool is_slow(const struct model *model, const struct trust_outcome *outcome)
{
    if (outcome->is_slow || outcome->class_ == TRUST_OUTCOME_TIMEOUT)
        return true;
    if (outcome->latency_ms == TRUST_LATENCY_UNKNOWN)
        return false;
    double least_ms = model->policy.slow_ms;
    if (least_ms == 0) {
        uint32_t from = model->latency_count > 20 ? model->latency_count - 20 : 0;
        least_ms = fmax(1000, 3.0 * nearest_rank(model, from, 0.5));
    }
    return outcome->latency_ms >= least_ms;
}

static bool is_opened_by_retry(struct model *model, const struct trust_outcome *outcome)
{
    if (outcome->class_ != TRUST_OUTCOME_RATE_LIMITED || outcome->retry_after_ms == 0)
        return false;
    open_at(model, model->now_ms,
            outcome->retry_after_ms > 3600000 ? 3600000 : outcome->retry_after_ms);
    return true;
}

static void settle(struct model *model, const struct model_permit *permit,
                   const struct trust_outcome *outcome, bool is_slow_call)
{
    struct model_lease *lease = NULL;
    for (uint32_t i = 0; permit != NULL && i < TRUST_BREAKER_PROBES_MAX; i++) {
        if (model->leases[i].is_out && model->leases[i].id == permit->id)
            lease = &model->leases[i];
    }
    if (lease == NULL)
        return;
    lease->is_out = false;
    uint32_t index = model->outcome_count;
    model->outcomes[model->outcome_count++] = (struct model_outcome){
        .t_ms = model->now_ms, .class_ = outcome->class_, .is_slow = is_slow_call};
    if (is_neutral(outcome->class_, was_lost(model, index)) || is_opened_by_retry(model, outcome))
        return;
    add_result(model, model->now_ms, outcome->class_, is_slow_call);
}

void model_record(struct model *model, const struct model_permit *permit,
                  const struct trust_outcome *outcome)
{
    bool is_slow_call = is_slow(model, outcome);
    if (outcome->class_ == TRUST_OUTCOME_OK && outcome->latency_ms != TRUST_LATENCY_UNKNOWN)
        model->latencies[model->latency_count++] = outcome->latency_ms;
    if (permit != NULL && permit->generation != model->generation)
        return;
    if (model->state == TRUST_BREAKER_HALF_OPEN) {
        settle(model, permit, outcome, is_slow_call);
        return;
    }
    if (model->state != TRUST_BREAKER_CLOSED && model->state != TRUST_BREAKER_METRICS_ONLY)
        return;
    bool is_closed = model->state == TRUST_BREAKER_CLOSED;
    if (is_closed && is_opened_by_retry(model, outcome))
        return;
    uint32_t index = model->outcome_count;
    model->outcomes[model->outcome_count++] = (struct model_outcome){
        .t_ms = model->now_ms, .class_ = outcome->class_, .is_slow = is_slow_call};
    if (is_closed && !is_neutral(outcome->class_, was_lost(model, index)))
        judge_calls(model);
}

void model_order(struct model *model, enum trust_breaker_verb verb, uint64_t expires_ms)
{
    switch (verb) {
    case TRUST_BREAKER_FORCE_OPEN:
        go(model, TRUST_BREAKER_FORCED_OPEN, model->now_ms, expires_ms);
        break;
    case TRUST_BREAKER_FORCE_CLOSED:
        go(model, TRUST_BREAKER_FORCED_CLOSED, model->now_ms, expires_ms);
        break;
    case TRUST_BREAKER_WATCH:
        go(model, TRUST_BREAKER_METRICS_ONLY, model->now_ms, expires_ms);
        break;
    case TRUST_BREAKER_CLOSE:
        go(model, TRUST_BREAKER_CLOSED, model->now_ms, TRUST_MONO_NEVER);
        break;
    case TRUST_BREAKER_RESET:
        go(model, TRUST_BREAKER_CLOSED, model->now_ms, TRUST_MONO_NEVER);
        model->k = 0;
        break;
    }
}

/* Half-open comes back as open with nothing left, which is half-open at once. Otherwise the state,
 * its times, k and denied stay; latencies do not. */
void model_restart(struct model *model)
{
    bool was_half_open = model->state == TRUST_BREAKER_HALF_OPEN;
    go(model, model->state, model->now_ms, model->until_ms);
    if (was_half_open) {
        model->generation++;
        model->since_ms = model->now_ms;
    }
    model->latency_count = 0;
}
