/* wire/json: values as spans, walked and found. What the grammar is, scan's test says. */
#include "wire/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

static void assert_span(struct trust_bytes span, const char *text)
{
    assert_int_equal(span.size, strlen(text));
    assert_memory_equal(span.data, text, span.size);
}

static void a_text_is_one_value_with_white_space_around_it(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum trust_error error;
    } rows[] = {
        {"{\"a\":[1,2]}", TRUST_OK}, {" \r\n\t1 \r\n\t", TRUST_OK},
        {"\"\\ud800\"", TRUST_OK},   {"{\"a\":1,\"a\":2}", TRUST_OK},
        {"", TRUST_NO_SYNTAX},       {"1 2", TRUST_NO_SYNTAX},
        {"{} x", TRUST_NO_SYNTAX},   {"\"\xed\xa0\x80\"", TRUST_NO_SYNTAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(json_check(trust_bytes_text(rows[i].text)), rows[i].error);
    assert_int_equal(json_check((struct trust_bytes){0}), TRUST_NO_SYNTAX);
    assert_span(json_trim(trust_bytes_text(" \t{ } \r\n")), "{ }");
    assert_int_equal(json_trim(trust_bytes_text(" \n")).size, 0);
}

static void a_text_of_the_greatest_size_is_checked(void **state)
{
    (void)state;
    uint8_t *text = malloc(TRUST_WIRE_MESSAGE_SIZE_MAX);
    assert_non_null(text);
    struct trust_bytes bytes = {.data = text, .size = TRUST_WIRE_MESSAGE_SIZE_MAX};
    memset(text, 'x', bytes.size);
    text[0] = '"';
    text[bytes.size - 1] = '"';
    assert_int_equal(json_check(bytes), TRUST_OK);
    text[bytes.size - 2] = '\\';
    assert_int_equal(json_check(bytes), TRUST_NO_SYNTAX);
    memset(text, '[', bytes.size);
    assert_int_equal(json_check(bytes), TRUST_NO_RANGE);
    free(text);
}

static void a_value_shows_its_kind_by_its_first_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum json_kind kind;
    } rows[] = {
        {"", JSON_KIND_NONE},        {"null", JSON_KIND_NULL}, {"true", JSON_KIND_BOOL},
        {"false", JSON_KIND_BOOL},   {"-1", JSON_KIND_NUMBER}, {"9", JSON_KIND_NUMBER},
        {"\"a\"", JSON_KIND_STRING}, {"[]", JSON_KIND_ARRAY},  {"{}", JSON_KIND_OBJECT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(json_kind(trust_bytes_text(rows[i].text)), rows[i].kind);
}

static void members_come_in_their_order(void **state)
{
    (void)state;
    struct json_walk walk = json_walk_object(
        trust_bytes_text("{ \"a\" : 1 ,\"b\":{\"c\":[2,\"}\"]}, \"\\u0061\":null }"));
    struct trust_bytes key;
    struct trust_bytes value;
    assert_true(json_next_member(&walk, &key, &value));
    assert_span(key, "a");
    assert_span(value, "1");
    assert_true(json_next_member(&walk, &key, &value));
    assert_span(key, "b");
    assert_span(value, "{\"c\":[2,\"}\"]}");
    assert_true(json_next_member(&walk, &key, &value));
    assert_span(key, "\\u0061");
    assert_span(value, "null");
    assert_false(json_next_member(&walk, &key, &value));
    assert_false(json_next_member(&walk, &key, &value));
    assert_int_equal(walk.error, TRUST_OK);
}

static void items_come_in_their_order(void **state)
{
    (void)state;
    struct json_walk walk = json_walk_array(trust_bytes_text("[ 1, [] ,{\"a\":[]}\t]"));
    struct trust_bytes value;
    assert_true(json_next_item(&walk, &value));
    assert_span(value, "1");
    assert_true(json_next_item(&walk, &value));
    assert_span(value, "[]");
    assert_true(json_next_item(&walk, &value));
    assert_span(value, "{\"a\":[]}");
    assert_false(json_next_item(&walk, &value));
    assert_false(json_next_item(&walk, &value));
    assert_int_equal(walk.error, TRUST_OK);
}

static enum trust_error error_of_walk(const char *text, bool is_object)
{
    struct trust_bytes key;
    struct trust_bytes value;
    struct json_walk walk = is_object ? json_walk_object(trust_bytes_text(text))
                                      : json_walk_array(trust_bytes_text(text));
    while (is_object ? json_next_member(&walk, &key, &value) : json_next_item(&walk, &value))
        continue;
    return walk.error;
}

static void a_walk_says_why_it_stopped(void **state)
{
    (void)state;
    assert_int_equal(error_of_walk("{}", true), TRUST_OK);
    assert_int_equal(error_of_walk("[ ]", false), TRUST_OK);
    assert_int_equal(error_of_walk("[]", true), TRUST_NO_TYPE);
    assert_int_equal(error_of_walk("{}", false), TRUST_NO_TYPE);
    assert_int_equal(error_of_walk("", true), TRUST_NO_TYPE);
    assert_int_equal(error_of_walk("1", false), TRUST_NO_TYPE);
    static const char *const bad[] = {
        "{",   "{\"a\":1", "{\"a\":1 \"b\":2}", "{\"a\"}",         "{\"a\":1,}", "{\"a\":tru}",
        "{,}", "{} ",      "{\"a\":[1}}",       "{\"a\":\"\x01\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(error_of_walk(bad[i], true), TRUST_NO_SYNTAX);
    assert_int_equal(error_of_walk("[1,]", false), TRUST_NO_SYNTAX);
    assert_int_equal(error_of_walk("[1 2]", false), TRUST_NO_SYNTAX);
    assert_int_equal(error_of_walk("[1,2", false), TRUST_NO_SYNTAX);
}

static void a_member_is_found_however_its_key_is_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *object;
        enum trust_error error;
        const char *value;
    } rows[] = {
        {"{\"name\":1}", TRUST_OK, "1"},
        {"{\"x\":{\"name\":2},\"name\" : [3] }", TRUST_OK, "[3]"},
        {"{\"na\\u006de\":4}", TRUST_OK, "4"},
        {"{\"names\":1,\"nam\":2}", TRUST_NO_FOUND, NULL},
        {"{}", TRUST_NO_FOUND, NULL},
        {"{\"name\":1,\"name\":1}", TRUST_NO_DUPLICATE, NULL},
        {"{\"name\":1,\"\\u006eame\":2}", TRUST_NO_DUPLICATE, NULL},
        {"{\"a\":1,\"a\":2,\"name\":5}", TRUST_OK, "5"},
        {"[\"name\"]", TRUST_NO_TYPE, NULL},
        {"{\"name\":1,", TRUST_NO_SYNTAX, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_bytes value = trust_bytes_text("untouched");
        assert_int_equal(json_find(&value, trust_bytes_text(rows[i].object), "name"),
                         rows[i].error);
        assert_span(value, rows[i].value == NULL ? "untouched" : rows[i].value);
    }
}

static void a_string_is_compared_by_what_it_means(void **state)
{
    (void)state;
    assert_true(json_is_string(trust_bytes_text("\"2.0\""), "2.0"));
    assert_true(json_is_string(trust_bytes_text("\"2\\u002e0\""), "2.0"));
    assert_false(json_is_string(trust_bytes_text("\"2.00\""), "2.0"));
    assert_false(json_is_string(trust_bytes_text("2.0"), "2.0"));
    assert_false(json_is_string(trust_bytes_text("\""), ""));
    assert_false(json_is_string((struct trust_bytes){0}, ""));
}

static void a_number_is_read_when_it_is_whole_and_fits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum trust_error error;
        uint64_t number;
    } rows[] = {
        {"0", TRUST_OK, 0},
        {"9007199254740993", TRUST_OK, UINT64_C(9007199254740993)},
        {"18446744073709551615", TRUST_OK, UINT64_MAX},
        {"18446744073709551616", TRUST_NO_RANGE, 7},
        {"-1", TRUST_NO_RANGE, 7},
        {"1.0", TRUST_NO_RANGE, 7},
        {"1e3", TRUST_NO_RANGE, 7},
        {"\"1\"", TRUST_NO_TYPE, 7},
        {"true", TRUST_NO_TYPE, 7},
        {"", TRUST_NO_TYPE, 7},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t number = 7;
        assert_int_equal(json_uint(&number, trust_bytes_text(rows[i].text)), rows[i].error);
        assert_int_equal(number, rows[i].number);
    }
}

