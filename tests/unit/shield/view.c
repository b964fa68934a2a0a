/* shield/view: reading a cell at a time, and the names of what is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rig.h"

static void a_reading_is_of_its_own_time(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_TIMEOUT, 3);
    rig_calls(&rig, TRUST_OUTCOME_OK, 1);
    static const struct {
        uint64_t now_ms;
        uint32_t calls, half_failures, slow;
    } rows[] = {{0, 4, 6, 3}, {29999, 4, 6, 3}, {30000, 0, 0, 0}, {3000, 4, 6, 3}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig.now_ms = rows[i].now_ms;
        struct trust_breaker_view view = rig_view(&rig);
        assert_int_equal(view.calls, rows[i].calls);
        assert_int_equal(view.half_failures, rows[i].half_failures);
        assert_int_equal(view.slow, rows[i].slow);
    }
}

static void half_open_shows_results_and_no_end(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    rig_init(&rig, 0);
    rig_half_open(&rig);
    assert_true(rig_ask(&rig, &permit, AGENT));
    rig_calls(&rig, TRUST_OUTCOME_INTERNAL, 1);
    rig.now_ms = 50000; /* results do not grow old */
    struct trust_breaker_view view = rig_view(&rig);
    assert_int_equal(view.calls, 1);
    assert_int_equal(view.half_failures, 1);
    assert_int_equal(view.leases, 1);
    assert_int_equal(view.streak, 0);
    assert_true(view.until.ms == TRUST_MONO_NEVER);
    /* Nor does a lease count as one once it is lost. */
    rig.now_ms = 65000;
    view = rig_view(&rig);
    assert_int_equal(view.leases, 0);
    assert_int_equal(view.state, TRUST_BREAKER_OPEN);
    assert_int_equal(view.until.ms, 75000);
}

static void states_and_reasons_have_names(void **state)
{
    (void)state;
    static const char *const states[] = {"closed",      "open",          "half_open",
                                         "forced_open", "forced_closed", "metrics_only"};
    for (uint32_t i = 0; i < sizeof states / sizeof *states; i++)
        assert_string_equal(trust_breaker_state_name((enum trust_breaker_state)i), states[i]);
    static const char *const reasons[] = {
        "start",         "streak",      "fail_rate",     "slow_rate", "retry_after",
        "probes_failed", "probes_slow", "probes_passed", "wait_over", "agents",
        "override",      "expiry",      "restart",       "policy"};
    for (uint32_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        assert_string_equal(trust_breaker_reason_name((enum trust_breaker_reason)i), reasons[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reading_is_of_its_own_time),
        cmocka_unit_test(half_open_shows_results_and_no_end),
        cmocka_unit_test(states_and_reasons_have_names),
    };
    return cmocka_run_group_tests_name("shield/view", tests, NULL, NULL);
}
