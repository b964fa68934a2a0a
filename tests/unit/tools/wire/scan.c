/* wire/scan: the grammar, UTF-8 and depth, each accepted and refused where a text first errs. */
#include "wire/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"

/* One value and nothing else, in memory of exactly its size, so that a sanitizer sees more. */
static enum trust_error scan_all(const char *text, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    assert_non_null(copy);
    memcpy(copy, text, size);
    struct scan scan = scan_init((struct trust_bytes){.data = copy, .size = size});
    enum trust_error error = TRUST_OK;
    if (!scan_value(&scan, 0))
        error = scan.error;
    else if (scan.at != scan.end)
        error = TRUST_NO_SYNTAX;
    free(copy);
    return error;
}

static void check(const char *text, enum trust_error expected)
{
    enum trust_error error = scan_all(text, strlen(text));
    if (error != expected)
        print_error("%s\n", text);
    assert_int_equal(error, expected);
}

static void what_the_grammar_allows_is_one_value(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "10",
        "-12.5e+3",
        "1E9",
        "0.0e-0",
        "123456789012345678901234567890",
        "\"\"",
        "\"plain text of more than sixteen bytes, all of them ASCII\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD834\\udd1e\"",
        "\"\\ud800\"",
        "\"\x7f\"",
        "[]",
        "[ ]",
        "{}",
        "{\t}",
        "[1,[2,{}],{\"a\":[]}]",
        "{\"a\":1,\"b\":{\"c\":null},\"a\":2}",
        " \t\r\n[ 1 , 2 ]",
        "{ \"a\" : { \"b\" : [ true , false ] } }",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check(texts[i], TRUST_OK);
}

static const char *const refused[] = {
    "",
    " ",
    "nul",
    "nulL",
    "True",
    "NaN",
    "Infinity",
    "+1",
    "-",
    "01",
    "-01",
    "1.",
    ".5",
    "1.e3",
    "1e",
    "1e+",
    "0x10",
    "1 2",
    "'a'",
    "\"",
    "\"a",
    "\"\\\"",
    "\"\\",
    "\"\\a\"",
    "\"\\u12\"",
    "\"\\u12g4\"",
    "\"\\u",
    "\"\\U0041\"",
    "\"a\nb\"",
    "\"a\tb\"",
    "\"\x01\"",
    "\"\x1f\"",
    "[",
    "]",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1}",
    "{",
    "}",
    "{1:2}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{,\"a\":1}",
    "{\"a\" 1}",
    "{\"a\":1]",
    "{\"a\":1",
    "{\"a\":1 \"b\":2}",
    "{a:1}",
    "[1]]",
    "{}{}",
    "/**/1",
    "[1]//",
    "\v1",
    "\f1",
    "\xc2\xa0"
    "1",
    "\xef\xbb\xbf"
    "1",
};

static void what_the_grammar_does_not_allow_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        check(refused[i], TRUST_NO_SYNTAX);
}

static void a_nul_is_no_part_of_any_text(void **state)
{
    (void)state;
    assert_int_equal(scan_all("\"a\0b\"", 5), TRUST_NO_SYNTAX);
    assert_int_equal(scan_all("\"\\\0\"", 4), TRUST_NO_SYNTAX);
    assert_int_equal(scan_all("\0", 1), TRUST_NO_SYNTAX);
    assert_int_equal(scan_all("1\0", 2), TRUST_NO_SYNTAX);
}

/* Every sequence of one to four bytes whose first is at or above 0x80, in steps that meet each
 * bound, beside a decoder of a few lines. */
static bool is_utf8(const uint8_t *bytes, size_t size)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t need = (bytes[0] & 0xe0) == 0xc0   ? 2
                  : (bytes[0] & 0xf0) == 0xe0 ? 3
                  : (bytes[0] & 0xf8) == 0xf0 ? 4
                                              : 0;
    if (need == 0 || need != size)
        return false;
    uint32_t character = bytes[0] & (0x7fu >> need);
    for (size_t i = 1; i < size; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return false;
        character = character << 6 | (bytes[i] & 0x3f);
    }
    bool is_surrogate = character >= 0xd800 && character <= 0xdfff;
    return character >= least[need] && character <= 0x10ffff && !is_surrogate;
}

/* Of the longest sequence that bytes begin with; 0: none. */
static size_t utf8_size(const uint8_t *bytes, size_t size)
{
    for (size_t part = 4; part >= 2; part--) {
        if (part <= size && is_utf8(bytes, part))
            return part;
    }
    return 0;
}

