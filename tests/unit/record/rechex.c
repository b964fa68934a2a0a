/* record/rechex: one record in hex. */
#include "record/rechex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

#define TEXT_SIZE_MAX (2 * TRUST_RECORD_SIZE_MAX + 8)

/* "00" to "0f" and over again, for a record of size bytes. */
static size_t write_hex(char out_text[TEXT_SIZE_MAX], size_t size)
{
    for (size_t i = 0; i < size; i++)
        (void)snprintf(out_text + 2 * i, 3, "%02x", (unsigned)(i % 16));
    return 2 * size;
}

static enum trust_error read_text(const char *text, size_t size)
{
    uint8_t bytes[TRUST_RECORD_SIZE_MAX] = {0xee};
    size_t bytes_size = 7;
    enum trust_error error = trust_rechex_read(
        bytes, &bytes_size, (struct trust_bytes){.data = (const uint8_t *)text, .size = size});
    if (error != TRUST_OK) {
        assert_int_equal(bytes[0], 0xee);
        assert_int_equal(bytes_size, 7);
        return error;
    }
    for (size_t i = 0; i < bytes_size; i++)
        assert_int_equal(bytes[i], i % 16);
    return TRUST_OK;
}

static void sizes_from_65_to_512_bytes_are_read(void **state)
{
    (void)state;
    char text[TEXT_SIZE_MAX];
    assert_int_equal(read_text(text, write_hex(text, 64)), TRUST_NO_SIZE);
    assert_int_equal(read_text(text, write_hex(text, 65)), TRUST_OK);
    assert_int_equal(read_text(text, write_hex(text, 512)), TRUST_OK);
    assert_int_equal(read_text(text, write_hex(text, 513)), TRUST_NO_SIZE);
    assert_int_equal(read_text(text, 0), TRUST_NO_SIZE);
}

static void both_cases_are_read_to_the_same_bytes(void **state)
{
    (void)state;
    char text[TEXT_SIZE_MAX];
    size_t size = write_hex(text, 100);
    for (size_t i = 0; i < size; i++)
        text[i] = (char)(text[i] >= 'a' && i % 32 < 24 ? text[i] - 'a' + 'A' : text[i]);
    assert_non_null(strchr(text, 'A'));
    assert_non_null(strchr(text, 'f'));
    assert_int_equal(read_text(text, size), TRUST_OK);
}

static void white_space_around_is_passed_over_and_none_within(void **state)
{
    (void)state;
    char text[TEXT_SIZE_MAX + 8] = " \t";
    size_t size = 2 + write_hex(text + 2, 65);
    memcpy(text + size, "\r\n", 2);
    assert_int_equal(read_text(text, size + 2), TRUST_OK);
    text[10] = ' ';
    assert_int_equal(read_text(text, size + 2), TRUST_NO_SYNTAX);
}

static void odd_digits_and_other_characters_are_refused(void **state)
{
    (void)state;
    char text[TEXT_SIZE_MAX];
    size_t size = write_hex(text, 65);
    assert_int_equal(read_text(text, size - 1), TRUST_NO_SYNTAX);
    static const char others[] = {'g', 'G', '/', ':', '@', '`', '\0', '\x80', 'x'};
    for (size_t i = 0; i < sizeof others; i++) {
        char changed[TEXT_SIZE_MAX];
        memcpy(changed, text, size);
        changed[50] = others[i];
        assert_int_equal(read_text(changed, size), TRUST_NO_SYNTAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_from_65_to_512_bytes_are_read),
        cmocka_unit_test(both_cases_are_read_to_the_same_bytes),
        cmocka_unit_test(white_space_around_is_passed_over_and_none_within),
        cmocka_unit_test(odd_digits_and_other_characters_are_refused),
    };
    return cmocka_run_group_tests_name("record/rechex", tests, NULL, NULL);
}
