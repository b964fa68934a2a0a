/* node/api/body: each member is read as what it is, and the first thing that is wrong is said. */
#include "node/api/body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/api/api.h"

struct asked {
    struct api api;
    struct api_call call;
    struct api_body body;
};

static void ask(struct asked *asked, const char *text)
{
    memset(asked, 0, sizeof *asked);
    asked->call.api = &asked->api;
    asked->call.request.body =
        (struct trust_bytes){.data = (const uint8_t *)text, .size = strlen(text)};
    asked->body = api_body_open(&asked->call);
}

static void refused(struct asked *asked, int status, const char *code, const char *detail)
{
    assert_false(api_body_end(&asked->body));
    assert_int_equal(asked->call.answer.status, status);
    assert_non_null(strstr(asked->call.answer.text, code));
    assert_non_null(strstr(asked->call.answer.text, detail));
    api_call_close(&asked->call);
}

static void passed(struct asked *asked)
{
    assert_true(api_body_end(&asked->body));
    assert_false(api_is_answered(&asked->call));
    api_call_close(&asked->call);
}

static void what_is_not_one_json_object_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *code;
        const char *detail;
    } rows[] = {
        {"", "TRUST_NO_SYNTAX", "the body is empty"},
        {"{", "TRUST_NO_SYNTAX", "line 1, column 1"},
        {"{\n \"a\": }", "TRUST_NO_SYNTAX", "line 2"},
        {"{} {}", "TRUST_NO_SYNTAX", "end of file expected"},
        {"{\"a\":1,\"a\":2}", "TRUST_NO_SYNTAX", "duplicate"},
        {"{\"a\":\"\\u0000\"}", "TRUST_NO_SYNTAX", "line 1"},
        {"{\"a\":\"\xff\"}", "TRUST_NO_SYNTAX", "line 1"},
        {"[]", "TRUST_NO_TYPE", "not an object"},
        {"3", "TRUST_NO_SYNTAX", "line 1"},
        {"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "TRUST_NO_SYNTAX", "nested deeper than 16"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct asked asked;
        ask(&asked, rows[i].text);
        refused(&asked, 400, rows[i].code, rows[i].detail);
    }
}

static void brackets_within_text_are_no_nesting(void **state)
{
    (void)state;
    struct asked asked;
    ask(&asked, "{\"a\":\"[[[[[[[[[[[[[[[[[[[[\\\"[[[[\"}");
    assert_string_equal(api_body_text(&asked.body, "a", 64), "[[[[[[[[[[[[[[[[[[[[\"[[[[");
    passed(&asked);
}

static void a_member_that_nobody_reads_is_refused(void **state)
{
    (void)state;
    struct asked asked;
    ask(&asked, "{\"a\":true,\"bb\":1}");
    assert_true(api_body_optional_flag(&asked.body, "a", false));
    refused(&asked, 400, "TRUST_NO_OPTION", "/bb: unknown member");
}

static void absent_and_null_members_have_their_other_value(void **state)
{
    (void)state;
    static const char *const words[] = {"x", "y", NULL};
    struct asked asked;
    ask(&asked, "{\"text\":null,\"flag\":null}");
    assert_string_equal(api_body_optional_text(&asked.body, "text", 4, "z"), "z");
    assert_true(api_body_optional_flag(&asked.body, "flag", true));
    assert_int_equal(api_body_optional_count(&asked.body, "count", 4, 3), 3);
    assert_true(api_body_optional_ratio(&asked.body, "ratio", .25) == .25);
    assert_int_equal(api_body_optional_word(&asked.body, "word", words, 1), 1);
    assert_false(api_body_has(&asked.body, "text"));
    assert_int_equal(api_body_list(&asked.body, "list", 0, 4).count, 0);
    passed(&asked);
}

