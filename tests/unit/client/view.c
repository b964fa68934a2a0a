/* client/view: what the client knows of the world, and how old it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

static struct trust_basis refresh(struct world *world)
{
    const struct trust_client_clock clock = world_clock(world);
    return trust_client_refresh(world->client, trust_client_clock_read(&clock));
}

static void the_basis_is_own_until_a_board_is_there_then_fresh_then_stale(void **state)
{
    struct world *world = *state;
    world_client(world);
    assert_int_equal(refresh(world).kind, TRUST_BASIS_OWN);
    world_pass(world, 100, false);
    world_board(world);
    assert_int_equal(refresh(world).kind, TRUST_BASIS_FRESH);
    world_pass(world, 2000, false);
    assert_int_equal(refresh(world).kind, TRUST_BASIS_FRESH);
    world_pass(world, 7001, false);
    assert_int_equal(refresh(world).kind, TRUST_BASIS_STALE);
    assert_int_equal(refresh(world).age_s, 9);
}

static void what_was_read_last_stands_while_a_slot_is_busy_and_goes_with_the_server(void **state)
{
    struct world *world = *state;
    world_whole(world);
    struct trust_client_target target = world_target(WORLD_FIRST);
    struct trust_client_server *server =
        trust_client_servers_add(&world->client->servers, &target, (struct trust_mono){1});
    assert_int_equal(trust_client_show(world->client, server), TRUST_OK);
    struct trust_board_slot *slot = &world->writer.slots[server->handle.slot];
    atomic_fetch_add(&slot->sequence, 1);
    assert_int_equal(trust_client_show(world->client, server), TRUST_NO_BUSY);
    assert_true(server->is_shown);
    assert_int_equal(server->shown.lower_ppm, 800000);
    atomic_fetch_add(&slot->sequence, 1);
    assert_int_equal(trust_board_writer_remove(&world->writer, target.digest), TRUST_OK);
    assert_int_equal(trust_client_show(world->client, server), TRUST_NO_FOUND);
    assert_false(server->is_shown);
}

static void the_list_of_withheld_servers_counts_only_without_a_live_board(void **state)
{
    struct world *world = *state;
    world_whole(world);
    world_write(world, TRUST_HOME_WITHHELD, WORLD_FIRST " - banned -\n");
    world_pass(world, 5000, false);
    (void)refresh(world);
    struct trust_client_target target = world_target(WORLD_FIRST);
    struct trust_client_server *server =
        trust_client_servers_add(&world->client->servers, &target, (struct trust_mono){1});
    const struct trust_now now = {.wall = {.ms = 1}, .mono = {.ms = 1}};
    struct trust_candidate candidate = {0};
    trust_client_fill(world->client, &candidate, server, &now, true);
    assert_int_equal(candidate.withheld, TRUST_QUARANTINE_OK);
    assert_null(candidate.cell);
    trust_client_fill(world->client, &candidate, server, &now, false);
    assert_int_equal(candidate.withheld, TRUST_QUARANTINE_BANNED);
}

static void another_policy_reaches_the_cells(void **state)
{
    struct world *world = *state;
    world_whole(world);
    (void)refresh(world);
    world_call(world, WORLD_FIRST, 4, TRUST_OUTCOME_REFUSED);
    world_write(world, TRUST_HOME_CONFIG, "breaker: { streak: 2 }\n" WORLD_GROUP);
    world_pass(world, 1000, true);
    (void)refresh(world);
    world_call(world, WORLD_FIRST, 2, TRUST_OUTCOME_REFUSED);
    struct trust_client_call call;
    const struct trust_client_target target = world_target(WORLD_FIRST);
    assert_int_equal(trust_client_permit(world->client, &call, &target, TRUST_CLIENT_NO_WAIT, NULL),
                     TRUST_NO_PROVIDER);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_basis_is_own_until_a_board_is_there_then_fresh_then_stale),
        TEST(what_was_read_last_stands_while_a_slot_is_busy_and_goes_with_the_server),
        TEST(the_list_of_withheld_servers_counts_only_without_a_live_board),
        TEST(another_policy_reaches_the_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
