/* client/ask: what the node is asked while somebody waits, and for how long. */
#include "client/ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "world.h"

static int answer(void *context, const char *path, const json_t *body, json_t **out_answer)
{
    (void)path;
    (void)body;
    json_t *const *next = context;
    *out_answer = json_incref(*next);
    return 200;
}

static void leave_is_read_as_the_node_writes_it_and_nothing_else_is(void **state)
{
    struct world *world = *state;
    json_t *next = NULL;
    static const struct {
        const char *text;
        enum trust_error error;
        const char *lease;
        enum trust_breaker_state state;
        uint64_t retry_after_ms;
    } rows[] = {
        {"{\"lease\":\"7-1-2\",\"state\":\"half_open\",\"retry_after_ms\":0}", TRUST_OK, "7-1-2",
         TRUST_BREAKER_HALF_OPEN, 0},
        {"{\"lease\":null,\"state\":\"open\",\"retry_after_ms\":4000}", TRUST_OK, "",
         TRUST_BREAKER_OPEN, 4000},
        {"{\"lease\":null,\"state\":\"metrics_only\"}", TRUST_OK, "", TRUST_BREAKER_METRICS_ONLY,
         0},
        {"{\"lease\":null,\"state\":\"withheld\",\"retry_after_ms\":null}", TRUST_OK, "",
         TRUST_BREAKER_FORCED_OPEN, 0},
        {"{\"lease\":null,\"state\":\"ajar\"}", TRUST_NO_TYPE, "", 0, 0},
        {"{\"lease\":null}", TRUST_NO_TYPE, "", 0, 0},
        {"[]", TRUST_NO_TYPE, "", 0, 0},
        {"{\"lease\":\"0123456789012345678901234567890123456789012345678901234567890123\","
         "\"state\":\"open\"}",
         TRUST_NO_TYPE, "", 0, 0},
    };
    assert_true(peer_start(&world->peer, world_path(world, TRUST_HOME_AGENT_SOCK), answer, &next));
    world_client(world);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        next = json_loads(rows[i].text, 0, NULL);
        struct trust_client_leave leave;
        assert_int_equal(trust_client_ask_leave(world->client, &leave, WORLD_FIRST, 5000),
                         rows[i].error);
        json_decref(next);
        if (rows[i].error != TRUST_OK)
            continue;
        assert_string_equal(leave.lease, rows[i].lease);
        assert_int_equal(leave.state, rows[i].state);
        assert_int_equal(leave.retry_after_ms, rows[i].retry_after_ms);
    }
}

static void a_group_is_asked_for_in_the_name_of_the_agent(void **state)
{
    struct world *world = *state;
    json_t *next = json_pack("{s:{s:[]}}", "policy", "servers");
    assert_true(peer_start(&world->peer, world_path(world, TRUST_HOME_AGENT_SOCK), answer, &next));
    world_client(world);
    struct trust_client_group group;
    assert_int_equal(trust_client_ask_group(world->client, &group, "search", 5000), TRUST_OK);
    assert_string_equal(group.name, "search");
    const struct peer_asked *asked = &world->peer.asked[0];
    assert_string_equal(asked->path, "/v1/select");
    assert_string_equal(json_string_value(json_object_get(asked->body, "group")), "search");
    assert_true(json_is_true(json_object_get(asked->body, "policy")));
    assert_string_equal(json_string_value(json_object_get(asked->body, "agent")), "agent-1");
    json_decref(next);
}

static void servers_are_asked_for_by_their_texts(void **state)
{
    struct world *world = *state;
    json_t *next = json_array();
    assert_true(peer_start(&world->peer, world_path(world, TRUST_HOME_AGENT_SOCK), answer, &next));
    world_client(world);
    char subjects[2][TRUST_SUBJECT_TEXT_SIZE] = {WORLD_FIRST, WORLD_THIRD};
    assert_int_equal(trust_client_ask_to_show(world->client, subjects, 2, 5000), TRUST_OK);
    const struct peer_asked *asked = &world->peer.asked[0];
    assert_string_equal(asked->path, "/v1/score");
    const json_t *list = json_object_get(asked->body, "subjects");
    assert_int_equal(json_array_size(list), 2);
    assert_string_equal(json_string_value(json_array_get(list, 1)), WORLD_THIRD);
    json_decref(next);
}

static void nobody_is_asked_by_who_does_not_wait_and_nobody_answers_is_told(void **state)
{
    struct world *world = *state;
    world_client(world);
    struct trust_client_leave leave;
    assert_int_equal(
        trust_client_ask_leave(world->client, &leave, WORLD_FIRST, TRUST_CLIENT_NO_WAIT),
        TRUST_NO_BUSY);
    assert_int_equal(trust_client_ask_leave(world->client, &leave, WORLD_FIRST, 0), TRUST_NO_NODE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(leave_is_read_as_the_node_writes_it_and_nothing_else_is),
        TEST(a_group_is_asked_for_in_the_name_of_the_agent),
        TEST(servers_are_asked_for_by_their_texts),
        TEST(nobody_is_asked_by_who_does_not_wait_and_nobody_answers_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
