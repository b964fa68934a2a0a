/* engine/calls: outcomes open the shared breaker, leases close it, and all agents see the same. */
#include <stdio.h>

#include "records.h"

#define CALLED 8192

static uint32_t watch(struct rig *rig)
{
    uint32_t server = 0;
    assert_int_equal(trust_engine_watch(rig->engine, &server, trust_bytes_text("mcp:io.example/a"),
                                        TRUST_CELL_NAMED, rig->now),
                     TRUST_OK);
    rig_run(rig);
    return server;
}

static void report(struct rig *rig, uint32_t server, uint64_t agent,
                   enum trust_outcome_class class_)
{
    const struct trust_shared_report outcome = {.agent = agent,
                                                .outcome = {.class_ = class_, .latency_ms = 20}};
    trust_engine_handle_outcome(rig->engine, server, &outcome, rig->now);
    rig_run(rig);
}

static enum trust_breaker_state state_of(struct rig *rig, uint32_t server)
{
    struct trust_board_cell cell;
    trust_engine_cell(rig->engine, server, &cell, rig->now);
    return cell.breaker_state;
}

static void five_failures_of_the_only_agent_open_the_breaker_for_all(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t server = watch(rig);
    for (int i = 0; i < 4; i++)
        report(rig, server, 1, TRUST_OUTCOME_REFUSED);
    assert_int_equal(state_of(rig, server), TRUST_BREAKER_CLOSED);
    assert_int_equal(rig->breakers, 0);
    report(rig, server, 1, TRUST_OUTCOME_REFUSED);
    assert_int_equal(state_of(rig, server), TRUST_BREAKER_OPEN);
    assert_int_equal(rig->breakers, 1);
    assert_int_equal(rig->last_breaker.to, TRUST_BREAKER_OPEN);
    struct trust_permit permit;
    assert_int_equal(trust_engine_lease(rig->engine, server, &permit, 2, rig->now), TRUST_NO_LEASE);
    rig_close(rig);
}

static void leases_of_two_agents_close_it_again(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    struct trust_breaker_policy policy = trust_breaker_policy_default();
    policy.jitter_ppm = 0;
    policy.probes = 2;
    trust_engine_set_policy(rig->engine, &policy, rig->now);
    uint32_t server = watch(rig);
    for (int i = 0; i < 5; i++)
        report(rig, server, 1, TRUST_OUTCOME_TIMEOUT);
    rig_pass(rig, policy.open_ms);
    assert_int_equal(state_of(rig, server), TRUST_BREAKER_HALF_OPEN);
    for (uint64_t agent = 1; agent <= 2; agent++) {
        struct trust_permit permit;
        assert_int_equal(trust_engine_lease(rig->engine, server, &permit, agent, rig->now),
                         TRUST_OK);
        const struct trust_shared_report outcome = {
            .agent = agent,
            .holder = agent,
            .permit = &permit,
            .outcome = {.class_ = TRUST_OUTCOME_OK, .latency_ms = 10}};
        trust_engine_handle_outcome(rig->engine, server, &outcome, rig->now);
        rig_run(rig);
    }
    assert_int_equal(state_of(rig, server), TRUST_BREAKER_CLOSED);
    rig_close(rig);
}

static void a_breaker_survives_a_restart_in_remaining_time(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t server = watch(rig);
    const struct trust_breaker_order order = {.verb = TRUST_BREAKER_FORCE_OPEN,
                                              .expires = {.ms = rig->now.mono.ms + 60000}};
    trust_engine_order_breaker(rig->engine, server, &order, rig->now);
    uint8_t saved[TRUST_BREAKER_SNAPSHOT_SIZE];
    trust_engine_save_breaker(rig->engine, server, saved, rig->now);
    rig_close(rig);
    rig = rig_open(NULL, 1);
    rig->now.mono.ms = 5;
    server = watch(rig);
    assert_int_equal(trust_engine_load_breaker(rig->engine, server,
                                               (struct trust_bytes){saved, sizeof saved}, rig->now),
                     TRUST_OK);
    assert_int_equal(state_of(rig, server), TRUST_BREAKER_FORCED_OPEN);
    rig_pass(rig, 59999);
    assert_int_equal(state_of(rig, server), TRUST_BREAKER_FORCED_OPEN);
    rig_pass(rig, 1);
    assert_int_not_equal(state_of(rig, server), TRUST_BREAKER_FORCED_OPEN);
    rig_close(rig);
}

