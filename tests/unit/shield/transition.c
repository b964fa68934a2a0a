/* shield/transition: how long an opening lasts, what k does, and when a transition is dated. */
#include "shield/transition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rig.h"

/* Opens a closed breaker by a streak; the length of the opening. */
static uint64_t opening_ms(struct rig *rig)
{
    rig_calls(rig, TRUST_OUTCOME_REFUSED, 5);
    assert_int_equal(rig_view(rig).state, TRUST_BREAKER_OPEN);
    return rig->breaker.until_ms - rig->now_ms;
}

static void each_opening_is_longer_up_to_the_most(void **state)
{
    (void)state;
    static const struct {
        uint32_t backoff_ppm;
        uint64_t lengths_ms[9];
    } rows[] = {
        {2000000, {5000, 10000, 20000, 40000, 80000, 160000, 300000, 300000, 300000}},
        {1500000, {5000, 7500, 11250, 16875, 25313, 37969, 56953, 85430, 128145}},
        {1000000, {5000, 5000, 5000, 5000, 5000, 5000, 5000, 5000, 5000}},
        {4000000, {5000, 20000, 80000, 300000, 300000, 300000, 300000, 300000, 300000}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        rig_init(&rig, 77);
        rig.policy.backoff_ppm = rows[i].backoff_ppm;
        assert_int_equal(opening_ms(&rig), rows[i].lengths_ms[0]);
        for (size_t k = 1; k < 9; k++) {
            assert_int_equal(rig_view(&rig).backoff_k, k);
            rig_advance(&rig, rig.breaker.until_ms);
            rig_calls(&rig, TRUST_OUTCOME_REFUSED, 2);
            assert_int_equal(rig.breaker.until_ms - rig.now_ms, rows[i].lengths_ms[k]);
        }
    }
}

static void k_stops_at_255(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    for (int i = 0; i < 300; i++) {
        rig_advance(&rig, rig.breaker.until_ms);
        rig_calls(&rig, TRUST_OUTCOME_REFUSED, 2);
    }
    assert_int_equal(rig_view(&rig).backoff_k, 255);
    assert_int_equal(rig.breaker.until_ms - rig.now_ms, 300000);
}

static void an_opening_is_never_longer_than_the_most(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig.policy.open_ms = 9000;
    rig.policy.open_max_ms = 4000;
    rig.policy.jitter_ppm = 500000;
    uint64_t length_ms = opening_ms(&rig);
    assert_in_range(length_ms, 2000, 4000);
}

static void it_is_over_at_its_end_and_not_before(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 1000);
    assert_int_equal(opening_ms(&rig), 5000);
    assert_int_equal(rig_state_at(&rig, 5999), TRUST_BREAKER_OPEN);
    assert_int_equal(rig_state_at(&rig, 6000), TRUST_BREAKER_HALF_OPEN);
    rig.now_ms = 5999;
    assert_false(rig_call(&rig, TRUST_OUTCOME_OK));
    rig.now_ms = 6000;
    assert_true(rig_call(&rig, TRUST_OUTCOME_OK));
}

static void a_transition_is_dated_when_it_was_due(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 1000);
    assert_int_equal(opening_ms(&rig), 5000);
    rig.events.count = 0;
    rig.now_ms = 9000000;
    assert_true(rig_call(&rig, TRUST_OUTCOME_OK));
    assert_int_equal(rig.events.count, 1);
    assert_int_equal(rig.events.event[0].time.ms, 6000);
    assert_int_equal(rig.events.event[0].reason, TRUST_BREAKER_BY_WAIT_OVER);
    assert_int_equal(rig_view(&rig).since.ms, 6000);
}

static void looking_changes_nothing(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 1000);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    struct trust_breaker before = rig.breaker;
    assert_int_equal(rig_state_at(&rig, 6000), TRUST_BREAKER_HALF_OPEN);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_HALF_OPEN);
    assert_memory_equal(&before, &rig.breaker, sizeof before);
    assert_int_equal(rig_state_at(&rig, 5999), TRUST_BREAKER_OPEN);
}

static void k_falls_by_one_a_full_window_spent_closed(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    rig_advance(&rig, 5000);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 2);
    rig_advance(&rig, 15000);
    rig_calls(&rig, TRUST_OUTCOME_OK, 2); /* closed at 15,000 with k = 2 */
    static const struct {
        uint64_t now_ms;
        uint32_t k;
    } rows[] = {{15000, 2}, {44999, 2}, {45000, 1}, {74999, 1}, {75000, 0}, {900000, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig.now_ms = rows[i].now_ms;
        assert_int_equal(rig_view(&rig).backoff_k, rows[i].k);
    }
    rig.now_ms = 45000;
    assert_int_equal(opening_ms(&rig), 10000);
}

