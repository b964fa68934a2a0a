/* shield/answer: what an unavailable answer says, and in which words. */
#include "shield/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    enum trust_reason reason;
    const char *name;
} reasons[] = {
    {TRUST_REASON_NONE, "none"},
    {TRUST_REASON_NO_PROVIDER, "no_provider"},
    {TRUST_REASON_ALL_OPEN, "all_open"},
    {TRUST_REASON_QUARANTINED, "quarantined"},
    {TRUST_REASON_POLICY, "policy"},
    {TRUST_REASON_TIMEOUT, "timeout"},
    {TRUST_REASON_NOT_COVERED, "not_covered"},
    {TRUST_REASON_TOOL_CHANGED, "tool_changed"},
    {TRUST_REASON_RATE_LIMITED, "rate_limited"},
    {TRUST_REASON_OUTCOME_UNKNOWN, "outcome_unknown"},
};

#define REASONS (sizeof reasons / sizeof *reasons)

static void each_reason_has_its_name_and_a_sentence_of_its_own(void **state)
{
    (void)state;
    const char *seen[REASONS];
    for (size_t i = 0; i < REASONS; i++) {
        assert_string_equal(trust_reason_name(reasons[i].reason), reasons[i].name);
        seen[i] = trust_answer_message(TRUST_ANSWER_UNAVAILABLE, reasons[i].reason);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(seen[i], seen[j]);
    }
    assert_string_equal(trust_reason_name((enum trust_reason)REASONS), "?");
}

static void a_sentence_that_refuses_forbids_the_detour(void **state)
{
    (void)state;
    for (size_t i = 1; i < REASONS; i++) {
        const char *message = trust_answer_message(TRUST_ANSWER_UNAVAILABLE, reasons[i].reason);
        if (reasons[i].reason == TRUST_REASON_OUTCOME_UNKNOWN)
            assert_non_null(strstr(message, "Do not repeat it"));
        else
            assert_non_null(strstr(message, "Do not try to reach the same effect by other means"));
        assert_non_null(strstr(message, "tell the user"));
    }
}

static void every_reason_has_a_rank_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < REASONS; i++) {
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(trust_reason_rank(reasons[i].reason),
                                 trust_reason_rank(reasons[j].reason));
    }
}

static void a_failed_call_is_answered_as_unavailable_with_its_wait(void **state)
{
    (void)state;
    struct trust_basis basis = {.kind = TRUST_BASIS_STALE, .age_s = 12};
    struct trust_answer answer = trust_answer_make(TRUST_REASON_TIMEOUT, 2500, basis);
    assert_int_equal(answer.status, TRUST_ANSWER_UNAVAILABLE);
    assert_int_equal(answer.reason, TRUST_REASON_TIMEOUT);
    assert_int_equal(answer.retry_after_ms, 2500);
    assert_int_equal(answer.basis.kind, TRUST_BASIS_STALE);
    assert_int_equal(answer.basis.age_s, 12);
    assert_int_equal(answer.count, 0);
    assert_int_equal(answer.refused_count, 0);
    assert_string_equal(answer.message,
                        "The server did not answer in time. Ask again after retry_after_ms. Do not "
                        "try to reach the same effect by other means; continue without it or tell "
                        "the user.");
}

static void statuses_and_bases_have_their_names(void **state)
{
    (void)state;
    assert_string_equal(trust_answer_status_name(TRUST_ANSWER_OK), "ok");
    assert_string_equal(trust_answer_status_name(TRUST_ANSWER_DEGRADED), "degraded");
    assert_string_equal(trust_answer_status_name(TRUST_ANSWER_UNAVAILABLE), "unavailable");
    assert_string_equal(trust_answer_status_name((enum trust_answer_status)3), "?");
    assert_string_equal(trust_basis_kind_name(TRUST_BASIS_FRESH), "fresh");
    assert_string_equal(trust_basis_kind_name(TRUST_BASIS_STALE), "stale");
    assert_string_equal(trust_basis_kind_name(TRUST_BASIS_OWN), "own");
    assert_string_equal(trust_basis_kind_name(TRUST_BASIS_NONE), "none");
    assert_string_equal(trust_basis_kind_name((enum trust_basis_kind)4), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reason_has_its_name_and_a_sentence_of_its_own),
        cmocka_unit_test(a_sentence_that_refuses_forbids_the_detour),
        cmocka_unit_test(every_reason_has_a_rank_of_its_own),
        cmocka_unit_test(a_failed_call_is_answered_as_unavailable_with_its_wait),
        cmocka_unit_test(statuses_and_bases_have_their_names),
    };
    return cmocka_run_group_tests_name("shield/answer", tests, NULL, NULL);
}
