/* See why.h. One row a rule: its name in documents and its reason. */
#include "shield/why.h"

struct row {
    const char *name;
    enum trust_reason reason;
};

static const struct row rows[] = {
    [TRUST_WHY_PRIMARY] = {"primary", TRUST_REASON_NONE},
    [TRUST_WHY_VETTED] = {"vetted", TRUST_REASON_NONE},
    [TRUST_WHY_NAMED] = {"named", TRUST_REASON_NONE},
    [TRUST_WHY_KNOWN] = {"known", TRUST_REASON_NONE},
    [TRUST_WHY_SCORE] = {"score", TRUST_REASON_NONE},
    [TRUST_WHY_COST] = {"cost", TRUST_REASON_NONE},
    [TRUST_WHY_TIE] = {"tie", TRUST_REASON_NONE},
    [TRUST_WHY_UNSCORED] = {"unscored", TRUST_REASON_NONE},
    [TRUST_WHY_HELD_BACK] = {"held_back", TRUST_REASON_NONE},
    [TRUST_WHY_STARTING] = {"starting", TRUST_REASON_NO_PROVIDER},
    [TRUST_WHY_LEAST_BAD] = {"least_bad", TRUST_REASON_NONE},
    [TRUST_WHY_NOT_COVERED] = {"not_covered", TRUST_REASON_NOT_COVERED},
    [TRUST_WHY_TOOL_CHANGED] = {"tool_changed", TRUST_REASON_TOOL_CHANGED},
    [TRUST_WHY_QUARANTINED] = {"quarantined", TRUST_REASON_QUARANTINED},
    [TRUST_WHY_INVESTIGATING] = {"investigating", TRUST_REASON_QUARANTINED},
    [TRUST_WHY_BANNED] = {"banned", TRUST_REASON_QUARANTINED},
    [TRUST_WHY_EXCLUDED] = {"excluded", TRUST_REASON_POLICY},
    [TRUST_WHY_STALE_BASIS] = {"stale_basis", TRUST_REASON_POLICY},
    [TRUST_WHY_TRANSPORT] = {"transport", TRUST_REASON_POLICY},
    [TRUST_WHY_UNKNOWN] = {"unknown", TRUST_REASON_POLICY},
    [TRUST_WHY_MIN_SCORE] = {"min_score", TRUST_REASON_POLICY},
    [TRUST_WHY_SUSPECT] = {"suspect", TRUST_REASON_POLICY},
    [TRUST_WHY_TOO_SLOW] = {"too_slow", TRUST_REASON_POLICY},
    [TRUST_WHY_NOT_VETTED] = {"not_vetted", TRUST_REASON_POLICY},
    [TRUST_WHY_RESTARTING] = {"restarting", TRUST_REASON_NO_PROVIDER},
    [TRUST_WHY_DOWN] = {"down", TRUST_REASON_NO_PROVIDER},
    [TRUST_WHY_TOOL_BREAKER] = {"tool_breaker", TRUST_REASON_ALL_OPEN},
    [TRUST_WHY_OWN_BREAKER] = {"own_breaker", TRUST_REASON_ALL_OPEN},
    [TRUST_WHY_SHARED_BREAKER] = {"shared_breaker", TRUST_REASON_ALL_OPEN},
    [TRUST_WHY_PROBE] = {"probe", TRUST_REASON_ALL_OPEN},
    [TRUST_WHY_AUTH_REQUIRED] = {"auth_required", TRUST_REASON_NO_PROVIDER},
    [TRUST_WHY_RATE_LIMITED] = {"rate_limited", TRUST_REASON_RATE_LIMITED},
};

static const char *const states[] = {
    [TRUST_CANDIDATE_STATE_CLOSED] = "closed",
    [TRUST_CANDIDATE_STATE_OPEN] = "open",
    [TRUST_CANDIDATE_STATE_HALF_OPEN] = "half_open",
    [TRUST_CANDIDATE_STATE_FORCED_OPEN] = "forced_open",
    [TRUST_CANDIDATE_STATE_STARTING] = "starting",
    [TRUST_CANDIDATE_STATE_DOWN] = "down",
    [TRUST_CANDIDATE_STATE_WITHHELD] = "withheld",
};

static const char *const strategies[] = {
    [TRUST_STRATEGY_PRIMARY_FIRST] = "primary_first",
    [TRUST_STRATEGY_BEST] = "best",
};

static const char *const risks[] = {
    [TRUST_RISK_LOW] = "low",
    [TRUST_RISK_HIGH] = "high",
};

static const char *const all_open[] = {
    [TRUST_WHEN_ALL_OPEN_UNAVAILABLE] = "unavailable",
    [TRUST_WHEN_ALL_OPEN_TRY_LEAST_BAD] = "try_least_bad",
};

#define NAME(table, value)                                                                         \
    ((size_t)(value) < sizeof(table) / sizeof *(table) ? (table)[(size_t)(value)] : "?")

const char *trust_why_name(enum trust_why why)
{
    return (size_t)why < sizeof rows / sizeof *rows ? rows[why].name : "?";
}

enum trust_reason trust_why_reason(enum trust_why why)
{
    return rows[why].reason;
}

const char *trust_candidate_state_name(enum trust_candidate_state state)
{
    return NAME(states, state);
}

const char *trust_strategy_name(enum trust_strategy strategy)
{
    return NAME(strategies, strategy);
}

const char *trust_risk_name(enum trust_risk risk)
{
    return NAME(risks, risk);
}

const char *trust_when_all_open_name(enum trust_when_all_open when)
{
    return NAME(all_open, when);
}
