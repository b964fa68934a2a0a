/* See filter.h. A refusal names the first rule that applies, in the order of the functions here. */
#include "shield/filter.h"

#include "base/limits.h"
#include "shield/order.h"
#include "shield/vetted.h"
#include "shield/why.h"

/* Stages report the rule that refuses, or this. */
#define PASSED TRUST_WHY_PRIMARY

static bool is_primary(const struct trust_candidate *candidate)
{
    return (candidate->marks & TRUST_CANDIDATE_PRIMARY) != 0;
}

static bool is_known(const struct trust_candidate *candidate)
{
    return candidate->cell != NULL && candidate->cell->lower_ppm != TRUST_PPM_NONE;
}

static bool needs_vetted(const struct trust_candidate *candidate,
                         const struct trust_request *request)
{
    return !is_primary(candidate) && (request->vetted_only || request->risk == TRUST_RISK_HIGH);
}

static enum trust_why check_tools(const struct trust_candidate *candidate,
                                  const struct trust_request *request)
{
    if ((request->need & candidate->changed) != 0)
        return TRUST_WHY_TOOL_CHANGED;
    if ((request->need & ~candidate->tools) != 0)
        return TRUST_WHY_NOT_COVERED;
    return PASSED;
}

static enum trust_why check_quarantine(enum trust_quarantine_state state,
                                       const struct trust_request *request)
{
    switch (state) {
    case TRUST_QUARANTINE_OK:
    case TRUST_QUARANTINE_RELEASED:
        return PASSED;
    case TRUST_QUARANTINE_SUSPECT:
        return request->risk == TRUST_RISK_HIGH ? TRUST_WHY_SUSPECT : PASSED;
    case TRUST_QUARANTINE_QUARANTINED:
        return TRUST_WHY_QUARANTINED;
    case TRUST_QUARANTINE_INVESTIGATING:
        return TRUST_WHY_INVESTIGATING;
    case TRUST_QUARANTINE_BANNED:
        return TRUST_WHY_BANNED;
    }
    return TRUST_WHY_BANNED;
}

/* What min_score is compared with. Own calls alone do not take a named server out: whether it works
 * is for its breaker to say, which lets it back in. What they say of its safety counts. */
static uint32_t judged_ppm(const struct trust_board_cell *cell, bool is_trusted_unknown)
{
    if (!is_trusted_unknown || cell->raters > 0)
        return cell->lower_ppm;
    return (uint32_t)((uint64_t)cell->factor_ppm * cell->cap_ppm / TRUST_PPM);
}

static enum trust_why check_score(const struct trust_candidate *candidate,
                                  const struct trust_request *request)
{
    bool is_named = (candidate->marks & (TRUST_CANDIDATE_NAMED | TRUST_CANDIDATE_PRIMARY)) != 0;
    bool is_trusted_unknown = is_named && request->risk != TRUST_RISK_HIGH;
    if (!is_known(candidate))
        return is_trusted_unknown ? PASSED : TRUST_WHY_UNKNOWN;
    return judged_ppm(candidate->cell, is_trusted_unknown) < request->min_score_ppm
               ? TRUST_WHY_MIN_SCORE
               : PASSED;
}

static enum trust_why check_policy(const struct trust_candidate *candidate,
                                   const struct trust_request *request)
{
    if ((candidate->marks & TRUST_CANDIDATE_EXCLUDED) != 0)
        return TRUST_WHY_EXCLUDED;
    if (request->risk == TRUST_RISK_HIGH && request->basis.kind != TRUST_BASIS_FRESH)
        return TRUST_WHY_STALE_BASIS;
    if (request->transports != 0 && (candidate->transport & ~request->transports) != 0)
        return TRUST_WHY_TRANSPORT;
    enum trust_why score = check_score(candidate, request);
    if (score != PASSED)
        return score;
    uint32_t latency_us = trust_candidate_latency_us(candidate);
    if (request->max_latency_ms != 0 && latency_us / 1000 > request->max_latency_ms)
        return TRUST_WHY_TOO_SLOW;
    return PASSED;
}

static enum trust_why check_rules(const struct trust_candidate *candidate,
                                  const struct trust_request *request,
                                  enum trust_quarantine_state quarantine)
{
    enum trust_why tools = check_tools(candidate, request);
    if (tools != PASSED)
        return tools;
    enum trust_why withheld = check_quarantine(quarantine, request);
    if (withheld != PASSED && withheld != TRUST_WHY_SUSPECT)
        return withheld;
    enum trust_why policy = check_policy(candidate, request);
    return policy != PASSED ? policy : withheld;
}

uint32_t trust_filter_wait_ms(const struct trust_candidate *candidate,
                              const struct trust_request *request)
{
    if (candidate->life != TRUST_LIFE_STARTING || !is_primary(candidate))
        return 0;
    if (request->strategy != TRUST_STRATEGY_PRIMARY_FIRST)
        return 0;
    uint64_t now_ms = request->now.mono.ms;
    uint64_t since_ms = candidate->life_since.ms;
    uint64_t spent_ms = now_ms > since_ms ? now_ms - since_ms : 0;
    return spent_ms >= TRUST_SELECT_START_WAIT_MS
               ? 0
               : (uint32_t)(TRUST_SELECT_START_WAIT_MS - spent_ms);
}

static enum trust_why check_life(const struct trust_candidate *candidate,
                                 const struct trust_request *request)
{
    switch ((enum trust_life)candidate->life) {
    case TRUST_LIFE_READY:
        return PASSED;
    case TRUST_LIFE_STARTING:
        return trust_filter_wait_ms(candidate, request) > 0 ? PASSED : TRUST_WHY_STARTING;
    case TRUST_LIFE_RESTARTING:
        return TRUST_WHY_RESTARTING;
    case TRUST_LIFE_DOWN:
        return TRUST_WHY_DOWN;
    }
    return TRUST_WHY_DOWN;
}

