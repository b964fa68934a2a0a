/* base/line: words, numbers and hex in their one spelling, and everything that is another. */
#include "base/line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void words_are_taken_one_by_one_to_the_end(void **state)
{
    (void)state;
    struct trust_reader reader = trust_reader_init(trust_bytes_text("one 2 three"));
    assert_true(trust_bytes_equal(trust_line_take(&reader), trust_bytes_text("one")));
    assert_int_equal(trust_line_take_number(&reader), 2);
    assert_false(trust_reader_is_done(&reader));
    assert_true(trust_bytes_equal(trust_line_take(&reader), trust_bytes_text("three")));
    assert_true(trust_reader_is_done(&reader));
    assert_int_equal(trust_line_take(&reader).size, 0);
    assert_true(reader.failed);
}

static void a_word_that_is_not_there_fails(void **state)
{
    (void)state;
    static const char *const lines[] = {"", " ", " a", "a ", "a  b"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct trust_reader reader = trust_reader_init(trust_bytes_text(lines[i]));
        trust_line_take(&reader);
        trust_line_take(&reader);
        assert_true(reader.failed);
    }
}

static void numbers_have_one_spelling_and_a_bound(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_number;
        uint64_t number;
    } rows[] = {
        {"0", true, 0},
        {"7", true, 7},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"99999999999999999999", false, 0},
        {"100000000000000000000", false, 0},
        {"00", false, 0},
        {"07", false, 0},
        {"+7", false, 0},
        {"-7", false, 0},
        {"7a", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_reader reader = trust_reader_init(trust_bytes_text(rows[i].text));
        assert_true(trust_line_take_number(&reader) == rows[i].number);
        assert_int_equal(!reader.failed, rows[i].is_number);
        if (rows[i].is_number) {
            uint8_t buffer[32];
            struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
            trust_line_put_number(&writer, rows[i].number);
            assert_true(
                trust_bytes_equal(trust_writer_bytes(&writer), trust_bytes_text(rows[i].text)));
        }
    }
}

static void any_bytes_have_one_spelling_as_a_word(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        const char *text; /* NULL: refused */
    } rows[] = {
        {"plain-text.", "plain-text."},
        {"a%20b%25", "a b%"},
        {"%0a%c3%a9", "\n\xc3\xa9"},
        {"-", "-"},
        {"12345678901", "12345678901"},
        {"123456789012", NULL},
        {"%41", NULL},
        {"%0A", NULL},
        {"%2", NULL},
        {"%", NULL},
        {"\x7f", NULL},
        {"\xc3\xa9", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t bytes[11];
        struct trust_reader reader = trust_reader_init(trust_bytes_text(rows[i].word));
        size_t size = trust_line_take_escaped(&reader, bytes, sizeof bytes);
        assert_int_equal(reader.failed, rows[i].text == NULL);
        if (rows[i].text == NULL)
            continue;
        const struct trust_bytes taken = {.data = bytes, .size = size};
        assert_true(trust_bytes_equal(taken, trust_bytes_text(rows[i].text)));
        uint8_t buffer[32];
        struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
        trust_line_put_escaped(&writer, taken);
        assert_true(trust_bytes_equal(trust_writer_bytes(&writer), trust_bytes_text(rows[i].word)));
    }
}

static void hex_is_lower_case_and_exactly_as_long_as_asked(void **state)
{
    (void)state;
    uint8_t bytes[3] = {0};
    assert_true(trust_line_hex(bytes, 3, trust_bytes_text("00ff1a")));
    assert_memory_equal(bytes, "\x00\xff\x1a", 3);
    static const char *const bad[] = {"00ff1", "00ff1a0", "00FF1a", "00fg1a", "00ff/a", "00ff1:"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(trust_line_hex(bytes, 3, trust_bytes_text(bad[i])));
    uint8_t buffer[8];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    trust_line_put_hex(&writer,
                       (struct trust_bytes){.data = (const uint8_t *)"\x00\xff\x1a", .size = 3});
    trust_line_put_text(&writer, "!");
    assert_true(trust_bytes_equal(trust_writer_bytes(&writer), trust_bytes_text("00ff1a!")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_taken_one_by_one_to_the_end),
        cmocka_unit_test(a_word_that_is_not_there_fails),
        cmocka_unit_test(numbers_have_one_spelling_and_a_bound),
        cmocka_unit_test(any_bytes_have_one_spelling_as_a_word),
        cmocka_unit_test(hex_is_lower_case_and_exactly_as_long_as_asked),
    };
    return cmocka_run_group_tests_name("base/line", tests, NULL, NULL);
}
