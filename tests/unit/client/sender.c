/* client/sender: outcomes leave in batches and at most once, and what is lost is counted. */
#include "client/sender.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "world.h"

/* Statuses to answer with, one after the other; the last one stays. */
struct script {
    const int *statuses;
    uint32_t at;
};

static int follow(void *context, const char *path, const json_t *body, json_t **out_answer)
{
    struct script *script = context;
    assert_string_equal(path, "/v1/outcomes");
    int status = script->statuses[script->at];
    if (script->statuses[script->at + 1] >= 0)
        script->at++;
    if (status >= 400)
        *out_answer = json_pack("{s:s}", "code", "TRUST_NO_RANGE");
    else
        *out_answer =
            json_pack("{s:i}", "accepted", (int)json_array_size(json_object_get(body, "outcomes")));
    return status;
}

static struct trust_client_sender *open_sender(struct world *world)
{
    struct trust_client_sender *sender = NULL;
    assert_int_equal(trust_client_sender_open(&sender, world_path(world, TRUST_HOME_AGENT_SOCK),
                                              "agent-1", world_clock(world)),
                     TRUST_OK);
    return sender;
}

static void tell(struct world *world, struct trust_client_sender *sender, uint32_t count)
{
    const struct trust_client_report report = {
        .subject = WORLD_FIRST,
        .outcome = {.class_ = TRUST_OUTCOME_OK, .latency_ms = 1},
        .told = {.ms = atomic_load(&world->now_ms)},
    };
    for (uint32_t i = 0; i < count; i++)
        trust_client_sender_tell(sender, &report);
}

static void start(struct world *world, struct script *script)
{
    assert_true(peer_start(&world->peer, world_path(world, TRUST_HOME_AGENT_SOCK), follow, script));
}

static void expect(struct trust_client_sender *sender, uint64_t told, uint64_t lost,
                   uint32_t queued)
{
    const struct trust_client_sender_figures figures = trust_client_sender_figures(sender);
    assert_int_equal(figures.told, told);
    assert_int_equal(figures.lost, lost);
    assert_int_equal(figures.queued, queued);
}

static void outcomes_leave_by_themselves_and_a_burst_in_few_requests(void **state)
{
    struct world *world = *state;
    struct script script = {.statuses = (const int[]){200, -1}};
    start(world, &script);
    struct trust_client_sender *sender = open_sender(world);
    tell(world, sender, 300);
    assert_true(peer_wait(&world->peer, 2));
    assert_int_equal(trust_client_sender_flush(sender, 5000), TRUST_OK);
    expect(sender, 300, 0, 0);
    assert_true(peer_count(&world->peer) <= 4);
    trust_client_sender_close(sender);
}

static void a_node_that_is_away_costs_nothing_and_hears_of_it_when_it_is_back(void **state)
{
    struct world *world = *state;
    struct script script = {.statuses = (const int[]){200, -1}};
    struct trust_client_sender *sender = open_sender(world);
    tell(world, sender, 10);
    assert_int_equal(trust_client_sender_flush(sender, 5000), TRUST_NO_NODE);
    expect(sender, 0, 0, 10);
    start(world, &script);
    assert_int_equal(trust_client_sender_flush(sender, 5000), TRUST_OK);
    expect(sender, 10, 0, 0);
    trust_client_sender_close(sender);
}

static void a_full_queue_loses_the_oldest_and_an_old_one_is_lost_too(void **state)
{
    struct world *world = *state;
    struct trust_client_sender *sender = open_sender(world);
    tell(world, sender, TRUST_CLIENT_QUEUE_MAX + 5);
    expect(sender, 0, 5, TRUST_CLIENT_QUEUE_MAX);
    world_pass(world, TRUST_CLIENT_REPORT_AGE_MS, false);
    tell(world, sender, 1);
    assert_int_equal(trust_client_sender_flush(sender, 5000), TRUST_NO_NODE);
    expect(sender, 0, TRUST_CLIENT_QUEUE_MAX + 5, 1);
    trust_client_sender_close(sender);
}

static void what_may_have_arrived_or_was_refused_is_not_sent_twice(void **state)
{
    struct world *world = *state;
    struct script script = {.statuses = (const int[]){400, 0, 200, -1}};
    start(world, &script);
    struct trust_client_sender *sender = open_sender(world);
    tell(world, sender, 3);
    assert_int_equal(trust_client_sender_flush(sender, 5000), TRUST_OK);
    expect(sender, 0, 3, 0);
    tell(world, sender, 2);
    assert_int_equal(trust_client_sender_flush(sender, 5000), TRUST_NO_NODE);
    expect(sender, 0, 5, 0);
    tell(world, sender, 1);
    assert_int_equal(trust_client_sender_flush(sender, 5000), TRUST_OK);
    expect(sender, 1, 5, 0);
    assert_int_equal(peer_count(&world->peer), 3);
    trust_client_sender_close(sender);
}

