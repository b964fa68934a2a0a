/* shield/probe: half-open, from the first asker to the verdict. */
#include "shield/probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rig.h"

static void settle(struct rig *rig, const struct trust_permit *permit,
                   enum trust_outcome_class class_)
{
    rig_tell(rig, permit, outcome_of(class_));
}

/* Half-open at 5,000, having opened at 0. */
static void begin(struct rig *rig)
{
    rig_init(rig, 0);
    rig_half_open(rig);
    assert_int_equal(rig_view(rig).state, TRUST_BREAKER_HALF_OPEN);
    assert_int_equal(rig->now_ms, 5000);
    rig->events.count = 0;
}

static void no_more_leases_than_probes_are_given(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit[4];
    begin(&rig);
    for (int i = 0; i < 3; i++)
        assert_true(rig_ask(&rig, &permit[i], AGENT));
    assert_false(rig_ask(&rig, &permit[3], AGENT));
    assert_int_equal(rig_view(&rig).leases, 3);
    assert_int_equal(rig_view(&rig).denied, 1);
    /* A result takes the place of its lease: still no room. */
    settle(&rig, &permit[0], TRUST_OUTCOME_REFUSED);
    assert_int_equal(rig_view(&rig).calls, 1);
    assert_int_equal(rig_view(&rig).leases, 2);
    assert_false(rig_ask(&rig, &permit[3], AGENT));
}

static void an_agent_has_one_lease_as_soon_as_another_has_asked(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    begin(&rig);
    assert_true(rig_ask(&rig, &permit, 1));
    assert_true(rig_ask(&rig, &permit, 2));
    assert_false(rig_ask(&rig, &permit, 1));
    assert_false(rig_ask(&rig, &permit, 2));
    assert_true(rig_ask(&rig, &permit, 3));
}

static void a_lone_agent_has_as_many_as_it_asks_for(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    begin(&rig);
    assert_true(rig_ask(&rig, &permit, 1));
    assert_true(rig_ask(&rig, &permit, 1));
    /* The other's question is refused nothing, and ends the first one's privilege. */
    assert_true(rig_ask(&rig, &permit, 2));
    settle(&rig, &permit, TRUST_OUTCOME_CANCELLED);
    assert_false(rig_ask(&rig, &permit, 1));
    assert_true(rig_ask(&rig, &permit, 2));
}

static void askers_of_an_earlier_generation_do_not_count(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    begin(&rig);
    assert_true(rig_ask(&rig, &permit, 1));
    settle(&rig, &permit, TRUST_OUTCOME_REFUSED);
    assert_true(rig_ask(&rig, &permit, 2));
    settle(&rig, &permit, TRUST_OUTCOME_REFUSED);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_OPEN);
    rig_advance(&rig, 15000);
    assert_true(rig_ask(&rig, &permit, 1));
    assert_true(rig_ask(&rig, &permit, 1));
}

static void it_closes_as_soon_as_it_is_certain(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    rig_calls(&rig, TRUST_OUTCOME_OK, 1);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_HALF_OPEN);
    rig_calls(&rig, TRUST_OUTCOME_OK, 1);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_CLOSED);
    assert_int_equal(rig_view(&rig).calls, 0);
    assert_int_equal(rig_view(&rig).reason, TRUST_BREAKER_BY_PROBES_PASSED);
    assert_int_equal(rig.events.event[0].from, TRUST_BREAKER_HALF_OPEN);
    assert_int_equal(rig.events.event[0].observed, 0);
}

static void it_opens_as_soon_as_it_is_certain(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 1);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_HALF_OPEN);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 1);
    struct trust_breaker_view view = rig_view(&rig);
    assert_int_equal(view.state, TRUST_BREAKER_OPEN);
    assert_int_equal(view.reason, TRUST_BREAKER_BY_PROBES_FAILED);
    assert_int_equal(view.until.ms, 15000); /* 5 s x 2 from now on */
    assert_int_equal(rig.events.event[0].threshold, 500);
    assert_int_equal(rig.events.event[0].observed, 666);
}

