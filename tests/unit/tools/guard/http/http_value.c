/* guard/http_value: the examples of the specification, and what no header can say. */
#include "guard/http/http_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static void values_are_written_as_the_specification_has_them(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *text;
    } rows[] = {
        {"\"us-west1\"", "us-west1"},
        {"\"Hello, \xe4\xb8\x96\xe7\x95\x8c\"", "=?base64?SGVsbG8sIOS4lueVjA==?="},
        {"\" padded \"", "=?base64?IHBhZGRlZCA=?="},
        {"\"line1\\nline2\"", "=?base64?bGluZTEKbGluZTI=?="},
        {"\"=?base64?literal?=\"", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="},
        {"\"a\\u0000b\"", "=?base64?YQBi?="},
        {"\"in between\"", "in between"},
        {"\"a\\tb\"", "=?base64?YQli?="},
        {"\"\\u0041\"", "A"},
        {"\"\"", ""},
        {"true", "true"},
        {"false", "false"},
        {"42", "42"},
        {"-7", "-7"},
        {"42.0", "42"},
        {"4.2e1", "42"},
        {"-0", "0"},
        {"9007199254740991", "9007199254740991"},
        {"-9007199254740991", "-9007199254740991"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[HTTP_VALUE_SIZE_MAX];
        assert_int_equal(http_value_write(text, trust_bytes_text(rows[i].value)), TRUST_OK);
        assert_string_equal(text, rows[i].text);
        assert_int_equal(http_value_is_plain(text), strncmp(rows[i].text, "=?", 2) != 0);
    }
}

static void what_no_header_can_say_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        enum trust_error error;
    } rows[] = {
        {"", TRUST_NO_TYPE},        {"null", TRUST_NO_TYPE},   {"{}", TRUST_NO_TYPE},
        {"[1]", TRUST_NO_TYPE},     {"1.5", TRUST_NO_RANGE},   {"9007199254740992", TRUST_NO_RANGE},
        {"-1e300", TRUST_NO_RANGE}, {"1e999", TRUST_NO_RANGE}, {"\"\\ud800\"", TRUST_NO_RANGE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[HTTP_VALUE_SIZE_MAX];
        assert_int_equal(http_value_write(text, trust_bytes_text(rows[i].value)), rows[i].error);
    }
}

static void a_text_has_its_bound(void **state)
{
    (void)state;
    char value[HTTP_VALUE_TEXT_MAX + 4];
    char text[HTTP_VALUE_SIZE_MAX];
    memset(value, 0x1f, sizeof value);
    for (size_t size = HTTP_VALUE_TEXT_MAX; size <= HTTP_VALUE_TEXT_MAX + 1; size++) {
        memset(value + 1, '~' + 1, size);
        value[0] = '"';
        value[size + 1] = '"';
        struct trust_bytes bytes = {.data = (const uint8_t *)value, .size = size + 2};
        bool is_longer = size > HTTP_VALUE_TEXT_MAX;
        assert_int_equal(http_value_write(text, bytes), is_longer ? TRUST_NO_ROOM : TRUST_OK);
        if (!is_longer)
            assert_int_equal(strlen(text), (size + 2) / 3 * 4 + 11);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_written_as_the_specification_has_them),
        cmocka_unit_test(what_no_header_can_say_is_refused),
        cmocka_unit_test(a_text_has_its_bound),
    };
    return cmocka_run_group_tests_name("guard/http_value", tests, NULL, NULL);
}
