/* repute/draft_doc: every kind of draft says what it says. */
#include "repute/draft_doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drafts.h"

static const char *text_of(const json_t *document, const char *member)
{
    return json_string_value(json_object_get(document, member));
}

static void check_says(const struct draft *draft, const char *says)
{
    struct shelf_draft shelved = {.id = "0123abcd", .draft = *draft};
    json_t *document = draft_doc_make(&shelved);
    assert_non_null(document);
    assert_string_equal(text_of(document, "draft"), "0123abcd");
    assert_string_equal(text_of(document, "says"), says);
    json_decref(document);
}

static void each_statement_is_one_line_for_people(void **state)
{
    (void)state;
    struct draft draft = drafts_rating("x", 1800000000);
    check_says(&draft, "overall 0.5");
    draft.rating.category = TRUST_CATEGORY_PERFORMANCE;
    draft.rating.calls = 7;
    draft.rating.value = 875;
    check_says(&draft, "performance 0.875 after 7 calls");
    draft.rating.value = TRUST_RATING_WITHDRAWN;
    check_says(&draft, "performance withdrawn");
    draft =
        (struct draft){.kind = TRUST_KIND_FLAG,
                       .flag = {.severity = TRUST_SEVERITY_CRITICAL, .class_ = TRUST_CLASS_MALWARE},
                       .rule = "r1",
                       .subject = "mcp:io.example/x"};
    check_says(&draft, "critical malware, rule r1");
    draft = (struct draft){.kind = TRUST_KIND_VOUCH, .vouch = {.scopes = 5, .strength = 800}};
    check_says(&draft, "trust 0.8 to rate,scan");
    draft.vouch.strength = -1000;
    check_says(&draft, "distrust 1");
    draft.vouch.strength = 0;
    check_says(&draft, "withdrawn");
    draft = (struct draft){.kind = TRUST_KIND_ALIAS, .alias_state = 1};
    check_says(&draft, "one server");
}

static void unknown_values_are_null(void **state)
{
    (void)state;
    struct shelf_draft shelved = {.id = "0123abcd", .draft = drafts_rating("x", 1800000000)};
    shelved.draft.rating.value = TRUST_RATING_WITHDRAWN;
    json_t *document = draft_doc_make(&shelved);
    assert_true(json_is_null(json_object_get(document, "manifest")));
    assert_true(json_is_null(json_object_get(document, "value")));
    assert_string_equal(text_of(document, "created"), "2027-01-15T08:00:00Z");
    json_decref(document);
    shelved.draft.has_manifest = true;
    memset(shelved.draft.manifest, 0xab, sizeof shelved.draft.manifest);
    document = draft_doc_make(&shelved);
    assert_int_equal(strlen(text_of(document, "manifest")), 64);
    assert_memory_equal(text_of(document, "manifest"), "abab", 4);
    json_decref(document);
}

static void a_life_is_said_in_its_largest_unit(void **state)
{
    (void)state;
    static const struct {
        uint64_t life_s;
        const char *text;
    } rows[] = {
        {15552000, "180 days after it is published"},
        {129600, "36 hours after it is published"},
        {5400, "90 minutes after it is published"},
        {59, "59 seconds after it is published"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shelf_draft shelved = {.id = "0123abcd", .draft = drafts_rating("x", 1800000000)};
        shelved.draft.life_s = rows[i].life_s;
        json_t *document = draft_doc_make(&shelved);
        assert_string_equal(text_of(document, "expires_in"), rows[i].text);
        json_decref(document);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_statement_is_one_line_for_people),
        cmocka_unit_test(unknown_values_are_null),
        cmocka_unit_test(a_life_is_said_in_its_largest_unit),
    };
    return cmocka_run_group_tests_name("repute/draft_doc", tests, NULL, NULL);
}