static void outcomes_become_evidence_and_completed_calls_are_healthy(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t server = watch(rig);
    for (int i = 0; i < 20; i++) {
        const struct trust_shared_report outcome = {
            .agent = 1,
            .outcome = {.class_ = TRUST_OUTCOME_OK, .is_error = true, .latency_ms = 10}};
        trust_engine_handle_outcome(rig->engine, server, &outcome, rig->now);
    }
    rig_run(rig);
    assert_int_equal(state_of(rig, server), TRUST_BREAKER_CLOSED);
    struct trust_own_calls calls;
    assert_true(trust_engine_own_calls(rig->engine, server, &calls, rig->now));
    assert_true(calls.good > 19.99 && calls.bad < .01);
    struct trust_board_cell cell;
    trust_engine_cell(rig->engine, server, &cell, rig->now);
    assert_int_equal(cell.status, TRUST_SCORE_OK);
    /* n_p 20, S_p 20, no overall: r_p = 21/22 is both means. */
    assert_in_range(cell.score_ppm, 954545, 954546);
    rig_close(rig);
}

static void a_breaker_is_kept_from_the_first_call_on(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t server = watch(rig);
    assert_false(trust_engine_is_active(rig->engine, server));
    assert_int_equal(state_of(rig, server), TRUST_BREAKER_CLOSED);
    struct trust_breaker_view view;
    trust_engine_read_breaker(rig->engine, server, &view, rig->now);
    assert_int_equal(view.generation, 1);
    assert_int_equal(view.reason, TRUST_BREAKER_BY_START);
    uint8_t saved[TRUST_BREAKER_SNAPSHOT_SIZE];
    trust_engine_save_breaker(rig->engine, server, saved, rig->now);
    assert_false(trust_engine_is_active(rig->engine, server));
    struct trust_permit permit;
    assert_int_equal(trust_engine_lease(rig->engine, server, &permit, 1, rig->now), TRUST_OK);
    assert_int_equal(permit.generation, 1);
    assert_true(trust_engine_is_active(rig->engine, server));
    rig_close(rig);
}

/* A quarter of a board would fill the queue of a node, two events a server. */
static void a_new_policy_reaches_as_many_servers_as_anybody_called(void **state)
{
    (void)state;
    struct trust_engine_limits limits = rig_limits();
    limits.watched = CALLED + 1;
    limits.servers = 2 * CALLED;
    struct rig *rig = rig_open_limited(NULL, 1, &limits);
    uint32_t server = 0;
    for (uint32_t i = 0; i < CALLED; i++) {
        char subject[48];
        (void)snprintf(subject, sizeof subject, "mcp:io.example/x%u", i);
        assert_int_equal(
            trust_engine_watch(rig->engine, &server, trust_bytes_text(subject), 0, rig->now),
            TRUST_OK);
        report(rig, server, 1, TRUST_OUTCOME_OK);
    }
    report(rig, server, 1, TRUST_OUTCOME_REFUSED);
    struct trust_breaker_policy policy = trust_breaker_policy_default();
    policy.streak = 1;
    uint32_t named = watch(rig);
    rig_pass(rig, 200);
    const uint32_t boards = rig->boards;
    struct trust_breaker_view before;
    trust_engine_read_breaker(rig->engine, server, &before, rig->now);
    assert_int_equal(before.calls, 2);
    trust_engine_set_policy(rig->engine, &policy, rig->now);
    struct trust_breaker_view after;
    trust_engine_read_breaker(rig->engine, server, &after, rig->now);
    assert_int_equal(after.generation, before.generation + 1);
    assert_int_equal(after.reason, TRUST_BREAKER_BY_POLICY);
    assert_int_equal(after.calls, 0);
    rig_run(rig);
    assert_int_equal(rig->breakers, 0);
    /* What the operator named is shown at once, the others 1,024 a tick. */
    assert_int_equal(rig->boards, boards + 1);
    for (uint32_t i = 1; i <= CALLED / 1024; i++) {
        rig_pass(rig, 200);
        assert_in_range(rig->boards - boards, i * 1024 - 1, i * 1024 + 1);
    }
    report(rig, named, 1, TRUST_OUTCOME_REFUSED);
    assert_int_equal(state_of(rig, named), TRUST_BREAKER_OPEN);
    rig_close(rig);
}

