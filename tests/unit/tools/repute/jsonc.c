/* repute/jsonc: what people write into configurations is read, with true places of its faults, and
 * nothing is deeper or more than the bounds. */
#include "repute/jsonc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

/* The document of the text, dumped with sorted members; or "line:column: what is wrong". */
static void expect_text(const char *text, size_t size, const char *wanted)
{
    char fault_text[128];
    struct jsonc_fault fault = {0};
    json_t *document = NULL;
    /* Of exactly its size, so that a sanitizer sees a byte too far. */
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    assert_non_null(copy);
    memcpy(copy, text, size);
    enum trust_error error = jsonc_read(&document, &fault, copy, size);
    if (error == TRUST_OK) {
        char *dumped = json_dumps(document, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
        assert_non_null(dumped);
        assert_string_equal(dumped, wanted);
        free(dumped);
        json_decref(document);
    } else {
        (void)snprintf(fault_text, sizeof fault_text, "%u:%u: %s", fault.line, fault.column,
                       fault.text);
        assert_string_equal(fault_text, wanted);
    }
    free(copy);
}

static void expect(const char *text, const char *wanted)
{
    expect_text(text, strlen(text), wanted);
}

static void comments_and_last_commas_are_read(void **state)
{
    (void)state;
    expect("{\"a\": 1.5, // b\n /* c, */ \"d\": [\"x\", /**/ ], }", "{\"a\":1.5,\"d\":[\"x\"]}");
    expect("\xef\xbb\xbf{}", "{}");
    expect("// only\n[]//", "[]");
    expect("{\"a\":[[],],\n}", "{\"a\":[[]]}");
}

static void strings_stay_what_they_are(void **state)
{
    (void)state;
    expect("[\"// no \\\" comment, ]\", \"/* x */\", \"\\\\\", \",\"]",
           "[\"// no \\\" comment, ]\",\"/* x */\",\"\\\\\",\",\"]");
    expect("[\"a\\u0000b\"]", "[\"a\\u0000b\"]");
}

static void half_a_surrogate_pair_becomes_the_replacement(void **state)
{
    (void)state;
    expect("[\"\\ud83d\"]", "[\"\xef\xbf\xbd\"]");
    expect("[\"\\ude00\\ud83dx\"]", "[\"\xef\xbf\xbd\xef\xbf\xbdx\"]");
    expect("[\"\\uD83D\\uDE00\"]", "[\"\xf0\x9f\x98\x80\"]");
    expect("[\"\\ud83d\\ud83d\\ude00\"]", "[\"\xef\xbf\xbd\xf0\x9f\x98\x80\"]");
}

static void large_numbers_are_no_fault(void **state)
{
    (void)state;
    expect("[99999999999999999999]", "[1e20]");
    expect("[1e999]", "1:6: a number too large");
}

static void faults_have_their_place_and_quote_nothing(void **state)
{
    (void)state;
    expect("{\n  \"a\": \"secret\n}", "2:8: a string has no end");
    expect("{\"a\": \"secret\\", "1:7: a string has no end");
    expect("{\n\n /* x", "3:2: a comment has no end");
    expect("{\"a\": secret}", "1:12: not JSON");
    expect("{\"a\": 1", "1:7: the file ends in the middle");
    expect("", "1:1: the file ends in the middle");
    expect("{} {}", "1:4: something stands behind the document");
    expect("{\"a\" /* x\n */ 1}", "2:5: not JSON");
    expect("[\"\xff\"]", "1:2: not UTF-8");
    expect("{\"\\u0000\": 1}", "1:9: a NUL character in a name");
    expect("/", "1:1: not JSON");
}

static void depth_and_values_are_bounded(void **state)
{
    (void)state;
    char deep[2 * (TRUST_SCAN_DEPTH_MAX + 1) + 1];
    size_t depth = TRUST_SCAN_DEPTH_MAX;
    memset(deep, '[', depth);
    memset(deep + depth, ']', depth);
    deep[2 * depth] = '\0';
    char dumped[sizeof deep];
    memcpy(dumped, deep, sizeof deep);
    expect(deep, dumped);
    memset(deep, '[', depth + 1);
    expect_text(deep, depth + 1, "1:65: nested too deeply");

    size_t size = TRUST_SCAN_VALUES_MAX + 1;
    char *many = malloc(size);
    assert_non_null(many);
    memset(many, ',', size);
    expect_text(many, size, "1:262145: too many values");
    free(many);
}

static void every_prefix_of_a_document_is_read_or_refused(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbf{\"a\":[\"\\ud83d\\ude00\",1.5,/*x*/true,],//y\n}";
    for (size_t size = 0; size < sizeof text - 1; size++) {
        uint8_t *copy = malloc(size == 0 ? 1 : size);
        assert_non_null(copy);
        memcpy(copy, text, size);
        json_t *document = NULL;
        struct jsonc_fault fault = {0};
        assert_int_equal(jsonc_read(&document, &fault, copy, size), TRUST_NO_SYNTAX);
        assert_true(fault.line >= 1 && fault.column >= 1);
        free(copy);
    }
    expect(text, "{\"a\":[\"\xf0\x9f\x98\x80\",1.5,true]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_and_last_commas_are_read),
        cmocka_unit_test(strings_stay_what_they_are),
        cmocka_unit_test(half_a_surrogate_pair_becomes_the_replacement),
        cmocka_unit_test(large_numbers_are_no_fault),
        cmocka_unit_test(faults_have_their_place_and_quote_nothing),
        cmocka_unit_test(depth_and_values_are_bounded),
        cmocka_unit_test(every_prefix_of_a_document_is_read_or_refused),
    };
    return cmocka_run_group_tests_name("tools/repute/jsonc", tests, NULL, NULL);
}
