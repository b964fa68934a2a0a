/* client/permit: leave out of own cells, the shared one and the node's leases, and what settles it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "trust/client.h"

#include "world.h"

/* What the stand-in for the node answers about leases; outcomes it takes. */
struct node {
    const char *lease; /* NULL: none */
    const char *state;
    bool is_silent;
};

static int answer(void *context, const char *path, const json_t *body, json_t **out_answer)
{
    const struct node *node = context;
    if (node->is_silent)
        return 0;
    if (strcmp(path, "/v1/leases") == 0)
        *out_answer = json_pack("{s:O, s:s?, s:s, s:i, s:i}", "subject",
                                json_object_get(body, "subject"), "lease", node->lease, "state",
                                node->state, "generation", 3, "retry_after_ms", 1000);
    else
        *out_answer =
            json_pack("{s:i}", "accepted", (int)json_array_size(json_object_get(body, "outcomes")));
    return 200;
}

static void start(struct world *world, struct node *node)
{
    assert_true(peer_start(&world->peer, world_path(world, TRUST_HOME_AGENT_SOCK), answer, node));
}

static void show_shared(struct world *world, enum trust_breaker_state state, uint64_t left_ms)
{
    struct trust_board_cell cell = world_cell(80);
    cell.breaker_state = (uint8_t)state;
    cell.breaker_until.ms = atomic_load(&world->now_ms) + left_ms;
    world_put(world, WORLD_FIRST, cell);
}

static enum trust_error ask(struct world *world, struct trust_client_call *out_call,
                            uint32_t wait_ms, enum trust_why *out_why)
{
    const struct trust_client_target target = world_target(WORLD_FIRST);
    return trust_client_permit(world->client, out_call, &target, wait_ms, out_why);
}

static void five_failures_in_a_row_close_the_door_and_time_opens_it_for_probes(void **state)
{
    struct world *world = *state;
    world_whole(world);
    world_call(world, WORLD_FIRST, 5, TRUST_OUTCOME_REFUSED);
    struct trust_client_call call;
    enum trust_why why = TRUST_WHY_PRIMARY;
    assert_int_equal(ask(world, &call, TRUST_CLIENT_NO_WAIT, &why), TRUST_NO_PROVIDER);
    assert_int_equal(why, TRUST_WHY_OWN_BREAKER);
    world_pass(world, 7500, true);
    struct trust_client_call probes[3];
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask(world, &probes[i], TRUST_CLIENT_NO_WAIT, NULL), TRUST_OK);
    assert_int_equal(ask(world, &call, TRUST_CLIENT_NO_WAIT, &why), TRUST_NO_LEASE);
    assert_int_equal(why, TRUST_WHY_OWN_BREAKER);
    for (int i = 0; i < 3; i++)
        trust_client_done(world->client, &probes[i], TRUST_OUTCOME_OK);
    world_call(world, WORLD_FIRST, 4, TRUST_OUTCOME_OK);
}

static void without_a_live_node_own_cells_probe_one_at_a_time(void **state)
{
    struct world *world = *state;
    world_whole(world);
    world_call(world, WORLD_FIRST, 5, TRUST_OUTCOME_REFUSED);
    world_pass(world, 7500, false);
    struct trust_client_call probe;
    struct trust_client_call call;
    assert_int_equal(ask(world, &probe, TRUST_CLIENT_NO_WAIT, NULL), TRUST_OK);
    assert_int_equal(ask(world, &call, TRUST_CLIENT_NO_WAIT, NULL), TRUST_NO_LEASE);
    trust_client_done(world->client, &probe, TRUST_OUTCOME_CANCELLED);
    assert_int_equal(ask(world, &call, TRUST_CLIENT_NO_WAIT, NULL), TRUST_OK);
}

static void an_open_shared_breaker_refuses_while_the_node_lives_and_no_longer(void **state)
{
    struct world *world = *state;
    world_whole(world);
    show_shared(world, TRUST_BREAKER_OPEN, 60000);
    struct trust_client_call call;
    enum trust_why why = TRUST_WHY_PRIMARY;
    assert_int_equal(ask(world, &call, TRUST_CLIENT_NO_WAIT, &why), TRUST_NO_PROVIDER);
    assert_int_equal(why, TRUST_WHY_SHARED_BREAKER);
    world_pass(world, 3000, false);
    assert_int_equal(ask(world, &call, TRUST_CLIENT_NO_WAIT, &why), TRUST_OK);
}

