/* shield/latency: the average, the median, the 99th percentile and what follows from them. */
#include "shield/latency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rig.h"

static void a_constant_latency_gives_itself(void **state)
{
    (void)state;
    static const uint32_t constants_ms[] = {0, 1, 20, 999, 1000, 14999, 65535};
    for (size_t i = 0; i < sizeof constants_ms / sizeof *constants_ms; i++) {
        struct rig rig;
        rig_init(&rig, 0);
        rig_latency(&rig, constants_ms[i], 250);
        struct trust_breaker_view view = rig_view(&rig);
        assert_int_equal(view.ewma_ms, constants_ms[i]);
        assert_int_equal(view.p50_ms, constants_ms[i]);
        assert_int_equal(view.p99_ms, constants_ms[i]);
        assert_int_equal(view.latency_samples, 20);
    }
}

static void the_median_is_of_the_last_twenty(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    assert_int_equal(rig_view(&rig).p50_ms, 0);
    rig_latency(&rig, 30, 1);
    assert_int_equal(rig_view(&rig).p50_ms, 30);
    rig_latency(&rig, 10, 1);
    assert_int_equal(rig_view(&rig).p50_ms, 10); /* rank 1 of 2 */
    rig_latency(&rig, 20, 1);
    assert_int_equal(rig_view(&rig).p50_ms, 20);
    rig_init(&rig, 0);
    for (uint32_t ms = 20; ms > 0; ms--)
        rig_latency(&rig, ms, 1);
    assert_int_equal(rig_view(&rig).p50_ms, 10); /* rank 10 of 20 */
    rig_latency(&rig, 500, 10);                  /* in the place of 20..11 */
    assert_int_equal(rig_view(&rig).p50_ms, 10);
    rig_latency(&rig, 500, 1);
    assert_int_equal(rig_view(&rig).p50_ms, 500);
}

static void the_99th_percentile_forgets_after_eighty_to_ninety_nine(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_latency(&rig, 7000, 1);
    rig_latency(&rig, 10, 98);
    assert_int_equal(rig_view(&rig).p99_ms, 7000);
    rig_latency(&rig, 10, 1);
    assert_int_equal(rig_view(&rig).p99_ms, 10);
    rig_init(&rig, 0);
    rig_latency(&rig, 10, 19);
    rig_latency(&rig, 7000, 1);
    rig_latency(&rig, 10, 79);
    assert_int_equal(rig_view(&rig).p99_ms, 7000);
    rig_latency(&rig, 10, 1);
    assert_int_equal(rig_view(&rig).p99_ms, 10);
}

static void the_average_follows_by_an_eighth(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_latency(&rig, 800, 1);
    rig_latency(&rig, 0, 1);
    assert_int_equal(rig_view(&rig).ewma_ms, 700);
    rig_latency(&rig, 1500, 1);
    assert_int_equal(rig_view(&rig).ewma_ms, 800);
}

