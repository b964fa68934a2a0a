/* repute/drafting: what a draft may be about, and how its numbers become a record's. */
#include "repute/drafting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"

static void ratios_are_rounded_to_the_nearest_thousandth(void **state)
{
    (void)state;
    static const struct {
        double ratio;
        uint16_t permille;
    } rows[] = {{0, 0},      {1, 1000},   {0.85, 850},   {0.0004, 0},
                {0.0005, 1}, {0.57, 570}, {0.9994, 999}, {0.9996, 1000}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(drafting_permille(rows[i].ratio), rows[i].permille);
}

static void a_server_is_named_in_its_canonical_form(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        const char *subject;
        const char *said;
    } rows[] = {
        {"mcp:io.example/x", "mcp:io.example/x", ""},
        {"HTTPS://X.example:443/mcp/", "https://x.example/mcp",
         "HTTPS://X.example:443/mcp/ is https://x.example/mcp\n"},
        {"pkg:npm/@acme/x", "pkg:npm/%40acme/x", "pkg:npm/@acme/x is pkg:npm/%40acme/x\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct capture capture;
        char subject[TRUST_SUBJECT_TEXT_SIZE];
        capture_begin(&capture, OUTPUT_TEXT);
        assert_int_equal(drafting_subject(&capture.context, subject, rows[i].typed), TRUST_OK);
        assert_string_equal(subject, rows[i].subject);
        assert_string_equal(capture_text(&capture), rows[i].said);
        capture_end(&capture);
    }
}

static void local_ids_and_nonsense_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"http://127.0.0.1:8080/mcp", "http://localhost/x",
                                       "https://192.168.1.5/mcp", "x", ""};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct capture capture;
        char subject[TRUST_SUBJECT_TEXT_SIZE];
        capture_begin(&capture, OUTPUT_TEXT);
        assert_int_equal(drafting_subject(&capture.context, subject, rows[i]), TRUST_NO_SUBJECT);
        assert_int_equal(capture.context.failure.exit, 2);
        assert_string_not_equal(capture.context.failure.next, "");
        capture_end(&capture);
    }
}

static void a_manifest_is_64_hex_digits_or_absent(void **state)
{
    (void)state;
    struct capture capture;
    struct draft draft = {0};
    const struct command_setting none = {0};
    const struct command_setting good = {
        .is_given = true,
        .text = "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"};
    const struct command_setting bad = {.is_given = true, .text = "0123"};
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(drafting_manifest(&capture.context, &draft, &none), TRUST_OK);
    assert_false(draft.has_manifest);
    assert_int_equal(drafting_manifest(&capture.context, &draft, &good), TRUST_OK);
    assert_true(draft.has_manifest);
    assert_int_equal(draft.manifest[7], 0xef);
    assert_int_equal(drafting_manifest(&capture.context, &draft, &bad), TRUST_NO_SYNTAX);
    capture_end(&capture);
}

static void a_home_without_a_key_may_draft_about_any_key(void **state)
{
    (void)state;
    struct capture capture;
    struct trust_key key;
    struct trust_key wanted = {{5}};
    char text[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(text, &wanted, TRUST_KEY_OPERATOR);
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(drafting_key(&capture.context, &key, text), TRUST_OK);
    assert_memory_equal(&key, &wanted, sizeof key);
    assert_int_equal(capture.context.failure.error, TRUST_OK);
    text[10] = text[10] == 'q' ? 'p' : 'q';
    assert_int_equal(drafting_key(&capture.context, &key, text), TRUST_NO_KEY);
    assert_int_equal(capture.context.failure.exit, 2);
    capture_end(&capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratios_are_rounded_to_the_nearest_thousandth),
        cmocka_unit_test(a_server_is_named_in_its_canonical_form),
        cmocka_unit_test(local_ids_and_nonsense_are_refused),
        cmocka_unit_test(a_manifest_is_64_hex_digits_or_absent),
        cmocka_unit_test(a_home_without_a_key_may_draft_about_any_key),
    };
    return cmocka_run_group_tests_name("repute/drafting", tests, NULL, NULL);
}
