/* shield/replay: the engine behind an event list; whole lists stand in tests/vectors/replay. */
#include "shield/replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bytes.h"

static struct trust_replay *begin(void)
{
    struct trust_replay *replay = malloc(sizeof *replay);
    assert_non_null(replay);
    struct trust_breaker_policy policy = trust_breaker_policy_default();
    policy.jitter_ppm = 0;
    trust_replay_init(replay, &policy);
    return replay;
}

static struct trust_replay_event event_of(uint64_t t_ms, enum trust_replay_op op)
{
    return (struct trust_replay_event){
        .t_ms = t_ms, .op = op, .n = 1, .latency_ms = TRUST_LATENCY_UNKNOWN};
}

static struct trust_replay_line step(struct trust_replay *replay, struct trust_replay_event event)
{
    struct trust_replay_line line;
    assert_int_equal(trust_replay_step(replay, &line, &event), TRUST_OK);
    return line;
}

static void named(struct trust_replay_event *event, const char *lease)
{
    event->lease = trust_bytes_text(lease);
}

static void repeats_give_the_state_after_the_last(void **state)
{
    (void)state;
    struct trust_replay *replay = begin();
    struct trust_replay_event event = event_of(10, TRUST_REPLAY_FAILURE);
    event.n = 7;
    struct trust_replay_line line = step(replay, event);
    assert_int_equal(line.view.state, TRUST_BREAKER_OPEN);
    assert_int_equal(line.permit, TRUST_REPLAY_REFUSED);
    assert_int_equal(line.view.denied, 2);
    free(replay);
}

static void time_that_goes_back_counts_as_the_last_one(void **state)
{
    (void)state;
    struct trust_replay *replay = begin();
    assert_int_equal(step(replay, event_of(500, TRUST_REPLAY_STATE)).t_ms, 500);
    assert_int_equal(step(replay, event_of(499, TRUST_REPLAY_STATE)).t_ms, 500);
    assert_int_equal(step(replay, event_of(501, TRUST_REPLAY_STATE)).t_ms, 501);
    free(replay);
}

static void a_name_used_again_stands_for_the_newer_permit(void **state)
{
    (void)state;
    struct trust_replay *replay = begin();
    struct trust_replay_event ask = event_of(0, TRUST_REPLAY_PERMIT);
    named(&ask, "x");
    step(replay, ask);
    step(replay, event_of(0, TRUST_REPLAY_CLOSE));
    step(replay, ask);
    struct trust_replay_event settle = event_of(0, TRUST_REPLAY_FAILURE);
    named(&settle, "x");
    assert_int_equal(step(replay, settle).view.calls, 1);
    assert_int_equal(step(replay, settle).view.calls, 1);
    free(replay);
}

static void a_refused_permit_takes_its_name_away(void **state)
{
    (void)state;
    struct trust_replay *replay = begin();
    struct trust_replay_event ask = event_of(0, TRUST_REPLAY_PERMIT);
    named(&ask, "x");
    assert_int_equal(step(replay, ask).permit, TRUST_REPLAY_GRANTED);
    assert_int_equal(replay->lease_count, 1);
    step(replay, event_of(0, TRUST_REPLAY_FORCE_OPEN));
    assert_int_equal(step(replay, ask).permit, TRUST_REPLAY_REFUSED);
    assert_int_equal(replay->lease_count, 0);
    free(replay);
}

static void each_bound_is_refused_and_nothing_happens(void **state)
{
    (void)state;
    struct trust_replay *replay = begin();
    static const struct {
        uint64_t t_ms;
        uint32_t n;
        size_t lease_size;
        enum trust_error error;
    } rows[] = {
        {100000000000001, 1, 0, TRUST_NO_RANGE},
        {1, 0, 0, TRUST_NO_RANGE},
        {1, 1000001, 0, TRUST_NO_RANGE},
        {1, 1, 65, TRUST_NO_SIZE},
    };
    static const uint8_t name[65] = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_replay_event event = event_of(rows[i].t_ms, TRUST_REPLAY_FAILURE);
        struct trust_replay_line line;
        event.n = rows[i].n;
        event.lease = (struct trust_bytes){name, rows[i].lease_size};
        assert_int_equal(trust_replay_step(replay, &line, &event), rows[i].error);
        assert_int_equal(replay->now_ms, 0);
        assert_int_equal(replay->breaker.calls, 0);
    }
    struct trust_replay_event event = event_of(100000000000000, TRUST_REPLAY_PERMIT);
    event.lease = (struct trust_bytes){name, 64};
    assert_int_equal(step(replay, event).permit, TRUST_REPLAY_GRANTED);
    free(replay);
}

static void the_4097th_name_finds_no_room(void **state)
{
    (void)state;
    struct trust_replay *replay = begin();
    char name[16];
    for (int i = 0; i <= TRUST_REPLAY_LEASES_MAX; i++) {
        struct trust_replay_event ask = event_of(0, TRUST_REPLAY_PERMIT);
        struct trust_replay_line line;
        (void)snprintf(name, sizeof name, "lease-%d", i);
        named(&ask, name);
        assert_int_equal(trust_replay_step(replay, &line, &ask),
                         i < TRUST_REPLAY_LEASES_MAX ? TRUST_OK : TRUST_NO_ROOM);
    }
    /* A name that is there needs none, nor does a permit without one. */
    struct trust_replay_event ask = event_of(0, TRUST_REPLAY_PERMIT);
    step(replay, ask);
    named(&ask, "lease-0");
    step(replay, ask);
    struct trust_replay_event settle = event_of(0, TRUST_REPLAY_SUCCESS);
    named(&settle, "lease-4095");
    assert_int_equal(step(replay, settle).view.calls, 1);
    named(&ask, "one more");
    step(replay, ask);
    free(replay);
}

static void each_op_has_its_name(void **state)
{
    (void)state;
    static const char *const names[TRUST_REPLAY_OP_COUNT] = {
        "permit",       "success",      "failure",      "slow",       "slow_failure",
        "soft_failure", "rate_limited", "neutral",      "force_open", "force_closed",
        "close",        "reset",        "metrics_only", "restart",    "state",
    };
    for (uint32_t i = 0; i < TRUST_REPLAY_OP_COUNT; i++) {
        enum trust_replay_op op = TRUST_REPLAY_STATE;
        assert_string_equal(trust_replay_op_name((enum trust_replay_op)i), names[i]);
        assert_int_equal(trust_replay_op_parse(&op, trust_bytes_text(names[i])), TRUST_OK);
        assert_int_equal(op, i);
    }
    enum trust_replay_op op;
    assert_int_equal(trust_replay_op_parse(&op, trust_bytes_text("succes")), TRUST_NO_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_give_the_state_after_the_last),
        cmocka_unit_test(time_that_goes_back_counts_as_the_last_one),
        cmocka_unit_test(a_name_used_again_stands_for_the_newer_permit),
        cmocka_unit_test(a_refused_permit_takes_its_name_away),
        cmocka_unit_test(each_bound_is_refused_and_nothing_happens),
        cmocka_unit_test(the_4097th_name_finds_no_room),
        cmocka_unit_test(each_op_has_its_name),
    };
    return cmocka_run_group_tests_name("shield/replay", tests, NULL, NULL);
}
