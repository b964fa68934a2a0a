/* wire/json_text: what strings mean, and how their meaning is written. */
#include "wire/json_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_string_is_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *text;
    } rows[] = {
        {"\"\"", ""},
        {"\"tools/call\"", "tools/call"},
        {"\"tools\\/call\"", "tools/call"},
        {"\"a\\\"b\\\\c\"", "a\"b\\c"},
        {"\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t"},
        {"\"\\u0061\\u00E9\\u20ac\\uFFFF\"", "a\xc3\xa9\xe2\x82\xac\xef\xbf\xbf"},
        {"\"\\ud834\\udd1e\\uDBFF\\uDFFF\"", "\xf0\x9d\x84\x9e\xf4\x8f\xbf\xbf"},
        {"\"\xc3\xa9 \xf0\x9d\x84\x9e\"", "\xc3\xa9 \xf0\x9d\x84\x9e"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[32];
        size_t size;
        assert_int_equal(
            json_string_copy(text, sizeof text, &size, trust_bytes_text(rows[i].value)), TRUST_OK);
        assert_int_equal(size, strlen(rows[i].text));
        assert_memory_equal(text, rows[i].text, size);
    }
}

static void a_nul_is_a_character_like_others(void **state)
{
    (void)state;
    char text[8];
    size_t size;
    assert_int_equal(json_string_copy(text, sizeof text, &size, trust_bytes_text("\"a\\u0000b\"")),
                     TRUST_OK);
    assert_int_equal(size, 3);
    assert_memory_equal(text, "a\0b", 3);
}

static void what_is_no_string_is_not_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        enum trust_error error;
    } rows[] = {
        {"", TRUST_NO_TYPE},
        {"\"", TRUST_NO_TYPE},
        {"12", TRUST_NO_TYPE},
        {"{}", TRUST_NO_TYPE},
        {"null", TRUST_NO_TYPE},
        {"\"\\ud834\"", TRUST_NO_RANGE},
        {"\"\\ud834x\"", TRUST_NO_RANGE},
        {"\"\\ud834\\n\"", TRUST_NO_RANGE},
        {"\"\\ud834\\u0041\"", TRUST_NO_RANGE},
        {"\"\\ud834\\ud834\"", TRUST_NO_RANGE},
        {"\"\\udd1e\"", TRUST_NO_RANGE},
        {"\"\\udd1e\\ud834\"", TRUST_NO_RANGE},
        {"\"\\udd1e\\udd1e\"", TRUST_NO_RANGE},
        {"\"\\x\"", TRUST_NO_SYNTAX},
        {"\"\\u12\"", TRUST_NO_SYNTAX},
        {"\"\\\"", TRUST_NO_SYNTAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[32];
        size_t size = 77;
        assert_int_equal(
            json_string_copy(text, sizeof text, &size, trust_bytes_text(rows[i].value)),
            rows[i].error);
        assert_int_equal(size, 77);
    }
}

static void a_string_that_does_not_fit_is_refused_by_the_byte(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        size_t size;
    } rows[] = {{"\"abc\"", 3}, {"\"a\\nc\"", 3}, {"\"ab\\u20ac\"", 5}, {"\"\\ud834\\udd1e\"", 4}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[8];
        size_t size = 77;
        struct trust_bytes value = trust_bytes_text(rows[i].value);
        for (size_t room = 0; room < rows[i].size; room++)
            assert_int_equal(json_string_copy(text, room, &size, value), TRUST_NO_ROOM);
        assert_int_equal(json_string_copy(text, rows[i].size, &size, value), TRUST_OK);
        assert_int_equal(size, rows[i].size);
    }
}

