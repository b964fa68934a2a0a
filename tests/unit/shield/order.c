/* shield/order: the sort beside the C library's, and the numbers that are sorted by. */
#include "shield/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"
#include "choosing.h"

static int compare_items(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

static void few_and_many_are_sorted_as_the_c_library_sorts_them(void **state)
{
    (void)state;
    static const size_t counts[] = {
        0, 1, 2, TRUST_SELECT_SMALL, TRUST_SELECT_SMALL + 1, 1000, TRUST_SELECT_MAX};
    static const unsigned key_bits[] = {1, 8, 13, 29, 48};
    struct trust_random random = trust_random_init(3);
    static uint64_t items[TRUST_SELECT_MAX];
    static uint64_t expected[TRUST_SELECT_MAX];
    static uint64_t scratch[TRUST_SELECT_MAX];
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        for (size_t b = 0; b < sizeof key_bits / sizeof *key_bits; b++) {
            for (size_t i = 0; i < counts[c]; i++) {
                uint64_t key = trust_random_below(&random, UINT64_C(1) << key_bits[b]);
                items[i] = trust_order_item(key, (uint32_t)i);
                expected[i] = items[i];
            }
            trust_order_sort(items, scratch, counts[c]);
            qsort(expected, counts[c], sizeof *expected, compare_items);
            for (size_t i = 0; i < counts[c]; i++)
                assert_true(items[i] == expected[i]);
        }
    }
}

static void an_item_keeps_key_and_index_apart(void **state)
{
    (void)state;
    uint64_t item = trust_order_item((UINT64_C(1) << 48) - 1, 1023);
    assert_true(trust_order_key(item) == (UINT64_C(1) << 48) - 1);
    assert_int_equal(trust_order_index(item), 1023);
}

static void cost_grows_with_latency_and_failures_and_falls_with_the_square_of_trust(void **state)
{
    (void)state;
    uint32_t base = trust_order_cost(80000, 0, 500000);
    assert_true(base < 1u << 24);
    assert_true(trust_order_cost(80100, 0, 500000) > base);
    /* (80 + 20) (1 + 4 x .25) = (180 + 20) (1 + 0) */
    assert_int_equal(trust_order_cost(80000, 250000, 500000), trust_order_cost(180000, 0, 500000));
    /* half the trust costs as much as four times the time */
    assert_int_equal(trust_order_cost(80000, 0, 250000), trust_order_cost(380000, 0, 500000));
    assert_int_equal(trust_order_cost(80000, 0, TRUST_PPM_NONE),
                     trust_order_cost(80000, 0, TRUST_PPM));
    /* differences below a step are no difference */
    assert_int_equal(trust_order_cost(80001, 0, 500000), base);
    assert_true(trust_order_cost(UINT32_MAX, TRUST_PPM, 0) < 1u << 24);
}

static void latency_and_failures_are_the_agents_own_if_it_has_any(void **state)
{
    (void)state;
    struct trust_board_cell cell = {.ewma_us = 70, .fail_ppm = 3000000};
    struct trust_candidate candidate = candidate_of("x", &cell, 0);
    assert_int_equal(trust_candidate_latency_us(&candidate), 70);
    assert_int_equal(trust_candidate_fail_ppm(&candidate), TRUST_PPM);
    candidate.ewma_us = 90;
    candidate.fail_ppm = 5;
    assert_int_equal(trust_candidate_latency_us(&candidate), 90);
    assert_int_equal(trust_candidate_fail_ppm(&candidate), 5);
    candidate = candidate_of("x", NULL, 0);
    assert_int_equal(trust_candidate_latency_us(&candidate), 0);
    assert_int_equal(trust_candidate_fail_ppm(&candidate), 0);
}

static void the_median_is_that_of_the_known_latencies(void **state)
{
    (void)state;
    static const uint32_t latencies[] = {50, 0, 10, 4000000000u, 30, 0};
    struct trust_candidate candidates[6];
    uint64_t scratch[6];
    uint64_t other[6];
    for (size_t i = 0; i < 6; i++) {
        candidates[i] = candidate_of("x", NULL, 0);
        candidates[i].ewma_us = latencies[i];
    }
    assert_int_equal(trust_order_median_us(scratch, other, candidates, 6), 30);
    assert_int_equal(trust_order_median_us(scratch, other, candidates, 3), 10);
    assert_int_equal(trust_order_median_us(scratch, other, candidates + 1, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_and_many_are_sorted_as_the_c_library_sorts_them),
        cmocka_unit_test(an_item_keeps_key_and_index_apart),
        cmocka_unit_test(cost_grows_with_latency_and_failures_and_falls_with_the_square_of_trust),
        cmocka_unit_test(latency_and_failures_are_the_agents_own_if_it_has_any),
        cmocka_unit_test(the_median_is_that_of_the_known_latencies),
    };
    return cmocka_run_group_tests_name("shield/order", tests, NULL, NULL);
}
