/* See shared.h. */
#include "shield/shared.h"

#include <stddef.h>

#include "base/assert.h"
#include "base/random.h"
#include "shield/lease.h"
#include "shield/outcome.h"
#include "shield/tally.h"
#include "shield/transition.h"

void trust_shared_init(struct trust_shared *shared, uint64_t seed, struct trust_mono now)
{
    trust_breaker_init(&shared->gate, seed, now);
    shared->agent_count = 0;
}

/* The agent's row; a new one takes a free place or that of the agent silent longest. */
static struct trust_shared_agent *row_of(struct trust_shared *shared, uint64_t agent,
                                         struct trust_mono now)
{
    struct trust_shared_agent *silent = &shared->agents[0];
    for (uint32_t i = 0; i < shared->agent_count; i++) {
        struct trust_shared_agent *row = &shared->agents[i];
        if (row->agent == agent) {
            row->seen_ms = now.ms;
            return row;
        }
        if (row->seen_ms < silent->seen_ms)
            silent = row;
    }
    struct trust_shared_agent *row = silent;
    if (shared->agent_count < TRUST_SHARED_AGENTS_MAX)
        row = &shared->agents[shared->agent_count++];
    *row = (struct trust_shared_agent){.agent = agent, .seen_ms = now.ms};
    trust_breaker_init(&row->cell, trust_random_mix(shared->gate.seed ^ agent), now);
    return row;
}

/* True if its probe failed in this generation; a lease that ended unsettled is one that did. */
static bool has_failed(const struct trust_shared *shared, const struct trust_shared_agent *row)
{
    return row->has_failed || (row->is_out && !trust_lease_is_held(&shared->gate, row->agent));
}

/* True if it may have a lease beside other agents. */
static bool is_entitled(const struct trust_shared *shared, const struct trust_shared_agent *row)
{
    return !has_failed(shared, row) && !trust_lease_is_held(&shared->gate, row->agent);
}

static bool is_alone(const struct trust_shared *shared, const struct trust_shared_agent *asker,
                     const struct trust_breaker_context *context)
{
    for (uint32_t i = 0; i < shared->agent_count; i++) {
        const struct trust_shared_agent *row = &shared->agents[i];
        if (row != asker && context->now.ms < row->seen_ms + context->policy->window_ms)
            return false;
    }
    return true;
}

/* True if somebody who had fewer leases in this generation is waiting for one. */
static bool has_needier(const struct trust_shared *shared, const struct trust_shared_agent *asker,
                        struct trust_mono now)
{
    for (uint32_t i = 0; i < shared->agent_count; i++) {
        const struct trust_shared_agent *row = &shared->agents[i];
        if (row->asked_generation != shared->gate.generation)
            continue;
        if (row->lease_count < asker->lease_count && is_entitled(shared, row) &&
            now.ms < row->asked_ms + TRUST_SHARED_ASK_MS)
            return true;
    }
    return false;
}

static void begin_generation(const struct trust_shared *shared, struct trust_shared_agent *row)
{
    row->asked_generation = shared->gate.generation;
    row->lease_count = 0;
    row->is_out = false;
    row->has_failed = false;
}

bool trust_shared_permit(struct trust_shared *shared, struct trust_permit *out_permit,
                         uint64_t agent, const struct trust_breaker_context *context)
{
    trust_breaker_advance(&shared->gate, context);
    if (shared->gate.state == TRUST_BREAKER_OPEN)
        (void)row_of(shared, agent, context->now);
    if (shared->gate.state != TRUST_BREAKER_HALF_OPEN)
        return trust_breaker_permit(&shared->gate, out_permit, agent, context);
    struct trust_shared_agent *row = row_of(shared, agent, context->now);
    if (row->asked_generation != shared->gate.generation)
        begin_generation(shared, row);
    row->asked_ms = context->now.ms;
    if (has_needier(shared, row, context->now) ||
        (!is_alone(shared, row, context) && !is_entitled(shared, row))) {
        shared->gate.denied++;
        return false;
    }
    bool is_second = trust_lease_is_held(&shared->gate, agent);
    row->has_failed = has_failed(shared, row);
    if (!trust_breaker_permit(&shared->gate, out_permit, agent, context))
        return false;
    row->lease_count++;
    row->is_out = true;
    if (is_second)
        trust_lease_spare(&shared->gate, out_permit->slot);
    return true;
}

/* The holder's row in this generation; NULL: it was silent longest, and another one has its place.
 */
static struct trust_shared_agent *find_holder(struct trust_shared *shared, uint64_t holder)
{
    for (uint32_t i = 0; i < shared->agent_count; i++) {
        struct trust_shared_agent *row = &shared->agents[i];
        if (row->agent == holder && row->asked_generation == shared->gate.generation)
            return row;
    }
    return NULL;
}

void trust_shared_return(struct trust_shared *shared, const struct trust_permit *permit,
                         uint64_t holder, const struct trust_breaker_context *context)
{
    trust_breaker_advance(&shared->gate, context);
    if (!trust_lease_is_of(&shared->gate, permit, holder))
        return;
    struct trust_shared_agent *row = find_holder(shared, holder);
    if (row != NULL && !trust_lease_is_spare(&shared->gate, permit->slot))
        row->is_out = false;
    trust_lease_spare(&shared->gate, permit->slot);
}