static void a_flush_waits_no_longer_than_it_is_asked_to(void **state)
{
    struct world *world = *state;
    struct script script = {.statuses = (const int[]){0, -1}};
    start(world, &script);
    struct trust_client_sender *sender = open_sender(world);
    assert_int_equal(trust_client_sender_flush(sender, TRUST_CLIENT_NO_WAIT), TRUST_OK);
    tell(world, sender, 1);
    struct timespec before;
    struct timespec after;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &before), 0);
    assert_int_equal(trust_client_sender_flush(sender, 50), TRUST_NO_BUSY);
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &after), 0);
    int64_t spent_ms =
        (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
    assert_true(spent_ms >= 49 && spent_ms < 900);
    trust_client_sender_close(sender);
}

static void a_flush_that_finds_nobody_asks_once(void **state)
{
    struct world *world = *state;
    enum { FLUSHES = 200 };
    struct trust_client_sender *sender = open_sender(world);
    for (int i = 0; i < FLUSHES; i++) {
        tell(world, sender, 1);
        assert_int_equal(trust_client_sender_flush(sender, 5000), TRUST_NO_NODE);
    }
    /* Some of its own besides, at the times that it would have asked anyway. */
    assert_in_range(trust_client_sender_figures(sender).attempts, FLUSHES, FLUSHES + FLUSHES / 4);
    trust_client_sender_close(sender);
}

static volatile sig_atomic_t handler_thread_is_main;
static pthread_t main_thread;

static void on_signal(int number)
{
    (void)number;
    handler_thread_is_main = pthread_equal(pthread_self(), main_thread);
}

/* Answers as a node that is busy at first. */
static int take_pins(void *context, const char *path, const json_t *body, json_t **out_answer)
{
    int status = atomic_load((atomic_int *)context);
    assert_string_equal(path, "/v1/pins");
    (void)body;
    *out_answer = json_pack("{s:s}", "code", status == 503 ? "TRUST_NO_BUSY" : "TRUST_NO_RANGE");
    return status;
}

static void
a_manifest_waits_for_a_node_that_is_away_or_busy_and_not_for_one_that_refuses(void **state)
{
    struct world *world = *state;
    atomic_int status = 503;
    struct trust_client_sight sight = {.subject = WORLD_FIRST, .state = TRUST_MANIFEST_CHANGED};
    struct trust_client_sender *sender = open_sender(world);
    trust_client_sender_tell_manifest(sender, &sight);
    assert_int_equal(trust_client_sender_flush(sender, 5000), TRUST_NO_NODE);
    world_pass(world, TRUST_CLIENT_REPORT_AGE_MS, false);
    expect(sender, 0, 0, 1);
    assert_true(
        peer_start(&world->peer, world_path(world, TRUST_HOME_AGENT_SOCK), take_pins, &status));
    assert_int_equal(trust_client_sender_flush(sender, 5000), TRUST_NO_BUSY);
    expect(sender, 0, 0, 1);
    atomic_store(&status, 200);
    assert_int_equal(trust_client_sender_flush(sender, 5000), TRUST_OK);
    expect(sender, 0, 0, 0);
    /* What it has been told it is not told again. */
    uint32_t before = peer_count(&world->peer);
    trust_client_sender_tell_manifest(sender, &sight);
    expect(sender, 0, 0, 0);
    assert_int_equal(trust_client_sender_flush(sender, 5000), TRUST_OK);
    assert_int_equal(peer_count(&world->peer), before);
    atomic_store(&status, 400);
    sight.tools++;
    trust_client_sender_tell_manifest(sender, &sight);
    assert_int_equal(trust_client_sender_flush(sender, 5000), TRUST_OK);
    expect(sender, 0, 1, 0);
    trust_client_sender_close(sender);
}

static void its_thread_takes_no_signal(void **state)
{
    struct world *world = *state;
    struct trust_client_sender *sender = open_sender(world);
    main_thread = pthread_self();
    assert_true(signal(SIGUSR1, on_signal) != SIG_ERR);
    tell(world, sender, 1);
    assert_int_equal(kill(getpid(), SIGUSR1), 0);
    assert_int_equal(handler_thread_is_main, 1);
    trust_client_sender_close(sender);
}

static void too_long_a_path_or_name_is_refused(void **state)
{
    struct world *world = *state;
    char path[256];
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    struct trust_client_sender *sender = NULL;
    assert_int_equal(trust_client_sender_open(&sender, path, "a", world_clock(world)),
                     TRUST_NO_SIZE);
    assert_int_equal(trust_client_sender_open(&sender, "/x", path, world_clock(world)),
                     TRUST_NO_SIZE);
    assert_null(sender);
    trust_client_sender_close(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(outcomes_leave_by_themselves_and_a_burst_in_few_requests),
        TEST(a_node_that_is_away_costs_nothing_and_hears_of_it_when_it_is_back),
        TEST(a_full_queue_loses_the_oldest_and_an_old_one_is_lost_too),
        TEST(what_may_have_arrived_or_was_refused_is_not_sent_twice),
        TEST(a_flush_waits_no_longer_than_it_is_asked_to),
        TEST(a_flush_that_finds_nobody_asks_once),
        TEST(a_manifest_waits_for_a_node_that_is_away_or_busy_and_not_for_one_that_refuses),
        TEST(its_thread_takes_no_signal),
        TEST(too_long_a_path_or_name_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
