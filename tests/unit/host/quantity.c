/* host/quantity: values and refusals of numbers with units. */
#include "host/quantity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void durations_are_read_to_the_millisecond(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum trust_error error;
        uint64_t ms;
    } rows[] = {
        {"0", TRUST_OK, 0},
        {"0s", TRUST_OK, 0},
        {"250ms", TRUST_OK, 250},
        {"30s", TRUST_OK, 30000},
        {"5m", TRUST_OK, 300000},
        {"2h", TRUST_OK, 7200000},
        {"180d", TRUST_OK, UINT64_C(15552000000)},
        {"2w", TRUST_OK, 1209600000},
        {"1y", TRUST_OK, UINT64_C(31536000000)},
        {"9007199254740992ms", TRUST_OK, UINT64_C(9007199254740992)},
        {"9007199254740993ms", TRUST_NO_RANGE, 0},
        {"9999999999999999999999y", TRUST_NO_RANGE, 0},
        {"30", TRUST_NO_SYNTAX, 0},
        {"s", TRUST_NO_SYNTAX, 0},
        {"", TRUST_NO_SYNTAX, 0},
        {"1.5s", TRUST_NO_SYNTAX, 0},
        {"-1s", TRUST_NO_SYNTAX, 0},
        {"1S", TRUST_NO_SYNTAX, 0},
        {"1s ", TRUST_NO_SYNTAX, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t ms = 77;
        assert_int_equal(trust_duration_parse(&ms, rows[i].text), rows[i].error);
        assert_int_equal(ms, rows[i].error == TRUST_OK ? rows[i].ms : 77);
    }
}

static void sizes_are_read_to_the_byte(void **state)
{
    (void)state;
    uint64_t size = 0;
    assert_int_equal(trust_size_parse(&size, "64KiB"), TRUST_OK);
    assert_int_equal(size, 65536);
    assert_int_equal(trust_size_parse(&size, "8GiB"), TRUST_OK);
    assert_int_equal(size, UINT64_C(8589934592));
    assert_int_equal(trust_size_parse(&size, "17B"), TRUST_OK);
    assert_int_equal(size, 17);
    assert_int_equal(trust_size_parse(&size, "8GB"), TRUST_NO_SYNTAX);
    assert_int_equal(trust_size_parse(&size, "9000TiB"), TRUST_NO_RANGE);
    assert_int_equal(size, 17);
}

static void numbers_are_exact_and_know_no_exponent(void **state)
{
    (void)state;
    double value = 7;
    assert_int_equal(trust_number_parse(&value, "0.1"), TRUST_OK);
    assert_true(value == 0.1);
    assert_int_equal(trust_number_parse(&value, "-12.375"), TRUST_OK);
    assert_true(value == -12.375);
    assert_int_equal(trust_number_parse(&value, "1"), TRUST_OK);
    assert_true(value == 1);
    const char *const refused[] = {"", ".5", "1.", "1e3", "nan", "inf", "0x1", "1,5", " 1", "--1"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_int_equal(trust_number_parse(&value, refused[i]), TRUST_NO_SYNTAX);
    assert_true(value == 1);
}

static void whole_numbers_end_at_two_to_the_53(void **state)
{
    (void)state;
    uint64_t value = 0;
    assert_int_equal(trust_whole_parse(&value, "9007199254740992"), TRUST_OK);
    assert_int_equal(value, UINT64_C(9007199254740992));
    assert_int_equal(trust_whole_parse(&value, "9007199254740993"), TRUST_NO_RANGE);
    assert_int_equal(trust_whole_parse(&value, "1.0"), TRUST_NO_SYNTAX);
    assert_int_equal(trust_whole_parse(&value, ""), TRUST_NO_SYNTAX);
}

static void what_is_written_reads_back_the_same(void **state)
{
    (void)state;
    const struct {
        uint64_t ms;
        const char *text;
    } rows[] = {{0, "0ms"},       {1500, "1500ms"},  {30000, "30s"},
                {90000, "90s"},   {300000, "5m"},    {7200000, "2h"},
                {86400000, "1d"}, {604800000, "7d"}, {UINT64_C(31536000000), "365d"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[TRUST_QUANTITY_TEXT_SIZE];
        trust_duration_format(text, rows[i].ms);
        assert_string_equal(text, rows[i].text);
        uint64_t ms = 1;
        assert_int_equal(trust_duration_parse(&ms, text), TRUST_OK);
        assert_int_equal(ms, rows[i].ms);
    }
    char text[TRUST_QUANTITY_TEXT_SIZE];
    trust_size_format(text, UINT64_C(8589934592));
    assert_string_equal(text, "8GiB");
    trust_size_format(text, 1025);
    assert_string_equal(text, "1025B");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_read_to_the_millisecond),
        cmocka_unit_test(sizes_are_read_to_the_byte),
        cmocka_unit_test(numbers_are_exact_and_know_no_exponent),
        cmocka_unit_test(whole_numbers_end_at_two_to_the_53),
        cmocka_unit_test(what_is_written_reads_back_the_same),
    };
    return cmocka_run_group_tests_name("host/quantity", tests, NULL, NULL);
}
