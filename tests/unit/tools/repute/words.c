/* repute/words: the words of numbers, both ways. */
#include "repute/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"

static void each_table_follows_its_enum(void **state)
{
    (void)state;
    assert_string_equal(words_categories[TRUST_CATEGORY_PERFORMANCE - 1], "performance");
    assert_string_equal(words_categories[TRUST_CATEGORY_OVERALL - 1], "overall");
    assert_string_equal(words_origins[TRUST_ORIGIN_HUMAN - 1], "human");
    assert_string_equal(words_origins[TRUST_ORIGIN_AGENT - 1], "agent");
    assert_string_equal(words_classes[TRUST_CLASS_INJECTION - 1], "injection");
    assert_string_equal(words_classes[TRUST_CLASS_MANIFEST_CHANGED - 1], "manifest_changed");
    assert_string_equal(words_classes[TRUST_CLASS_OTHER - 1], "other");
    assert_null(words_classes[TRUST_CLASS_OTHER]);
    assert_string_equal(words_reasons[TRUST_REVOKED_COMPROMISED - 1], "compromised");
    assert_string_equal(words_reasons[TRUST_REVOKED_SUPERSEDED - 1], "superseded");
    assert_string_equal(words_severities[TRUST_SEVERITY_CLEARED], "cleared");
    assert_string_equal(words_severities[TRUST_SEVERITY_CRITICAL], "critical");
    assert_string_equal(words_kind(TRUST_KIND_VOUCH), "vouch");
    assert_string_equal(words_kind(TRUST_KIND_REVOCATION), "revocation");
}

static void scopes_are_read_and_written(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        uint8_t scopes;
        const char *written;
    } rows[] = {
        {"rate", 1, "rate"},
        {"introduce", 2, "introduce"},
        {"scan", 4, "scan"},
        {"scan,rate", 5, "rate,scan"},
        {"rate,introduce,scan", 7, "rate,introduce,scan"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t scopes = 0;
        char text[WORDS_SCOPES_SIZE];
        assert_true(words_take_scopes(&scopes, rows[i].typed));
        assert_int_equal(scopes, rows[i].scopes);
        words_put_scopes(text, scopes);
        assert_string_equal(text, rows[i].written);
    }
}

static void what_is_no_scope_is_none(void **state)
{
    (void)state;
    static const char *const rows[] = {"",          ",",    "rate,",          ",rate",     "rates",
                                       "rate,rate", "RATE", "rate introduce", "rate,,scan"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t scopes = 9;
        assert_false(words_take_scopes(&scopes, rows[i]));
        assert_int_equal(scopes, 9);
    }
}

static void words_are_found_whole(void **state)
{
    (void)state;
    size_t place = 7;
    assert_true(words_find(&place, words_severities, trust_bytes_text("high")));
    assert_int_equal(place, TRUST_SEVERITY_HIGH);
    assert_false(words_find(&place, words_severities, trust_bytes_text("hig")));
    assert_false(words_find(&place, words_severities, trust_bytes_text("higher")));
    assert_false(words_find(&place, words_severities, trust_bytes_text("")));
    assert_int_equal(place, TRUST_SEVERITY_HIGH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_table_follows_its_enum),
        cmocka_unit_test(scopes_are_read_and_written),
        cmocka_unit_test(what_is_no_scope_is_none),
        cmocka_unit_test(words_are_found_whole),
    };
    return cmocka_run_group_tests_name("repute/words", tests, NULL, NULL);
}
