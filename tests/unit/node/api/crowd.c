/* node/api/crowd: who goes when there are too many connections, and who takes too long. */
#include "node/api/crowd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"

#define SEATS 6u
#define SHARE 3u

struct rig {
    struct crowd crowd;
    struct crowd_seat seats[64];
    uint32_t used;
    struct trust_mono now;
};

static struct rig begin(void)
{
    return (struct rig){.crowd = {.seats_max = SEATS, .share_max = SHARE}, .now = {1000}};
}

/* A newcomer; each a millisecond after the one before. */
static struct crowd_seat *come(struct rig *rig, uint32_t uid)
{
    struct crowd_seat *seat = &rig->seats[rig->used++];
    rig->now.ms++;
    crowd_enter(&rig->crowd, seat, uid, rig->now);
    return seat;
}

static void
a_user_over_its_share_loses_the_connection_that_is_longest_without_a_request(void **state)
{
    (void)state;
    struct rig rig = begin();
    struct crowd_seat *other = come(&rig, 8);
    struct crowd_seat *seats[SHARE + 1];
    for (uint32_t i = 0; i < SHARE; i++) {
        seats[i] = come(&rig, 7);
        assert_null(crowd_squeeze(&rig.crowd, seats[i]));
    }
    /* The first one was used since. */
    crowd_turn(seats[0], CROWD_IDLE, rig.now);
    seats[SHARE] = come(&rig, 7);
    assert_ptr_equal(crowd_squeeze(&rig.crowd, seats[SHARE]), seats[1]);
    assert_true(seats[1]->is_leaving);
    assert_false(other->is_leaving);
    assert_int_equal(rig.crowd.count, SHARE + 1);
    crowd_leave(&rig.crowd, seats[1]);
    assert_int_equal(rig.crowd.count, SHARE + 1);
}

static void who_is_served_stays_and_the_newcomer_goes(void **state)
{
    (void)state;
    struct rig rig = begin();
    for (uint32_t i = 0; i < SHARE; i++)
        crowd_turn(come(&rig, 7), CROWD_SERVED, rig.now);
    struct crowd_seat *late = come(&rig, 7);
    assert_ptr_equal(crowd_squeeze(&rig.crowd, late), late);
    /* A body on its way is not served yet. */
    crowd_turn(&rig.seats[1], CROWD_BODY, rig.now);
    struct crowd_seat *next = come(&rig, 7);
    assert_ptr_equal(crowd_squeeze(&rig.crowd, next), &rig.seats[1]);
}

static void over_all_the_user_with_the_most_makes_room(void **state)
{
    (void)state;
    struct rig rig = begin();
    static const uint32_t uids[SEATS] = {5, 6, 7, 6, 7, 7};
    for (uint32_t i = 0; i < SEATS; i++)
        assert_null(crowd_squeeze(&rig.crowd, come(&rig, uids[i])));
    struct crowd_seat *newcomer = come(&rig, 9);
    assert_ptr_equal(crowd_squeeze(&rig.crowd, newcomer), &rig.seats[2]);
    assert_null(crowd_squeeze(&rig.crowd, newcomer));
    assert_int_equal(rig.crowd.count, SEATS);
}

static void each_phase_has_its_time(void **state)
{
    (void)state;
    static const struct {
        enum crowd_phase phase;
        uint64_t seconds; /* 0: no end */
    } rows[] = {
        {CROWD_FRESH, TRUST_API_HEAD_S},  {CROWD_HEAD, TRUST_API_HEAD_S},
        {CROWD_IDLE, TRUST_API_IDLE_S},   {CROWD_BODY, TRUST_API_BODY_S},
        {CROWD_MOVING, TRUST_API_IDLE_S}, {CROWD_SERVED, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rig rig = begin();
        struct crowd_seat *seat = come(&rig, 7);
        crowd_turn(seat, rows[i].phase, rig.now);
        if (rows[i].seconds == 0) {
            assert_true(crowd_deadline(&rig.crowd).ms == UINT64_MAX);
            continue;
        }
        uint64_t end_ms = rig.now.ms + rows[i].seconds * 1000;
        assert_true(crowd_deadline(&rig.crowd).ms == end_ms);
        assert_null(crowd_overdue(&rig.crowd, (struct trust_mono){end_ms - 1}));
        assert_ptr_equal(crowd_overdue(&rig.crowd, (struct trust_mono){end_ms}), seat);
        assert_null(crowd_overdue(&rig.crowd, (struct trust_mono){end_ms}));
        assert_true(crowd_deadline(&rig.crowd).ms == UINT64_MAX);
    }
}

static void those_who_leave_in_any_order_leave_the_others(void **state)
{
    (void)state;
    struct rig rig = begin();
    struct crowd_seat *first = come(&rig, 7);
    struct crowd_seat *second = come(&rig, 7);
    struct crowd_seat *third = come(&rig, 7);
    crowd_leave(&rig.crowd, second);
    crowd_leave(&rig.crowd, third);
    assert_ptr_equal(rig.crowd.first, first);
    assert_null(first->next);
    assert_null(first->previous);
    crowd_leave(&rig.crowd, first);
    assert_null(rig.crowd.first);
    assert_int_equal(rig.crowd.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_user_over_its_share_loses_the_connection_that_is_longest_without_a_request),
        cmocka_unit_test(who_is_served_stays_and_the_newcomer_goes),
        cmocka_unit_test(over_all_the_user_with_the_most_makes_room),
        cmocka_unit_test(each_phase_has_its_time),
        cmocka_unit_test(those_who_leave_in_any_order_leave_the_others),
    };
    return cmocka_run_group_tests_name("crowd", tests, NULL, NULL);
}
