/* score/own: what calls count, how they fade, whom nobody charges, and what latency costs. */
#include "score/own.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "world.h"

#define A "mcp:io.example.a/one"

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-6;
}

static uint32_t watch(struct world *world, const char *subject)
{
    uint32_t server = 0;
    assert_int_equal(trust_scorer_watch(&world->scorer, &server, trust_bytes_text(subject)),
                     TRUST_OK);
    return server;
}

static void call(struct world *world, uint32_t server, enum trust_own_result result,
                 uint32_t latency_ms)
{
    assert_int_equal(trust_scorer_outcome(&world->scorer, server, result, latency_ms, world->now),
                     TRUST_OK);
}

static struct trust_own_calls read_calls(struct world *world, uint32_t server)
{
    struct trust_own_calls calls = {0};
    assert_true(trust_scorer_own_calls(&world->scorer, &calls, server, world->now.wall));
    return calls;
}

static void good_and_bad_calls_are_counted_and_fade_in_their_half_lives(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t server = watch(&world, A);
    call(&world, server, TRUST_OWN_GOOD, 100);
    call(&world, server, TRUST_OWN_BAD, 0);
    call(&world, server, TRUST_OWN_HALF_BAD, 0);
    call(&world, server, TRUST_OWN_GARBAGE, 0);
    world_tick(&world);
    struct trust_own_calls calls = read_calls(&world, server);
    assert_true(is_near(calls.good, 1));
    assert_true(is_near(calls.bad, 2.5));
    assert_true(is_near(calls.garbage, 1));
    world_wait(&world, 31);
    world_tick(&world);
    world_wait(&world, 7 * WORLD_DAY_S);
    calls = read_calls(&world, server);
    assert_true(fabs(calls.good - .5) < 1e-4);
    assert_true(fabs(calls.bad - 1.25) < 1e-4);
    assert_true(fabs(calls.garbage - exp2(-7.0 * 4)) < 1e-4);
    world_close(&world);
}

static void garbage_is_bounded_and_lets_a_cap_of_a_half_return_within_26_hours(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t server = watch(&world, A);
    for (int i = 0; i < 1000; i++)
        call(&world, server, TRUST_OWN_GARBAGE, 0);
    assert_true(is_near(read_calls(&world, server).garbage, 20));
    world_wait(&world, 31);
    world_tick(&world);
    assert_true(is_near(read_calls(&world, server).garbage, 20));
    world_wait(&world, 25 * 3600);
    assert_true(read_calls(&world, server).garbage > 1);
    world_wait(&world, 3600);
    assert_true(read_calls(&world, server).garbage < 1);
    world_close(&world);
}

static void what_is_forgiven_counts_no_more_nor_what_waited_for_its_window(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t server = watch(&world, A);
    call(&world, server, TRUST_OWN_GARBAGE, 0);
    world_wait(&world, 31);
    world_tick(&world);
    call(&world, server, TRUST_OWN_GARBAGE, 0);
    assert_true(read_calls(&world, server).garbage > 1.9);
    trust_scorer_forgive(&world.scorer, server);
    assert_true(is_near(read_calls(&world, server).garbage, 0));
    assert_true(fabs(read_calls(&world, server).bad - 2) < 1e-3);
    world_wait(&world, 31);
    world_tick(&world);
    assert_true(is_near(read_calls(&world, server).garbage, 0));
    world_close(&world);
}

/* One good call of each of some unrelated servers, then one failure of the first few. */
static uint32_t run_window(struct world *world, uint32_t failing, uint32_t total)
{
    char subject[] = "mcp:io.example.a/one";
    uint32_t first = 0;
    for (uint32_t i = 0; i < total; i++) {
        subject[15] = (char)('a' + i);
        uint32_t server = watch(world, subject);
        first = i == 0 ? server : first;
        call(world, server, TRUST_OWN_GOOD, 10);
        if (i < failing)
            call(world, server, TRUST_OWN_BAD, 10);
    }
    world_tick(world);
    return first;
}