static void only_valid_utf8_is_part_of_a_string(void **state)
{
    (void)state;
    static const uint8_t seconds[] = {0x00, 0x22, 0x41, 0x7f, 0x80, 0x8f,
                                      0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    static const uint8_t later[] = {0x41, 0x7f, 0x80, 0xbf, 0xc0};
    size_t valid = 0;
    for (size_t i = 0; i < 128 * sizeof seconds * sizeof later * sizeof later; i++) {
        size_t tail = i / 128 / sizeof seconds;
        uint8_t bytes[4] = {(uint8_t)(128 + i % 128), seconds[i / 128 % sizeof seconds],
                            later[tail % sizeof later], later[tail / sizeof later]};
        for (size_t size = 1; size <= 4; size++) {
            const uint8_t *behind = scan_multibyte(bytes, bytes + size);
            size_t expected = utf8_size(bytes, size);
            assert_int_equal(behind == NULL ? 0 : (size_t)(behind - bytes), expected);
            valid += expected > 0;
        }
    }
    assert_true(valid > 1000);
}

static void check_at_each_place(const char *inside, enum trust_error error)
{
    for (int before = 0; before < 20; before++) {
        for (int after = 0; after < 10; after++) {
            char text[64];
            (void)snprintf(text, sizeof text, "\"%.*s%s%.*s\"", before, "zyxwvutsrqponmlkjihg",
                           inside, after, "abcdefghij");
            check(text, error);
        }
    }
}

/* A byte of each sort at each place of strings of each length below thirty: the eight bytes that
 * are looked at together and those behind them see the same. */
static void a_byte_is_seen_wherever_it_stands(void **state)
{
    (void)state;
    static const struct {
        const char *inside;
        enum trust_error error;
    } rows[] = {
        {"\x1f", TRUST_NO_SYNTAX},
        {"\n", TRUST_NO_SYNTAX},
        {"\"", TRUST_NO_SYNTAX},
        {"\\x", TRUST_NO_SYNTAX},
        {"\x80", TRUST_NO_SYNTAX},
        {"\xc3", TRUST_NO_SYNTAX},
        {"\xe2\x82", TRUST_NO_SYNTAX},
        {" ", TRUST_OK},
        {"!", TRUST_OK},
        {"#", TRUST_OK},
        {"[", TRUST_OK},
        {"]", TRUST_OK},
        {"\x7f", TRUST_OK},
        {"\\n", TRUST_OK},
        {"\xc3\xa9", TRUST_OK},
        {"\xf0\x9f\x98\x80", TRUST_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_at_each_place(rows[i].inside, rows[i].error);
    }
}

static void nest(char *text, unsigned depth, bool is_object, const char *core)
{
    *text = '\0';
    for (unsigned i = 0; i < depth; i++)
        strcat(text, is_object ? "{\"a\":" : "[");
    strcat(text, core);
    for (unsigned i = 0; i < depth; i++)
        strcat(text, is_object ? "}" : "]");
}

static void sixty_four_levels_are_scanned_and_sixty_five_are_not(void **state)
{
    (void)state;
    char text[1024];
    for (int is_object = 0; is_object < 2; is_object++) {
        nest(text, TRUST_WIRE_DEPTH_MAX, is_object, "1");
        check(text, TRUST_OK);
        nest(text, TRUST_WIRE_DEPTH_MAX - 1, is_object, "[]");
        check(text, TRUST_OK);
        nest(text, TRUST_WIRE_DEPTH_MAX - 1, is_object, "[{}]");
        check(text, TRUST_NO_RANGE);
        nest(text, TRUST_WIRE_DEPTH_MAX + 1, is_object, "1");
        check(text, TRUST_NO_RANGE);
    }
    /* The levels around a value count. */
    struct scan scan = scan_init(trust_bytes_text("[[1]]"));
    assert_false(scan_value(&scan, TRUST_WIRE_DEPTH_MAX - 1));
    assert_int_equal(scan.error, TRUST_NO_RANGE);
    scan = scan_init(trust_bytes_text("[[1]]"));
    assert_true(scan_value(&scan, TRUST_WIRE_DEPTH_MAX - 2));
}

static void mixed_levels_close_as_they_were_opened(void **state)
{
    (void)state;
    check("[{\"a\":[{\"b\":[[],{}]}]},{\"c\":{}}]", TRUST_OK);
    check("[{\"a\":[{\"b\":[[],{}}]]},{\"c\":{}}]", TRUST_NO_SYNTAX);
    check("[{\"a\":[1}]]", TRUST_NO_SYNTAX);
}

static void a_key_is_found_as_it_is_written(void **state)
{
    (void)state;
    struct scan scan = scan_init(trust_bytes_text(" \"n\\u0061me\" : 1"));
    struct trust_bytes key;
    assert_true(scan_key(&scan, &key));
    assert_true(trust_bytes_equal(key, trust_bytes_text("n\\u0061me")));
    assert_int_equal(scan.end - scan.at, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_grammar_allows_is_one_value),
        cmocka_unit_test(what_the_grammar_does_not_allow_is_refused),
        cmocka_unit_test(a_nul_is_no_part_of_any_text),
        cmocka_unit_test(only_valid_utf8_is_part_of_a_string),
        cmocka_unit_test(a_byte_is_seen_wherever_it_stands),
        cmocka_unit_test(sixty_four_levels_are_scanned_and_sixty_five_are_not),
        cmocka_unit_test(mixed_levels_close_as_they_were_opened),
        cmocka_unit_test(a_key_is_found_as_it_is_written),
    };
    return cmocka_run_group_tests_name("tools/wire/scan", tests, NULL, NULL);
}
