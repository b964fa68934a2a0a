/* See gate.h. */
#include "shield/gate.h"

#include "base/limits.h"

#define HOLD_WINDOWS 2u

void trust_gate_init(struct trust_gate *out_gate, const struct trust_breaker_view *view)
{
    bool by_probes =
        view->state == TRUST_BREAKER_CLOSED && view->reason == TRUST_BREAKER_BY_PROBES_PASSED;
    *out_gate = (struct trust_gate){
        .until = view->until,
        .closed_since.ms = by_probes ? view->since.ms : 0,
        .state = (uint8_t)view->state,
        .rate_limited =
            view->state == TRUST_BREAKER_OPEN && view->reason == TRUST_BREAKER_BY_RETRY_AFTER,
    };
}

static bool is_over(struct trust_wall until, struct trust_wall now)
{
    return until.ms != 0 && until.ms <= now.ms;
}

/* A snapshot of a quarantine, read later: terms that ended are followed, but only into states that
 * the machine itself would have entered without anybody's word. */
static enum trust_quarantine_state at(uint8_t state, struct trust_wall until, struct trust_wall now)
{
    if (!is_over(until, now))
        return (enum trust_quarantine_state)state;
    if (state == TRUST_QUARANTINE_SUSPECT || state == TRUST_QUARANTINE_RELEASED)
        return TRUST_QUARANTINE_OK;
    if (state == TRUST_QUARANTINE_QUARANTINED)
        return TRUST_QUARANTINE_INVESTIGATING;
    return (enum trust_quarantine_state)state;
}

static int strictness(enum trust_quarantine_state state)
{
    switch (state) {
    case TRUST_QUARANTINE_OK:
        return 0;
    case TRUST_QUARANTINE_RELEASED:
        return 1;
    case TRUST_QUARANTINE_SUSPECT:
        return 2;
    case TRUST_QUARANTINE_QUARANTINED:
        return 3;
    case TRUST_QUARANTINE_INVESTIGATING:
        return 4;
    case TRUST_QUARANTINE_BANNED:
        return 5;
    }
    return 5;
}

enum trust_quarantine_state trust_quarantine_effective(const struct trust_candidate *candidate,
                                                       struct trust_wall now)
{
    enum trust_quarantine_state known = (enum trust_quarantine_state)candidate->withheld;
    if (candidate->cell == NULL || candidate->cell->quarantine == TRUST_QUARANTINE_OK)
        return known;
    enum trust_quarantine_state shown =
        at(candidate->cell->quarantine, candidate->cell->quarantine_until, now);
    return strictness(shown) >= strictness(known) ? shown : known;
}

static bool is_forced_or_open(uint8_t state)
{
    return state == TRUST_BREAKER_OPEN || state == TRUST_BREAKER_FORCED_OPEN;
}

/* The gate's state at now. No policy opens for longer than a day: an end further away comes from
 * the clock of another boot, and asks for a probe rather than for belief. */
static uint8_t state_at(const struct trust_gate *gate, struct trust_mono now)
{
    bool is_past = gate->until.ms <= now.ms;
    if (gate->state == TRUST_BREAKER_OPEN) {
        bool is_believable = !is_past && gate->until.ms - now.ms <= TRUST_BREAKER_OPEN_MS_MAX;
        return is_believable ? TRUST_BREAKER_OPEN : TRUST_BREAKER_HALF_OPEN;
    }
    if (gate->state == TRUST_BREAKER_FORCED_OPEN && is_past)
        return TRUST_BREAKER_HALF_OPEN;
    return gate->state;
}

static uint64_t time_left(const struct trust_gate *gate, struct trust_mono now)
{
    return gate->until.ms == TRUST_MONO_NEVER ? TRUST_NEVER_MS : gate->until.ms - now.ms;
}

static bool is_held(const struct trust_gate *gate, const struct trust_request *request)
{
    uint64_t since_ms = gate->closed_since.ms;
    uint64_t now_ms = request->now.mono.ms;
    if (gate->state != TRUST_BREAKER_CLOSED || since_ms == 0 || since_ms > now_ms)
        return false;
    return now_ms - since_ms < (uint64_t)HOLD_WINDOWS * request->window_ms;
}

static void refuse(struct trust_gates *gates, const struct trust_gate *gate, enum trust_why why,
                   struct trust_mono now)
{
    bool is_forced = gate->state == TRUST_BREAKER_FORCED_OPEN;
    uint64_t left_ms = time_left(gate, now);
    if (left_ms > gates->opens_in_ms)
        gates->opens_in_ms = left_ms;
    gates->is_forced |= is_forced;
    if (gates->is_open)
        return;
    gates->is_open = true;
    gates->why = why;
    gates->state = is_forced ? TRUST_CANDIDATE_STATE_FORCED_OPEN : TRUST_CANDIDATE_STATE_OPEN;
    gates->is_rate_limited = gate->rate_limited != 0;
}

static void add(struct trust_gates *gates, const struct trust_gate *gate, enum trust_why why,
                const struct trust_request *request)
{
    if (gate->state == TRUST_BREAKER_CLOSED) {
        gates->is_held |= is_held(gate, request);
        return;
    }
    uint8_t state = state_at(gate, request->now.mono);
    if (is_forced_or_open(state))
        refuse(gates, gate, why, request->now.mono);
    if (state != TRUST_BREAKER_HALF_OPEN)
        return;
    if (!gates->is_open)
        gates->state = TRUST_CANDIDATE_STATE_HALF_OPEN;
    gates->leases |= (uint8_t)(1u << (why - TRUST_WHY_TOOL_BREAKER));
}

void trust_gates_read(struct trust_gates *out_gates, const struct trust_candidate *candidate,
                      const struct trust_request *request)
{
    *out_gates = (struct trust_gates){.state = TRUST_CANDIDATE_STATE_CLOSED};
    add(out_gates, &candidate->tool, TRUST_WHY_TOOL_BREAKER, request);
    add(out_gates, &candidate->own, TRUST_WHY_OWN_BREAKER, request);
    if (candidate->cell == NULL)
        return;
    struct trust_gate shared = {
        .until = candidate->cell->breaker_until,
        .closed_since = candidate->cell->closed_since,
        .state = candidate->cell->breaker_state,
        .rate_limited = candidate->cell->rate_limited,
    };
    add(out_gates, &shared, TRUST_WHY_SHARED_BREAKER, request);
}