static void when_most_unrelated_servers_fail_nobody_is_charged(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 32);
    uint32_t server = run_window(&world, 8, 10);
    assert_true(trust_scorer_uplink_is_down(&world.scorer));
    assert_true(is_near(read_calls(&world, server).bad, 0));
    world_wait(&world, 31);
    world_tick(&world);
    assert_true(is_near(read_calls(&world, server).bad, 0));
    assert_true(fabs(read_calls(&world, server).good - 1) < 1e-3);
    world_wait(&world, 31);
    world_tick(&world);
    assert_false(trust_scorer_uplink_is_down(&world.scorer));
    world_close(&world);
}

static void seventy_percent_and_fewer_are_charged(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 32);
    uint32_t server = run_window(&world, 7, 10);
    assert_false(trust_scorer_uplink_is_down(&world.scorer));
    world_wait(&world, 31);
    world_tick(&world);
    assert_true(fabs(read_calls(&world, server).bad - 1) < 1e-3);
    world_close(&world);
}

static void servers_of_one_publisher_are_one_voice_about_the_uplink(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 32);
    char subject[] = "mcp:io.example/a";
    for (uint32_t i = 0; i < 8; i++) {
        subject[15] = (char)('a' + i);
        call(&world, watch(&world, subject), TRUST_OWN_BAD, 0);
    }
    world_tick(&world);
    assert_false(trust_scorer_uplink_is_down(&world.scorer));
    world_close(&world);
}

static void a_server_that_answered_last_speaks_for_the_uplink(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 32);
    uint32_t server = run_window(&world, 8, 10);
    call(&world, server, TRUST_OWN_GOOD, 10);
    world_tick(&world);
    assert_false(trust_scorer_uplink_is_down(&world.scorer));
    world_close(&world);
}

static void the_p95_lies_within_a_step_of_the_true_one(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t server = watch(&world, A);
    for (uint32_t i = 1; i <= 1000; i++)
        call(&world, server, TRUST_OWN_GOOD, i);
    double p95 = read_calls(&world, server).p95_ms;
    assert_true(p95 > 950 / 1.19);
    assert_true(p95 < 950 * 1.19);
    world_close(&world);
}

static void a_slow_member_of_a_group_loses_part_of_its_successes(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    const char *subjects[] = {"mcp:io.example.a/one", "mcp:io.example.b/two",
                              "mcp:io.example.c/three"};
    const uint32_t latencies[] = {100, 100, 6400};
    uint32_t servers[3];
    for (int i = 0; i < 3; i++) {
        servers[i] = watch(&world, subjects[i]);
        assert_int_equal(trust_scorer_group(&world.scorer, servers[i], 4, true), TRUST_OK);
        for (int n = 0; n < 40; n++)
            call(&world, servers[i], TRUST_OWN_GOOD, latencies[i]);
    }
    world_tick(&world);
    /* 64 times the median is 6 doublings, a third of which leaves a quarter; half is the least. */
    assert_true(is_near(world_score(&world, subjects[2], NULL).categories[0].mean, 21 / 42.0));
    assert_true(is_near(world_score(&world, subjects[0], NULL).categories[0].mean, 41 / 42.0));
    /* Alone in the group nobody is slow. */
    assert_int_equal(trust_scorer_group(&world.scorer, servers[0], 4, false), TRUST_OK);
    assert_int_equal(trust_scorer_group(&world.scorer, servers[1], 4, false), TRUST_OK);
    assert_int_equal(trust_scorer_group(&world.scorer, servers[1], 4, false), TRUST_NO_FOUND);
    world_tick(&world);
    assert_true(is_near(world_score(&world, subjects[2], NULL).categories[0].mean, 41 / 42.0));
    world_close(&world);
}

static void call_often(struct world *world, const char *subject, uint32_t count,
                       uint32_t latency_ms)
{
    uint32_t server = watch(world, subject);
    for (uint32_t n = 0; n < count; n++)
        call(world, server, TRUST_OWN_GOOD, latency_ms);
}

