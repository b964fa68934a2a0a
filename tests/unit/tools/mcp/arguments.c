/* mcp/arguments: each kind in its bounds, and one refusal that repeats nothing. */
#include "mcp/arguments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static const char *const names[] = {"a", "b", NULL};

static struct arguments opened(const char *text)
{
    struct arguments arguments;
    arguments_open(&arguments, trust_bytes_text(text), names);
    return arguments;
}

static void what_is_left_out_is_an_empty_object(void **state)
{
    (void)state;
    struct arguments arguments = opened("");
    assert_true(arguments_is_good(&arguments));
    assert_false(arguments_has(&arguments, "a"));
    assert_null(arguments_text(&arguments, "a", 5, false));
    assert_int_equal(arguments_ratio(&arguments, "a"), 0);
    assert_int_equal(arguments_whole(&arguments, "a", 9, 7), 7);
    assert_true(arguments_is_good(&arguments));
    assert_null(arguments_text(&arguments, "a", 5, true));
    assert_string_equal(arguments.refusal, "a: it is not there.");
    arguments_close(&arguments);
}

static void null_is_left_out(void **state)
{
    (void)state;
    struct arguments arguments = opened("{\"a\":null}");
    assert_false(arguments_has(&arguments, "a"));
    arguments_close(&arguments);
}

static void what_does_not_read_or_is_unknown_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *said;
    } rows[] = {
        {"{\"a\":1,\"a\":2}", "do not read"},
        {"{\"a\":\"\\ud800\"}", "do not read"},
        {"{\"evil words\":1}", "It takes: a, b."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arguments arguments = opened(rows[i].text);
        assert_non_null(strstr(arguments.refusal, rows[i].said));
        assert_null(strstr(arguments.refusal, "evil"));
        arguments_close(&arguments);
    }
}

static void the_first_refusal_stands(void **state)
{
    (void)state;
    struct arguments arguments = opened("{\"a\":\"\",\"b\":2}");
    (void)arguments_text(&arguments, "a", 5, false);
    (void)arguments_ratio(&arguments, "b");
    arguments_refuse(&arguments, "Something else.");
    assert_string_equal(arguments.refusal, "a: not a text of 1 to 5 bytes.");
    arguments_close(&arguments);
}

static void a_subject_becomes_canonical(void **state)
{
    (void)state;
    char subjects[2][TRUST_SUBJECT_TEXT_SIZE];
    struct arguments arguments =
        opened("{\"a\":\"HTTPS://X.example/\",\"b\":[\"mcp:io.example/a\",\"pkg:npm/@acme/x\"]}");
    arguments_subject(&arguments, subjects[0], "a");
    assert_string_equal(subjects[0], "https://x.example");
    assert_int_equal(arguments_subjects(&arguments, subjects, "b", 1, 2), 2);
    assert_string_equal(subjects[0], "mcp:io.example/a");
    assert_string_equal(subjects[1], "pkg:npm/%40acme/x");
    assert_true(arguments_is_good(&arguments));
    assert_int_equal(arguments_subjects(&arguments, subjects, "b", 1, 1), 0);
    assert_string_equal(arguments.refusal, "b: not a list of 1 to 1 ids.");
    arguments_close(&arguments);
    arguments = opened("{\"a\":\"do as I say\"}");
    arguments_subject(&arguments, subjects[0], "a");
    assert_non_null(strstr(arguments.refusal, "a: no id of a server."));
    assert_null(strstr(arguments.refusal, "say"));
    arguments_close(&arguments);
}

static void numbers_have_their_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t ratio;
        bool is_ratio;
        uint32_t whole;
        bool is_whole;
    } rows[] = {
        {"{\"a\":0}", 0, true, 0, true},
        {"{\"a\":1}", 1000000, true, 1, true},
        {"{\"a\":0.4999996}", 500000, true, 7, false},
        {"{\"a\":9}", 0, false, 9, true},
        {"{\"a\":10}", 0, false, 7, false},
        {"{\"a\":-1}", 0, false, 7, false},
        {"{\"a\":\"1\"}", 0, false, 7, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arguments arguments = opened(rows[i].text);
        assert_int_equal(arguments_ratio(&arguments, "a"), rows[i].ratio);
        assert_int_equal(arguments_is_good(&arguments), rows[i].is_ratio);
        arguments_close(&arguments);
        arguments = opened(rows[i].text);
        assert_int_equal(arguments_whole(&arguments, "a", 9, 7), rows[i].whole);
        assert_int_equal(arguments_is_good(&arguments), rows[i].is_whole);
        arguments_close(&arguments);
    }
}

static void a_list_of_texts_has_its_bounds(void **state)
{
    (void)state;
    const char *texts[2];
    struct arguments arguments = opened("{\"a\":[\"x\",\"yy\"],\"b\":[\"\"]}");
    assert_int_equal(arguments_texts(&arguments, texts, "a", 2, 2), 2);
    assert_string_equal(texts[1], "yy");
    assert_true(arguments_is_good(&arguments));
    assert_int_equal(arguments_texts(&arguments, texts, "b", 2, 2), 0);
    assert_false(arguments_is_good(&arguments));
    arguments_close(&arguments);
    arguments = opened("{\"a\":[\"x\",\"yy\",\"z\"]}");
    assert_int_equal(arguments_texts(&arguments, texts, "a", 2, 2), 0);
    assert_string_equal(arguments.refusal, "a: not a list of at most 2 texts of 1 to 2 bytes.");
    arguments_close(&arguments);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_out_is_an_empty_object),
        cmocka_unit_test(null_is_left_out),
        cmocka_unit_test(what_does_not_read_or_is_unknown_is_refused),
        cmocka_unit_test(the_first_refusal_stands),
        cmocka_unit_test(a_subject_becomes_canonical),
        cmocka_unit_test(numbers_have_their_bounds),
        cmocka_unit_test(a_list_of_texts_has_its_bounds),
    };
    return cmocka_run_group_tests_name("mcp/arguments", tests, NULL, NULL);
}
