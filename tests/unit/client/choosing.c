/* client/choosing: candidates out of board, list of withheld servers and own cells. */
#include "client/choosing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "world.h"

static struct trust_choosing begin(struct world *world, const struct trust_client_query *query)
{
    const struct trust_client_clock clock = world_clock(world);
    struct trust_choosing choosing = {
        .client = world->client, .query = query, .now = trust_client_clock_read(&clock)};
    choosing.basis = trust_client_refresh(world->client, choosing.now);
    struct trust_client_group *group =
        query->group != NULL ? trust_client_groups_find(&world->client->groups, query->group)
                             : NULL;
    assert_int_equal(trust_choosing_want(&choosing, group), TRUST_OK);
    assert_int_equal(trust_choosing_make(&choosing), TRUST_OK);
    return choosing;
}

static void members_are_named_the_first_is_primary_and_all_know_their_cells(void **state)
{
    struct world *world = *state;
    world_whole(world);
    const struct trust_client_query query = {.group = "search"};
    const struct trust_choosing choosing = begin(world, &query);
    const struct trust_candidate *candidates = world->client->candidates;
    assert_int_equal(choosing.count, 3);
    assert_int_equal(candidates[0].marks,
                     TRUST_CANDIDATE_PRIMARY | TRUST_CANDIDATE_NAMED | TRUST_CANDIDATE_COVERS);
    assert_int_equal(candidates[1].marks, TRUST_CANDIDATE_NAMED | TRUST_CANDIDATE_COVERS);
    assert_int_equal(candidates[2].position, 2);
    assert_int_equal(candidates[0].transport, TRUST_TRANSPORT_STDIO);
    assert_int_equal(candidates[2].transport, TRUST_TRANSPORT_HTTP);
    assert_int_equal(candidates[0].cell->lower_ppm, 800000);
    assert_int_equal(candidates[2].cell->lower_ppm, TRUST_PPM_NONE);
    assert_int_equal(candidates[0].ewma_us, 0);
}

static void own_calls_give_latency_failures_and_gates(void **state)
{
    struct world *world = *state;
    world_whole(world);
    struct trust_client_target target = world_target(WORLD_FIRST);
    struct trust_client_call call;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(
            trust_client_permit(world->client, &call, &target, TRUST_CLIENT_NO_WAIT, NULL),
            TRUST_OK);
        const struct trust_outcome outcome = {
            .class_ = i == 0 ? TRUST_OUTCOME_REFUSED : TRUST_OUTCOME_OK, .latency_ms = 40};
        trust_client_outcome(world->client, &call, &outcome);
    }
    const struct trust_client_query query = {.group = "search"};
    (void)begin(world, &query);
    const struct trust_candidate *candidate = &world->client->candidates[0];
    assert_int_equal(candidate->fail_ppm, 250000);
    assert_true(candidate->ewma_us > 40000);
    assert_int_equal(candidate->own.state, TRUST_BREAKER_CLOSED);
    world_call(world, WORLD_FIRST, 5, TRUST_OUTCOME_REFUSED);
    (void)begin(world, &query);
    assert_int_equal(world->client->candidates[0].own.state, TRUST_BREAKER_OPEN);
}

static void typed_candidates_are_named_only_if_the_node_says_so(void **state)
{
    struct world *world = *state;
    world_whole(world);
    static const char *const candidates[] = {WORLD_FIRST};
    const struct trust_client_query query = {.candidates = candidates, .candidate_count = 1};
    (void)begin(world, &query);
    assert_int_equal(world->client->candidates[0].marks, TRUST_CANDIDATE_COVERS);
    assert_int_equal(world->client->candidates[0].transport, 0);
    struct trust_board_cell cell = world_cell(80);
    cell.marks = TRUST_CELL_NAMED;
    world_put(world, WORLD_FIRST, cell);
    (void)begin(world, &query);
    assert_int_equal(world->client->candidates[0].marks,
                     TRUST_CANDIDATE_COVERS | TRUST_CANDIDATE_NAMED);
}

static void only_unknown_servers_of_a_live_node_are_unseen_and_each_once_a_while(void **state)
{
    struct world *world = *state;
    world_whole(world);
    static const char *const candidates[] = {WORLD_FIRST, "mcp:io.example/x", "mcp:io.example/y"};
    const struct trust_client_query query = {.candidates = candidates, .candidate_count = 3};
    struct trust_choosing choosing = begin(world, &query);
    char unseen[3][TRUST_SUBJECT_TEXT_SIZE];
    assert_int_equal(trust_choosing_unseen(&choosing, unseen, 1), 1);
    assert_string_equal(unseen[0], "mcp:io.example/x");
    assert_int_equal(trust_choosing_unseen(&choosing, unseen, 3), 1);
    assert_string_equal(unseen[0], "mcp:io.example/y");
    assert_int_equal(trust_choosing_unseen(&choosing, unseen, 3), 0);
    world_pass(world, 30000, true);
    choosing = begin(world, &query);
    assert_int_equal(trust_choosing_unseen(&choosing, unseen, 3), 2);
    world_pass(world, 60000, false);
    choosing = begin(world, &query);
    assert_int_equal(trust_choosing_unseen(&choosing, unseen, 3), 0);
    const struct trust_client_query group = {.group = "search"};
    world_board(world);
    choosing = begin(world, &group);
    assert_int_equal(trust_choosing_unseen(&choosing, unseen, 3), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(members_are_named_the_first_is_primary_and_all_know_their_cells),
        TEST(own_calls_give_latency_failures_and_gates),
        TEST(typed_candidates_are_named_only_if_the_node_says_so),
        TEST(only_unknown_servers_of_a_live_node_are_unseen_and_each_once_a_while),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