static void a_failure_enters_the_average_with_at_least_five_seconds(void **state)
{
    (void)state;
    static const struct {
        enum trust_outcome_class class_;
        uint32_t latency_ms;
        uint32_t ewma_ms;
    } rows[] = {
        {TRUST_OUTCOME_REFUSED, TRUST_LATENCY_UNKNOWN, 5000},
        {TRUST_OUTCOME_REFUSED, 3, 5000},
        {TRUST_OUTCOME_RATE_LIMITED, 3, 5000},
        {TRUST_OUTCOME_INTERNAL, 3, 5000},
        {TRUST_OUTCOME_TIMEOUT, 60000, 60000},
        {TRUST_OUTCOME_CALLER, 3, 0},
        {TRUST_OUTCOME_AUTH, 3, 0},
        {TRUST_OUTCOME_OK, TRUST_LATENCY_UNKNOWN, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        rig_init(&rig, 0);
        rig_tell(
            &rig, NULL,
            (struct trust_outcome){.class_ = rows[i].class_, .latency_ms = rows[i].latency_ms});
        assert_int_equal(rig_view(&rig).ewma_ms, rows[i].ewma_ms);
        assert_int_equal(rig_view(&rig).latency_samples, 0);
    }
}

static void latencies_beyond_their_fields_count_as_the_most(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_latency(&rig, 70000, 1);
    assert_int_equal(rig_view(&rig).p50_ms, 65535);
    assert_int_equal(rig_view(&rig).ewma_ms, 70000);
    rig_init(&rig, 0);
    rig_latency(&rig, UINT32_MAX - 1, 1);
    assert_int_equal(rig_view(&rig).ewma_ms, 1u << 23);
}

static void slow_is_three_medians_and_at_least_a_second(void **state)
{
    (void)state;
    static const struct {
        uint32_t median_ms; /* 0: no sample */
        uint32_t policy_ms; /* 0: by the median */
        uint32_t latency_ms;
        bool is_slow;
    } rows[] = {
        {0, 0, 999, false},     {0, 0, 1000, true},       {10, 0, 999, false},
        {10, 0, 1000, true},    {400, 0, 1199, false},    {400, 0, 1200, true},
        {2000, 0, 5999, false}, {2000, 0, 6000, true},    {400, 50, 49, false},
        {400, 50, 50, true},    {400, 9000, 8999, false}, {400, 9000, 9000, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        rig_init(&rig, 0);
        rig.policy.slow_ms = 0;
        if (rows[i].median_ms > 0)
            rig_latency(&rig, rows[i].median_ms, 3);
        rig.policy.slow_ms = rows[i].policy_ms;
        uint32_t before = rig.breaker.slow;
        rig_latency(&rig, rows[i].latency_ms, 1);
        assert_int_equal(rig.breaker.slow - before, rows[i].is_slow);
    }
}

static void an_unknown_latency_is_not_slow(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_OK, 1);
    rig.policy.slow_ms = 3600000;
    rig_calls(&rig, TRUST_OUTCOME_OK, 1);
    assert_int_equal(rig_view(&rig).slow, 0);
}

static void a_lease_lives_for_four_99th_percentiles(void **state)
{
    (void)state;
    static const struct {
        uint32_t latency_ms;
        int count;
        uint32_t policy_ms;
        uint32_t lease_ms;
    } rows[] = {
        {10, 0, 0, 60000},  {10, 19, 0, 60000},    {10, 20, 0, 1000},     {249, 20, 0, 1000},
        {251, 20, 0, 1004}, {2000, 20, 0, 8000},   {15000, 20, 0, 60000}, {60000, 20, 0, 60000},
        {2000, 20, 5, 5},   {10, 0, 90000, 90000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        rig_init(&rig, 0);
        rig.policy.slow_pct = 0;
        rig_latency(&rig, rows[i].latency_ms, rows[i].count);
        rig.policy.lease_ms = rows[i].policy_ms;
        assert_int_equal(trust_latency_lease_ms(&rig.breaker, &rig.policy), rows[i].lease_ms);
    }
}

static void quality_is_kept_apart_from_health(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    for (int i = 0; i < 300; i++)
        rig_tell(&rig, NULL, (struct trust_outcome){.is_error = true});
    struct trust_breaker_view view = rig_view(&rig);
    assert_int_equal(view.state, TRUST_BREAKER_CLOSED);
    assert_int_equal(view.half_failures, 0);
    assert_in_range(view.error_permille, 999, 1000);
    assert_int_equal(view.error_run, 255);
    rig_calls(&rig, TRUST_OUTCOME_OK, 1);
    assert_int_equal(rig_view(&rig).error_run, 0);
    assert_in_range(rig_view(&rig).error_permille, 936, 938);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_latency_gives_itself),
        cmocka_unit_test(the_median_is_of_the_last_twenty),
        cmocka_unit_test(the_99th_percentile_forgets_after_eighty_to_ninety_nine),
        cmocka_unit_test(the_average_follows_by_an_eighth),
        cmocka_unit_test(a_failure_enters_the_average_with_at_least_five_seconds),
        cmocka_unit_test(latencies_beyond_their_fields_count_as_the_most),
        cmocka_unit_test(slow_is_three_medians_and_at_least_a_second),
        cmocka_unit_test(an_unknown_latency_is_not_slow),
        cmocka_unit_test(a_lease_lives_for_four_99th_percentiles),
        cmocka_unit_test(quality_is_kept_apart_from_health),
    };
    return cmocka_run_group_tests_name("shield/latency", tests, NULL, NULL);
}