static void a_half_open_shared_breaker_asks_the_node_for_a_lease_and_tells_its_end(void **state)
{
    struct world *world = *state;
    struct node node = {.lease = "3-0-4711", .state = "half_open"};
    world_whole(world);
    start(world, &node);
    show_shared(world, TRUST_BREAKER_OPEN, 0);
    struct trust_client_call call;
    assert_int_equal(ask(world, &call, TRUST_CLIENT_NO_WAIT, NULL), TRUST_NO_LEASE);
    assert_int_equal(peer_count(&world->peer), 0);
    assert_int_equal(ask(world, &call, 5000, NULL), TRUST_OK);
    assert_string_equal(call.lease, "3-0-4711");
    assert_int_equal(peer_count(&world->peer), 1);
    assert_string_equal(world->peer.asked[0].path, "/v1/leases");
    const json_t *body = world->peer.asked[0].body;
    assert_string_equal(json_string_value(json_object_get(body, "subject")), WORLD_FIRST);
    assert_string_equal(json_string_value(json_object_get(body, "agent")), "agent-1");
    trust_client_done(world->client, &call, TRUST_OUTCOME_OK);
    assert_int_equal(trust_client_flush(world->client, 5000), TRUST_OK);
    const json_t *outcome =
        json_array_get(json_object_get(world->peer.asked[1].body, "outcomes"), 0);
    assert_string_equal(json_string_value(json_object_get(outcome, "lease")), "3-0-4711");
    assert_string_equal(json_string_value(json_object_get(outcome, "class")), "ok");
}

static void no_lease_no_call_whatever_the_node_says_or_does_not_say(void **state)
{
    struct world *world = *state;
    struct node node = {.state = "half_open"};
    world_whole(world);
    start(world, &node);
    show_shared(world, TRUST_BREAKER_HALF_OPEN, 0);
    struct trust_client_call call;
    enum trust_why why = TRUST_WHY_PRIMARY;
    assert_int_equal(ask(world, &call, 5000, &why), TRUST_NO_LEASE);
    assert_int_equal(why, TRUST_WHY_SHARED_BREAKER);
    node.state = "open";
    assert_int_equal(ask(world, &call, 5000, NULL), TRUST_NO_PROVIDER);
    node.state = "closed";
    assert_int_equal(ask(world, &call, 5000, NULL), TRUST_OK);
    assert_string_equal(call.lease, "");
    node.is_silent = true;
    assert_int_equal(ask(world, &call, 50, NULL), TRUST_NO_LEASE);
}

/* Quarantines the server while the node is thinking about a lease. */
static int lease_and_withhold(void *context, const char *path, const json_t *body,
                              json_t **out_answer)
{
    struct world *world = context;
    static struct node node = {.lease = "9-1-1", .state = "half_open"};
    if (strcmp(path, "/v1/leases") == 0) {
        struct trust_board_cell cell = world_cell(80);
        cell.quarantine = TRUST_QUARANTINE_QUARANTINED;
        world_put(world, WORLD_FIRST, cell);
    }
    return answer(&node, path, body, out_answer);
}

static void a_lease_that_is_not_used_goes_back(void **state)
{
    struct world *world = *state;
    world_whole(world);
    assert_true(peer_start(&world->peer, world_path(world, TRUST_HOME_AGENT_SOCK),
                           lease_and_withhold, world));
    show_shared(world, TRUST_BREAKER_HALF_OPEN, 0);
    struct trust_client_call call;
    enum trust_why why = TRUST_WHY_PRIMARY;
    assert_int_equal(ask(world, &call, 5000, &why), TRUST_NO_PROVIDER);
    assert_int_equal(why, TRUST_WHY_QUARANTINED);
    assert_int_equal(trust_client_flush(world->client, 5000), TRUST_OK);
    const json_t *outcome =
        json_array_get(json_object_get(world->peer.asked[1].body, "outcomes"), 0);
    assert_string_equal(json_string_value(json_object_get(outcome, "lease")), "9-1-1");
    assert_string_equal(json_string_value(json_object_get(outcome, "class")), "cancelled");
}

static void a_withheld_server_gets_no_call_with_or_without_a_node(void **state)
{
    struct world *world = *state;
    static const struct {
        enum trust_quarantine_state state;
        enum trust_error error;
        enum trust_why why;
    } rows[] = {
        {TRUST_QUARANTINE_OK, TRUST_OK, TRUST_WHY_PRIMARY},
        {TRUST_QUARANTINE_SUSPECT, TRUST_OK, TRUST_WHY_PRIMARY},
        {TRUST_QUARANTINE_RELEASED, TRUST_OK, TRUST_WHY_PRIMARY},
        {TRUST_QUARANTINE_QUARANTINED, TRUST_NO_PROVIDER, TRUST_WHY_QUARANTINED},
        {TRUST_QUARANTINE_INVESTIGATING, TRUST_NO_PROVIDER, TRUST_WHY_INVESTIGATING},
        {TRUST_QUARANTINE_BANNED, TRUST_NO_PROVIDER, TRUST_WHY_BANNED},
    };
    world_whole(world);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_board_cell cell = world_cell(80);
        cell.quarantine = (uint8_t)rows[i].state;
        world_put(world, WORLD_FIRST, cell);
        struct trust_client_call call;
        enum trust_why why = TRUST_WHY_PRIMARY;
        assert_int_equal(ask(world, &call, TRUST_CLIENT_NO_WAIT, &why), rows[i].error);
        assert_int_equal(why, rows[i].why);
    }
    world_show(world, WORLD_FIRST, 80);
    world_write(world, TRUST_HOME_WITHHELD, WORLD_FIRST " - investigating -\n");
    struct trust_client_call call;
    enum trust_why why = TRUST_WHY_PRIMARY;
    assert_int_equal(ask(world, &call, TRUST_CLIENT_NO_WAIT, &why), TRUST_OK);
    world_pass(world, 3000, false);
    assert_int_equal(ask(world, &call, TRUST_CLIENT_NO_WAIT, &why), TRUST_NO_PROVIDER);
    assert_int_equal(why, TRUST_WHY_INVESTIGATING);
}

