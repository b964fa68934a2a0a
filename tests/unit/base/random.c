/* base/random: the published outputs of both generators, and a fair range. */
#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void xoshiro256_starstar_gives_its_published_outputs(void **state)
{
    (void)state;
    /* The reference implementation (prng.di.unimi.it/xoshiro256starstar.c) from state 1, 2, 3, 4.
     */
    const uint64_t expected[] = {
        UINT64_C(11520),
        UINT64_C(0),
        UINT64_C(1509978240),
        UINT64_C(1215971899390074240),
        UINT64_C(1216172134540287360),
        UINT64_C(607988272756665600),
        UINT64_C(16172922978634559625),
        UINT64_C(8476171486693032832),
        UINT64_C(10595114339597558777),
        UINT64_C(2904607092377533576),
    };
    struct trust_random random = {.state = {1, 2, 3, 4}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_true(trust_random_next(&random) == expected[i]);
}

static void the_seed_is_spread_by_splitmix64(void **state)
{
    (void)state;
    /* The reference implementation (prng.di.unimi.it/splitmix64.c) from seed 1234567. */
    const uint64_t expected[4] = {
        UINT64_C(6457827717110365317),
        UINT64_C(3203168211198807973),
        UINT64_C(9817491932198370423),
        UINT64_C(4593380528125082431),
    };
    struct trust_random random = trust_random_init(1234567);
    for (size_t i = 0; i < 4; i++)
        assert_true(random.state[i] == expected[i]);
    assert_true(trust_random_mix(1234567) == expected[0]);
}

static void a_number_below_one_is_zero(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(3);
    for (int i = 0; i < 100; i++)
        assert_int_equal(trust_random_below(&random, 1), 0);
}

static void every_number_below_a_bound_comes_about_as_often(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(4);
    uint32_t hits[7] = {0};
    for (int i = 0; i < 70000; i++)
        hits[trust_random_below(&random, 7)]++;
    /* Expected 10,000 each; five standard deviations of the binomial are 463. */
    for (int i = 0; i < 7; i++)
        assert_in_range(hits[i], 9537, 10463);
}

static void a_bound_that_rejects_stays_fair(void **state)
{
    (void)state;
    /* Every fourth draw is rejected here. A plain modulo would give five in eight to the low half,
     * a plain multiplication every second one to the multiples of three. */
    const uint64_t bound = (UINT64_C(1) << 63) + (UINT64_C(1) << 62);
    struct trust_random random = trust_random_init(5);
    uint32_t low = 0;
    uint32_t threes = 0;
    for (int i = 0; i < 30000; i++) {
        uint64_t value = trust_random_below(&random, bound);
        assert_true(value < bound);
        low += value < bound / 2;
        threes += value % 3 == 0;
    }
    assert_in_range(low, 14567, 15433);
    assert_in_range(threes, 9592, 10408);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xoshiro256_starstar_gives_its_published_outputs),
        cmocka_unit_test(the_seed_is_spread_by_splitmix64),
        cmocka_unit_test(a_number_below_one_is_zero),
        cmocka_unit_test(every_number_below_a_bound_comes_about_as_often),
        cmocka_unit_test(a_bound_that_rejects_stays_fair),
    };
    return cmocka_run_group_tests_name("base/random", tests, NULL, NULL);
}