static void values_are_read(void **state)
{
    (void)state;
    static const char *const words[] = {"x", "y", NULL};
    struct asked asked;
    uint8_t bytes[2];
    ask(&asked, "{\"text\":\"abcd\",\"flag\":true,\"count\":4,\"ratio\":0.5,\"word\":\"y\","
                "\"hex\":\"0aF0\",\"subject\":\"mcp:io.x/y\",\"whole\":1}");
    assert_string_equal(api_body_text(&asked.body, "text", 4), "abcd");
    assert_true(api_body_optional_flag(&asked.body, "flag", false));
    assert_int_equal(api_body_optional_count(&asked.body, "count", 4, 0), 4);
    assert_true(api_body_optional_ratio(&asked.body, "ratio", 0) == .5);
    assert_true(api_body_optional_ratio(&asked.body, "whole", 0) == 1);
    assert_int_equal(api_body_word(&asked.body, "word", words), 1);
    assert_true(api_body_hex(&asked.body, "hex", bytes, 2));
    assert_int_equal(bytes[0] << 8 | bytes[1], 0x0af0);
    assert_int_equal(api_body_subject(&asked.body, "subject").size, 10);
    passed(&asked);
}

static void wrong_values_are_refused_with_their_pointer(void **state)
{
    (void)state;
    static const char *const words[] = {"x", "y", NULL};
    static const struct {
        const char *text;
        const char *code;
        const char *detail;
    } rows[] = {
        {"{}", "TRUST_NO_TYPE", "/text: missing"},
        {"{\"text\":null}", "TRUST_NO_TYPE", "/text: missing"},
        {"{\"text\":1}", "TRUST_NO_TYPE", "/text: not a string"},
        {"{\"text\":\"\"}", "TRUST_NO_RANGE", "/text: not of 1 to 4 bytes"},
        {"{\"text\":\"abcde\"}", "TRUST_NO_RANGE", "/text: not of 1 to 4 bytes"},
        {"{\"text\":\"a\\n\"}", "TRUST_NO_RANGE", "/text: has control characters"},
        {"{\"text\":\"a\",\"flag\":1}", "TRUST_NO_TYPE", "/flag: not true or false"},
        {"{\"text\":\"a\",\"count\":1.5}", "TRUST_NO_TYPE", "/count: not a whole number"},
        {"{\"text\":\"a\",\"count\":-1}", "TRUST_NO_RANGE", "/count: not from 0 to 9"},
        {"{\"text\":\"a\",\"count\":10}", "TRUST_NO_RANGE", "/count: not from 0 to 9"},
        {"{\"text\":\"a\",\"count\":9223372036854775808}", "TRUST_NO_SYNTAX", "too big"},
        {"{\"text\":\"a\",\"ratio\":\"1\"}", "TRUST_NO_TYPE", "/ratio: not a number"},
        {"{\"text\":\"a\",\"ratio\":1.01}", "TRUST_NO_RANGE", "/ratio: not from 0 to 1"},
        {"{\"text\":\"a\",\"word\":\"z\"}", "TRUST_NO_RANGE", "/word: not one of x, y"},
        {"{\"text\":\"a\",\"list\":{}}", "TRUST_NO_TYPE", "/list: not an array"},
        {"{\"text\":\"a\",\"list\":[1,2,3]}", "TRUST_NO_RANGE", "/list: not of 0 to 2 elements"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct asked asked;
        ask(&asked, rows[i].text);
        (void)api_body_text(&asked.body, "text", 4);
        (void)api_body_optional_flag(&asked.body, "flag", false);
        (void)api_body_optional_count(&asked.body, "count", 9, 0);
        (void)api_body_optional_ratio(&asked.body, "ratio", 0);
        (void)api_body_optional_word(&asked.body, "word", words, 0);
        (void)api_body_list(&asked.body, "list", 0, 2);
        refused(&asked, 400, rows[i].code, rows[i].detail);
    }
}

static void elements_are_refused_with_their_index(void **state)
{
    (void)state;
    struct asked asked;
    ask(&asked, "{\"list\":[\"ab\",{\"x\":\"ab\"},{\"x\":\"abc\"}]}");
    struct api_list list = api_body_list(&asked.body, "list", 1, 3);
    assert_int_equal(list.count, 3);
    assert_true(api_list_is_text(&list, 0));
    assert_string_equal(api_list_text(&list, 0, 2), "ab");
    assert_false(api_list_is_text(&list, 1));
    struct api_body entry = api_list_object(&list, 1);
    assert_string_equal(api_body_text(&entry, "x", 2), "ab");
    assert_true(api_body_end(&entry));
    entry = api_list_object(&list, 2);
    (void)api_body_text(&entry, "x", 2);
    assert_false(api_body_end(&entry));
    refused(&asked, 400, "TRUST_NO_RANGE", "/list/2/x: not of 1 to 2 bytes");

    ask(&asked, "{\"list\":[7]}");
    list = api_body_list(&asked.body, "list", 1, 3);
    entry = api_list_object(&list, 0);
    assert_false(api_body_end(&entry));
    refused(&asked, 400, "TRUST_NO_TYPE", "/list/0: not an object");
}

static void a_subject_is_told_its_canonical_form(void **state)
{
    (void)state;
    struct asked asked;
    ask(&asked, "{\"a\":\"HTTPS://X.example:443/\"}");
    assert_int_equal(api_body_subject(&asked.body, "a").size, 0);
    refused(&asked, 400, "TRUST_NO_SUBJECT", "/a: not canonical, write https://x.example");
    ask(&asked, "{\"a\":\"not an id\"}");
    assert_int_equal(api_body_subject(&asked.body, "a").size, 0);
    refused(&asked, 400, "TRUST_NO_SUBJECT", "/a: no id of a server");
}

static void only_the_first_wrong_thing_is_said(void **state)
{
    (void)state;
    struct asked asked;
    ask(&asked, "{\"a\":1,\"b\":2,\"c\":3}");
    assert_string_equal(api_body_text(&asked.body, "b", 4), "");
    assert_string_equal(api_body_text(&asked.body, "a", 4), "");
    refused(&asked, 400, "TRUST_NO_TYPE", "/b: not a string");
}

static void texts_of_queries_are_checked_alike(void **state)
{
    (void)state;
    struct asked asked;
    uint64_t value = 7;
    ask(&asked, "{}");
    assert_int_equal(api_request_parse(&asked.call.request, "/?a=12&b=x&c=13&d="), TRUST_OK);
    assert_true(api_check_count(&asked.call, "none", 12, &value));
    assert_int_equal(value, 7);
    assert_true(api_check_count(&asked.call, "a", 12, &value));
    assert_int_equal(value, 12);
    assert_false(api_check_count(&asked.call, "c", 12, &value));
    refused(&asked, 400, "TRUST_NO_RANGE", "c: not from 0 to 12");
    ask(&asked, "{}");
    assert_int_equal(api_request_parse(&asked.call.request, "/?b=1x"), TRUST_OK);
    assert_false(api_check_count(&asked.call, "b", 12, &value));
    refused(&asked, 400, "TRUST_NO_TYPE", "b: not a whole number");
    ask(&asked, "{}");
    assert_int_equal(api_request_parse(&asked.call.request, "/?b=99999999999999999999"), TRUST_OK);
    assert_false(api_check_count(&asked.call, "b", UINT64_MAX - 1, &value));
    refused(&asked, 400, "TRUST_NO_RANGE", "b: not from");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_one_json_object_is_refused),
        cmocka_unit_test(brackets_within_text_are_no_nesting),
        cmocka_unit_test(a_member_that_nobody_reads_is_refused),
        cmocka_unit_test(absent_and_null_members_have_their_other_value),
        cmocka_unit_test(values_are_read),
        cmocka_unit_test(wrong_values_are_refused_with_their_pointer),
        cmocka_unit_test(elements_are_refused_with_their_index),
        cmocka_unit_test(a_subject_is_told_its_canonical_form),
        cmocka_unit_test(only_the_first_wrong_thing_is_said),
        cmocka_unit_test(texts_of_queries_are_checked_alike),
    };
    return cmocka_run_group_tests_name("node/api/body", tests, NULL, NULL);
}
