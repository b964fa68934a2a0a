/* shield/filter: what each rule refuses, in which order the rules are asked, and when it opens. */
#include "shield/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "choosing.h"

#define NAMED TRUST_CANDIDATE_NAMED

struct outcome {
    bool may_serve;
    struct trust_choice choice;
};

static struct outcome filter(const struct trust_candidate *candidate,
                             const struct trust_request *request)
{
    struct outcome outcome;
    struct trust_gates gates;
    outcome.may_serve = trust_filter(&outcome.choice, &gates, candidate, request);
    return outcome;
}

static void assert_refused(const struct trust_candidate *candidate,
                           const struct trust_request *request, enum trust_why why,
                           enum trust_candidate_state state, uint64_t opens_in_ms)
{
    struct outcome outcome = filter(candidate, request);
    assert_false(outcome.may_serve);
    assert_string_equal(trust_why_name((enum trust_why)outcome.choice.why), trust_why_name(why));
    assert_int_equal(outcome.choice.state, state);
    assert_int_equal(outcome.choice.opens_in_ms, opens_in_ms);
    assert_int_not_equal(outcome.choice.reason, TRUST_REASON_NONE);
}

static void assert_serves(const struct trust_candidate *candidate,
                          const struct trust_request *request, enum trust_why why)
{
    struct outcome outcome = filter(candidate, request);
    assert_true(outcome.may_serve);
    assert_string_equal(trust_why_name((enum trust_why)outcome.choice.why), trust_why_name(why));
    assert_int_equal(outcome.choice.reason, TRUST_REASON_NONE);
    assert_int_equal(outcome.choice.opens_in_ms, 0);
}

static void tools_must_be_covered_and_unchanged(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    struct trust_candidate candidate = candidate_of("x", NULL, NAMED);
    candidate.tools = 5;
    request.need = 5;
    assert_serves(&candidate, &request, TRUST_WHY_NAMED);
    request.need = 7;
    assert_refused(&candidate, &request, TRUST_WHY_NOT_COVERED, TRUST_CANDIDATE_STATE_CLOSED,
                   TRUST_NEVER_MS);
    candidate.changed = 4;
    assert_refused(&candidate, &request, TRUST_WHY_TOOL_CHANGED, TRUST_CANDIDATE_STATE_CLOSED,
                   TRUST_NEVER_MS);
    request.need = 1;
    assert_serves(&candidate, &request, TRUST_WHY_NAMED);
}

static void a_withheld_server_never_serves_whoever_says_so(void **state)
{
    (void)state;
    static const struct {
        enum trust_quarantine_state state;
        enum trust_why why;
    } rows[] = {{TRUST_QUARANTINE_QUARANTINED, TRUST_WHY_QUARANTINED},
                {TRUST_QUARANTINE_INVESTIGATING, TRUST_WHY_INVESTIGATING},
                {TRUST_QUARANTINE_BANNED, TRUST_WHY_BANNED}};
    struct trust_request request = plain_request();
    for (size_t i = 0; i < 3; i++) {
        struct trust_board_cell cell = good_cell(900000);
        cell.quarantine = (uint8_t)rows[i].state;
        struct trust_candidate candidate = candidate_of("x", &cell, TRUST_CANDIDATE_PRIMARY);
        assert_refused(&candidate, &request, rows[i].why, TRUST_CANDIDATE_STATE_WITHHELD,
                       TRUST_NEVER_MS);
        cell.quarantine = TRUST_QUARANTINE_OK;
        candidate.withheld = (uint8_t)rows[i].state;
        assert_refused(&candidate, &request, rows[i].why, TRUST_CANDIDATE_STATE_WITHHELD,
                       TRUST_NEVER_MS);
        candidate.cell = NULL;
        assert_refused(&candidate, &request, rows[i].why, TRUST_CANDIDATE_STATE_WITHHELD,
                       TRUST_NEVER_MS);
    }
}

static void suspicion_refuses_at_high_risk_until_it_ends(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    struct trust_board_cell cell = good_cell(900000);
    cell.quarantine = TRUST_QUARANTINE_SUSPECT;
    cell.quarantine_until.ms = NOW_MS + 4000;
    struct trust_candidate candidate = candidate_of("x", &cell, TRUST_CANDIDATE_PRIMARY);
    assert_serves(&candidate, &request, TRUST_WHY_PRIMARY);
    request.risk = TRUST_RISK_HIGH;
    assert_refused(&candidate, &request, TRUST_WHY_SUSPECT, TRUST_CANDIDATE_STATE_CLOSED, 4000);
    candidate.withheld = TRUST_QUARANTINE_SUSPECT;
    assert_refused(&candidate, &request, TRUST_WHY_SUSPECT, TRUST_CANDIDATE_STATE_CLOSED,
                   TRUST_NEVER_MS);
    candidate.withheld = TRUST_QUARANTINE_OK;
    request.now.wall.ms = NOW_MS + 4000;
    assert_serves(&candidate, &request, TRUST_WHY_PRIMARY);
}