/* An agent's cell takes each outcome as a permit that is settled at once: in half_open too, where
 * only leases count. */
static void feed_agent(struct trust_shared_agent *row, const struct trust_outcome *outcome,
                       const struct trust_breaker_context *context)
{
    struct trust_breaker_context silent = {.policy = context->policy, .now = context->now};
    struct trust_permit permit;
    if (!trust_outcome_effect_row(outcome->class_, false)->is_neutral) {
        row->heard_ms = context->now.ms;
        row->has_spoken = true;
    }
    if (outcome->class_ == TRUST_OUTCOME_GARBAGE) {
        row->garbled_ms = context->now.ms;
        row->has_garbled = true;
    }
    if (trust_breaker_permit(&row->cell, &permit, row->agent, &silent))
        trust_breaker_record(&row->cell, &permit, outcome, &silent);
}

static void close_agents(struct trust_shared *shared, const struct trust_breaker_context *context)
{
    struct trust_breaker_context silent = {.policy = context->policy, .now = context->now};
    struct trust_breaker_order close = {.verb = TRUST_BREAKER_CLOSE};
    for (uint32_t i = 0; i < shared->agent_count; i++)
        trust_breaker_order(&shared->agents[i].cell, &close, &silent);
}

/* Of so many agents so many are enough: half of them, and at least these. */
static uint32_t quorum(uint32_t heard_count, uint32_t least)
{
    uint32_t half = (heard_count + 1) / 2;
    return half > least ? half : least;
}

/* Opens a closed gate if enough of the agents heard in the window have open cells. */
static void judge(struct trust_shared *shared, const struct trust_breaker_context *context)
{
    uint32_t heard_count = 0;
    uint32_t open_count = 0;
    for (uint32_t i = 0; i < shared->agent_count; i++) {
        const struct trust_shared_agent *row = &shared->agents[i];
        if (!row->has_spoken || context->now.ms >= row->heard_ms + context->policy->window_ms)
            continue;
        heard_count++;
        open_count += trust_breaker_state(&row->cell, context) == TRUST_BREAKER_OPEN;
    }
    uint32_t needed = quorum(heard_count, heard_count > 1 ? 2 : 1);
    if (heard_count == 0 || open_count < needed)
        return;
    struct trust_breaker_step step = {.reason = TRUST_BREAKER_BY_AGENTS,
                                      .at_ms = context->now.ms,
                                      .threshold = needed,
                                      .observed = open_count};
    trust_breaker_open(&shared->gate, step, 0, context);
}

/* Notes what a lease of this gate, which is still out, says of its holder. */
static void note_probe(struct trust_shared *shared, const struct trust_shared_report *report)
{
    struct trust_shared_agent *row = find_holder(shared, report->holder);
    if (row == NULL)
        return;
    if (!trust_lease_is_spare(&shared->gate, report->permit->slot))
        row->is_out = false;
    const struct trust_outcome_effect *effect =
        trust_outcome_effect_row(report->outcome.class_, false);
    row->has_failed = row->has_failed || effect->half_failures > 0;
}

void trust_shared_record(struct trust_shared *shared, const struct trust_shared_report *report,
                         const struct trust_breaker_context *context)
{
    assert(report->outcome.class_ < TRUST_OUTCOME_CLASS_COUNT);
    trust_breaker_advance(&shared->gate, context);
    bool was_closed = shared->gate.state == TRUST_BREAKER_CLOSED;
    feed_agent(row_of(shared, report->agent, context->now), &report->outcome, context);
    struct trust_outcome outcome = report->outcome;
    outcome.retry_after_ms = 0;
    if (report->permit != NULL &&
        trust_lease_is_of(&shared->gate, report->permit, report->holder)) {
        note_probe(shared, report);
        trust_breaker_record(&shared->gate, report->permit, &outcome, context);
    } else {
        trust_breaker_tally(&shared->gate, report->permit, &outcome, context);
    }
    if (shared->gate.state != TRUST_BREAKER_CLOSED)
        return;
    if (was_closed)
        judge(shared, context);
    else
        close_agents(shared, context);
}

bool trust_shared_agrees_on_garbage(const struct trust_shared *shared, struct trust_mono now)
{
    uint32_t heard_count = 0;
    uint32_t garbled_count = 0;
    for (uint32_t i = 0; i < shared->agent_count; i++) {
        const struct trust_shared_agent *row = &shared->agents[i];
        heard_count += row->has_spoken && now.ms < row->heard_ms + TRUST_SHARED_GARBAGE_MS;
        garbled_count += row->has_garbled && now.ms < row->garbled_ms + TRUST_SHARED_GARBAGE_MS;
    }
    return garbled_count >= quorum(heard_count, 2);
}

void trust_shared_order(struct trust_shared *shared, const struct trust_breaker_order *order,
                        const struct trust_breaker_context *context)
{
    trust_breaker_order(&shared->gate, order, context);
    for (uint32_t i = 0; order->verb == TRUST_BREAKER_RESET && i < shared->agent_count; i++)
        shared->agents[i].has_garbled = false;
    if (shared->gate.state == TRUST_BREAKER_CLOSED)
        close_agents(shared, context);
}
