/* Reading a breaker at a time without changing it: a copy is brought up to that time. */
#include <stddef.h>

#include "trust/breaker.h"

#include "base/assert.h"
#include "shield/latency.h"
#include "shield/lease.h"
#include "shield/transition.h"
#include "shield/window.h"

static struct trust_breaker at_now(const struct trust_breaker *breaker,
                                   const struct trust_breaker_context *context)
{
    struct trust_breaker copy = *breaker;
    struct trust_breaker_context silent = {.policy = context->policy, .now = context->now};
    trust_breaker_advance(&copy, &silent);
    return copy;
}

enum trust_breaker_state trust_breaker_state(const struct trust_breaker *breaker,
                                             const struct trust_breaker_context *context)
{
    if (context->now.ms < breaker->until_ms)
        return (enum trust_breaker_state)breaker->state;
    return (enum trust_breaker_state)at_now(breaker, context).state;
}

/* True where the counters are those of a time window, which goes on by itself. */
static bool has_time_window(const struct trust_breaker *breaker,
                            const struct trust_breaker_policy *policy)
{
    if (policy->window_calls > 0)
        return false;
    return breaker->state == TRUST_BREAKER_CLOSED || breaker->state == TRUST_BREAKER_METRICS_ONLY;
}

static uint64_t shown_end_ms(const struct trust_breaker *cell)
{
    return cell->state == TRUST_BREAKER_HALF_OPEN ? TRUST_MONO_NEVER : cell->until_ms;
}

void trust_breaker_read(const struct trust_breaker *breaker, struct trust_breaker_view *out_view,
                        const struct trust_breaker_context *context)
{
    struct trust_breaker cell = at_now(breaker, context);
    if (has_time_window(&cell, context->policy))
        trust_window_turn(&cell, context->policy, context->now);
    bool is_half_open = cell.state == TRUST_BREAKER_HALF_OPEN;
    *out_view = (struct trust_breaker_view){
        .state = (enum trust_breaker_state)cell.state,
        .reason = (enum trust_breaker_reason)cell.reason,
        .generation = cell.generation,
        .note = cell.note,
        .since = {cell.since_ms},
        .until = {shown_end_ms(&cell)},
        .calls = cell.calls,
        .half_failures = cell.half_failures,
        .slow = cell.slow,
        .streak = cell.streak,
        .leases = is_half_open ? trust_lease_count(&cell) : 0,
        .backoff_k = trust_breaker_k(&cell, context->policy, context->now.ms),
        .denied = cell.denied,
        .latency_samples = cell.latency_count,
        .ewma_ms = (cell.ewma + 128) / 256,
        .p50_ms = trust_latency_p50_ms(&cell),
        .p99_ms = trust_latency_p99_ms(&cell),
        .error_permille = (cell.errors * 1000u + UINT16_MAX / 2) / UINT16_MAX,
        .error_run = cell.error_run,
        .is_auth_required = (cell.flags & TRUST_BREAKER_AUTH) != 0,
    };
}

static const char *const state_names[] = {
    [TRUST_BREAKER_CLOSED] = "closed",
    [TRUST_BREAKER_OPEN] = "open",
    [TRUST_BREAKER_HALF_OPEN] = "half_open",
    [TRUST_BREAKER_FORCED_OPEN] = "forced_open",
    [TRUST_BREAKER_FORCED_CLOSED] = "forced_closed",
    [TRUST_BREAKER_METRICS_ONLY] = "metrics_only",
};

static const char *const reason_names[] = {
    [TRUST_BREAKER_BY_START] = "start",
    [TRUST_BREAKER_BY_STREAK] = "streak",
    [TRUST_BREAKER_BY_FAIL_RATE] = "fail_rate",
    [TRUST_BREAKER_BY_SLOW_RATE] = "slow_rate",
    [TRUST_BREAKER_BY_RETRY_AFTER] = "retry_after",
    [TRUST_BREAKER_BY_PROBES_FAILED] = "probes_failed",
    [TRUST_BREAKER_BY_PROBES_SLOW] = "probes_slow",
    [TRUST_BREAKER_BY_PROBES_PASSED] = "probes_passed",
    [TRUST_BREAKER_BY_WAIT_OVER] = "wait_over",
    [TRUST_BREAKER_BY_AGENTS] = "agents",
    [TRUST_BREAKER_BY_OVERRIDE] = "override",
    [TRUST_BREAKER_BY_EXPIRY] = "expiry",
    [TRUST_BREAKER_BY_RESTART] = "restart",
    [TRUST_BREAKER_BY_POLICY] = "policy",
};

const char *trust_breaker_state_name(enum trust_breaker_state state)
{
    assert(state < sizeof state_names / sizeof *state_names);
    return state_names[state];
}

const char *trust_breaker_reason_name(enum trust_breaker_reason reason)
{
    assert(reason < sizeof reason_names / sizeof *reason_names);
    return reason_names[reason];
}
