/* base/bucket: what is taken, what flows back, and when, in a time that the test moves. */
#include "base/bucket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct trust_mono at(uint64_t ms)
{
    return (struct trust_mono){.ms = ms};
}

static void a_new_bucket_is_full_and_gives_no_more_than_its_burst(void **state)
{
    (void)state;
    struct trust_bucket bucket = trust_bucket_init(10, 3, at(1000));
    assert_true(trust_bucket_take(&bucket, 2, at(1000)));
    assert_false(trust_bucket_take(&bucket, 2, at(1000)));
    assert_true(trust_bucket_take(&bucket, 1, at(1000)));
    assert_false(trust_bucket_take(&bucket, 1, at(1000)));
}

static void tokens_flow_back_at_the_rate_and_stop_at_the_burst(void **state)
{
    (void)state;
    struct trust_bucket bucket = trust_bucket_init(10, 3, at(0));
    assert_true(trust_bucket_take(&bucket, 3, at(0)));
    assert_false(trust_bucket_take(&bucket, 1, at(99)));
    assert_true(trust_bucket_take(&bucket, 1, at(100)));
    assert_true(trust_bucket_take(&bucket, 3, at(1000000)));
    assert_false(trust_bucket_take(&bucket, 1, at(1000000)));
}

static void a_slow_rate_loses_no_fraction_of_a_token(void **state)
{
    (void)state;
    struct trust_bucket bucket = trust_bucket_init(1, 1, at(0));
    assert_true(trust_bucket_take(&bucket, 1, at(0)));
    for (uint64_t ms = 1; ms < 1000; ms++)
        assert_false(trust_bucket_take(&bucket, 1, at(ms)));
    assert_true(trust_bucket_take(&bucket, 1, at(1000)));
}

static void time_that_goes_back_refills_nothing_and_loses_nothing(void **state)
{
    (void)state;
    struct trust_bucket bucket = trust_bucket_init(10, 2, at(5000));
    assert_true(trust_bucket_take(&bucket, 2, at(5000)));
    assert_false(trust_bucket_take(&bucket, 1, at(1)));
    assert_false(trust_bucket_take(&bucket, 1, at(5099)));
    assert_true(trust_bucket_take(&bucket, 1, at(5100)));
}

static void an_amount_above_the_burst_waits_for_a_full_bucket_and_empties_it(void **state)
{
    (void)state;
    struct trust_bucket bucket = trust_bucket_init(10, 3, at(0));
    assert_true(trust_bucket_take(&bucket, 1, at(0)));
    assert_false(trust_bucket_take(&bucket, 1000, at(0)));
    assert_true(trust_bucket_take(&bucket, 1000, at(100)));
    assert_false(trust_bucket_take(&bucket, 1, at(100)));
}

static void the_wait_is_the_least_time_after_which_a_take_succeeds(void **state)
{
    (void)state;
    const uint32_t rates[] = {1, 3, 7, 999, 1000, 1001, 4294967295u};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct trust_bucket bucket = trust_bucket_init(rates[i], 5, at(0));
        assert_int_equal(trust_bucket_wait_ms(&bucket, 5, at(0)), 0);
        assert_true(trust_bucket_take(&bucket, 5, at(0)));
        uint64_t wait_ms = trust_bucket_wait_ms(&bucket, 2, at(0));
        assert_int_equal(wait_ms, (2000 + (uint64_t)rates[i] - 1) / rates[i]);
        struct trust_bucket early = bucket;
        assert_false(trust_bucket_take(&early, 2, at(wait_ms - 1)));
        assert_true(trust_bucket_take(&bucket, 2, at(wait_ms)));
    }
}

static void the_largest_rate_burst_and_time_do_not_overflow(void **state)
{
    (void)state;
    struct trust_bucket bucket = trust_bucket_init(UINT32_MAX, UINT32_MAX, at(0));
    assert_true(trust_bucket_take(&bucket, UINT32_MAX, at(0)));
    assert_false(trust_bucket_take(&bucket, UINT32_MAX, at(999)));
    assert_true(trust_bucket_take(&bucket, UINT32_MAX, at(UINT64_MAX)));
    assert_int_equal(trust_bucket_wait_ms(&bucket, UINT32_MAX, at(UINT64_MAX)), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_bucket_is_full_and_gives_no_more_than_its_burst),
        cmocka_unit_test(tokens_flow_back_at_the_rate_and_stop_at_the_burst),
        cmocka_unit_test(a_slow_rate_loses_no_fraction_of_a_token),
        cmocka_unit_test(time_that_goes_back_refills_nothing_and_loses_nothing),
        cmocka_unit_test(an_amount_above_the_burst_waits_for_a_full_bucket_and_empties_it),
        cmocka_unit_test(the_wait_is_the_least_time_after_which_a_take_succeeds),
        cmocka_unit_test(the_largest_rate_burst_and_time_do_not_overflow),
    };
    return cmocka_run_group_tests_name("base/bucket", tests, NULL, NULL);
}