static void a_last_attempt_is_allowed_once_at_a_time_and_only_if_the_operator_says_so(void **state)
{
    struct world *world = *state;
    world_write(world, TRUST_HOME_CONFIG, "policy: { when_all_open: try_least_bad }\n" WORLD_GROUP);
    world_board(world);
    world_client(world);
    world_call(world, WORLD_FIRST, 5, TRUST_OUTCOME_REFUSED);
    world_call(world, WORLD_SECOND, 5, TRUST_OUTCOME_REFUSED);
    world_call(world, WORLD_THIRD, 5, TRUST_OUTCOME_REFUSED);
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    assert_int_equal(world_select(world, choices).count, 1);
    assert_int_equal(choices[0].why, TRUST_WHY_LEAST_BAD);
    struct trust_client_call call;
    struct trust_client_call second;
    struct trust_client *client = world->client;
    assert_int_equal(trust_client_permit(client, &call, &choices[0].target, 0, NULL), TRUST_OK);
    assert_int_equal(trust_client_permit(client, &second, &choices[0].target, 0, NULL),
                     TRUST_NO_LEASE);
    trust_client_done(client, &call, TRUST_OUTCOME_REFUSED);
    assert_int_equal(trust_client_permit(client, &second, &choices[0].target, 0, NULL), TRUST_OK);
    /* one that never ends is given up */
    world_pass(world, 60000, true);
    assert_int_equal(trust_client_permit(client, &call, &choices[0].target, 0, NULL), TRUST_OK);
    /* and a plain call of an open server is refused */
    world_call(world, WORLD_SECOND, 1, TRUST_OUTCOME_REFUSED);
    world_call(world, WORLD_SECOND, 1, TRUST_OUTCOME_REFUSED);
    const struct trust_client_target plain = world_target(WORLD_SECOND);
    assert_int_equal(trust_client_permit(client, &call, &plain, 0, NULL), TRUST_NO_PROVIDER);
}

static void a_server_that_the_operator_forced_open_gets_no_last_attempt(void **state)
{
    struct world *world = *state;
    world_whole(world);
    struct trust_client_target target = world_target(WORLD_FIRST);
    target.is_last_attempt = true;
    struct trust_client_call call;
    show_shared(world, TRUST_BREAKER_FORCED_OPEN, 60000);
    assert_int_equal(trust_client_permit(world->client, &call, &target, 0, NULL),
                     TRUST_NO_PROVIDER);
    show_shared(world, TRUST_BREAKER_OPEN, 60000);
    assert_int_equal(trust_client_permit(world->client, &call, &target, 0, NULL), TRUST_OK);
}

static void the_latency_is_the_time_between_permit_and_done(void **state)
{
    struct world *world = *state;
    struct node node = {0};
    world_whole(world);
    start(world, &node);
    struct trust_client_call call;
    assert_int_equal(ask(world, &call, TRUST_CLIENT_NO_WAIT, NULL), TRUST_OK);
    world_pass(world, 1234, true);
    trust_client_done(world->client, &call, TRUST_OUTCOME_OK);
    assert_int_equal(trust_client_flush(world->client, 5000), TRUST_OK);
    const json_t *outcome =
        json_array_get(json_object_get(world->peer.asked[0].body, "outcomes"), 0);
    assert_int_equal(json_integer_value(json_object_get(outcome, "latency_ms")), 1234);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(five_failures_in_a_row_close_the_door_and_time_opens_it_for_probes),
        TEST(without_a_live_node_own_cells_probe_one_at_a_time),
        TEST(an_open_shared_breaker_refuses_while_the_node_lives_and_no_longer),
        TEST(a_half_open_shared_breaker_asks_the_node_for_a_lease_and_tells_its_end),
        TEST(no_lease_no_call_whatever_the_node_says_or_does_not_say),
        TEST(a_lease_that_is_not_used_goes_back),
        TEST(a_withheld_server_gets_no_call_with_or_without_a_node),
        TEST(a_last_attempt_is_allowed_once_at_a_time_and_only_if_the_operator_says_so),
        TEST(a_server_that_the_operator_forced_open_gets_no_last_attempt),
        TEST(the_latency_is_the_time_between_permit_and_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