static void verdicts_are_a_share_of_all_probes(void **state)
{
    (void)state;
    static const struct {
        uint32_t probes, fail_pct, slow_pct;
        const char *results; /* o: ok, f: failed, h: half a failure, s: slow */
        enum trust_breaker_state state;
    } rows[] = {
        {3, 50, 80, "f", TRUST_BREAKER_HALF_OPEN},  {3, 50, 80, "fo", TRUST_BREAKER_HALF_OPEN},
        {3, 50, 80, "foo", TRUST_BREAKER_CLOSED},   {3, 50, 80, "fh", TRUST_BREAKER_OPEN},
        {3, 50, 80, "hh", TRUST_BREAKER_HALF_OPEN}, {3, 50, 80, "hhh", TRUST_BREAKER_OPEN},
        {3, 50, 80, "hho", TRUST_BREAKER_CLOSED},   {3, 50, 80, "ss", TRUST_BREAKER_HALF_OPEN},
        {3, 50, 80, "sss", TRUST_BREAKER_OPEN},     {3, 50, 80, "sso", TRUST_BREAKER_CLOSED},
        {3, 50, 0, "ss", TRUST_BREAKER_CLOSED},     {1, 50, 80, "f", TRUST_BREAKER_OPEN},
        {1, 50, 80, "h", TRUST_BREAKER_OPEN},       {1, 51, 80, "h", TRUST_BREAKER_CLOSED},
        {1, 50, 80, "o", TRUST_BREAKER_CLOSED},     {2, 50, 80, "f", TRUST_BREAKER_OPEN},
        {2, 51, 80, "f", TRUST_BREAKER_HALF_OPEN},  {2, 100, 80, "fo", TRUST_BREAKER_CLOSED},
        {4, 0, 80, "ff", TRUST_BREAKER_OPEN}, /* 0 counts as 50 */
        {4, 0, 80, "ooo", TRUST_BREAKER_CLOSED},    {10, 50, 80, "ffff", TRUST_BREAKER_HALF_OPEN},
        {10, 50, 80, "fffff", TRUST_BREAKER_OPEN},  {10, 50, 80, "oooooo", TRUST_BREAKER_CLOSED},
        {2, 100, 50, "s", TRUST_BREAKER_OPEN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        begin(&rig);
        rig.policy.probes = rows[i].probes;
        rig.policy.fail_pct = rows[i].fail_pct;
        rig.policy.slow_pct = rows[i].slow_pct;
        for (const char *c = rows[i].results; *c != '\0'; c++) {
            struct trust_permit permit;
            struct trust_outcome outcome =
                outcome_of(*c == 'f' ? TRUST_OUTCOME_REFUSED
                                     : (*c == 'h' ? TRUST_OUTCOME_INTERNAL : TRUST_OUTCOME_OK));
            outcome.is_slow = *c == 's';
            assert_true(rig_ask(&rig, &permit, AGENT));
            rig_tell(&rig, &permit, outcome);
        }
        assert_int_equal(rig_view(&rig).state, rows[i].state);
    }
}

static void a_neutral_outcome_alone_gives_its_slot_back(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit[4];
    begin(&rig);
    for (int i = 0; i < 3; i++)
        assert_true(rig_ask(&rig, &permit[i], AGENT));
    settle(&rig, &permit[1], TRUST_OUTCOME_CALLER);
    assert_int_equal(rig_view(&rig).leases, 2);
    assert_int_equal(rig_view(&rig).calls, 0);
    assert_true(rig_ask(&rig, &permit[3], AGENT));
    assert_int_equal(permit[3].slot, permit[1].slot);
    /* The old lease of that slot settles nothing any more. */
    settle(&rig, &permit[1], TRUST_OUTCOME_REFUSED);
    assert_int_equal(rig_view(&rig).calls, 0);
    settle(&rig, &permit[3], TRUST_OUTCOME_OK);
    assert_int_equal(rig_view(&rig).calls, 1);
    /* And a lease settles once. */
    settle(&rig, &permit[3], TRUST_OUTCOME_OK);
    assert_int_equal(rig_view(&rig).calls, 1);
}

static void an_outcome_without_a_lease_changes_nothing(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    for (int i = 0; i < 10; i++)
        rig_tell(&rig, NULL, outcome_of(i % 2 == 0 ? TRUST_OUTCOME_OK : TRUST_OUTCOME_REFUSED));
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_HALF_OPEN);
    assert_int_equal(rig_view(&rig).calls, 0);
}

static void a_stale_lease_is_ignored(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    begin(&rig);
    assert_true(rig_ask(&rig, &permit, AGENT));
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 2);
    assert_int_equal(rig_state_at(&rig, 15000), TRUST_BREAKER_HALF_OPEN);
    settle(&rig, &permit, TRUST_OUTCOME_OK);
    assert_int_equal(rig_view(&rig).calls, 0);
    assert_int_equal(rig_view(&rig).leases, 0);
}

