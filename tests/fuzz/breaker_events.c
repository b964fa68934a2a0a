/*
 * Event lists in bytes, five an event, through the engine of `breakers replay`. Whatever happened,
 * a breaker is never wedged: left alone and then called with success, it closes.
 */
#include <stdlib.h>

#include "base/assert.h"
#include "fuzz.h"
#include "shield/replay.h"

#define EVENT_SIZE 5u
#define EVENTS_MAX 4096u

static struct trust_breaker_policy policy_of(uint8_t byte)
{
    struct trust_breaker_policy policy = trust_breaker_policy_default();
    policy.seed = byte;
    policy.window_calls = byte & 1 ? 20 : 0;
    policy.streak = byte & 2 ? 0 : 3;
    policy.fail_pct = byte & 4 ? 0 : 50;
    policy.slow_pct = byte & 8 ? 0 : 40;
    policy.probes = 1 + (byte >> 4 & 7);
    policy.lease_ms = byte & 128 ? 700 : 0;
    enum trust_error error = trust_breaker_policy_check(&policy, NULL);
    assert(error == TRUST_OK);
    return policy;
}

static void check_line(const struct trust_replay_line *line, const struct trust_replay *replay)
{
    const struct trust_breaker_view *view = &line->view;
    assert(view->half_failures <= 2 * view->calls);
    assert(view->slow <= view->calls);
    assert(view->state != TRUST_BREAKER_HALF_OPEN ||
           view->calls + view->leases <= replay->policy.probes);
    assert(view->state != TRUST_BREAKER_OPEN || view->until.ms > line->t_ms);
    assert(view->state != TRUST_BREAKER_OPEN || view->calls == 0);
    assert(view->state != TRUST_BREAKER_FORCED_CLOSED || view->calls == 0);
}

static void lead(struct trust_replay *replay, struct trust_replay_event event)
{
    struct trust_replay_line line;
    enum trust_error error = trust_replay_step(replay, &line, &event);
    assert(error == TRUST_OK);
    check_line(&line, replay);
}

static void check_not_wedged(struct trust_replay *replay)
{
    struct trust_breaker_context context = {.policy = &replay->policy, .now = {replay->now_ms}};
    struct trust_breaker_view view;
    trust_breaker_read(&replay->breaker, &view, &context);
    if (view.state == TRUST_BREAKER_FORCED_OPEN || view.state == TRUST_BREAKER_FORCED_CLOSED ||
        view.state == TRUST_BREAKER_METRICS_ONLY)
        return;
    /* Leases end within a minute, what they cause and any opening within an hour each. A first
     * round may still open on what the window holds; the second finds it half-open. */
    for (int round = 0; round < 2; round++)
        lead(replay, (struct trust_replay_event){.t_ms = replay->now_ms + 9000000,
                                                 .op = TRUST_REPLAY_SUCCESS,
                                                 .n = 10,
                                                 .latency_ms = TRUST_LATENCY_UNKNOWN});
    context.now.ms = replay->now_ms;
    enum trust_breaker_state state = trust_breaker_state(&replay->breaker, &context);
    assert(state == TRUST_BREAKER_CLOSED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct trust_replay *replay = malloc(sizeof *replay);
    assert(replay != NULL);
    struct trust_breaker_policy policy = policy_of(data[0]);
    trust_replay_init(replay, &policy);
    size_t count = (size - 1) / EVENT_SIZE;
    for (size_t i = 0; i < count && i < EVENTS_MAX; i++) {
        const uint8_t *at = data + 1 + i * EVENT_SIZE;
        struct trust_replay_event event = {
            .t_ms = replay->now_ms + (uint64_t)at[1] * at[1],
            .op = (enum trust_replay_op)(at[0] % TRUST_REPLAY_OP_COUNT),
            .n = 1 + (at[0] >> 6),
            .latency_ms = at[2] == 255 ? TRUST_LATENCY_UNKNOWN : at[2] * 20u,
            .agent = at[3] & 3,
            .retry_after_ms = at[4] & 128 ? at[4] * 1000u : 0,
            .lease = {at + 3, at[4] & 1},
        };
        lead(replay, event);
    }
    check_not_wedged(replay);
    free(replay);
    return 0;
}