static void unknown_serves_only_if_named_and_risk_is_low(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    struct trust_board_cell cell = {.lower_ppm = TRUST_PPM_NONE};
    struct trust_candidate named = candidate_of("x", &cell, NAMED);
    struct trust_candidate primary = candidate_of("x", NULL, TRUST_CANDIDATE_PRIMARY);
    struct trust_candidate stranger = candidate_of("x", &cell, 0);
    assert_serves(&named, &request, TRUST_WHY_NAMED);
    assert_serves(&primary, &request, TRUST_WHY_PRIMARY);
    assert_refused(&stranger, &request, TRUST_WHY_UNKNOWN, TRUST_CANDIDATE_STATE_CLOSED,
                   TRUST_NEVER_MS);
    request.risk = TRUST_RISK_HIGH;
    assert_refused(&named, &request, TRUST_WHY_UNKNOWN, TRUST_CANDIDATE_STATE_CLOSED,
                   TRUST_NEVER_MS);
    assert_refused(&primary, &request, TRUST_WHY_UNKNOWN, TRUST_CANDIDATE_STATE_CLOSED,
                   TRUST_NEVER_MS);
}

static void a_known_bound_must_reach_the_threshold_named_or_not(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    struct trust_board_cell cell = good_cell(499999);
    struct trust_candidate candidate = candidate_of("x", &cell, TRUST_CANDIDATE_PRIMARY);
    assert_refused(&candidate, &request, TRUST_WHY_MIN_SCORE, TRUST_CANDIDATE_STATE_CLOSED,
                   TRUST_NEVER_MS);
    cell.lower_ppm = 500000;
    assert_serves(&candidate, &request, TRUST_WHY_PRIMARY);
    candidate.marks = 0;
    assert_serves(&candidate, &request, TRUST_WHY_KNOWN);
    /* flagged without evidence: a known bound of nothing */
    cell = (struct trust_board_cell){.score_ppm = TRUST_PPM_NONE, .lower_ppm = 0};
    candidate.marks = NAMED;
    assert_refused(&candidate, &request, TRUST_WHY_MIN_SCORE, TRUST_CANDIDATE_STATE_CLOSED,
                   TRUST_NEVER_MS);
}

