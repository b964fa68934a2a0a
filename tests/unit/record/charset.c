/* record/charset: the table against the C library's idea of ASCII, and searches. */
#include "record/charset.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void the_table_is_ascii(void **state)
{
    (void)state;
    static const char singles[] = "-._+:~@";
    static const unsigned sets[] = {
        TRUST_CHARSET_HYPHEN, TRUST_CHARSET_DOT,   TRUST_CHARSET_UNDERSCORE, TRUST_CHARSET_PLUS,
        TRUST_CHARSET_COLON,  TRUST_CHARSET_TILDE, TRUST_CHARSET_AT};
    for (int c = 0; c < 256; c++) {
        unsigned expected = 0;
        if (c < 128 && islower(c))
            expected = TRUST_CHARSET_LOWER;
        if (c < 128 && isupper(c))
            expected = TRUST_CHARSET_UPPER;
        if (c < 128 && isdigit(c))
            expected = TRUST_CHARSET_DIGIT;
        for (size_t i = 0; i < sizeof singles - 1; i++)
            expected |= c == singles[i] ? sets[i] : 0;
        assert_int_equal(trust_charset[c], expected);
        uint8_t folded = (uint8_t)(c < 128 ? tolower(c) : c);
        assert_int_equal(trust_charset_fold((uint8_t)c), folded);
    }
}

static void a_span_ends_at_the_first_stranger(void **state)
{
    (void)state;
    uint8_t data[20];
    for (size_t size = 0; size <= sizeof data; size++) {
        for (size_t stranger = 0; stranger <= size; stranger++) {
            memset(data, 'a', sizeof data);
            if (stranger < size)
                data[stranger] = '!';
            struct trust_bytes text = {.data = data, .size = size};
            for (size_t from = 0; from <= stranger; from++)
                assert_int_equal(trust_charset_span(TRUST_CHARSET_LOWER, text, from), stranger);
            assert_int_equal(trust_charset_covers(TRUST_CHARSET_LOWER, text), stranger == size);
        }
    }
}

static void searches_find_the_first_and_the_last(void **state)
{
    (void)state;
    struct trust_bytes text = trust_bytes_text("a/b/c");
    assert_int_equal(trust_charset_find(text, 0, '/'), 1);
    assert_int_equal(trust_charset_find(text, 1, '/'), 1);
    assert_int_equal(trust_charset_find(text, 2, '/'), 3);
    assert_int_equal(trust_charset_find(text, 4, '/'), 5);
    assert_int_equal(trust_charset_find(text, 5, '/'), 5);
    assert_int_equal(trust_charset_find(text, 0, 'x'), 5);
    assert_int_equal(trust_charset_find_last(text, '/'), 3);
    assert_int_equal(trust_charset_find_last(text, 'a'), 0);
    assert_int_equal(trust_charset_find_last(text, 'x'), 5);
    assert_int_equal(trust_charset_find((struct trust_bytes){0}, 0, 'x'), 0);
    assert_int_equal(trust_charset_find_last((struct trust_bytes){0}, 'x'), 0);
}

static void words_and_prefixes_have_no_case(void **state)
{
    (void)state;
    assert_true(trust_charset_is_word(trust_bytes_text("LaTest"), "latest"));
    assert_false(trust_charset_is_word(trust_bytes_text("lates"), "latest"));
    assert_false(trust_charset_is_word(trust_bytes_text("latest1"), "latest"));
    assert_true(trust_charset_has_prefix(trust_bytes_text("HTTPS://x"), "https://"));
    assert_false(trust_charset_has_prefix(trust_bytes_text("https:/"), "https://"));
    assert_false(trust_charset_has_prefix((struct trust_bytes){0}, "mcp:"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_ascii),
        cmocka_unit_test(a_span_ends_at_the_first_stranger),
        cmocka_unit_test(searches_find_the_first_and_the_last),
        cmocka_unit_test(words_and_prefixes_have_no_case),
    };
    return cmocka_run_group_tests_name("record/charset", tests, NULL, NULL);
}