static void a_lost_lease_is_a_failure_dated_at_its_end(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    begin(&rig);
    assert_true(rig_ask(&rig, &permit, AGENT)); /* ends at 65,000: no latency is known */
    rig.now_ms = 6000;
    assert_true(rig_ask(&rig, &permit, AGENT)); /* ends at 66,000 */
    rig.now_ms = 65999;
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_HALF_OPEN);
    assert_int_equal(rig_view(&rig).half_failures, 2);
    /* Noticed much later: open since 66,000 for 10 s, half-open since 76,000. */
    rig_advance(&rig, 500000);
    assert_int_equal(rig.events.count, 2);
    assert_int_equal(rig.events.event[0].to, TRUST_BREAKER_OPEN);
    assert_int_equal(rig.events.event[0].time.ms, 66000);
    assert_int_equal(rig.events.event[0].until.ms, 76000);
    assert_int_equal(rig.events.event[1].to, TRUST_BREAKER_HALF_OPEN);
    assert_int_equal(rig.events.event[1].time.ms, 76000);
    assert_int_equal(rig_view(&rig).since.ms, 76000);
    assert_int_equal(rig_view(&rig).backoff_k, 2);
}

static void a_lease_is_lost_at_its_end_and_not_before(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    begin(&rig);
    rig.policy.probes = 1;
    rig.policy.lease_ms = 2000;
    assert_true(rig_ask(&rig, &permit, AGENT));
    rig.now_ms = 6999;
    assert_int_equal(rig_view(&rig).leases, 1);
    rig.now_ms = 7000;
    settle(&rig, &permit, TRUST_OUTCOME_OK); /* too late */
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_OPEN);
    assert_int_equal(rig_view(&rig).since.ms, 7000);
}

static void leases_that_are_never_settled_wedge_nothing(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    for (int round = 0; round < 50; round++) {
        struct trust_permit permit;
        while (rig_ask(&rig, &permit, AGENT))
            continue;
        rig_advance(&rig, rig.now_ms + 1000000);
        assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_HALF_OPEN);
        rig.events.count = 0;
    }
    rig_calls(&rig, TRUST_OUTCOME_OK, 2);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_CLOSED);
}

static void a_retry_after_on_a_lease_opens_at_once(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    begin(&rig);
    assert_true(rig_ask(&rig, &permit, AGENT));
    struct trust_outcome outcome = outcome_of(TRUST_OUTCOME_RATE_LIMITED);
    outcome.retry_after_ms = 40000;
    rig_tell(&rig, &permit, outcome);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_OPEN);
    assert_int_equal(rig_view(&rig).until.ms, 45000);
    assert_int_equal(rig_view(&rig).backoff_k, 2);
}

static void a_session_lost_once_gives_its_slot_back_and_twice_fails(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    rig_calls(&rig, TRUST_OUTCOME_SESSION_LOST, 1);
    assert_int_equal(rig_view(&rig).calls, 0);
    rig_calls(&rig, TRUST_OUTCOME_SESSION_LOST, 1);
    assert_int_equal(rig_view(&rig).calls, 1);
    assert_int_equal(rig_view(&rig).half_failures, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_leases_than_probes_are_given),
        cmocka_unit_test(an_agent_has_one_lease_as_soon_as_another_has_asked),
        cmocka_unit_test(a_lone_agent_has_as_many_as_it_asks_for),
        cmocka_unit_test(askers_of_an_earlier_generation_do_not_count),
        cmocka_unit_test(it_closes_as_soon_as_it_is_certain),
        cmocka_unit_test(it_opens_as_soon_as_it_is_certain),
        cmocka_unit_test(verdicts_are_a_share_of_all_probes),
        cmocka_unit_test(a_neutral_outcome_alone_gives_its_slot_back),
        cmocka_unit_test(an_outcome_without_a_lease_changes_nothing),
        cmocka_unit_test(a_stale_lease_is_ignored),
        cmocka_unit_test(a_lost_lease_is_a_failure_dated_at_its_end),
        cmocka_unit_test(a_lease_is_lost_at_its_end_and_not_before),
        cmocka_unit_test(leases_that_are_never_settled_wedge_nothing),
        cmocka_unit_test(a_retry_after_on_a_lease_opens_at_once),
        cmocka_unit_test(a_session_lost_once_gives_its_slot_back_and_twice_fails),
    };
    return cmocka_run_group_tests_name("shield/probe", tests, NULL, NULL);
}