static void a_raw_string_is_compared_by_what_it_means(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        const char *name;
        bool is_it;
    } rows[] = {
        {"name", "name", true},
        {"", "", true},
        {"", "a", false},
        {"a", "", false},
        {"nam", "name", false},
        {"names", "name", false},
        {"Name", "name", false},
        {"n\\u0061me", "name", true},
        {"\\u006e\\u0061\\u006d\\u0065", "name", true},
        {"n\\u0062me", "name", false},
        {"name\\u0000", "name", false},
        {"nam\\u0065x", "name", false},
        {"tools\\/call", "tools/call", true},
        {"nam\\ud800", "name", false},
        {"n\xc3\xa1me", "name", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(json_raw_is(trust_bytes_text(rows[i].raw), rows[i].name), rows[i].is_it);
}

static void characters_come_one_by_one(void **state)
{
    (void)state;
    struct trust_bytes raw = trust_bytes_text("a\\n\xe2\x82\xac\\ud834\\udd1e");
    static const uint32_t expected[] = {'a', '\n', 0x20ac, 0x1d11e};
    for (size_t i = 0; i < 4; i++) {
        uint32_t character;
        assert_int_equal(json_take_character(&raw, &character), TRUST_OK);
        assert_int_equal(character, expected[i]);
    }
    uint32_t character = 77;
    assert_int_equal(json_take_character(&raw, &character), TRUST_NO_FOUND);
    raw = trust_bytes_text("\xe2\x82");
    assert_int_equal(json_take_character(&raw, &character), TRUST_NO_SYNTAX);
    assert_int_equal(raw.size, 2);
    assert_int_equal(character, 77);
}

static void assert_written(const struct trust_writer *writer, const char *expected)
{
    assert_false(trust_writer_has_overflowed(writer));
    assert_int_equal(writer->size, strlen(expected));
    assert_memory_equal(writer->data, expected, writer->size);
}

static void a_string_is_written_with_the_least_escapes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *value;
    } rows[] = {
        {"", "\"\""},
        {"plain /text\x7f", "\"plain /text\x7f\""},
        {"\"\\", "\"\\\"\\\\\""},
        {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
        {"\x01\x0b\x1f", "\"\\u0001\\u000b\\u001f\""},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e", "\"\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e\""},
        {"a\xff"
         "b\xc3",
         "\"a\xef\xbf\xbd"
         "b\xef\xbf\xbd\""},
        {"\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t room[64];
        struct trust_writer writer = trust_writer_init(room, sizeof room);
        json_put_string(&writer, trust_bytes_text(rows[i].text));
        assert_written(&writer, rows[i].value);
    }
    uint8_t room[8];
    struct trust_writer writer = trust_writer_init(room, sizeof room);
    json_put_string(&writer, (struct trust_bytes){.data = (const uint8_t *)"\0", .size = 1});
    assert_written(&writer, "\"\\u0000\"");
    writer = trust_writer_init(room, 7);
    json_put_string(&writer, (struct trust_bytes){.data = (const uint8_t *)"\0", .size = 1});
    assert_true(trust_writer_has_overflowed(&writer));
}

static void a_raw_string_is_written_in_its_one_form(void **state)
{
    (void)state;
    uint8_t room[64];
    struct trust_writer writer = trust_writer_init(room, sizeof room);
    assert_int_equal(
        json_put_raw(&writer, trust_bytes_text("\\u0061\\/\\u000A\\u20ac\\ud834\\udd1e\\\"z")),
        TRUST_OK);
    assert_written(&writer, "a/\\n\xe2\x82\xac\xf0\x9d\x84\x9e\\\"z");
    writer = trust_writer_init(room, sizeof room);
    assert_int_equal(json_put_raw(&writer, trust_bytes_text("a\\udd1e")), TRUST_NO_RANGE);
    writer = trust_writer_init(room, sizeof room);
    assert_int_equal(json_put_raw(&writer, (struct trust_bytes){0}), TRUST_OK);
    assert_written(&writer, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_string_is_decoded),
        cmocka_unit_test(a_nul_is_a_character_like_others),
        cmocka_unit_test(what_is_no_string_is_not_decoded),
        cmocka_unit_test(a_string_that_does_not_fit_is_refused_by_the_byte),
        cmocka_unit_test(a_raw_string_is_compared_by_what_it_means),
        cmocka_unit_test(characters_come_one_by_one),
        cmocka_unit_test(a_string_is_written_with_the_least_escapes),
        cmocka_unit_test(a_raw_string_is_written_in_its_one_form),
    };
    return cmocka_run_group_tests_name("tools/wire/json_text", tests, NULL, NULL);
}