static void a_group_needs_two_members_with_twenty_calls(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    const char *subjects[] = {"mcp:io.example.a/one", "mcp:io.example.b/two"};
    for (int i = 0; i < 2; i++)
        assert_int_equal(trust_scorer_group(&world.scorer, watch(&world, subjects[i]), 0, true),
                         TRUST_OK);
    call_often(&world, subjects[0], 40, 10);
    call_often(&world, subjects[1], 19, 1000);
    world_tick(&world);
    assert_true(is_near(world_score(&world, subjects[1], NULL).categories[0].mean, 20 / 21.0));
    call_often(&world, subjects[1], 1, 1000);
    world_tick(&world);
    /* The median of two is their mean: it is not quite twice as slow. */
    double mean = world_score(&world, subjects[1], NULL).categories[0].mean;
    assert_true(mean < 21 / 22.0 * .9);
    assert_true(mean > 21 / 22.0 * .75);
    assert_int_equal(trust_scorer_group(&world.scorer, 0, TRUST_OWN_GROUPS_MAX, true),
                     TRUST_NO_RANGE);
    world_close(&world);
}

static void in_several_groups_the_one_it_stands_best_in_counts(void **state)
{
    (void)state;
    for (uint32_t slow_group = 0; slow_group < 2; slow_group++) {
        struct world world;
        world_open(&world, 16);
        const char *subjects[] = {"mcp:io.example.a/one", "mcp:io.example.b/two",
                                  "mcp:io.example.c/three"};
        const uint32_t latencies[] = {1000, 1, 60000};
        for (uint32_t i = 0; i < 3; i++) {
            uint32_t server = watch(&world, subjects[i]);
            if (i != 1)
                assert_int_equal(trust_scorer_group(&world.scorer, server, slow_group, true),
                                 TRUST_OK);
            if (i != 2)
                assert_int_equal(trust_scorer_group(&world.scorer, server, 1 - slow_group, true),
                                 TRUST_OK);
            call_often(&world, subjects[i], 20, latencies[i]);
        }
        world_tick(&world);
        assert_true(is_near(world_score(&world, subjects[0], NULL).categories[0].mean, 21 / 22.0));
        world_close(&world);
    }
}

static void counters_survive_being_read_and_restored(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t server = watch(&world, A);
    for (int i = 0; i < 30; i++)
        call(&world, server, TRUST_OWN_GOOD, 50);
    world_tick(&world);
    struct trust_own_calls before = read_calls(&world, server);
    struct world other;
    world_open(&other, 16);
    uint32_t there = watch(&other, A);
    assert_int_equal(trust_scorer_restore_calls(&other.scorer, there, &before, other.now.wall),
                     TRUST_OK);
    struct trust_own_calls after = read_calls(&other, there);
    assert_true(is_near(after.good, before.good));
    assert_int_equal(after.p95_ms, before.p95_ms);
    world_close(&other);
    world_close(&world);
}

static void an_unwatched_server_takes_no_outcomes_and_its_faded_cell_is_given_back(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t server = watch(&world, A);
    call(&world, server, TRUST_OWN_GOOD, 50);
    world_wait(&world, 31);
    world_tick(&world);
    trust_scorer_unwatch(&world.scorer, server);
    assert_int_equal(trust_scorer_outcome(&world.scorer, server, TRUST_OWN_GOOD, 50, world.now),
                     TRUST_NO_FOUND);
    world_tick(&world);
    assert_int_equal(world.scorer.state.own.pool.count, 1);
    world_wait(&world, 60 * WORLD_DAY_S);
    world_tick(&world);
    assert_int_equal(world.scorer.state.own.pool.count, 0);
    uint32_t cursor = 0;
    assert_false(trust_scorer_next_server(&world.scorer, &cursor, &server));
    world_close(&world);
}

