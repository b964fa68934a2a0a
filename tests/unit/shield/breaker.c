/* shield/breaker: what calls, orders and time do to a closed breaker, sentence by sentence of
 * docs/reference/breaker.md. */
#include "trust/breaker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rig.h"

static void a_cell_is_at_most_256_bytes(void **state)
{
    (void)state;
    assert_int_equal(sizeof(struct trust_breaker), 256);
}

static void a_new_cell_is_closed_and_empty(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 1000);
    struct trust_breaker_view view = rig_view(&rig);
    assert_int_equal(view.state, TRUST_BREAKER_CLOSED);
    assert_int_equal(view.reason, TRUST_BREAKER_BY_START);
    assert_int_equal(view.calls, 0);
    assert_int_equal(view.generation, 1);
    assert_int_equal(view.since.ms, 1000);
    assert_true(view.until.ms == TRUST_MONO_NEVER);
}

static void it_opens_on_exactly_the_streak(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 1000);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 4);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_CLOSED);
    assert_int_equal(rig_view(&rig).streak, 4);
    assert_true(rig_call(&rig, TRUST_OUTCOME_HTTP5XX));
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_OPEN);
    assert_int_equal(rig_view(&rig).reason, TRUST_BREAKER_BY_STREAK);
    assert_false(rig_call(&rig, TRUST_OUTCOME_OK));
    assert_int_equal(rig_view(&rig).denied, 1);
}

static void an_event_tells_of_the_opening(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 1000);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    assert_int_equal(rig.events.count, 1);
    const struct trust_breaker_event *event = &rig.events.event[0];
    assert_int_equal(event->seq, 2);
    assert_int_equal(event->key, 42);
    assert_int_equal(event->time.ms, 1000);
    assert_int_equal(event->until.ms, 6000);
    assert_int_equal(event->from, TRUST_BREAKER_CLOSED);
    assert_int_equal(event->to, TRUST_BREAKER_OPEN);
    assert_int_equal(event->reason, TRUST_BREAKER_BY_STREAK);
    assert_int_equal(event->threshold, 5);
    assert_int_equal(event->observed, 5);
    assert_int_equal(event->note, 0);
}

static void a_success_breaks_a_streak_even_if_slow(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 4);
    rig_tell(&rig, NULL, (struct trust_outcome){.is_slow = true, .is_error = true});
    assert_int_equal(rig_view(&rig).streak, 0);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 4);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_CLOSED);
}

static void what_is_no_whole_failure_neither_counts_in_a_streak_nor_breaks_it(void **state)
{
    (void)state;
    static const enum trust_outcome_class classes[] = {
        TRUST_OUTCOME_RATE_LIMITED, TRUST_OUTCOME_INTERNAL,  TRUST_OUTCOME_AUTH,
        TRUST_OUTCOME_CALLER,       TRUST_OUTCOME_CANCELLED, TRUST_OUTCOME_SESSION_LOST,
    };
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        struct rig rig;
        rig_init(&rig, 0);
        rig.policy.fail_pct = 0;
        rig_calls(&rig, TRUST_OUTCOME_REFUSED, 4);
        rig_calls(&rig, classes[i], 1);
        assert_int_equal(rig_view(&rig).streak, 4);
        rig_calls(&rig, TRUST_OUTCOME_REFUSED, 1);
        assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_OPEN);
    }
}

static void a_streak_counts_up_to_two_windows_after_its_first(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 1000);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 1);
    rig.now_ms = 61000;
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 4);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_OPEN);
}

static void a_streak_later_than_two_windows_begins_anew_with_one(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 1000);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 4);
    rig.now_ms = 61001;
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 1);
    assert_int_equal(rig_view(&rig).streak, 1);
    /* The new run's two windows begin with its own first. */
    rig.now_ms = 121001;
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 4);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_OPEN);
}

static void a_fail_rate_opens_at_its_share_once_there_are_enough_calls(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig.policy.streak = 0;
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    rig_calls(&rig, TRUST_OUTCOME_OK, 4);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_CLOSED);
    /* Five of ten are half; a success opens it, because every record is judged. */
    rig_calls(&rig, TRUST_OUTCOME_OK, 1);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_OPEN);
    assert_int_equal(rig_view(&rig).reason, TRUST_BREAKER_BY_FAIL_RATE);
    assert_int_equal(rig.events.event[0].threshold, 500);
    assert_int_equal(rig.events.event[0].observed, 500);
}

static void one_failure_below_the_share_does_not_open(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig.policy.streak = 0;
    rig_calls(&rig, TRUST_OUTCOME_OK, 6);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_CLOSED);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 1);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_OPEN);
}