static uint64_t life_left_ms(const struct trust_candidate *candidate, struct trust_mono now)
{
    if (candidate->life == TRUST_LIFE_DOWN && candidate->life_until.ms == 0)
        return TRUST_NEVER_MS;
    if (candidate->life_until.ms > now.ms)
        return candidate->life_until.ms - now.ms;
    return TRUST_SELECT_SOON_MS;
}

/* Suspicion ends by itself; every other rule waits for somebody. */
static uint64_t rule_left_ms(enum trust_why why, const struct trust_candidate *candidate,
                             struct trust_wall now)
{
    if (why != TRUST_WHY_SUSPECT || candidate->cell == NULL)
        return TRUST_NEVER_MS;
    uint64_t until_ms = candidate->cell->quarantine_until.ms;
    bool is_known_end = candidate->withheld != TRUST_QUARANTINE_SUSPECT && until_ms > now.ms;
    return is_known_end ? until_ms - now.ms : TRUST_NEVER_MS;
}

static bool refuse(struct trust_choice *choice, enum trust_why why,
                   enum trust_candidate_state state, uint64_t opens_in_ms)
{
    choice->why = (uint8_t)why;
    choice->reason = (uint8_t)trust_why_reason(why);
    choice->state = (uint8_t)state;
    choice->opens_in_ms = opens_in_ms;
    choice->leases = 0;
    choice->vetted = false;
    return false;
}

static bool refuse_by_gates(struct trust_choice *choice, const struct trust_gates *gates)
{
    refuse(choice, gates->why, gates->state, gates->opens_in_ms);
    if (gates->is_rate_limited)
        choice->reason = TRUST_REASON_RATE_LIMITED;
    return false;
}

/* It has the merit, but its breaker is being probed, or nothing was heard of it lately. */
static bool refuse_unproved(struct trust_choice *choice, const struct trust_gates *gates)
{
    uint64_t opens_in_ms = gates->leases != 0 ? TRUST_SELECT_SOON_MS : TRUST_NEVER_MS;
    return refuse(choice, TRUST_WHY_NOT_VETTED, gates->state, opens_in_ms);
}

static enum trust_why place(const struct trust_choice *choice, const struct trust_gates *gates,
                            const struct trust_candidate *candidate)
{
    if (is_primary(candidate) && candidate->life == TRUST_LIFE_STARTING)
        return TRUST_WHY_STARTING;
    if (is_primary(candidate))
        return gates->is_held && gates->leases == 0 ? TRUST_WHY_HELD_BACK : TRUST_WHY_PRIMARY;
    if (choice->vetted)
        return TRUST_WHY_VETTED;
    return (candidate->marks & TRUST_CANDIDATE_NAMED) != 0 ? TRUST_WHY_NAMED : TRUST_WHY_KNOWN;
}

/* Rules, merit and life: true if nothing but the breakers is left to ask. */
static bool passes_rules(struct trust_choice *choice, const struct trust_gates *gates,
                         const struct trust_candidate *candidate,
                         const struct trust_request *request)
{
    enum trust_quarantine_state quarantine =
        trust_quarantine_effective(candidate, request->now.wall);
    enum trust_why rule = check_rules(candidate, request, quarantine);
    if (rule != PASSED) {
        bool is_withheld = trust_quarantine_is_withheld(quarantine);
        enum trust_candidate_state state =
            is_withheld ? TRUST_CANDIDATE_STATE_WITHHELD : gates->state;
        return refuse(choice, rule, state, rule_left_ms(rule, candidate, request->now.wall));
    }
    choice->vetted = trust_vetted_has_merit(candidate, request);
    if (!choice->vetted && needs_vetted(candidate, request))
        return refuse(choice, TRUST_WHY_NOT_VETTED, gates->state, TRUST_NEVER_MS);
    enum trust_why life = check_life(candidate, request);
    if (life == PASSED)
        return true;
    enum trust_candidate_state state =
        life == TRUST_WHY_DOWN ? TRUST_CANDIDATE_STATE_DOWN : TRUST_CANDIDATE_STATE_STARTING;
    return refuse(choice, life, state, life_left_ms(candidate, request->now.mono));
}

bool trust_filter(struct trust_choice *out_choice, struct trust_gates *out_gates,
                  const struct trust_candidate *candidate, const struct trust_request *request)
{
    *out_choice = (struct trust_choice){0};
    trust_gates_read(out_gates, candidate, request);
    if (!passes_rules(out_choice, out_gates, candidate, request))
        return false;
    if (out_gates->is_open)
        return refuse_by_gates(out_choice, out_gates);
    if (out_gates->leases != 0 && request->no_probe)
        return refuse(out_choice, TRUST_WHY_PROBE, out_gates->state, TRUST_SELECT_SOON_MS);
    out_choice->vetted = out_choice->vetted && out_gates->leases == 0 &&
                         trust_vetted_is_active(candidate, request->now.mono);
    if (!out_choice->vetted && needs_vetted(candidate, request))
        return refuse_unproved(out_choice, out_gates);
    bool is_starting = candidate->life == TRUST_LIFE_STARTING;
    out_choice->state = (uint8_t)(is_starting ? TRUST_CANDIDATE_STATE_STARTING : out_gates->state);
    out_choice->leases = out_gates->leases;
    out_choice->why = (uint8_t)place(out_choice, out_gates, candidate);
    return true;
}