static void
own_calls_alone_do_not_take_a_named_server_out_but_their_evidence_of_harm_does(void **state)
{
    (void)state;
    static const struct {
        uint32_t raters, factor_ppm, cap_ppm;
        uint8_t marks;
        uint8_t risk;
        bool serves;
    } rows[] = {
        {0, 1000000, 1000000, NAMED, TRUST_RISK_LOW, true},
        {0, 1000000, 1000000, TRUST_CANDIDATE_PRIMARY, TRUST_RISK_LOW, true},
        {1, 1000000, 1000000, NAMED, TRUST_RISK_LOW, false},
        {0, 1000000, 1000000, 0, TRUST_RISK_LOW, false},
        {0, 1000000, 1000000, TRUST_CANDIDATE_PRIMARY, TRUST_RISK_HIGH, false},
        {0, 1000000, 500000, NAMED, TRUST_RISK_LOW, true},
        {0, 1000000, 499999, NAMED, TRUST_RISK_LOW, false},
        {0, 499999, 1000000, NAMED, TRUST_RISK_LOW, false},
        {0, 700000, 700000, NAMED, TRUST_RISK_LOW, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_request request = plain_request();
        request.risk = rows[i].risk;
        struct trust_board_cell cell = good_cell(200000);
        cell.raters = rows[i].raters;
        cell.factor_ppm = rows[i].factor_ppm;
        cell.cap_ppm = rows[i].cap_ppm;
        struct trust_candidate candidate = candidate_of("x", &cell, rows[i].marks);
        struct trust_choice choice;
        struct trust_gates gates;
        assert_int_equal(trust_filter(&choice, &gates, &candidate, &request), rows[i].serves);
        if (!rows[i].serves)
            assert_int_equal(choice.why, TRUST_WHY_MIN_SCORE);
    }
}

static void exclusion_transport_and_latency_are_policy(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    struct trust_candidate candidate = candidate_of("x", NULL, NAMED | TRUST_CANDIDATE_EXCLUDED);
    assert_refused(&candidate, &request, TRUST_WHY_EXCLUDED, TRUST_CANDIDATE_STATE_CLOSED,
                   TRUST_NEVER_MS);
    candidate.marks = NAMED;
    candidate.transport = TRUST_TRANSPORT_STDIO;
    request.transports = TRUST_TRANSPORT_HTTP;
    assert_refused(&candidate, &request, TRUST_WHY_TRANSPORT, TRUST_CANDIDATE_STATE_CLOSED,
                   TRUST_NEVER_MS);
    candidate.transport = 0;
    assert_serves(&candidate, &request, TRUST_WHY_NAMED);
    request.max_latency_ms = 100;
    candidate.ewma_us = 100999;
    assert_serves(&candidate, &request, TRUST_WHY_NAMED);
    candidate.ewma_us = 101000;
    assert_refused(&candidate, &request, TRUST_WHY_TOO_SLOW, TRUST_CANDIDATE_STATE_CLOSED,
                   TRUST_NEVER_MS);
}

static void high_risk_asks_for_a_live_node(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    struct trust_board_cell cell = good_cell(900000);
    struct trust_candidate candidate = candidate_of("x", &cell, TRUST_CANDIDATE_PRIMARY);
    request.risk = TRUST_RISK_HIGH;
    assert_serves(&candidate, &request, TRUST_WHY_PRIMARY);
    request.basis.kind = TRUST_BASIS_STALE;
    assert_refused(&candidate, &request, TRUST_WHY_STALE_BASIS, TRUST_CANDIDATE_STATE_CLOSED,
                   TRUST_NEVER_MS);
    request.risk = TRUST_RISK_LOW;
    assert_serves(&candidate, &request, TRUST_WHY_PRIMARY);
}

static void vetted_only_is_asked_of_fallbacks(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    struct trust_board_cell cell = good_cell(900000);
    struct trust_candidate candidate = candidate_of("x", &cell, NAMED | TRUST_CANDIDATE_COVERS);
    assert_serves(&candidate, &request, TRUST_WHY_VETTED);
    request.vetted_only = true;
    assert_serves(&candidate, &request, TRUST_WHY_VETTED);
    cell.first_hops = 1;
    assert_refused(&candidate, &request, TRUST_WHY_NOT_VETTED, TRUST_CANDIDATE_STATE_CLOSED,
                   TRUST_NEVER_MS);
    candidate.marks |= TRUST_CANDIDATE_PRIMARY;
    assert_serves(&candidate, &request, TRUST_WHY_PRIMARY);
    candidate.marks = NAMED | TRUST_CANDIDATE_COVERS;
    cell = good_cell(900000);
    cell.active.ms = 0;
    assert_refused(&candidate, &request, TRUST_WHY_NOT_VETTED, TRUST_CANDIDATE_STATE_CLOSED,
                   TRUST_NEVER_MS);
    cell = good_cell(900000);
    cell.breaker_state = TRUST_BREAKER_HALF_OPEN;
    assert_refused(&candidate, &request, TRUST_WHY_NOT_VETTED, TRUST_CANDIDATE_STATE_HALF_OPEN,
                   1000);
    cell.breaker_state = TRUST_BREAKER_OPEN;
    cell.breaker_until.ms = NOW_MS + 300;
    assert_refused(&candidate, &request, TRUST_WHY_SHARED_BREAKER, TRUST_CANDIDATE_STATE_OPEN, 300);
}

static void a_starting_primary_is_waited_for_two_seconds_and_nobody_else_is(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    struct trust_candidate candidate = candidate_of("x", NULL, TRUST_CANDIDATE_PRIMARY);
    candidate.life = TRUST_LIFE_STARTING;
    candidate.life_since.ms = NOW_MS - 1999;
    assert_serves(&candidate, &request, TRUST_WHY_STARTING);
    assert_int_equal(trust_filter_wait_ms(&candidate, &request), 1);
    candidate.life_since.ms = NOW_MS - 2000;
    assert_refused(&candidate, &request, TRUST_WHY_STARTING, TRUST_CANDIDATE_STATE_STARTING, 1000);
    candidate.life_since.ms = NOW_MS;
    request.strategy = TRUST_STRATEGY_BEST;
    assert_refused(&candidate, &request, TRUST_WHY_STARTING, TRUST_CANDIDATE_STATE_STARTING, 1000);
    request.strategy = TRUST_STRATEGY_PRIMARY_FIRST;
    candidate.marks = NAMED;
    candidate.life_until.ms = NOW_MS + 50;
    assert_refused(&candidate, &request, TRUST_WHY_STARTING, TRUST_CANDIDATE_STATE_STARTING, 50);
}

static void a_restart_gives_its_back_off_and_a_dead_server_maybe_nothing(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    struct trust_candidate candidate = candidate_of("x", NULL, TRUST_CANDIDATE_PRIMARY);
    candidate.life = TRUST_LIFE_RESTARTING;
    candidate.life_since.ms = NOW_MS;
    candidate.life_until.ms = NOW_MS + 700;
    assert_refused(&candidate, &request, TRUST_WHY_RESTARTING, TRUST_CANDIDATE_STATE_STARTING, 700);
    candidate.life_until.ms = NOW_MS;
    assert_refused(&candidate, &request, TRUST_WHY_RESTARTING, TRUST_CANDIDATE_STATE_STARTING,
                   1000);
    candidate.life = TRUST_LIFE_DOWN;
    candidate.life_until.ms = NOW_MS + 9000;
    assert_refused(&candidate, &request, TRUST_WHY_DOWN, TRUST_CANDIDATE_STATE_DOWN, 9000);
    candidate.life_until.ms = 0;
    assert_refused(&candidate, &request, TRUST_WHY_DOWN, TRUST_CANDIDATE_STATE_DOWN,
                   TRUST_NEVER_MS);
}

static void breakers_refuse_with_their_time_and_a_probe_needs_its_lease(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    struct trust_candidate candidate = candidate_of("x", NULL, NAMED);
    candidate.own = gate_of(TRUST_BREAKER_OPEN, NOW_MS + 5000);
    assert_refused(&candidate, &request, TRUST_WHY_OWN_BREAKER, TRUST_CANDIDATE_STATE_OPEN, 5000);
    assert_int_equal(filter(&candidate, &request).choice.reason, TRUST_REASON_ALL_OPEN);
    candidate.own.rate_limited = 1;
    assert_int_equal(filter(&candidate, &request).choice.reason, TRUST_REASON_RATE_LIMITED);
    candidate.own = gate_of(TRUST_BREAKER_HALF_OPEN, TRUST_MONO_NEVER);
    assert_serves(&candidate, &request, TRUST_WHY_NAMED);
    assert_int_equal(filter(&candidate, &request).choice.leases, TRUST_LEASE_OWN);
    assert_int_equal(filter(&candidate, &request).choice.state, TRUST_CANDIDATE_STATE_HALF_OPEN);
    request.no_probe = true;
    assert_refused(&candidate, &request, TRUST_WHY_PROBE, TRUST_CANDIDATE_STATE_HALF_OPEN, 1000);
}

static void rules_are_asked_before_breakers(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    struct trust_board_cell cell = good_cell(100000);
    struct trust_candidate candidate = candidate_of("x", &cell, NAMED);
    candidate.own = gate_of(TRUST_BREAKER_OPEN, NOW_MS + 5000);
    candidate.life = TRUST_LIFE_DOWN;
    assert_refused(&candidate, &request, TRUST_WHY_MIN_SCORE, TRUST_CANDIDATE_STATE_OPEN,
                   TRUST_NEVER_MS);
    cell.lower_ppm = 600000;
    assert_refused(&candidate, &request, TRUST_WHY_DOWN, TRUST_CANDIDATE_STATE_DOWN,
                   TRUST_NEVER_MS);
    candidate.life = TRUST_LIFE_READY;
    assert_refused(&candidate, &request, TRUST_WHY_OWN_BREAKER, TRUST_CANDIDATE_STATE_OPEN, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tools_must_be_covered_and_unchanged),
        cmocka_unit_test(a_withheld_server_never_serves_whoever_says_so),
        cmocka_unit_test(suspicion_refuses_at_high_risk_until_it_ends),
        cmocka_unit_test(unknown_serves_only_if_named_and_risk_is_low),
        cmocka_unit_test(a_known_bound_must_reach_the_threshold_named_or_not),
        cmocka_unit_test(
            own_calls_alone_do_not_take_a_named_server_out_but_their_evidence_of_harm_does),
        cmocka_unit_test(exclusion_transport_and_latency_are_policy),
        cmocka_unit_test(high_risk_asks_for_a_live_node),
        cmocka_unit_test(vetted_only_is_asked_of_fallbacks),
        cmocka_unit_test(a_starting_primary_is_waited_for_two_seconds_and_nobody_else_is),
        cmocka_unit_test(a_restart_gives_its_back_off_and_a_dead_server_maybe_nothing),
        cmocka_unit_test(breakers_refuse_with_their_time_and_a_probe_needs_its_lease),
        cmocka_unit_test(rules_are_asked_before_breakers),
    };
    return cmocka_run_group_tests_name("shield/filter", tests, NULL, NULL);
}