static void an_internal_error_is_half_a_failure(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 1);
    rig_calls(&rig, TRUST_OUTCOME_INTERNAL, 7);
    rig_calls(&rig, TRUST_OUTCOME_OK, 2);
    struct trust_breaker_view view = rig_view(&rig);
    assert_int_equal(view.state, TRUST_BREAKER_CLOSED);
    assert_int_equal(view.half_failures, 9); /* 4.5 of 10 */
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_INTERNAL, 9);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_CLOSED);
    rig_calls(&rig, TRUST_OUTCOME_INTERNAL, 1);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_OPEN); /* 5 of 10 */
}

static void a_slow_rate_opens_at_its_share(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    for (int i = 0; i < 8; i++)
        rig_tell(&rig, NULL, (struct trust_outcome){.is_slow = true});
    rig_calls(&rig, TRUST_OUTCOME_OK, 1);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_CLOSED);
    rig_calls(&rig, TRUST_OUTCOME_OK, 1);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_OPEN);
    assert_int_equal(rig_view(&rig).reason, TRUST_BREAKER_BY_SLOW_RATE);
    assert_int_equal(rig.events.event[0].observed, 800);
}

static void a_timeout_is_a_failure_and_slow(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_TIMEOUT, 1);
    struct trust_breaker_view view = rig_view(&rig);
    assert_int_equal(view.calls, 1);
    assert_int_equal(view.half_failures, 2);
    assert_int_equal(view.slow, 1);
    assert_int_equal(view.streak, 1);
}

static void zero_switches_each_criterion_off(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig.policy.streak = 0;
    rig.policy.fail_pct = 0;
    rig.policy.slow_pct = 0;
    rig_calls(&rig, TRUST_OUTCOME_TIMEOUT, 1000);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_CLOSED);
    assert_int_equal(rig_view(&rig).calls, 1000);
}

static void a_neutral_outcome_is_no_call(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_CALLER, 3);
    rig_calls(&rig, TRUST_OUTCOME_CANCELLED, 3);
    rig_calls(&rig, TRUST_OUTCOME_AUTH, 3);
    assert_int_equal(rig_view(&rig).calls, 0);
    assert_true(rig_view(&rig).is_auth_required);
    rig_calls(&rig, TRUST_OUTCOME_OK, 1);
    assert_false(rig_view(&rig).is_auth_required);
}

static void a_session_lost_twice_in_a_row_is_a_failure(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_SESSION_LOST, 1);
    assert_int_equal(rig_view(&rig).calls, 0);
    rig_calls(&rig, TRUST_OUTCOME_CANCELLED, 1); /* says nothing, breaks no row */
    rig_calls(&rig, TRUST_OUTCOME_SESSION_LOST, 1);
    assert_int_equal(rig_view(&rig).calls, 1);
    assert_int_equal(rig_view(&rig).half_failures, 2);
    assert_int_equal(rig_view(&rig).streak, 1);
    rig_calls(&rig, TRUST_OUTCOME_OK, 1);
    rig_calls(&rig, TRUST_OUTCOME_SESSION_LOST, 1);
    assert_int_equal(rig_view(&rig).calls, 2);
}

static void retry_after_opens_at_once_for_at_least_that_long(void **state)
{
    (void)state;
    static const struct {
        uint32_t retry_after_ms;
        uint64_t until_ms;
    } rows[] = {{2000, 5100}, {5000, 5100}, {90000, 90100}, {7200000, 3600100}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        rig_init(&rig, 100);
        rig_tell(&rig, NULL,
                 (struct trust_outcome){.class_ = TRUST_OUTCOME_RATE_LIMITED,
                                        .latency_ms = TRUST_LATENCY_UNKNOWN,
                                        .retry_after_ms = rows[i].retry_after_ms});
        struct trust_breaker_view view = rig_view(&rig);
        assert_int_equal(view.state, TRUST_BREAKER_OPEN);
        assert_int_equal(view.reason, TRUST_BREAKER_BY_RETRY_AFTER);
        assert_int_equal(view.until.ms, rows[i].until_ms);
        assert_int_equal(view.backoff_k, 1);
    }
}

static void a_429_without_retry_after_counts_in_the_rate(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_RATE_LIMITED, 9);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_CLOSED);
    assert_int_equal(rig_view(&rig).half_failures, 18);
    rig_calls(&rig, TRUST_OUTCOME_RATE_LIMITED, 1);
    assert_int_equal(rig_view(&rig).reason, TRUST_BREAKER_BY_FAIL_RATE);
}

