/* record/words: each word names its value, and each value is found by its word alone. */
#include "record/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void kinds_have_their_words(void **state)
{
    (void)state;
    assert_string_equal(trust_kind_name(TRUST_KIND_VOUCH), "vouch");
    assert_string_equal(trust_kind_name(TRUST_KIND_REVOCATION), "revocation");
    assert_string_equal(trust_kind_name((enum trust_kind)0), "?");
    assert_string_equal(trust_kind_name((enum trust_kind)6), "?");
}

static void what_a_name_gives_is_found_again(void **state)
{
    (void)state;
    for (int i = TRUST_CATEGORY_PERFORMANCE; i <= TRUST_CATEGORY_OVERALL; i++) {
        enum trust_category found = TRUST_CATEGORY_PERFORMANCE;
        assert_true(trust_category_find(&found, trust_category_name((enum trust_category)i)));
        assert_int_equal(found, i);
    }
    for (int i = TRUST_ORIGIN_HUMAN; i <= TRUST_ORIGIN_AGENT; i++) {
        enum trust_origin found = TRUST_ORIGIN_HUMAN;
        assert_true(trust_origin_find(&found, trust_origin_name((enum trust_origin)i)));
        assert_int_equal(found, i);
    }
    for (int i = TRUST_SEVERITY_CLEARED; i <= TRUST_SEVERITY_CRITICAL; i++) {
        enum trust_severity found = TRUST_SEVERITY_CLEARED;
        assert_true(trust_severity_find(&found, trust_severity_name((enum trust_severity)i)));
        assert_int_equal(found, i);
    }
    for (int i = TRUST_CLASS_INJECTION; i <= TRUST_CLASS_OTHER; i++) {
        enum trust_class found = TRUST_CLASS_INJECTION;
        assert_true(trust_class_find(&found, trust_class_name((enum trust_class)i)));
        assert_int_equal(found, i);
    }
    for (int i = TRUST_REVOKED_COMPROMISED; i <= TRUST_REVOKED_SUPERSEDED; i++) {
        enum trust_revocation_reason found = TRUST_REVOKED_COMPROMISED;
        assert_true(trust_revocation_reason_find(
            &found, trust_revocation_reason_name((enum trust_revocation_reason)i)));
        assert_int_equal(found, i);
    }
    for (int i = 1; i <= TRUST_SCOPE_SCANS; i *= 2) {
        enum trust_scope found = TRUST_SCOPE_ALL;
        assert_true(trust_scope_find(&found, trust_scope_name((enum trust_scope)i)));
        assert_int_equal(found, i);
    }
}

static void words_are_those_of_the_protocol(void **state)
{
    (void)state;
    assert_string_equal(trust_category_name(TRUST_CATEGORY_SECURITY), "security");
    assert_string_equal(trust_origin_name(TRUST_ORIGIN_MEASURED), "measured");
    assert_string_equal(trust_severity_name(TRUST_SEVERITY_CLEARED), "cleared");
    assert_string_equal(trust_severity_name(TRUST_SEVERITY_CRITICAL), "critical");
    assert_string_equal(trust_class_name(TRUST_CLASS_MALWARE), "malware");
    assert_string_equal(trust_class_name(TRUST_CLASS_OTHER), "other");
    assert_string_equal(trust_scope_name(TRUST_SCOPE_INTRODUCES), "introduce");
    assert_string_equal(trust_revocation_reason_name(TRUST_REVOKED_RETIRED), "retired");
}

static void another_text_is_no_word(void **state)
{
    (void)state;
    enum trust_severity severity = TRUST_SEVERITY_HIGH;
    assert_false(trust_severity_find(&severity, "High"));
    assert_false(trust_severity_find(&severity, ""));
    assert_int_equal(severity, TRUST_SEVERITY_HIGH);
    enum trust_scope scope = TRUST_SCOPE_ALL;
    assert_false(trust_scope_find(&scope, "rates"));
    assert_string_equal(trust_scope_name(TRUST_SCOPE_ALL), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_have_their_words),
        cmocka_unit_test(what_a_name_gives_is_found_again),
        cmocka_unit_test(words_are_those_of_the_protocol),
        cmocka_unit_test(another_text_is_no_word),
    };
    return cmocka_run_group_tests_name("record/words", tests, NULL, NULL);
}
