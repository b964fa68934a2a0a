/* repute/output_cell: values as text of one line that moves no terminal. */
#include "repute/output_cell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void each_value_has_its_text_and_width(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        enum output_style style;
        const char *text;
        size_t width;
    } rows[] = {
        {"\"abc\"", OUTPUT_AS_IT_IS, "abc", 3},
        {"\"\"", OUTPUT_AS_IT_IS, "-", 1},
        {"null", OUTPUT_RATIO, "-", 1},
        {"true", OUTPUT_AS_IT_IS, "yes", 3},
        {"false", OUTPUT_AS_IT_IS, "no", 2},
        {"1234567", OUTPUT_AS_IT_IS, "1234567", 7},
        {"1234567", OUTPUT_COUNT, "1,234,567", 9},
        {"-123456", OUTPUT_COUNT, "-123,456", 8},
        {"999", OUTPUT_COUNT, "999", 3},
        {"0.12345678", OUTPUT_AS_IT_IS, "0.123457", 8},
        {"0.6681", OUTPUT_RATIO, "0.668", 5},
        {"512", OUTPUT_SIZE, "512 B", 5},
        {"1536", OUTPUT_SIZE, "1.5 KiB", 7},
        {"8589934592", OUTPUT_SIZE, "8.0 GiB", 7},
        {"[\"a\",\"b\",3]", OUTPUT_AS_IT_IS, "a,b,3", 5},
        {"[]", OUTPUT_AS_IT_IS, "-", 1},
        {"{}", OUTPUT_AS_IT_IS, "...", 3},
        {"\"b\\u00fc\\u4e2d\"", OUTPUT_AS_IT_IS, "b\303\274\344\270\255", 3},
        {"\"a\\u001b[2J\\u0007\\t\\n\"", OUTPUT_AS_IT_IS, "a\\x1b[2J\\x07\\x09\\x0a", 20},
        {"\"\\u007f\\u009b1m\"", OUTPUT_AS_IT_IS, "\\x7f\\x9b1m", 10},
        {"\"a\\u202eb\\u2066\"", OUTPUT_AS_IT_IS, "a?b?", 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *value = json_loads(rows[i].json, JSON_DECODE_ANY, NULL);
        assert_non_null(value);
        struct output_cell cell;
        output_cell_init(&cell, value, rows[i].style, OUTPUT_TEXT);
        assert_string_equal(cell.text, rows[i].text);
        assert_int_equal(cell.width, rows[i].width);
        json_decref(value);
    }
}

static void plain_keeps_numbers_as_they_are(void **state)
{
    (void)state;
    json_t *value = json_integer(1234567);
    struct output_cell cell;
    output_cell_init(&cell, value, OUTPUT_COUNT, OUTPUT_PLAIN);
    assert_string_equal(cell.text, "1234567");
    output_cell_init(&cell, value, OUTPUT_SIZE, OUTPUT_PLAIN);
    assert_string_equal(cell.text, "1234567");
    json_decref(value);
}

static void a_long_text_is_cut_between_code_points(void **state)
{
    (void)state;
    char text[2 * OUTPUT_CELL_SIZE + 1];
    for (size_t i = 0; i < OUTPUT_CELL_SIZE; i++)
        memcpy(text + 2 * i, "\303\274", 2);
    text[sizeof text - 1] = '\0';
    json_t *value = json_string(text);
    struct output_cell cell;
    output_cell_init(&cell, value, OUTPUT_AS_IT_IS, OUTPUT_TEXT);
    assert_true(strlen(cell.text) < OUTPUT_CELL_SIZE);
    assert_string_equal(cell.text + strlen(cell.text) - 5, "\303\274...");
    json_decref(value);
}

static void members_are_found_along_their_path(void **state)
{
    (void)state;
    json_t *object = json_loads("{\"a\":{\"b\":{\"c\":7}},\"d\":1}", 0, NULL);
    assert_int_equal(json_integer_value(output_cell_find(object, "a.b.c")), 7);
    assert_int_equal(json_integer_value(output_cell_find(object, "d")), 1);
    assert_null(output_cell_find(object, "a.x.c"));
    assert_null(output_cell_find(object, "d.e"));
    assert_null(output_cell_find(NULL, "a"));
    json_decref(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_value_has_its_text_and_width),
        cmocka_unit_test(plain_keeps_numbers_as_they_are),
        cmocka_unit_test(a_long_text_is_cut_between_code_points),
        cmocka_unit_test(members_are_found_along_their_path),
    };
    return cmocka_run_group_tests_name("repute/output_cell", tests, NULL, NULL);
}
