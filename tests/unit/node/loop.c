/* The loop: sources, pausing, the deadline, stopping. */
#include "node/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "node/clock.h"

struct rig {
    struct loop loop;
    int ends[2];
    int other[2];
    int ready_count;
    int other_count;
    int turns;
    int turns_max;
    uint64_t wait_ms; /* until the deadline, asked anew each time */
};

static int open_rig(void **state)
{
    static struct rig rig;
    rig = (struct rig){.turns_max = 1, .wait_ms = 60000};
    if (loop_open(&rig.loop) != TRUST_OK || socketpair(AF_UNIX, SOCK_STREAM, 0, rig.ends) != 0 ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, rig.other) != 0)
        return -1;
    *state = &rig;
    return 0;
}

static int close_rig(void **state)
{
    struct rig *rig = *state;
    loop_close(&rig->loop);
    for (int i = 0; i < 2; i++) {
        close(rig->ends[i]);
        close(rig->other[i]);
    }
    return 0;
}

static struct trust_mono deadline(void *context)
{
    const struct rig *rig = context;
    return (struct trust_mono){.ms = clock_now().mono.ms + rig->wait_ms};
}

static void turn(void *context)
{
    struct rig *rig = context;
    if (++rig->turns >= rig->turns_max)
        loop_stop(&rig->loop);
}

static void run(struct rig *rig)
{
    const struct loop_hooks hooks = {.deadline = deadline, .turn = turn, .context = rig};
    rig->turns = 0;
    rig->loop.is_stopping = false;
    assert_int_equal(loop_run(&rig->loop, &hooks), TRUST_OK);
}

static void count(void *context)
{
    struct rig *rig = context;
    rig->ready_count++;
}

static void count_other(void *context)
{
    struct rig *rig = context;
    rig->other_count++;
}

static void remove_both(void *context)
{
    struct rig *rig = context;
    rig->ready_count++;
    loop_remove(&rig->loop, rig->ends[0]);
    loop_remove(&rig->loop, rig->other[0]);
}

static void a_readable_source_is_called_in_each_turn(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(loop_add(&rig->loop, rig->ends[0], count, rig), TRUST_OK);
    assert_int_equal(write(rig->ends[1], "x", 1), 1);
    rig->turns_max = 3;
    run(rig);
    assert_int_equal(rig->ready_count, 3);
}

static void a_paused_source_is_left_alone_until_it_goes_on(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(loop_add(&rig->loop, rig->ends[0], count, rig), TRUST_OK);
    assert_int_equal(write(rig->ends[1], "x", 1), 1);
    loop_pause(&rig->loop, rig->ends[0], true);
    loop_pause(&rig->loop, rig->ends[0], true);
    rig->wait_ms = 1;
    run(rig);
    assert_int_equal(rig->ready_count, 0);
    loop_pause(&rig->loop, rig->ends[0], false);
    run(rig);
    assert_int_equal(rig->ready_count, 1);
}

static void a_paused_source_that_hung_up_does_not_spin(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(loop_add(&rig->loop, rig->ends[0], count, rig), TRUST_OK);
    loop_pause(&rig->loop, rig->ends[0], true);
    close(rig->ends[1]);
    rig->ends[1] = dup(rig->other[1]);
    rig->wait_ms = 30;
    uint64_t before_ms = clock_now().mono.ms;
    run(rig);
    assert_true(clock_now().mono.ms - before_ms >= 29);
    assert_int_equal(rig->ready_count, 0);
}

static void a_source_removed_by_another_of_the_same_turn_is_not_called(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(loop_add(&rig->loop, rig->ends[0], remove_both, rig), TRUST_OK);
    assert_int_equal(loop_add(&rig->loop, rig->other[0], remove_both, rig), TRUST_OK);
    assert_int_equal(write(rig->ends[1], "x", 1), 1);
    assert_int_equal(write(rig->other[1], "x", 1), 1);
    run(rig);
    assert_int_equal(rig->ready_count, 1);
}

static void the_deadline_ends_the_waiting(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(loop_add(&rig->loop, rig->other[0], count_other, rig), TRUST_OK);
    rig->wait_ms = 20;
    uint64_t before_ms = clock_now().mono.ms;
    run(rig);
    uint64_t took_ms = clock_now().mono.ms - before_ms;
    assert_true(took_ms >= 19);
    assert_true(took_ms < 900);
    assert_int_equal(rig->other_count, 0);
}

static void there_is_room_for_so_many_sources(void **state)
{
    struct rig *rig = *state;
    int copies[LOOP_SOURCES_MAX];
    for (int i = 0; i < LOOP_SOURCES_MAX; i++) {
        copies[i] = dup(rig->ends[0]);
        assert_int_equal(loop_add(&rig->loop, copies[i], count, rig), TRUST_OK);
    }
    assert_int_equal(loop_add(&rig->loop, rig->other[0], count, rig), TRUST_NO_ROOM);
    loop_remove(&rig->loop, copies[3]);
    assert_int_equal(loop_add(&rig->loop, rig->other[0], count, rig), TRUST_OK);
    for (int i = 0; i < LOOP_SOURCES_MAX; i++)
        close(copies[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define LOOP_TEST(name) cmocka_unit_test_setup_teardown(name, open_rig, close_rig)
        LOOP_TEST(a_readable_source_is_called_in_each_turn),
        LOOP_TEST(a_paused_source_is_left_alone_until_it_goes_on),
        LOOP_TEST(a_paused_source_that_hung_up_does_not_spin),
        LOOP_TEST(a_source_removed_by_another_of_the_same_turn_is_not_called),
        LOOP_TEST(the_deadline_ends_the_waiting),
        LOOP_TEST(there_is_room_for_so_many_sources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
