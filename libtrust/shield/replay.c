/* See replay.h. */
#include "shield/replay.h"

#include <stddef.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "shield/persist.h"

static const char *const op_names[TRUST_REPLAY_OP_COUNT] = {
    [TRUST_REPLAY_PERMIT] = "permit",
    [TRUST_REPLAY_SUCCESS] = "success",
    [TRUST_REPLAY_FAILURE] = "failure",
    [TRUST_REPLAY_SLOW] = "slow",
    [TRUST_REPLAY_SLOW_FAILURE] = "slow_failure",
    [TRUST_REPLAY_SOFT_FAILURE] = "soft_failure",
    [TRUST_REPLAY_RATE_LIMITED] = "rate_limited",
    [TRUST_REPLAY_NEUTRAL] = "neutral",
    [TRUST_REPLAY_FORCE_OPEN] = "force_open",
    [TRUST_REPLAY_FORCE_CLOSED] = "force_closed",
    [TRUST_REPLAY_CLOSE] = "close",
    [TRUST_REPLAY_RESET] = "reset",
    [TRUST_REPLAY_METRICS_ONLY] = "metrics_only",
    [TRUST_REPLAY_RESTART] = "restart",
    [TRUST_REPLAY_STATE] = "state",
};

void trust_replay_init(struct trust_replay *replay, const struct trust_breaker_policy *policy)
{
    replay->policy = *policy;
    replay->now_ms = 0;
    replay->lease_count = 0;
    trust_breaker_init(&replay->breaker, policy->seed, (struct trust_mono){0});
}

static struct trust_breaker_context context_of(const struct trust_replay *replay)
{
    return (struct trust_breaker_context){.policy = &replay->policy, .now = {replay->now_ms}};
}

/* NULL: no permit stands under this name. */
static struct trust_replay_lease *find_lease(struct trust_replay *replay, struct trust_bytes name)
{
    for (uint32_t i = 0; i < replay->lease_count; i++) {
        struct trust_replay_lease *lease = &replay->leases[i];
        if (lease->name_size == name.size && memcmp(lease->name, name.data, name.size) == 0)
            return lease;
    }
    return NULL;
}

static void forget_lease(struct trust_replay *replay, struct trust_replay_lease *lease)
{
    assert(replay->lease_count > 0);
    *lease = replay->leases[--replay->lease_count];
}

/* A name used again stands for the newer permit. */
static void name_lease(struct trust_replay *replay, struct trust_bytes name,
                       struct trust_permit permit)
{
    struct trust_replay_lease *lease = find_lease(replay, name);
    if (lease == NULL) {
        assert(replay->lease_count < TRUST_REPLAY_LEASES_MAX);
        lease = &replay->leases[replay->lease_count++];
    }
    *lease = (struct trust_replay_lease){.name_size = (uint32_t)name.size, .permit = permit};
    memcpy(lease->name, name.data, name.size);
}

static enum trust_replay_permit ask(struct trust_replay *replay,
                                    const struct trust_replay_event *event)
{
    struct trust_breaker_context context = context_of(replay);
    struct trust_permit permit;
    bool is_granted = trust_breaker_permit(&replay->breaker, &permit, event->agent, &context);
    if (event->lease.size > 0 && is_granted)
        name_lease(replay, event->lease, permit);
    if (event->lease.size > 0 && !is_granted && find_lease(replay, event->lease) != NULL)
        forget_lease(replay, find_lease(replay, event->lease));
    return is_granted ? TRUST_REPLAY_GRANTED : TRUST_REPLAY_REFUSED;
}

static enum trust_replay_permit settle(struct trust_replay *replay,
                                       const struct trust_replay_event *event,
                                       struct trust_outcome outcome)
{
    struct trust_breaker_context context = context_of(replay);
    struct trust_permit permit;
    outcome.latency_ms = event->latency_ms;
    outcome.retry_after_ms = event->retry_after_ms;
    if (event->lease.size == 0) {
        if (!trust_breaker_permit(&replay->breaker, &permit, event->agent, &context))
            return TRUST_REPLAY_REFUSED;
        trust_breaker_record(&replay->breaker, &permit, &outcome, &context);
        return TRUST_REPLAY_GRANTED;
    }
    struct trust_replay_lease *lease = find_lease(replay, event->lease);
    if (lease != NULL) {
        permit = lease->permit;
        forget_lease(replay, lease);
        trust_breaker_record(&replay->breaker, &permit, &outcome, &context);
    }
    return TRUST_REPLAY_NOT_ASKED;
}

static enum trust_replay_permit give_order(struct trust_replay *replay,
                                           enum trust_breaker_verb verb)
{
    struct trust_breaker_context context = context_of(replay);
    struct trust_breaker_order order = {.verb = verb, .expires = {TRUST_MONO_NEVER}};
    trust_breaker_order(&replay->breaker, &order, &context);
    return TRUST_REPLAY_NOT_ASKED;
}