static void a_stale_permit_feeds_the_latency_alone(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    struct trust_permit permit;
    assert_true(rig_ask(&rig, &permit, AGENT));
    rig_order(&rig, TRUST_BREAKER_CLOSE, TRUST_MONO_NEVER);
    rig_tell(&rig, &permit, (struct trust_outcome){.latency_ms = 40});
    assert_int_equal(rig_view(&rig).calls, 0);
    assert_int_equal(rig_view(&rig).ewma_ms, 40);
    assert_int_equal(rig_view(&rig).p50_ms, 40);
}

static void a_closed_permit_that_never_settles_counts_as_nothing(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    struct trust_permit permit;
    for (int i = 0; i < 100; i++)
        assert_true(rig_ask(&rig, &permit, AGENT));
    rig.now_ms = 86400000;
    assert_int_equal(rig_view(&rig).calls, 0);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_CLOSED);
}

static void forced_open_refuses_until_it_expires_and_then_probes(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_order(&rig, TRUST_BREAKER_FORCE_OPEN, 5000);
    assert_false(rig_call(&rig, TRUST_OUTCOME_OK));
    assert_int_equal(rig_view(&rig).note, 5);
    assert_int_equal(rig_state_at(&rig, 4999), TRUST_BREAKER_FORCED_OPEN);
    assert_int_equal(rig_state_at(&rig, 5000), TRUST_BREAKER_HALF_OPEN);
    assert_int_equal(rig_view(&rig).reason, TRUST_BREAKER_BY_EXPIRY);
    assert_int_equal(rig_view(&rig).note, 0);
    assert_int_equal(rig_view(&rig).since.ms, 5000);
}

static void forced_closed_permits_everything_and_records_nothing(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_order(&rig, TRUST_BREAKER_FORCE_CLOSED, 5000);
    for (int i = 0; i < 50; i++)
        assert_true(rig_call(&rig, TRUST_OUTCOME_TIMEOUT));
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_FORCED_CLOSED);
    assert_int_equal(rig_view(&rig).calls, 0);
    assert_int_equal(rig_view(&rig).streak, 0);
    assert_int_equal(rig_state_at(&rig, 5000), TRUST_BREAKER_CLOSED);
}

static void metrics_only_records_and_never_refuses(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_order(&rig, TRUST_BREAKER_WATCH, TRUST_MONO_NEVER);
    for (int i = 0; i < 50; i++)
        assert_true(rig_call(&rig, TRUST_OUTCOME_TIMEOUT));
    rig_tell(&rig, NULL,
             (struct trust_outcome){.class_ = TRUST_OUTCOME_RATE_LIMITED, .retry_after_ms = 9000});
    struct trust_breaker_view view = rig_view(&rig);
    assert_int_equal(view.state, TRUST_BREAKER_METRICS_ONLY);
    assert_int_equal(view.calls, 51);
    assert_int_equal(view.half_failures, 102);
    assert_int_equal(view.slow, 50);
    /* Its window moves on as a closed one's does. */
    rig.now_ms = 30000;
    assert_int_equal(rig_view(&rig).calls, 0);
}

static void close_and_reset_end_a_forced_state(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        struct rig rig;
        rig_init(&rig, 0);
        rig_order(&rig, (enum trust_breaker_verb)(i / 2), TRUST_MONO_NEVER);
        assert_int_not_equal(rig_view(&rig).state, TRUST_BREAKER_CLOSED);
        rig_order(&rig, i % 2 == 0 ? TRUST_BREAKER_CLOSE : TRUST_BREAKER_RESET, TRUST_MONO_NEVER);
        assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_CLOSED);
    }
}

static void an_order_into_the_same_state_begins_a_generation(void **state)
{
    (void)state;
    for (int verb = TRUST_BREAKER_FORCE_OPEN; verb <= TRUST_BREAKER_RESET; verb++) {
        struct rig rig;
        rig_init(&rig, 0);
        rig_calls(&rig, TRUST_OUTCOME_REFUSED, 2);
        rig_order(&rig, (enum trust_breaker_verb)verb, TRUST_MONO_NEVER);
        rig_order(&rig, (enum trust_breaker_verb)verb, TRUST_MONO_NEVER);
        assert_int_equal(rig_view(&rig).generation, 3);
        assert_int_equal(rig_view(&rig).calls, 0);
        assert_int_equal(rig_view(&rig).streak, 0);
        assert_int_equal(rig.events.count, 2);
        assert_int_equal(rig.events.event[1].from, rig.events.event[1].to);
        assert_int_equal(rig.events.event[1].reason, TRUST_BREAKER_BY_OVERRIDE);
        assert_int_equal(rig.events.event[1].note, 5);
    }
}

