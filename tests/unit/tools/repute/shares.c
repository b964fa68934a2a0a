/* repute/shares: what is printed adds up. */
#include "repute/shares.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"

static void nothing_sums_to_nothing(void **state)
{
    (void)state;
    assert_int_equal(shares_round(NULL, NULL, 0), 0);
}

static void thirds_give_their_remainder_to_the_first(void **state)
{
    (void)state;
    const double shares[] = {1.0 / 3, 1.0 / 3, 1.0 / 3};
    uint32_t rounded[3];
    assert_int_equal(shares_round(rounded, shares, 3), 1000);
    assert_int_equal(rounded[0], 334);
    assert_int_equal(rounded[1], 333);
    assert_int_equal(rounded[2], 333);
}

static void the_largest_remainder_is_raised(void **state)
{
    (void)state;
    const double shares[] = {0.1002, 0.2008, 0.0005};
    uint32_t rounded[3];
    assert_int_equal(shares_round(rounded, shares, 3), 302);
    assert_int_equal(rounded[0], 100);
    assert_int_equal(rounded[1], 201);
    assert_int_equal(rounded[2], 1);
}

static void parts_always_sum_to_the_rounded_whole(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(7);
    for (int run = 0; run < 1000; run++) {
        double shares[64];
        uint32_t rounded[64];
        size_t count = (size_t)trust_random_below(&random, 64) + 1;
        double left = 1;
        double sum = 0;
        for (size_t i = 0; i < count; i++) {
            shares[i] = left * (double)trust_random_below(&random, 1000) / 1000;
            left -= shares[i];
            sum += shares[i];
        }
        uint32_t total = shares_round(rounded, shares, count);
        assert_int_equal(total, (uint32_t)(sum * 1000 + 0.5));
        uint32_t parts = 0;
        for (size_t i = 0; i < count; i++) {
            parts += rounded[i];
            assert_true(rounded[i] + 1 > shares[i] * 1000);
            assert_true(rounded[i] < shares[i] * 1000 + 1);
        }
        assert_int_equal(parts, total);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_sums_to_nothing),
        cmocka_unit_test(thirds_give_their_remainder_to_the_first),
        cmocka_unit_test(the_largest_remainder_is_raised),
        cmocka_unit_test(parts_always_sum_to_the_rounded_whole),
    };
    return cmocka_run_group_tests_name("tools/repute/shares", tests, NULL, NULL);
}