static struct trust_board_cell cell_of(struct rig *rig, uint32_t server)
{
    struct trust_board_cell cell;
    trust_engine_cell(rig->engine, server, &cell, rig->now);
    return cell;
}

static struct trust_own_calls calls_of(struct rig *rig, uint32_t server)
{
    struct trust_own_calls calls;
    assert_true(trust_engine_own_calls(rig->engine, server, &calls, rig->now));
    return calls;
}

static void garbage_that_one_agent_alone_got_is_a_failure_and_no_more(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t server = watch(rig);
    for (int i = 0; i < 4; i++)
        report(rig, server, 1, TRUST_OUTCOME_GARBAGE);
    assert_true(calls_of(rig, server).bad > 3.99);
    assert_true(calls_of(rig, server).garbage == 0);
    assert_int_equal(cell_of(rig, server).cap_ppm, TRUST_PPM);
    report(rig, server, 2, TRUST_OUTCOME_OK);
    report(rig, server, 1, TRUST_OUTCOME_GARBAGE);
    assert_int_equal(cell_of(rig, server).cap_ppm, TRUST_PPM);
    rig_close(rig);
}

static void garbage_that_agents_agree_on_is_evidence_until_it_fades_or_is_reset(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t server = watch(rig);
    report(rig, server, 1, TRUST_OUTCOME_GARBAGE);
    report(rig, server, 2, TRUST_OUTCOME_GARBAGE);
    report(rig, server, 2, TRUST_OUTCOME_GARBAGE);
    report(rig, server, 1, TRUST_OUTCOME_GARBAGE);
    assert_int_equal(cell_of(rig, server).cap_ppm, TRUST_PPM / 4);
    rig_pass(rig, 31000);
    rig_pass(rig, TRUST_OWN_GARBAGE_HALF_LIFE_MS);
    assert_in_range(cell_of(rig, server).cap_ppm, 400000, 400400);
    struct trust_breaker_order order = {.verb = TRUST_BREAKER_CLOSE, .expires = {TRUST_MONO_NEVER}};
    trust_engine_order_breaker(rig->engine, server, &order, rig->now);
    assert_in_range(cell_of(rig, server).cap_ppm, 400000, 400400);
    order.verb = TRUST_BREAKER_RESET;
    trust_engine_order_breaker(rig->engine, server, &order, rig->now);
    assert_int_equal(cell_of(rig, server).cap_ppm, TRUST_PPM);
    report(rig, server, 1, TRUST_OUTCOME_GARBAGE);
    assert_int_equal(cell_of(rig, server).cap_ppm, TRUST_PPM);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_failures_of_the_only_agent_open_the_breaker_for_all),
        cmocka_unit_test(leases_of_two_agents_close_it_again),
        cmocka_unit_test(a_breaker_survives_a_restart_in_remaining_time),
        cmocka_unit_test(outcomes_become_evidence_and_completed_calls_are_healthy),
        cmocka_unit_test(a_breaker_is_kept_from_the_first_call_on),
        cmocka_unit_test(a_new_policy_reaches_as_many_servers_as_anybody_called),
        cmocka_unit_test(garbage_that_one_agent_alone_got_is_a_failure_and_no_more),
        cmocka_unit_test(garbage_that_agents_agree_on_is_evidence_until_it_fades_or_is_reset),
    };
    return cmocka_run_group_tests_name("engine/calls", tests, NULL, NULL);
}
