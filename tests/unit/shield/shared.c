/* shield/shared: when the node's cell of a server opens and closes for everybody. */
#include "shield/shared.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "shared_rig.h"

static void it_opens_for_half_of_the_agents_and_at_least_two(void **state)
{
    (void)state;
    static const struct {
        int failing, healthy;
        bool is_open;
    } rows[] = {
        {1, 0, true},  {1, 1, false}, {2, 0, true},  {2, 1, true}, {2, 2, true},
        {2, 3, false}, {3, 3, true},  {3, 4, false}, {8, 8, true}, {7, 9, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        begin(&rig);
        for (int agent = 0; agent < rows[i].healthy; agent++)
            tell(&rig, 100 + (uint64_t)agent, NULL, TRUST_OUTCOME_OK);
        for (int agent = 0; agent < rows[i].failing; agent++)
            tell_many(&rig, 200 + (uint64_t)agent, TRUST_OUTCOME_REFUSED, 5);
        assert_int_equal(state_of(&rig),
                         rows[i].is_open ? TRUST_BREAKER_OPEN : TRUST_BREAKER_CLOSED);
    }
}

static bool agrees_on_garbage(struct rig *rig)
{
    return trust_shared_agrees_on_garbage(&rig->shared, (struct trust_mono){rig->now_ms});
}

static void garbage_is_agreed_on_by_half_of_the_agents_and_never_by_one(void **state)
{
    (void)state;
    static const struct {
        int garbled, healthy;
        bool agrees;
    } rows[] = {
        {0, 0, false}, {1, 0, false}, {1, 1, false}, {2, 0, true}, {2, 1, true},  {2, 2, true},
        {2, 3, false}, {3, 3, true},  {3, 4, false}, {8, 8, true}, {7, 9, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        begin(&rig);
        for (int agent = 0; agent < rows[i].healthy; agent++)
            tell_many(&rig, 100 + (uint64_t)agent, TRUST_OUTCOME_REFUSED, 4);
        for (int agent = 0; agent < rows[i].garbled; agent++)
            tell_many(&rig, 200 + (uint64_t)agent, TRUST_OUTCOME_GARBAGE, 3);
        assert_int_equal(agrees_on_garbage(&rig), rows[i].agrees);
    }
}

static void voices_about_garbage_last_for_an_hour_and_a_reset_forgets_them(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    tell(&rig, 1, NULL, TRUST_OUTCOME_GARBAGE);
    rig.now_ms = TRUST_SHARED_GARBAGE_MS - 1;
    tell(&rig, 2, NULL, TRUST_OUTCOME_GARBAGE);
    assert_true(agrees_on_garbage(&rig));
    rig.now_ms++;
    assert_false(agrees_on_garbage(&rig));
    tell(&rig, 1, NULL, TRUST_OUTCOME_GARBAGE);
    assert_true(agrees_on_garbage(&rig));
    order(&rig, TRUST_BREAKER_CLOSE);
    assert_true(agrees_on_garbage(&rig));
    order(&rig, TRUST_BREAKER_RESET);
    assert_false(agrees_on_garbage(&rig));
}

static void an_event_tells_how_many_agents_it_took(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    for (uint64_t agent = 1; agent <= 4; agent++)
        tell(&rig, agent, NULL, TRUST_OUTCOME_OK);
    tell_many(&rig, 1, TRUST_OUTCOME_REFUSED, 5);
    tell_many(&rig, 2, TRUST_OUTCOME_REFUSED, 5);
    assert_int_equal(rig.events.count, 1);
    assert_int_equal(rig.events.event[0].reason, TRUST_BREAKER_BY_AGENTS);
    assert_int_equal(rig.events.event[0].threshold, 2);
    assert_int_equal(rig.events.event[0].observed, 2);
    assert_int_equal(rig.events.event[0].until.ms, 5000);
    assert_int_equal(view_of(&rig).backoff_k, 1);
}

static void an_agent_counts_for_one_window_after_its_last_outcome(void **state)
{
    (void)state;
    for (uint64_t late_ms = 0; late_ms < 2; late_ms++) {
        struct rig rig;
        begin(&rig);
        tell(&rig, 1, NULL, TRUST_OUTCOME_OK);
        rig.now_ms = 29999 + late_ms;
        tell_many(&rig, 2, TRUST_OUTCOME_REFUSED, 5);
        assert_int_equal(state_of(&rig), late_ms == 0 ? TRUST_BREAKER_CLOSED : TRUST_BREAKER_OPEN);
    }
}

static void an_agent_with_neutral_outcomes_alone_does_not_count(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    tell_many(&rig, 1, TRUST_OUTCOME_CANCELLED, 3);
    tell_many(&rig, 2, TRUST_OUTCOME_REFUSED, 5);
    assert_int_equal(state_of(&rig), TRUST_BREAKER_OPEN);
}

static void an_agent_whose_cell_is_half_open_is_not_open(void **state)
{
    (void)state;
    for (uint64_t late_ms = 0; late_ms < 2; late_ms++) {
        struct rig rig;
        begin(&rig);
        tell(&rig, 2, NULL, TRUST_OUTCOME_OK);
        tell_many(&rig, 1, TRUST_OUTCOME_REFUSED, 5);
        rig.now_ms = 4999 + late_ms;
        tell_many(&rig, 2, TRUST_OUTCOME_REFUSED, 5);
        assert_int_equal(state_of(&rig), late_ms == 0 ? TRUST_BREAKER_OPEN : TRUST_BREAKER_CLOSED);
    }
}

static void many_failures_over_many_healthy_agents_open_nothing(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    for (uint64_t agent = 0; agent < 10; agent++)
        tell_many(&rig, agent, TRUST_OUTCOME_REFUSED, 4);
    struct trust_breaker_view view = view_of(&rig);
    assert_int_equal(view.state, TRUST_BREAKER_CLOSED);
    assert_int_equal(view.calls, 40);
    assert_int_equal(view.half_failures, 80);
    assert_int_equal(view.streak, 40);
}

static void a_retry_after_opens_that_agents_cell_alone(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    tell(&rig, 2, NULL, TRUST_OUTCOME_OK);
    struct trust_breaker_context context = context_of(&rig);
    struct trust_shared_report report = {.agent = 1,
                                         .outcome = {.class_ = TRUST_OUTCOME_RATE_LIMITED,
                                                     .latency_ms = 5,
                                                     .retry_after_ms = 60000}};
    trust_shared_record(&rig.shared, &report, &context);
    assert_int_equal(state_of(&rig), TRUST_BREAKER_CLOSED);
    report.agent = 2;
    trust_shared_record(&rig.shared, &report, &context);
    /* Both open: the gate is for its own back-off, not for what the server asked of them. */
    assert_int_equal(state_of(&rig), TRUST_BREAKER_OPEN);
    assert_int_equal(view_of(&rig).until.ms, 5000);
}

static void leases_of_distinct_agents_close_it(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit first;
    struct trust_permit second;
    half_open(&rig);
    assert_true(ask(&rig, &first, 1));
    assert_true(ask(&rig, &second, 2));
    tell(&rig, 1, &first, TRUST_OUTCOME_OK);
    assert_int_equal(state_of(&rig), TRUST_BREAKER_HALF_OPEN);
    tell(&rig, 2, &second, TRUST_OUTCOME_OK);
    assert_int_equal(state_of(&rig), TRUST_BREAKER_CLOSED);
    assert_int_equal(rig.events.event[rig.events.count - 1].reason, TRUST_BREAKER_BY_PROBES_PASSED);
    /* The agents' cells began anew: one healthy outcome does not open it again. */
    tell(&rig, 1, NULL, TRUST_OUTCOME_OK);
    tell(&rig, 2, NULL, TRUST_OUTCOME_REFUSED);
    assert_int_equal(state_of(&rig), TRUST_BREAKER_CLOSED);
}

static void closing_closes_the_cells_of_agents_that_did_not_probe(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    begin(&rig);
    tell_many(&rig, 1, TRUST_OUTCOME_REFUSED, 5);
    tell_many(&rig, 2, TRUST_OUTCOME_REFUSED, 5);
    rig.now_ms = 4000;
    tell_many(&rig, 3, TRUST_OUTCOME_REFUSED, 5); /* their cells are open up to 9,000 */
    tell_many(&rig, 4, TRUST_OUTCOME_REFUSED, 5);
    rig.now_ms = 5000;
    for (uint64_t agent = 1; agent <= 2; agent++) {
        assert_true(ask(&rig, &permit, agent));
        tell(&rig, agent, &permit, TRUST_OUTCOME_OK);
    }
    assert_int_equal(state_of(&rig), TRUST_BREAKER_CLOSED);
    tell(&rig, 1, NULL, TRUST_OUTCOME_OK);
    assert_int_equal(state_of(&rig), TRUST_BREAKER_CLOSED);
}

static void a_retry_after_on_a_lease_is_one_failed_probe(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_shared_report report = {.agent = 1, .holder = 1};
    struct trust_permit permit;
    half_open(&rig);
    assert_true(ask(&rig, &permit, 1));
    report.permit = &permit;
    report.outcome = (struct trust_outcome){.class_ = TRUST_OUTCOME_RATE_LIMITED,
                                            .latency_ms = TRUST_LATENCY_UNKNOWN,
                                            .retry_after_ms = 60000};
    struct trust_breaker_context context = context_of(&rig);
    trust_shared_record(&rig.shared, &report, &context);
    assert_int_equal(state_of(&rig), TRUST_BREAKER_HALF_OPEN);
    assert_int_equal(view_of(&rig).half_failures, 2);
}

static void one_agent_gets_no_second_lease_before_another_had_its_first(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    half_open(&rig);
    rig.policy.probes = 4;
    for (int i = 0; i < 2; i++) {
        assert_true(ask(&rig, &permit, 1)); /* alone, it may have several */
        tell(&rig, 1, &permit, i == 0 ? TRUST_OUTCOME_OK : TRUST_OUTCOME_CANCELLED);
    }
    assert_true(ask(&rig, &permit, 2));
    tell(&rig, 2, &permit, TRUST_OUTCOME_CANCELLED);
    /* 1 had two, 2 had one and asked just now. */
    assert_false(ask(&rig, &permit, 1));
    assert_int_equal(view_of(&rig).denied, 1);
    assert_true(ask(&rig, &permit, 2));
    tell(&rig, 2, &permit, TRUST_OUTCOME_CANCELLED);
    assert_true(ask(&rig, &permit, 1));
}

static void an_agent_that_went_away_holds_nobody_up(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    half_open(&rig);
    assert_true(ask(&rig, &permit, 2));
    tell(&rig, 2, &permit, TRUST_OUTCOME_CANCELLED);
    for (int i = 0; i < 2; i++) {
        rig.now_ms += 10000;
        assert_true(ask(&rig, &permit, 1));
        tell(&rig, 1, &permit, TRUST_OUTCOME_OK);
    }
    assert_int_equal(state_of(&rig), TRUST_BREAKER_CLOSED);
    half_open(&rig);
    rig.policy.probes = 4;
    assert_true(ask(&rig, &permit, 2));
    tell(&rig, 2, &permit, TRUST_OUTCOME_CANCELLED);
    rig.now_ms += 1;
    assert_true(ask(&rig, &permit, 1));
    tell(&rig, 1, &permit, TRUST_OUTCOME_OK);
    assert_true(ask(&rig, &permit, 1)); /* as many as 2 had */
    tell(&rig, 1, &permit, TRUST_OUTCOME_CANCELLED);
    rig.now_ms += 9998;
    assert_false(ask(&rig, &permit, 1));
    rig.now_ms += 1;
    assert_true(ask(&rig, &permit, 1));
}

static void a_lease_of_somebody_else_settles_nothing(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    half_open(&rig);
    assert_true(ask(&rig, &permit, 1));
    tell(&rig, 2, &permit, TRUST_OUTCOME_OK);
    assert_int_equal(view_of(&rig).calls, 0);
    tell(&rig, 1, &permit, TRUST_OUTCOME_OK);
    assert_int_equal(view_of(&rig).calls, 1);
}

static void a_lease_that_another_brings_back_settles_its_holders(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_shared_report report = {
        .agent = 9,
        .holder = 1,
        .outcome = {.class_ = TRUST_OUTCOME_OK, .latency_ms = TRUST_LATENCY_UNKNOWN}};
    struct trust_permit permit;
    half_open(&rig);
    assert_true(ask(&rig, &permit, 1));
    report.permit = &permit;
    struct trust_breaker_context context = context_of(&rig);
    trust_shared_record(&rig.shared, &report, &context);
    assert_int_equal(view_of(&rig).calls, 1);
}

static void outcomes_without_a_lease_never_close_it(void **state)
{
    (void)state;
    struct rig rig;
    half_open(&rig);
    tell_many(&rig, 1, TRUST_OUTCOME_OK, 50);
    tell_many(&rig, 3, TRUST_OUTCOME_OK, 50);
    assert_int_equal(state_of(&rig), TRUST_BREAKER_HALF_OPEN);
    assert_int_equal(view_of(&rig).calls, 0);
}

static void a_permit_of_an_earlier_generation_counts_in_no_window(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    begin(&rig);
    assert_true(ask(&rig, &permit, 1));
    tell(&rig, 1, &permit, TRUST_OUTCOME_OK);
    assert_int_equal(view_of(&rig).calls, 1);
    order(&rig, TRUST_BREAKER_CLOSE);
    tell(&rig, 1, &permit, TRUST_OUTCOME_REFUSED);
    assert_int_equal(view_of(&rig).calls, 0);
}

static void failed_leases_open_it_again_for_longer(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    half_open(&rig);
    for (uint64_t agent = 1; agent <= 2; agent++) {
        assert_true(ask(&rig, &permit, agent));
        tell(&rig, agent, &permit, TRUST_OUTCOME_REFUSED);
    }
    assert_int_equal(state_of(&rig), TRUST_BREAKER_OPEN);
    assert_int_equal(view_of(&rig).until.ms, 15000);
}

static void orders_hold_and_close_closes_the_agents_cells_too(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    order(&rig, TRUST_BREAKER_FORCE_CLOSED);
    tell_many(&rig, 1, TRUST_OUTCOME_REFUSED, 50);
    assert_int_equal(state_of(&rig), TRUST_BREAKER_FORCED_CLOSED);
    order(&rig, TRUST_BREAKER_CLOSE);
    tell(&rig, 1, NULL, TRUST_OUTCOME_REFUSED);
    assert_int_equal(state_of(&rig), TRUST_BREAKER_CLOSED);
    order(&rig, TRUST_BREAKER_WATCH);
    tell_many(&rig, 1, TRUST_OUTCOME_REFUSED, 50);
    assert_int_equal(state_of(&rig), TRUST_BREAKER_METRICS_ONLY);
    assert_int_equal(view_of(&rig).calls, 50);
    order(&rig, TRUST_BREAKER_RESET);
    tell_many(&rig, 1, TRUST_OUTCOME_REFUSED, 4);
    assert_int_equal(state_of(&rig), TRUST_BREAKER_CLOSED);
    tell(&rig, 1, NULL, TRUST_OUTCOME_REFUSED);
    assert_int_equal(state_of(&rig), TRUST_BREAKER_OPEN);
}

static void the_agent_silent_longest_makes_room(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    for (uint64_t agent = 0; agent < TRUST_SHARED_AGENTS_MAX; agent++) {
        rig.now_ms = 100 + agent;
        tell(&rig, agent, NULL, TRUST_OUTCOME_OK);
    }
    rig.now_ms = 200;
    tell(&rig, 0, NULL, TRUST_OUTCOME_OK); /* so that 1 is the silent one */
    tell(&rig, 1000, NULL, TRUST_OUTCOME_OK);
    assert_int_equal(rig.shared.agent_count, TRUST_SHARED_AGENTS_MAX);
    bool has_0 = false;
    bool has_1 = false;
    for (uint32_t i = 0; i < TRUST_SHARED_AGENTS_MAX; i++) {
        has_0 = has_0 || rig.shared.agents[i].agent == 0;
        has_1 = has_1 || rig.shared.agents[i].agent == 1;
    }
    assert_true(has_0);
    assert_false(has_1);
    assert_int_equal(rig.shared.agents[1].agent, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_opens_for_half_of_the_agents_and_at_least_two),
        cmocka_unit_test(garbage_is_agreed_on_by_half_of_the_agents_and_never_by_one),
        cmocka_unit_test(voices_about_garbage_last_for_an_hour_and_a_reset_forgets_them),
        cmocka_unit_test(an_event_tells_how_many_agents_it_took),
        cmocka_unit_test(an_agent_counts_for_one_window_after_its_last_outcome),
        cmocka_unit_test(an_agent_with_neutral_outcomes_alone_does_not_count),
        cmocka_unit_test(an_agent_whose_cell_is_half_open_is_not_open),
        cmocka_unit_test(many_failures_over_many_healthy_agents_open_nothing),
        cmocka_unit_test(a_retry_after_opens_that_agents_cell_alone),
        cmocka_unit_test(leases_of_distinct_agents_close_it),
        cmocka_unit_test(closing_closes_the_cells_of_agents_that_did_not_probe),
        cmocka_unit_test(a_retry_after_on_a_lease_is_one_failed_probe),
        cmocka_unit_test(one_agent_gets_no_second_lease_before_another_had_its_first),
        cmocka_unit_test(an_agent_that_went_away_holds_nobody_up),
        cmocka_unit_test(a_lease_of_somebody_else_settles_nothing),
        cmocka_unit_test(a_lease_that_another_brings_back_settles_its_holders),
        cmocka_unit_test(outcomes_without_a_lease_never_close_it),
        cmocka_unit_test(a_permit_of_an_earlier_generation_counts_in_no_window),
        cmocka_unit_test(failed_leases_open_it_again_for_longer),
        cmocka_unit_test(orders_hold_and_close_closes_the_agents_cells_too),
        cmocka_unit_test(the_agent_silent_longest_makes_room),
    };
    return cmocka_run_group_tests_name("shield/shared", tests, NULL, NULL);
}