static void a_truth_value_is_one_of_two_words(void **state)
{
    (void)state;
    bool is_true = false;
    assert_int_equal(json_bool(&is_true, trust_bytes_text("true")), TRUST_OK);
    assert_true(is_true);
    assert_int_equal(json_bool(&is_true, trust_bytes_text("null")), TRUST_NO_TYPE);
    assert_int_equal(json_bool(&is_true, trust_bytes_text("1")), TRUST_NO_TYPE);
    assert_int_equal(json_bool(&is_true, trust_bytes_text("")), TRUST_NO_TYPE);
    assert_true(is_true);
    assert_int_equal(json_bool(&is_true, trust_bytes_text("false")), TRUST_OK);
    assert_false(is_true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_one_value_with_white_space_around_it),
        cmocka_unit_test(a_text_of_the_greatest_size_is_checked),
        cmocka_unit_test(a_value_shows_its_kind_by_its_first_byte),
        cmocka_unit_test(members_come_in_their_order),
        cmocka_unit_test(items_come_in_their_order),
        cmocka_unit_test(a_walk_says_why_it_stopped),
        cmocka_unit_test(a_member_is_found_however_its_key_is_escaped),
        cmocka_unit_test(a_string_is_compared_by_what_it_means),
        cmocka_unit_test(a_number_is_read_when_it_is_whole_and_fits),
        cmocka_unit_test(a_truth_value_is_one_of_two_words),
    };
    return cmocka_run_group_tests_name("tools/wire/json", tests, NULL, NULL);
}