static void k_does_not_fall_in_other_states(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    rig_order(&rig, TRUST_BREAKER_FORCE_CLOSED, TRUST_MONO_NEVER);
    rig.now_ms = 3600000;
    assert_int_equal(rig_view(&rig).backoff_k, 1);
    rig_order(&rig, TRUST_BREAKER_CLOSE, TRUST_MONO_NEVER);
    assert_int_equal(rig_view(&rig).backoff_k, 1);
    assert_int_equal(rig_view(&rig).since.ms, 3600000);
    /* Closing what is closed does not begin the windows anew. */
    rig.now_ms += 20000;
    rig_order(&rig, TRUST_BREAKER_CLOSE, TRUST_MONO_NEVER);
    assert_int_equal(rig_view(&rig).since.ms, 3600000);
    rig.now_ms += 10000;
    assert_int_equal(rig_view(&rig).backoff_k, 0);
}

static void jitter_stays_within_its_share_and_follows_the_seed(void **state)
{
    (void)state;
    uint64_t least_ms = UINT64_MAX;
    uint64_t most_ms = 0;
    uint64_t sum_ms = 0;
    for (uint64_t seed = 0; seed < 10000; seed++) {
        uint64_t lengths_ms[2];
        for (int i = 0; i < 2; i++) {
            struct rig rig;
            rig_init(&rig, 0);
            rig.policy.jitter_ppm = 500000;
            trust_breaker_init(&rig.breaker, seed, (struct trust_mono){0});
            lengths_ms[i] = opening_ms(&rig);
        }
        assert_int_equal(lengths_ms[0], lengths_ms[1]);
        assert_in_range(lengths_ms[0], 2500, 7500);
        least_ms = lengths_ms[0] < least_ms ? lengths_ms[0] : least_ms;
        most_ms = lengths_ms[0] > most_ms ? lengths_ms[0] : most_ms;
        sum_ms += lengths_ms[0];
    }
    assert_in_range(least_ms, 2500, 2550);
    assert_in_range(most_ms, 7450, 7500);
    assert_in_range(sum_ms / 10000, 4950, 5050);
}

static void two_openings_of_one_cell_jitter_differently(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig.policy.jitter_ppm = 500000;
    rig.policy.backoff_ppm = 1000000;
    uint64_t first_ms = opening_ms(&rig);
    rig_order(&rig, TRUST_BREAKER_RESET, TRUST_MONO_NEVER);
    assert_int_not_equal(opening_ms(&rig), first_ms);
}

static void each_transition_is_one_event_with_the_next_number(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    uint64_t seq = 1;
    for (int round = 0; round < 20; round++) {
        rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
        rig_advance(&rig, rig.breaker.until_ms);
        rig_calls(&rig, TRUST_OUTCOME_OK, 2);
        assert_int_equal(rig.events.count, 3);
        for (uint32_t i = 0; i < 3; i++)
            assert_int_equal(rig.events.event[i].seq, ++seq);
        assert_int_equal(rig_view(&rig).generation, seq);
        rig.events.count = 0;
    }
}

static void a_list_that_is_full_takes_no_more(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    for (int i = 0; i < 9; i++)
        rig_order(&rig, TRUST_BREAKER_CLOSE, TRUST_MONO_NEVER);
    assert_int_equal(rig.events.count, TRUST_BREAKER_EVENTS_MAX);
    assert_int_equal(rig.events.event[3].seq, 5);
    rig.events.count = 0;
    rig_order(&rig, TRUST_BREAKER_CLOSE, TRUST_MONO_NEVER);
    assert_int_equal(rig.events.event[0].seq, 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_opening_is_longer_up_to_the_most),
        cmocka_unit_test(k_stops_at_255),
        cmocka_unit_test(an_opening_is_never_longer_than_the_most),
        cmocka_unit_test(it_is_over_at_its_end_and_not_before),
        cmocka_unit_test(a_transition_is_dated_when_it_was_due),
        cmocka_unit_test(looking_changes_nothing),
        cmocka_unit_test(k_falls_by_one_a_full_window_spent_closed),
        cmocka_unit_test(k_does_not_fall_in_other_states),
        cmocka_unit_test(jitter_stays_within_its_share_and_follows_the_seed),
        cmocka_unit_test(two_openings_of_one_cell_jitter_differently),
        cmocka_unit_test(each_transition_is_one_event_with_the_next_number),
        cmocka_unit_test(a_list_that_is_full_takes_no_more),
    };
    return cmocka_run_group_tests_name("shield/transition", tests, NULL, NULL);
}
