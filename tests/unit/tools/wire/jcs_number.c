/* wire/jcs_number: the vectors of RFC 8785, appendix B, and what lies at the bounds. */
#include "wire/jcs_number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

static void check(const char *raw, const char *expected)
{
    uint8_t room[64];
    struct trust_writer writer = trust_writer_init(room, sizeof room);
    assert_int_equal(jcs_put_number(&writer, trust_bytes_text(raw)), TRUST_OK);
    assert_false(trust_writer_has_overflowed(&writer));
    char text[65];
    memcpy(text, room, writer.size);
    text[writer.size] = '\0';
    assert_string_equal(text, expected);
}

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* RFC 8785, appendix B. */
static void the_vectors_of_the_standard_hold(void **state)
{
    (void)state;
    static const struct {
        uint64_t bits;
        const char *text;
    } rows[] = {
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x4430000000000000, "295147905179352830000"},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555554, "333333333.33333325"},
        {0x41b3de4355555555, "333333333.3333333"},
        {0x41b3de4355555556, "333333333.3333334"},
        {0x41b3de4355555557, "333333333.33333343"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char raw[1200];
        (void)snprintf(raw, sizeof raw, "%.17g", double_of(rows[i].bits));
        check(raw, rows[i].text);
        (void)snprintf(raw, sizeof raw, "%.1100f", double_of(rows[i].bits));
        check(raw, rows[i].text);
    }
}

static void one_number_has_one_form(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        const char *text;
    } rows[] = {
        {"1", "1"},
        {"-1", "-1"},
        {"-0", "0"},
        {"-0.0e5", "0"},
        {"0.0", "0"},
        {"0E999999999999999999999", "0"},
        {"1.0", "1"},
        {"10e-1", "1"},
        {"0.0001e4", "1"},
        {"100000000000000000000", "100000000000000000000"},
        {"1000000000000000000000", "1e+21"},
        {"1e20", "100000000000000000000"},
        {"1E30", "1e+30"},
        {"4.50", "4.5"},
        {"2e-3", "0.002"},
        {"0.000000000000000000000000001", "1e-27"},
        {"333333333.33333329", "333333333.3333333"},
        {"0.1", "0.1"},
        {"123456789012345", "123456789012345"},
        {"-999999999999999", "-999999999999999"},
        {"9007199254740993", "9007199254740992"},
        {"-9007199254740995", "-9007199254740996"},
        {"1e-400", "0"},
        {"-1e-400", "0"},
        {"1e-99999999999999999999", "0"},
        /* Powers of two whose nearest sixteen digits fall short of them. */
        {"5.684341886080801486968994140625e-14", "5.684341886080802e-14"},
        {"9.5367431640625e-7", "9.5367431640625e-7"},
        {"2.2250738585072014e-308", "2.2250738585072014e-308"},
        {"2.225073858507201e-308", "2.225073858507201e-308"},
        {"1.5e-323", "1.5e-323"},
        {"1.7976931348623158e308", "1.7976931348623157e+308"},
        /* Half way between two doubles: to the even one, but by one more digit far behind. */
        {"9007199254740993.0000000000000000000000000000000", "9007199254740992"},
        {"9007199254740993.0000000000000000000000000000001", "9007199254740994"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(rows[i].raw, rows[i].text);
}

static void a_digit_behind_a_thousand_others_still_counts(void **state)
{
    (void)state;
    char raw[2048] = "9007199254740993.";
    memset(raw + 17, '0', 1500);
    raw[1517] = '\0';
    check(raw, "9007199254740992");
    raw[1516] = '1';
    check(raw, "9007199254740994");
    memset(raw, '0', 1000);
    memcpy(raw, "1", 1);
    memcpy(raw + 1000, "e-999", 6);
    check(raw, "1");
}

static void what_is_no_double_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"1e309", "-1e309", "1.7976931348623159e308",
                                       "1e99999999999999999999"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t room[64];
        struct trust_writer writer = trust_writer_init(room, sizeof room);
        assert_int_equal(jcs_put_number(&writer, trust_bytes_text(rows[i])), TRUST_NO_RANGE);
        assert_int_equal(writer.size, 0);
    }
}

/* The form of any double reads as that double, and no shorter one beside it does. */
static void any_double_is_told_by_its_form(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(8785);
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = trust_random_next(&random);
        if (i % 4 == 0)
            bits &= UINT64_C(0x7ff) << 52; /* powers of two */
        if ((bits >> 52 & 0x7ff) == 0x7ff || bits << 1 == 0)
            continue;
        double value = double_of(bits);
        char raw[64];
        uint8_t room[64];
        (void)snprintf(raw, sizeof raw, "%.17g", value);
        struct trust_writer writer = trust_writer_init(room, sizeof room - 1);
        assert_int_equal(jcs_put_number(&writer, trust_bytes_text(raw)), TRUST_OK);
        room[writer.size] = '\0';
        assert_true(strtod((char *)room, NULL) == value);
        (void)snprintf(raw, sizeof raw, "%.14e", value);
        double sure = strtod(raw, NULL);
        size_t digits = strspn((char *)room, "-0.123456789");
        assert_true(sure != value || (bits >> 52 & 0x7ff) < 2 || digits <= 15 + 6 + 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_the_standard_hold),
        cmocka_unit_test(one_number_has_one_form),
        cmocka_unit_test(a_digit_behind_a_thousand_others_still_counts),
        cmocka_unit_test(what_is_no_double_is_refused),
        cmocka_unit_test(any_double_is_told_by_its_form),
    };
    return cmocka_run_group_tests_name("tools/wire/jcs_number", tests, NULL, NULL);
}