static enum trust_replay_permit restart(struct trust_replay *replay)
{
    struct trust_breaker_context context = context_of(replay);
    uint8_t bytes[TRUST_BREAKER_SNAPSHOT_SIZE];
    trust_breaker_save(&replay->breaker, bytes, &context);
    enum trust_error error = trust_breaker_load(
        &replay->breaker, (struct trust_bytes){bytes, sizeof bytes}, replay->policy.seed, &context);
    assert(error == TRUST_OK);
    return TRUST_REPLAY_NOT_ASKED;
}

static enum trust_replay_permit lead(struct trust_replay *replay,
                                     const struct trust_replay_event *event)
{
    switch (event->op) {
    case TRUST_REPLAY_PERMIT:
        return ask(replay, event);
    case TRUST_REPLAY_SUCCESS:
        return settle(replay, event, (struct trust_outcome){.class_ = TRUST_OUTCOME_OK});
    case TRUST_REPLAY_FAILURE:
        return settle(replay, event, (struct trust_outcome){.class_ = TRUST_OUTCOME_REFUSED});
    case TRUST_REPLAY_SLOW:
        return settle(replay, event, (struct trust_outcome){.is_slow = true});
    case TRUST_REPLAY_SLOW_FAILURE:
        return settle(replay, event, (struct trust_outcome){.class_ = TRUST_OUTCOME_TIMEOUT});
    case TRUST_REPLAY_SOFT_FAILURE:
        return settle(replay, event, (struct trust_outcome){.class_ = TRUST_OUTCOME_INTERNAL});
    case TRUST_REPLAY_RATE_LIMITED:
        return settle(replay, event, (struct trust_outcome){.class_ = TRUST_OUTCOME_RATE_LIMITED});
    case TRUST_REPLAY_NEUTRAL:
        return settle(replay, event, (struct trust_outcome){.class_ = TRUST_OUTCOME_CANCELLED});
    case TRUST_REPLAY_FORCE_OPEN:
        return give_order(replay, TRUST_BREAKER_FORCE_OPEN);
    case TRUST_REPLAY_FORCE_CLOSED:
        return give_order(replay, TRUST_BREAKER_FORCE_CLOSED);
    case TRUST_REPLAY_CLOSE:
        return give_order(replay, TRUST_BREAKER_CLOSE);
    case TRUST_REPLAY_RESET:
        return give_order(replay, TRUST_BREAKER_RESET);
    case TRUST_REPLAY_METRICS_ONLY:
        return give_order(replay, TRUST_BREAKER_WATCH);
    case TRUST_REPLAY_RESTART:
        return restart(replay);
    case TRUST_REPLAY_STATE:
        return TRUST_REPLAY_NOT_ASKED;
    }
    return TRUST_REPLAY_NOT_ASKED;
}

static bool needs_room(struct trust_replay *replay, const struct trust_replay_event *event)
{
    return event->op == TRUST_REPLAY_PERMIT && event->lease.size > 0 &&
           find_lease(replay, event->lease) == NULL;
}

enum trust_error trust_replay_step(struct trust_replay *replay, struct trust_replay_line *out_line,
                                   const struct trust_replay_event *event)
{
    if (event->t_ms > TRUST_REPLAY_T_MS_MAX)
        return TRUST_NO_RANGE;
    if (event->n < 1 || event->n > TRUST_REPLAY_REPEAT_MAX)
        return TRUST_NO_RANGE;
    if (event->lease.size > TRUST_REPLAY_NAME_SIZE_MAX)
        return TRUST_NO_SIZE;
    if (needs_room(replay, event) && replay->lease_count == TRUST_REPLAY_LEASES_MAX)
        return TRUST_NO_ROOM;
    if (event->t_ms > replay->now_ms)
        replay->now_ms = event->t_ms;
    enum trust_replay_permit permit = TRUST_REPLAY_NOT_ASKED;
    for (uint32_t i = 0; i < event->n; i++)
        permit = lead(replay, event);
    struct trust_breaker_context context = context_of(replay);
    trust_breaker_advance(&replay->breaker, &context);
    *out_line =
        (struct trust_replay_line){.t_ms = replay->now_ms, .op = event->op, .permit = permit};
    trust_breaker_read(&replay->breaker, &out_line->view, &context);
    return TRUST_OK;
}

const char *trust_replay_op_name(enum trust_replay_op op)
{
    assert(op < TRUST_REPLAY_OP_COUNT);
    return op_names[op];
}

enum trust_error trust_replay_op_parse(enum trust_replay_op *out_op, struct trust_bytes name)
{
    for (size_t i = 0; i < TRUST_REPLAY_OP_COUNT; i++) {
        if (trust_bytes_equal(name, trust_bytes_text(op_names[i]))) {
            *out_op = (enum trust_replay_op)i;
            return TRUST_OK;
        }
    }
    return TRUST_NO_RANGE;
}
