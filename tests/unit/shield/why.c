/* shield/why: each rule has one name, and each refusal leads to one reason. */
#include "shield/why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    enum trust_why why;
    const char *name;
    enum trust_reason reason;
} rows[] = {
    {TRUST_WHY_PRIMARY, "primary", TRUST_REASON_NONE},
    {TRUST_WHY_VETTED, "vetted", TRUST_REASON_NONE},
    {TRUST_WHY_NAMED, "named", TRUST_REASON_NONE},
    {TRUST_WHY_KNOWN, "known", TRUST_REASON_NONE},
    {TRUST_WHY_SCORE, "score", TRUST_REASON_NONE},
    {TRUST_WHY_COST, "cost", TRUST_REASON_NONE},
    {TRUST_WHY_TIE, "tie", TRUST_REASON_NONE},
    {TRUST_WHY_UNSCORED, "unscored", TRUST_REASON_NONE},
    {TRUST_WHY_HELD_BACK, "held_back", TRUST_REASON_NONE},
    {TRUST_WHY_STARTING, "starting", TRUST_REASON_NO_PROVIDER},
    {TRUST_WHY_LEAST_BAD, "least_bad", TRUST_REASON_NONE},
    {TRUST_WHY_NOT_COVERED, "not_covered", TRUST_REASON_NOT_COVERED},
    {TRUST_WHY_TOOL_CHANGED, "tool_changed", TRUST_REASON_TOOL_CHANGED},
    {TRUST_WHY_QUARANTINED, "quarantined", TRUST_REASON_QUARANTINED},
    {TRUST_WHY_INVESTIGATING, "investigating", TRUST_REASON_QUARANTINED},
    {TRUST_WHY_BANNED, "banned", TRUST_REASON_QUARANTINED},
    {TRUST_WHY_EXCLUDED, "excluded", TRUST_REASON_POLICY},
    {TRUST_WHY_STALE_BASIS, "stale_basis", TRUST_REASON_POLICY},
    {TRUST_WHY_TRANSPORT, "transport", TRUST_REASON_POLICY},
    {TRUST_WHY_UNKNOWN, "unknown", TRUST_REASON_POLICY},
    {TRUST_WHY_MIN_SCORE, "min_score", TRUST_REASON_POLICY},
    {TRUST_WHY_SUSPECT, "suspect", TRUST_REASON_POLICY},
    {TRUST_WHY_TOO_SLOW, "too_slow", TRUST_REASON_POLICY},
    {TRUST_WHY_NOT_VETTED, "not_vetted", TRUST_REASON_POLICY},
    {TRUST_WHY_RESTARTING, "restarting", TRUST_REASON_NO_PROVIDER},
    {TRUST_WHY_DOWN, "down", TRUST_REASON_NO_PROVIDER},
    {TRUST_WHY_TOOL_BREAKER, "tool_breaker", TRUST_REASON_ALL_OPEN},
    {TRUST_WHY_OWN_BREAKER, "own_breaker", TRUST_REASON_ALL_OPEN},
    {TRUST_WHY_SHARED_BREAKER, "shared_breaker", TRUST_REASON_ALL_OPEN},
    {TRUST_WHY_PROBE, "probe", TRUST_REASON_ALL_OPEN},
    {TRUST_WHY_AUTH_REQUIRED, "auth_required", TRUST_REASON_NO_PROVIDER},
    {TRUST_WHY_RATE_LIMITED, "rate_limited", TRUST_REASON_RATE_LIMITED},
};

static void each_rule_has_its_name_and_its_reason(void **state)
{
    (void)state;
    size_t count = sizeof rows / sizeof *rows;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(rows[i].why, i);
        assert_string_equal(trust_why_name(rows[i].why), rows[i].name);
        assert_int_equal(trust_why_reason(rows[i].why), rows[i].reason);
    }
    assert_string_equal(trust_why_name((enum trust_why)count), "?");
}

static void states_strategies_and_risks_have_their_names(void **state)
{
    (void)state;
    static const char *const states[] = {"closed",   "open", "half_open", "forced_open",
                                         "starting", "down", "withheld",  "?"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        assert_string_equal(trust_candidate_state_name((enum trust_candidate_state)i), states[i]);
    assert_string_equal(trust_strategy_name(TRUST_STRATEGY_PRIMARY_FIRST), "primary_first");
    assert_string_equal(trust_strategy_name(TRUST_STRATEGY_BEST), "best");
    assert_string_equal(trust_strategy_name((enum trust_strategy)2), "?");
    assert_string_equal(trust_risk_name(TRUST_RISK_LOW), "low");
    assert_string_equal(trust_risk_name(TRUST_RISK_HIGH), "high");
    assert_string_equal(trust_risk_name((enum trust_risk)2), "?");
    assert_string_equal(trust_when_all_open_name(TRUST_WHEN_ALL_OPEN_UNAVAILABLE), "unavailable");
    assert_string_equal(trust_when_all_open_name(TRUST_WHEN_ALL_OPEN_TRY_LEAST_BAD),
                        "try_least_bad");
    assert_string_equal(trust_when_all_open_name((enum trust_when_all_open)2), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_has_its_name_and_its_reason),
        cmocka_unit_test(states_strategies_and_risks_have_their_names),
    };
    return cmocka_run_group_tests_name("shield/why", tests, NULL, NULL);
}