static void reset_clears_k_and_close_keeps_it(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    rig_order(&rig, TRUST_BREAKER_CLOSE, TRUST_MONO_NEVER);
    assert_int_equal(rig_view(&rig).backoff_k, 1);
    rig_order(&rig, TRUST_BREAKER_RESET, TRUST_MONO_NEVER);
    assert_int_equal(rig_view(&rig).backoff_k, 0);
}

static void a_changed_policy_empties_the_counters_and_keeps_the_state(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 4);
    rig.policy.window_calls = 20;
    struct trust_breaker_context context = rig_context(&rig);
    trust_breaker_adopt(&rig.breaker, &context);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_CLOSED);
    assert_int_equal(rig_view(&rig).calls, 0);
    assert_int_equal(rig_view(&rig).streak, 0);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    assert_int_equal(rig_view(&rig).until.ms, 5000);
    context = rig_context(&rig);
    trust_breaker_adopt(&rig.breaker, &context);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_OPEN);
    assert_int_equal(rig_view(&rig).until.ms, 5000);
    assert_int_equal(rig_view(&rig).backoff_k, 1);
}

static void an_order_that_expired_before_it_came_is_over_at_once(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 9000);
    rig_order(&rig, TRUST_BREAKER_FORCE_OPEN, 10);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_HALF_OPEN);
    assert_int_equal(rig_view(&rig).since.ms, 9000);
    assert_int_equal(rig.events.event[0].until.ms, 9000);
}

static void a_shorter_window_is_looked_at_from_its_adoption_on(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig.policy.window_ms = 86400000;
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 1);
    rig.policy.window_ms = 1000;
    struct trust_breaker_context context = rig_context(&rig);
    trust_breaker_adopt(&rig.breaker, &context);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 1);
    rig.now_ms = 1000;
    assert_int_equal(rig_view(&rig).calls, 0);
}

static void time_that_goes_back_counts_as_no_time_passed(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 100000);
    rig_calls(&rig, TRUST_OUTCOME_OK, 3);
    rig.now_ms = 10;
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 2);
    assert_int_equal(rig_view(&rig).calls, 5);
    assert_int_equal(rig_view(&rig).streak, 2);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 3);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_OPEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_is_at_most_256_bytes),
        cmocka_unit_test(a_new_cell_is_closed_and_empty),
        cmocka_unit_test(it_opens_on_exactly_the_streak),
        cmocka_unit_test(an_event_tells_of_the_opening),
        cmocka_unit_test(a_success_breaks_a_streak_even_if_slow),
        cmocka_unit_test(what_is_no_whole_failure_neither_counts_in_a_streak_nor_breaks_it),
        cmocka_unit_test(a_streak_counts_up_to_two_windows_after_its_first),
        cmocka_unit_test(a_streak_later_than_two_windows_begins_anew_with_one),
        cmocka_unit_test(a_fail_rate_opens_at_its_share_once_there_are_enough_calls),
        cmocka_unit_test(one_failure_below_the_share_does_not_open),
        cmocka_unit_test(an_internal_error_is_half_a_failure),
        cmocka_unit_test(a_slow_rate_opens_at_its_share),
        cmocka_unit_test(a_timeout_is_a_failure_and_slow),
        cmocka_unit_test(zero_switches_each_criterion_off),
        cmocka_unit_test(a_neutral_outcome_is_no_call),
        cmocka_unit_test(a_session_lost_twice_in_a_row_is_a_failure),
        cmocka_unit_test(retry_after_opens_at_once_for_at_least_that_long),
        cmocka_unit_test(a_429_without_retry_after_counts_in_the_rate),
        cmocka_unit_test(a_stale_permit_feeds_the_latency_alone),
        cmocka_unit_test(a_closed_permit_that_never_settles_counts_as_nothing),
        cmocka_unit_test(forced_open_refuses_until_it_expires_and_then_probes),
        cmocka_unit_test(forced_closed_permits_everything_and_records_nothing),
        cmocka_unit_test(metrics_only_records_and_never_refuses),
        cmocka_unit_test(close_and_reset_end_a_forced_state),
        cmocka_unit_test(an_order_into_the_same_state_begins_a_generation),
        cmocka_unit_test(reset_clears_k_and_close_keeps_it),
        cmocka_unit_test(a_changed_policy_empties_the_counters_and_keeps_the_state),
        cmocka_unit_test(an_order_that_expired_before_it_came_is_over_at_once),
        cmocka_unit_test(a_shorter_window_is_looked_at_from_its_adoption_on),
        cmocka_unit_test(time_that_goes_back_counts_as_no_time_passed),
    };
    return cmocka_run_group_tests_name("shield/breaker", tests, NULL, NULL);
}
