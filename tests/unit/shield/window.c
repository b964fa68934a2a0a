/* shield/window: ten anchored buckets, or the last calls. */
#include "shield/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rig.h"

static void add(struct rig *rig, uint64_t now_ms, uint32_t half_failures, uint32_t slow)
{
    trust_window_add(&rig->breaker, &rig->policy,
                     (struct trust_window_call){.half_failures = half_failures, .slow = slow},
                     (struct trust_mono){now_ms});
}

static uint32_t calls_at(struct rig *rig, uint64_t now_ms)
{
    rig->now_ms = now_ms;
    return rig_view(rig).calls;
}

static void buckets_are_anchored_at_multiples_of_their_width(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    add(&rig, 2999, 2, 0); /* the last instant of the bucket 0..2,999 */
    add(&rig, 3000, 0, 1); /* the first of the next */
    assert_int_equal(calls_at(&rig, 29999), 2);
    assert_int_equal(calls_at(&rig, 30000), 1);
    assert_int_equal(rig_view(&rig).half_failures, 0);
    assert_int_equal(rig_view(&rig).slow, 1);
    assert_int_equal(calls_at(&rig, 32999), 1);
    assert_int_equal(calls_at(&rig, 33000), 0);
}

static void a_gap_of_any_length_only_empties_buckets(void **state)
{
    (void)state;
    static const uint64_t gaps_ms[] = {27000, 30000, 59999, 86400000, UINT64_C(1) << 50};
    for (size_t i = 0; i < sizeof gaps_ms / sizeof *gaps_ms; i++) {
        struct rig rig;
        rig_init(&rig, 0);
        for (uint64_t t = 0; t < 30000; t += 100)
            add(&rig, t, 2, 1);
        assert_int_equal(rig.breaker.calls, 300);
        add(&rig, 29999 + gaps_ms[i], 0, 0);
        assert_int_equal(rig.breaker.calls, gaps_ms[i] < 30000 ? 31 : 1);
        assert_int_equal(rig.breaker.half_failures, gaps_ms[i] < 30000 ? 60 : 0);
        assert_int_equal(rig.breaker.slow, gaps_ms[i] < 30000 ? 30 : 0);
    }
}

static void sums_stay_those_of_the_buckets_over_many_turns(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig.policy.window_ms = 1234; /* buckets of 124 ms */
    for (uint64_t t = 0; t < 100000; t += 7) {
        add(&rig, t, (uint32_t)(t % 3), (uint32_t)(t % 2));
        uint32_t calls = 0;
        uint32_t half_failures = 0;
        uint32_t slow = 0;
        for (uint64_t past = 0; past <= t; past += 7) {
            if (past / 124 + 10 <= t / 124)
                continue;
            calls++;
            half_failures += (uint32_t)(past % 3);
            slow += (uint32_t)(past % 2);
        }
        assert_int_equal(rig.breaker.calls, calls);
        assert_int_equal(rig.breaker.half_failures, half_failures);
        assert_int_equal(rig.breaker.slow, slow);
    }
}

static void the_last_calls_are_kept_and_no_more(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {1, 9, 10, 11, 299, 300};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct rig rig;
        rig_init(&rig, 0);
        rig.policy.window_calls = sizes[i];
        for (uint32_t n = 0; n < 1000; n++) {
            add(&rig, n, n % 3, n % 7 == 0);
            uint32_t half_failures = 0;
            uint32_t slow = 0;
            uint32_t first = n + 1 > sizes[i] ? n + 1 - sizes[i] : 0;
            for (uint32_t past = first; past <= n; past++) {
                half_failures += past % 3;
                slow += past % 7 == 0;
            }
            assert_int_equal(rig.breaker.calls, n + 1 - first);
            assert_int_equal(rig.breaker.half_failures, half_failures);
            assert_int_equal(rig.breaker.slow, slow);
        }
    }
}

static void the_last_calls_do_not_grow_old(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig.policy.window_calls = 10;
    rig_calls(&rig, TRUST_OUTCOME_OK, 4);
    assert_int_equal(calls_at(&rig, 86400000), 4);
}

static void a_sum_stops_before_it_could_overflow(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    add(&rig, 0, 0, 0);
    rig.breaker.calls = TRUST_WINDOW_CALLS_STOP;
    add(&rig, 0, 2, 1);
    assert_int_equal(rig.breaker.calls, TRUST_WINDOW_CALLS_STOP);
    assert_int_equal(rig.breaker.half_failures, 0);
    assert_int_equal(rig.breaker.room.bucket[rig.breaker.at].calls, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_are_anchored_at_multiples_of_their_width),
        cmocka_unit_test(a_gap_of_any_length_only_empties_buckets),
        cmocka_unit_test(sums_stay_those_of_the_buckets_over_many_turns),
        cmocka_unit_test(the_last_calls_are_kept_and_no_more),
        cmocka_unit_test(the_last_calls_do_not_grow_old),
        cmocka_unit_test(a_sum_stops_before_it_could_overflow),
    };
    return cmocka_run_group_tests_name("shield/window", tests, NULL, NULL);
}
