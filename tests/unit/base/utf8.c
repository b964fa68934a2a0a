/* base/utf8: what RFC 3629 calls a sequence, and nothing else. */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Encodes what may be none, to see it refused. */
static size_t encode(uint8_t out[4], uint32_t point, size_t size)
{
    static const uint8_t heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    if (size == 1) {
        out[0] = (uint8_t)point;
        return 1;
    }
    for (size_t i = size - 1; i > 0; i--, point >>= 6)
        out[i] = (uint8_t)(0x80 | (point & 0x3f));
    out[0] = (uint8_t)(heads[size] | point);
    return size;
}

static size_t least_size(uint32_t point)
{
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

static void every_point_has_one_form(void **state)
{
    (void)state;
    uint8_t bytes[4];
    for (uint32_t point = 0; point <= 0x1fffff; point++) {
        bool is_point = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
        for (size_t size = least_size(point); size <= 4; size++) {
            (void)encode(bytes, point, size);
            size_t expected = is_point && size == least_size(point) ? size : 0;
            size_t got = trust_utf8_next((struct trust_bytes){bytes, size});
            if (got != expected)
                fail_msg("U+%04X in %zu bytes: %zu", (unsigned)point, size, got);
            if (size > 1)
                assert_int_equal(trust_utf8_next((struct trust_bytes){bytes, size - 1}), 0);
        }
    }
}

/* Puts every byte at a place of a good sequence. */
static void try_all_bytes(const uint8_t *good, size_t size, size_t at)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t bytes[4];
        memcpy(bytes, good, sizeof bytes);
        bytes[at] = (uint8_t)byte;
        bool continues = byte >= 0x80 && byte <= 0xbf;
        bool is_taken = trust_utf8_next((struct trust_bytes){bytes, size}) != 0;
        /* The second byte has narrower bounds behind some first ones. */
        if (is_taken ? !continues : continues && at > 1)
            fail_msg("%02x at %zu of %zu", byte, at, size);
    }
}

static void every_byte_behind_the_first_is_one_that_continues(void **state)
{
    (void)state;
    static const uint8_t good[][4] = {{0xc3, 0xa9}, {0xe2, 0x82, 0xac}, {0xf0, 0x9f, 0x98, 0x80}};
    for (size_t size = 2; size <= 4; size++) {
        for (size_t at = 1; at < size; at++)
            try_all_bytes(good[size - 2], size, at);
    }
}

static void a_span_ends_at_the_first_wrong_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size, span;
    } rows[] = {
        {"", 0, 0},         {"plain", 5, 5},  {"a\xc3\xa9z", 4, 4},   {"a\xc3", 2, 1},
        {"\xff\xfe", 2, 0}, {"ok\x80", 3, 2}, {"\xed\xa0\x80", 3, 0}, {"a\0b", 3, 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_bytes text = {(const uint8_t *)rows[i].text, rows[i].size};
        assert_int_equal(trust_utf8_span(text), rows[i].span);
    }
}

static void what_is_shown_has_no_controls_and_no_strange_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *plain;
    } rows[] = {
        {"", ""},
        {"a\nb", "a\nb"},
        {"\033[2J\t\x7f", " [2J  "},
        {"gr\xfc\xdf", "gr??"},
        {"gr\xc3\xbc\xc3\x9f\xe2\x82\xac", "gr\xc3\xbc\xc3\x9f\xe2\x82\xac"},
        {"\xc2\x9b"
         "31m",
         "  31m"},
        {"cut \xe2\x82", "cut ??"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[32];
        (void)snprintf(text, sizeof text, "%s", rows[i].text);
        trust_utf8_make_plain(text);
        assert_string_equal(text, rows[i].plain);
    }
}

static void characters_that_turn_others_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_turning;
    } rows[] = {
        {"\xd8\x9c", true},
        {"\xe2\x80\x8e", true},
        {"\xe2\x80\x8f", true},
        {"\xe2\x80\xaa", true},
        {"\xe2\x80\xae", true},
        {"\xe2\x81\xa6", true},
        {"\xe2\x81\xa9", true},
        {"\xe2\x80\x8d", false},
        {"\xe2\x80\x90", false},
        {"\xe2\x80\xaf", false},
        {"\xe2\x81\xa5", false},
        {"\xe2\x81\xaa", false},
        {"\xd8\x9b", false},
        {"\xe2\x80", false},
        {"a", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(trust_utf8_is_turning(trust_bytes_text(rows[i].text)), rows[i].is_turning);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shown_has_no_controls_and_no_strange_bytes),
        cmocka_unit_test(every_point_has_one_form),
        cmocka_unit_test(every_byte_behind_the_first_is_one_that_continues),
        cmocka_unit_test(a_span_ends_at_the_first_wrong_byte),
        cmocka_unit_test(characters_that_turn_others_are_known),
    };
    return cmocka_run_group_tests_name("base/utf8", tests, NULL, NULL);
}
