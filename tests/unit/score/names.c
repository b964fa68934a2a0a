/* score/names: every value has its own word, and a value outside has none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trust/score.h"

static void every_status_has_its_word(void **state)
{
    (void)state;
    assert_string_equal(trust_score_status_name(TRUST_SCORE_UNKNOWN), "unknown");
    assert_string_equal(trust_score_status_name(TRUST_SCORE_WEAK), "weak");
    assert_string_equal(trust_score_status_name(TRUST_SCORE_OK), "ok");
    assert_string_equal(trust_score_status_name(TRUST_SCORE_CONTESTED), "contested");
    assert_string_equal(trust_score_status_name(TRUST_SCORE_FLAGGED), "flagged");
    assert_string_equal(trust_score_status_name((enum trust_score_status)5), "?");
}

static void every_row_of_an_explanation_has_its_word(void **state)
{
    (void)state;
    assert_string_equal(trust_contribution_kind_name(TRUST_CONTRIBUTION_PRIOR), "prior");
    assert_string_equal(trust_contribution_kind_name(TRUST_CONTRIBUTION_REST), "rest");
    assert_string_equal(trust_contribution_kind_name((enum trust_contribution_kind)4), "?");
    assert_string_equal(trust_ignored_reason_name(TRUST_IGNORED_NO_WEIGHT), "no_weight");
    assert_string_equal(trust_ignored_reason_name(TRUST_IGNORED_LEVEL), "other_level_used");
    assert_string_equal(trust_ignored_reason_name(TRUST_IGNORED_OPERATOR), "ignored_by_operator");
    assert_string_equal(trust_ignored_reason_name((enum trust_ignored_reason)9), "?");
    assert_string_equal(trust_change_kind_name(TRUST_CHANGE_EVIDENCE), "more_evidence");
    assert_string_equal(trust_change_kind_name(TRUST_CHANGE_MANIFEST), "ratings_of_manifest");
    assert_string_equal(trust_change_kind_name((enum trust_change_kind)6), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_word),
        cmocka_unit_test(every_row_of_an_explanation_has_its_word),
    };
    return cmocka_run_group_tests_name("score/names", tests, NULL, NULL);
}
