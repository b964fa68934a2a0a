/* client/client: opening with and without anything there, figures, many threads, closing. */
#include "trust/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "world.h"

static void it_opens_where_nothing_is_and_says_so(void **state)
{
    struct world *world = *state;
    struct trust_client *client = NULL;
    assert_int_equal(trust_client_open(&client, world->folder, NULL), TRUST_OK);
    struct trust_client_stats stats;
    trust_client_stats(client, &stats);
    assert_int_equal(stats.basis.kind, TRUST_BASIS_OWN);
    assert_false(stats.has_configuration);
    assert_int_equal(stats.queued, 0);
    char agent[32];
    (void)snprintf(agent, sizeof agent, "pid-%ld", (long)getpid());
    assert_string_equal(client->agent, agent);
    assert_int_equal(trust_client_flush(client, TRUST_CLIENT_NO_WAIT), TRUST_OK);
    trust_client_close(client);
    trust_client_close(NULL);
}

static void the_environment_says_where_if_nobody_else_does(void **state)
{
    struct world *world = *state;
    assert_int_equal(setenv("REPUTE_HOME", world->folder, 1), 0);
    struct trust_client *client = NULL;
    assert_int_equal(trust_client_open(&client, NULL, "me"), TRUST_OK);
    assert_string_equal(client->socket_path, world_path(world, TRUST_HOME_AGENT_SOCK));
    assert_string_equal(client->agent, "me");
    trust_client_close(client);
    assert_int_equal(unsetenv("REPUTE_HOME"), 0);
}

static void names_that_cannot_travel_are_refused(void **state)
{
    struct world *world = *state;
    char text[200];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct trust_client *client = NULL;
    assert_int_equal(trust_client_open(&client, world->folder, text), TRUST_NO_SIZE);
    assert_int_equal(trust_client_open(&client, world->folder, ""), TRUST_NO_SIZE);
    assert_int_equal(trust_client_open(&client, world->folder, "two words"), TRUST_NO_RANGE);
    assert_int_equal(trust_client_open(&client, text, "me"), TRUST_NO_SIZE);
    assert_null(client);
    text[64] = '\0';
    assert_int_equal(trust_client_open(&client, world->folder, text), TRUST_OK);
    trust_client_close(client);
}

static void a_server_is_found_by_its_target(void **state)
{
    struct world *world = *state;
    world_client(world);
    struct trust_client_target target = world_target(WORLD_FIRST);
    struct trust_board_cell cell = {.raters = 77};
    assert_int_equal(trust_client_find(world->client, &cell, &target), TRUST_NO_NODE);
    assert_int_equal(cell.raters, 77);
    world_pass(world, 100, false);
    world_board(world);
    assert_int_equal(trust_client_find(world->client, &cell, &target), TRUST_NO_FOUND);
    world_show(world, WORLD_FIRST, 80);
    assert_int_equal(trust_client_find(world->client, &cell, &target), TRUST_OK);
    assert_int_equal(cell.lower_ppm, 800000);
}

static void figures_tell_of_configuration_withheld_servers_and_outcomes(void **state)
{
    struct world *world = *state;
    world_whole(world);
    world_write(world, TRUST_HOME_WITHHELD, "mcp:io.example/a - banned -\nnonsense\n");
    world_call(world, WORLD_FIRST, 3, TRUST_OUTCOME_OK);
    struct trust_client_stats stats;
    trust_client_stats(world->client, &stats);
    assert_int_equal(stats.basis.kind, TRUST_BASIS_FRESH);
    assert_true(stats.has_configuration);
    assert_int_equal(stats.queued, 3);
    assert_int_equal(stats.withheld, 0);
    world_pass(world, 5000, false);
    trust_client_stats(world->client, &stats);
    assert_int_equal(stats.basis.kind, TRUST_BASIS_STALE);
    assert_int_equal(stats.withheld, 1);
    assert_true(stats.is_withheld_incomplete);
}

#define ROUNDS 200

static void *work(void *argument)
{
    struct world *world = argument;
    for (int i = 0; i < ROUNDS; i++) {
        struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
        struct trust_answer answer = world_select(world, choices);
        struct trust_client_call call;
        if (answer.count > 0 && trust_client_permit(world->client, &call, &choices[0].target,
                                                    TRUST_CLIENT_NO_WAIT, NULL) == TRUST_OK)
            trust_client_done(world->client, &call, TRUST_OUTCOME_OK);
    }
    return NULL;
}

static int accept_all(void *context, const char *path, const json_t *body, json_t **out_answer)
{
    (void)context;
    (void)path;
    *out_answer =
        json_pack("{s:i}", "accepted", (int)json_array_size(json_object_get(body, "outcomes")));
    return 200;
}

static void many_threads_may_share_one_client_while_the_node_writes(void **state)
{
    struct world *world = *state;
    world_whole(world);
    assert_true(
        peer_start(&world->peer, world_path(world, TRUST_HOME_AGENT_SOCK), accept_all, NULL));
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, world), 0);
    for (int i = 0; i < ROUNDS; i++)
        world_show(world, WORLD_SECOND, i % 100);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    struct trust_client_stats stats;
    assert_int_equal(trust_client_flush(world->client, 5000), TRUST_OK);
    trust_client_stats(world->client, &stats);
    assert_int_equal(stats.told + stats.lost, 4 * ROUNDS);
    assert_int_equal(stats.queued, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_opens_where_nothing_is_and_says_so),
        TEST(the_environment_says_where_if_nobody_else_does),
        TEST(names_that_cannot_travel_are_refused),
        TEST(a_server_is_found_by_its_target),
        TEST(figures_tell_of_configuration_withheld_servers_and_outcomes),
        TEST(many_threads_may_share_one_client_while_the_node_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
