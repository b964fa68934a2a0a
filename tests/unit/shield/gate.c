/* shield/gate: what three breakers and a quarantine, seen at some time, let through. */
#include "shield/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "choosing.h"

static struct trust_gates read_gates(const struct trust_candidate *candidate)
{
    struct trust_request request = plain_request();
    struct trust_gates gates;
    trust_gates_read(&gates, candidate, &request);
    return gates;
}

static void a_candidate_that_nobody_recorded_is_closed(void **state)
{
    (void)state;
    struct trust_candidate candidate = candidate_of("x", NULL, 0);
    struct trust_gates gates = read_gates(&candidate);
    assert_int_equal(gates.state, TRUST_CANDIDATE_STATE_CLOSED);
    assert_false(gates.is_open);
    assert_false(gates.is_held);
    assert_int_equal(gates.leases, 0);
}

static void one_gate_decides_by_its_state_and_its_end(void **state)
{
    (void)state;
    static const struct {
        enum trust_breaker_state state;
        uint64_t until_ms;
        bool is_open;
        uint8_t leases;
        enum trust_candidate_state shown;
        uint64_t opens_in_ms;
    } rows[] = {
        {TRUST_BREAKER_CLOSED, 0, false, 0, TRUST_CANDIDATE_STATE_CLOSED, 0},
        {TRUST_BREAKER_OPEN, NOW_MS + 1, true, 0, TRUST_CANDIDATE_STATE_OPEN, 1},
        {TRUST_BREAKER_OPEN, NOW_MS, false, TRUST_LEASE_OWN, TRUST_CANDIDATE_STATE_HALF_OPEN, 0},
        {TRUST_BREAKER_OPEN, NOW_MS + 86400000, true, 0, TRUST_CANDIDATE_STATE_OPEN, 86400000},
        {TRUST_BREAKER_OPEN, NOW_MS + 86400001, false, TRUST_LEASE_OWN,
         TRUST_CANDIDATE_STATE_HALF_OPEN, 0},
        {TRUST_BREAKER_HALF_OPEN, TRUST_MONO_NEVER, false, TRUST_LEASE_OWN,
         TRUST_CANDIDATE_STATE_HALF_OPEN, 0},
        {TRUST_BREAKER_FORCED_OPEN, TRUST_MONO_NEVER, true, 0, TRUST_CANDIDATE_STATE_FORCED_OPEN,
         TRUST_NEVER_MS},
        {TRUST_BREAKER_FORCED_OPEN, NOW_MS + 9000000, true, 0, TRUST_CANDIDATE_STATE_FORCED_OPEN,
         9000000},
        {TRUST_BREAKER_FORCED_OPEN, NOW_MS, false, TRUST_LEASE_OWN, TRUST_CANDIDATE_STATE_HALF_OPEN,
         0},
        {TRUST_BREAKER_FORCED_CLOSED, TRUST_MONO_NEVER, false, 0, TRUST_CANDIDATE_STATE_CLOSED, 0},
        {TRUST_BREAKER_METRICS_ONLY, TRUST_MONO_NEVER, false, 0, TRUST_CANDIDATE_STATE_CLOSED, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_candidate candidate = candidate_of("x", NULL, 0);
        candidate.own = gate_of(rows[i].state, rows[i].until_ms);
        struct trust_gates gates = read_gates(&candidate);
        assert_int_equal(gates.is_open, rows[i].is_open);
        assert_int_equal(gates.leases, rows[i].leases);
        assert_int_equal(gates.state, rows[i].shown);
        assert_int_equal(gates.opens_in_ms, rows[i].opens_in_ms);
        if (rows[i].is_open)
            assert_int_equal(gates.why, TRUST_WHY_OWN_BREAKER);
    }
}

static void the_first_that_refuses_is_named_and_the_last_to_open_gives_the_time(void **state)
{
    (void)state;
    struct trust_board_cell cell = {
        .breaker_state = TRUST_BREAKER_OPEN, .breaker_until.ms = NOW_MS + 7000, .rate_limited = 1};
    struct trust_candidate candidate = candidate_of("x", &cell, 0);
    struct trust_gates gates = read_gates(&candidate);
    assert_int_equal(gates.why, TRUST_WHY_SHARED_BREAKER);
    assert_true(gates.is_rate_limited);
    candidate.tool = gate_of(TRUST_BREAKER_OPEN, NOW_MS + 2000);
    gates = read_gates(&candidate);
    assert_int_equal(gates.why, TRUST_WHY_TOOL_BREAKER);
    assert_int_equal(gates.opens_in_ms, 7000);
    assert_false(gates.is_rate_limited);
    assert_false(gates.is_forced);
    candidate.own = gate_of(TRUST_BREAKER_FORCED_OPEN, TRUST_MONO_NEVER);
    gates = read_gates(&candidate);
    assert_int_equal(gates.opens_in_ms, TRUST_NEVER_MS);
    assert_true(gates.is_forced);
}

static void every_half_open_gate_asks_for_its_own_lease(void **state)
{
    (void)state;
    struct trust_board_cell cell = {.breaker_state = TRUST_BREAKER_HALF_OPEN};
    struct trust_candidate candidate = candidate_of("x", &cell, 0);
    candidate.tool = gate_of(TRUST_BREAKER_HALF_OPEN, 0);
    struct trust_gates gates = read_gates(&candidate);
    assert_int_equal(gates.leases, TRUST_LEASE_TOOL | TRUST_LEASE_SHARED);
    candidate.own = gate_of(TRUST_BREAKER_OPEN, NOW_MS + 10);
    gates = read_gates(&candidate);
    assert_int_equal(gates.state, TRUST_CANDIDATE_STATE_OPEN);
}

static void closed_by_probes_is_held_for_two_windows_and_no_longer(void **state)
{
    (void)state;
    static const struct {
        uint64_t since_ms;
        bool is_held;
    } rows[] = {{0, false},
                {NOW_MS - 59999, true},
                {NOW_MS - 60000, false},
                {NOW_MS, true},
                {NOW_MS + 1, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_board_cell cell = {.closed_since.ms = rows[i].since_ms};
        struct trust_candidate candidate = candidate_of("x", &cell, 0);
        assert_int_equal(read_gates(&candidate).is_held, rows[i].is_held);
    }
}

static void a_gate_is_made_of_what_a_breaker_tells(void **state)
{
    (void)state;
    struct trust_breaker_view view = {.state = TRUST_BREAKER_CLOSED,
                                      .reason = TRUST_BREAKER_BY_PROBES_PASSED,
                                      .since.ms = 70,
                                      .until.ms = TRUST_MONO_NEVER};
    struct trust_gate gate;
    trust_gate_init(&gate, &view);
    assert_int_equal(gate.state, TRUST_BREAKER_CLOSED);
    assert_int_equal(gate.closed_since.ms, 70);
    view.reason = TRUST_BREAKER_BY_OVERRIDE;
    trust_gate_init(&gate, &view);
    assert_int_equal(gate.closed_since.ms, 0);
    view.state = TRUST_BREAKER_OPEN;
    view.reason = TRUST_BREAKER_BY_RETRY_AFTER;
    view.until.ms = 90;
    trust_gate_init(&gate, &view);
    assert_int_equal(gate.state, TRUST_BREAKER_OPEN);
    assert_int_equal(gate.until.ms, 90);
    assert_int_equal(gate.rate_limited, 1);
}

static void quarantine_is_the_stricter_of_board_and_caller_with_terms_ended(void **state)
{
    (void)state;
    static const struct {
        enum trust_quarantine_state board;
        uint64_t until_ms;
        enum trust_quarantine_state known;
        enum trust_quarantine_state effective;
    } rows[] = {
        {TRUST_QUARANTINE_OK, 0, TRUST_QUARANTINE_BANNED, TRUST_QUARANTINE_BANNED},
        {TRUST_QUARANTINE_SUSPECT, NOW_MS + 1, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_SUSPECT},
        {TRUST_QUARANTINE_SUSPECT, NOW_MS, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_OK},
        {TRUST_QUARANTINE_RELEASED, NOW_MS, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_OK},
        {TRUST_QUARANTINE_RELEASED, NOW_MS + 1, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_RELEASED},
        {TRUST_QUARANTINE_QUARANTINED, NOW_MS, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_INVESTIGATING},
        {TRUST_QUARANTINE_QUARANTINED, NOW_MS + 1, TRUST_QUARANTINE_INVESTIGATING,
         TRUST_QUARANTINE_INVESTIGATING},
        {TRUST_QUARANTINE_BANNED, NOW_MS, TRUST_QUARANTINE_OK, TRUST_QUARANTINE_BANNED},
        {TRUST_QUARANTINE_SUSPECT, 0, TRUST_QUARANTINE_QUARANTINED, TRUST_QUARANTINE_QUARANTINED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_board_cell cell = {.quarantine = (uint8_t)rows[i].board,
                                        .quarantine_until.ms = rows[i].until_ms};
        struct trust_candidate candidate = candidate_of("x", &cell, 0);
        candidate.withheld = (uint8_t)rows[i].known;
        assert_int_equal(trust_quarantine_effective(&candidate, (struct trust_wall){.ms = NOW_MS}),
                         rows[i].effective);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_candidate_that_nobody_recorded_is_closed),
        cmocka_unit_test(one_gate_decides_by_its_state_and_its_end),
        cmocka_unit_test(the_first_that_refuses_is_named_and_the_last_to_open_gives_the_time),
        cmocka_unit_test(every_half_open_gate_asks_for_its_own_lease),
        cmocka_unit_test(closed_by_probes_is_held_for_two_windows_and_no_longer),
        cmocka_unit_test(a_gate_is_made_of_what_a_breaker_tells),
        cmocka_unit_test(quarantine_is_the_stricter_of_board_and_caller_with_terms_ended),
    };
    return cmocka_run_group_tests_name("shield/gate", tests, NULL, NULL);
}
