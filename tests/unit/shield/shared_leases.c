/* shield/shared: what one agent can do to the probes of all. */
#include "shared_rig.h"
#include "shield/shared.h"

static void give_up(struct rig *rig, const struct trust_permit *permit, uint64_t holder)
{
    struct trust_breaker_context context = context_of(rig);
    trust_shared_return(&rig->shared, permit, holder, &context);
}

static void an_agent_that_takes_leases_and_settles_none_keeps_nobody_out(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit taken;
    struct trust_permit permit;
    half_open(&rig);
    assert_true(ask(&rig, &taken, 2));
    for (int i = 0; i < 20; i++)
        assert_false(ask(&rig, &taken, 2));
    for (int i = 0; i < 2; i++) {
        assert_false(ask(&rig, &taken, 2));
        assert_true(ask(&rig, &permit, 1));
        tell(&rig, 1, &permit, TRUST_OUTCOME_OK);
    }
    assert_int_equal(state_of(&rig), TRUST_BREAKER_CLOSED);
}

static void a_lost_lease_of_an_agent_is_one_failure_and_its_last_lease(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    half_open(&rig);
    assert_true(ask(&rig, &permit, 2));
    for (int i = 0; i < 7; i++) { /* the other agent is about, and calls nothing */
        rig.now_ms += 10000;
        tell(&rig, 1, NULL, TRUST_OUTCOME_CANCELLED);
        assert_false(ask(&rig, &permit, 2));
    }
    assert_int_equal(state_of(&rig), TRUST_BREAKER_HALF_OPEN);
    assert_int_equal(view_of(&rig).half_failures, 2);
    for (int i = 0; i < 2; i++) { /* it asks, but for what it may not have: 1 need not wait */
        assert_true(ask(&rig, &permit, 1));
        tell(&rig, 1, &permit, TRUST_OUTCOME_OK);
        assert_false(i == 0 && ask(&rig, &permit, 2));
    }
    assert_int_equal(state_of(&rig), TRUST_BREAKER_CLOSED);
}

static void an_agent_whose_probe_failed_reopens_it_only_when_it_is_alone(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    half_open(&rig);
    assert_true(ask(&rig, &permit, 2));
    tell(&rig, 2, &permit, TRUST_OUTCOME_REFUSED);
    rig.now_ms = rig.policy.window_ms - 1; /* 1 was heard at 0 */
    assert_false(ask(&rig, &permit, 2));
    rig.now_ms++;
    assert_true(ask(&rig, &permit, 2));
    tell(&rig, 2, &permit, TRUST_OUTCOME_REFUSED);
    assert_int_equal(state_of(&rig), TRUST_BREAKER_OPEN);
}

static void who_asked_an_open_gate_was_heard_of(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    begin(&rig);
    tell_many(&rig, 1, TRUST_OUTCOME_REFUSED, 5);
    rig.now_ms = 1000;
    assert_false(ask(&rig, &permit, 2));
    rig.now_ms = 5000;
    assert_true(ask(&rig, &permit, 1));
    assert_false(ask(&rig, &permit, 1));
}

/* Agent 1 opened the gate; nobody else was heard of, and it takes all three leases. */
static void take_all_alone(struct rig *rig)
{
    struct trust_permit permit;
    begin(rig);
    tell_many(rig, 1, TRUST_OUTCOME_REFUSED, 5);
    rig->now_ms = 5000;
    for (int i = 0; i < 3; i++)
        assert_true(ask(rig, &permit, 1));
    assert_false(ask(rig, &permit, 1));
}

static void who_asks_gets_what_one_that_was_alone_holds_beyond_its_first(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    take_all_alone(&rig);
    for (uint64_t agent = 2; agent <= 3; agent++) {
        assert_true(ask(&rig, &permit, agent));
        tell(&rig, agent, &permit, TRUST_OUTCOME_OK);
    }
    assert_int_equal(state_of(&rig), TRUST_BREAKER_CLOSED);
}

static void what_one_agent_lost_together_is_one_failure(void **state)
{
    (void)state;
    struct rig rig;
    take_all_alone(&rig);
    rig.now_ms += 60000;
    assert_int_equal(state_of(&rig), TRUST_BREAKER_HALF_OPEN);
    assert_int_equal(view_of(&rig).half_failures, 2);
    assert_int_equal(view_of(&rig).calls, 1);
    assert_int_equal(view_of(&rig).leases, 0);
}

static void the_lease_of_one_that_is_gone_is_free_for_others_and_no_failure(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permits[3];
    struct trust_permit permit;
    half_open(&rig);
    for (uint64_t agent = 1; agent <= 3; agent++)
        assert_true(ask(&rig, &permits[agent - 1], agent));
    assert_false(ask(&rig, &permit, 4));
    give_up(&rig, &permits[0], 2); /* not its lease */
    assert_false(ask(&rig, &permit, 4));
    give_up(&rig, &permits[0], 1);
    give_up(&rig, &permits[1], 2);
    assert_true(ask(&rig, &permit, 4));
    tell(&rig, 1, &permits[0], TRUST_OUTCOME_OK); /* its place is another's */
    assert_int_equal(view_of(&rig).calls, 0);
    tell(&rig, 2, &permits[1], TRUST_OUTCOME_OK); /* given up, and settled all the same */
    assert_int_equal(view_of(&rig).calls, 1);
    give_up(&rig, &permits[2], 3);
    give_up(&rig, &permit, 4);
    rig.now_ms += 60000;
    assert_int_equal(view_of(&rig).leases, 0);
    assert_int_equal(view_of(&rig).calls, 1);
    assert_true(ask(&rig, &permit, 3)); /* nothing speaks against it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_agent_that_takes_leases_and_settles_none_keeps_nobody_out),
        cmocka_unit_test(a_lost_lease_of_an_agent_is_one_failure_and_its_last_lease),
        cmocka_unit_test(an_agent_whose_probe_failed_reopens_it_only_when_it_is_alone),
        cmocka_unit_test(who_asked_an_open_gate_was_heard_of),
        cmocka_unit_test(who_asks_gets_what_one_that_was_alone_holds_beyond_its_first),
        cmocka_unit_test(what_one_agent_lost_together_is_one_failure),
        cmocka_unit_test(the_lease_of_one_that_is_gone_is_free_for_others_and_no_failure),
    };
    return cmocka_run_group_tests_name("shield/shared_leases", tests, NULL, NULL);
}