static void a_full_pool_refuses_a_new_server_and_keeps_the_old_ones(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 4);
    char subject[] = "mcp:io.example.a/one";
    uint32_t server = 0;
    for (uint32_t i = 0; i < 4; i++) {
        subject[15] = (char)('a' + i);
        server = watch(&world, subject);
        call(&world, server, TRUST_OWN_GOOD, 1);
    }
    assert_int_equal(trust_scorer_watch(&world.scorer, &server, trust_bytes_text("mcp:x.y/z")),
                     TRUST_NO_ROOM);
    assert_true(read_calls(&world, server).good > 0);
    world_close(&world);
}

static void cells_of_unwatched_servers_go_to_those_that_are_called(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    struct trust_own *own = &world.scorer.state.own;
    own->pool.capacity = 4;
    char subject[] = "mcp:io.example.a/one";
    uint32_t servers[6] = {0};
    for (uint32_t i = 0; i < 6; i++) {
        subject[15] = (char)('a' + i);
        servers[i] = watch(&world, subject);
    }
    for (uint32_t i = 0; i < 4; i++)
        call(&world, servers[i], TRUST_OWN_GARBAGE, 0);
    assert_int_equal(trust_scorer_outcome(&world.scorer, servers[4], TRUST_OWN_GOOD, 50, world.now),
                     TRUST_NO_ROOM);
    trust_scorer_unwatch(&world.scorer, servers[1]);
    trust_scorer_unwatch(&world.scorer, servers[2]);
    call(&world, servers[4], TRUST_OWN_GOOD, 50);
    assert_true(is_near(read_calls(&world, servers[4]).good, 1));
    assert_true(is_near(read_calls(&world, servers[4]).bad, 0));
    /* The window's list is whole: all four are charged or counted at its end, nobody twice. */
    world_wait(&world, 31);
    world_tick(&world);
    assert_int_equal(own->first_pending, 0);
    assert_true(is_near(read_calls(&world, servers[4]).garbage, 0));
    call(&world, servers[5], TRUST_OWN_GOOD, 50);
    assert_true(is_near(read_calls(&world, servers[5]).good, 1));
    assert_int_equal(own->pool.count, 4);
    assert_true(read_calls(&world, servers[0]).garbage > .9);
    assert_true(read_calls(&world, servers[3]).garbage > .9);
    subject[15] = 'g';
    uint32_t last = watch(&world, subject);
    assert_int_equal(trust_scorer_outcome(&world.scorer, last, TRUST_OWN_GOOD, 50, world.now),
                     TRUST_NO_ROOM);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_and_bad_calls_are_counted_and_fade_in_their_half_lives),
        cmocka_unit_test(garbage_is_bounded_and_lets_a_cap_of_a_half_return_within_26_hours),
        cmocka_unit_test(what_is_forgiven_counts_no_more_nor_what_waited_for_its_window),
        cmocka_unit_test(when_most_unrelated_servers_fail_nobody_is_charged),
        cmocka_unit_test(seventy_percent_and_fewer_are_charged),
        cmocka_unit_test(servers_of_one_publisher_are_one_voice_about_the_uplink),
        cmocka_unit_test(a_server_that_answered_last_speaks_for_the_uplink),
        cmocka_unit_test(the_p95_lies_within_a_step_of_the_true_one),
        cmocka_unit_test(a_slow_member_of_a_group_loses_part_of_its_successes),
        cmocka_unit_test(a_group_needs_two_members_with_twenty_calls),
        cmocka_unit_test(in_several_groups_the_one_it_stands_best_in_counts),
        cmocka_unit_test(counters_survive_being_read_and_restored),
        cmocka_unit_test(an_unwatched_server_takes_no_outcomes_and_its_faded_cell_is_given_back),
        cmocka_unit_test(a_full_pool_refuses_a_new_server_and_keeps_the_old_ones),
        cmocka_unit_test(cells_of_unwatched_servers_go_to_those_that_are_called),
    };
    return cmocka_run_group_tests_name("score/own", tests, NULL, NULL);
}
