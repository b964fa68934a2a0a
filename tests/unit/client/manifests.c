/* client/manifests: what waits for the node, the newest of each server and client. */
#include "client/manifests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct trust_client_sight sight_of(uint32_t server, uint8_t manifest)
{
    struct trust_client_sight sight = {.state = TRUST_MANIFEST_CHANGED, .tools = 2};
    (void)snprintf(sight.subject, sizeof sight.subject, "mcp:io.example/s%u", server);
    memset(sight.manifest, manifest, sizeof sight.manifest);
    return sight;
}

static bool add(struct trust_client_manifests *manifests, uint32_t server, uint8_t manifest)
{
    const struct trust_client_sight sight = sight_of(server, manifest);
    return trust_client_manifests_add(manifests, &sight);
}

static void expect(struct trust_client_manifests *manifests, const char *subject, uint8_t manifest)
{
    struct trust_client_sight sight;
    assert_true(trust_client_manifests_take(manifests, &sight));
    assert_string_equal(sight.subject, subject);
    assert_int_equal(sight.manifest[31], manifest);
}

static void the_newest_of_a_server_takes_the_place_of_the_older(void **state)
{
    (void)state;
    static struct trust_client_manifests manifests;
    assert_true(add(&manifests, 1, 1));
    assert_true(add(&manifests, 2, 1));
    assert_true(add(&manifests, 1, 2));
    struct trust_client_sight other = sight_of(1, 3);
    other.capabilities[0] = 1;
    assert_true(trust_client_manifests_add(&manifests, &other));
    expect(&manifests, "mcp:io.example/s2", 1);
    expect(&manifests, "mcp:io.example/s1", 2);
    expect(&manifests, "mcp:io.example/s1", 3);
    assert_false(trust_client_manifests_take(&manifests, &other));
}

static void with_no_room_the_oldest_is_lost(void **state)
{
    (void)state;
    static struct trust_client_manifests manifests;
    for (uint32_t i = 0; i < TRUST_CLIENT_MANIFESTS_MAX; i++)
        assert_true(add(&manifests, i, 1));
    assert_true(add(&manifests, 5, 2));
    assert_false(add(&manifests, 1000, 1));
    assert_int_equal(manifests.count, TRUST_CLIENT_MANIFESTS_MAX);
    expect(&manifests, "mcp:io.example/s1", 1);
}

static void what_comes_back_is_first_again_unless_there_is_something_newer(void **state)
{
    (void)state;
    static struct trust_client_manifests manifests;
    struct trust_client_sight taken;
    assert_true(add(&manifests, 1, 1));
    assert_true(add(&manifests, 2, 1));
    assert_true(trust_client_manifests_take(&manifests, &taken));
    assert_true(trust_client_manifests_give_back(&manifests, &taken));
    assert_true(trust_client_manifests_take(&manifests, &taken));
    assert_string_equal(taken.subject, "mcp:io.example/s1");
    assert_true(add(&manifests, 1, 2));
    assert_true(trust_client_manifests_give_back(&manifests, &taken));
    assert_int_equal(manifests.count, 2);
    expect(&manifests, "mcp:io.example/s2", 1);
    expect(&manifests, "mcp:io.example/s1", 2);
    for (uint32_t i = 0; i < TRUST_CLIENT_MANIFESTS_MAX; i++)
        assert_true(add(&manifests, 100 + i, 1));
    assert_false(trust_client_manifests_give_back(&manifests, &taken));
}

static void what_was_told_is_passed_over_until_it_changes_or_the_node_was_away(void **state)
{
    (void)state;
    static struct trust_client_manifests manifests;
    struct trust_client_sight taken;
    assert_true(add(&manifests, 1, 1));
    assert_true(trust_client_manifests_take(&manifests, &taken));
    trust_client_manifests_note(&manifests, &taken);
    assert_true(add(&manifests, 1, 1));
    assert_int_equal(manifests.count, 0);
    assert_true(add(&manifests, 1, 2));
    assert_int_equal(manifests.count, 1);
    /* There and back again before it left: the last word stands. */
    assert_true(add(&manifests, 1, 1));
    expect(&manifests, "mcp:io.example/s1", 1);
    trust_client_manifests_forget(&manifests);
    assert_true(add(&manifests, 1, 1));
    assert_int_equal(manifests.count, 1);
    for (uint32_t i = 0; i < 3 * TRUST_CLIENT_MANIFESTS_MAX; i++) {
        const struct trust_client_sight sight = sight_of(i, 1);
        trust_client_manifests_note(&manifests, &sight);
    }
    assert_true(add(&manifests, 3 * TRUST_CLIENT_MANIFESTS_MAX - 1, 1));
    assert_int_equal(manifests.count, 1);
}

static void the_document_is_what_the_node_takes(void **state)
{
    (void)state;
    struct trust_client_sight sight = sight_of(1, 0xab);
    sight.tools = 70000;
    json_t *doc = trust_client_manifests_doc(&sight, "agent-1");
    char *text = json_dumps(doc, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(
        text, "{\"agent\":\"agent-1\",\"capabilities\":"
              "\"0000000000000000000000000000000000000000000000000000000000000000\",\"manifest\":"
              "\"abababababababababababababababababababababababababababababababab\",\"state\":"
              "\"changed\",\"subject\":\"mcp:io.example/s1\",\"tools\":65535}");
    free(text);
    json_decref(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_of_a_server_takes_the_place_of_the_older),
        cmocka_unit_test(with_no_room_the_oldest_is_lost),
        cmocka_unit_test(what_comes_back_is_first_again_unless_there_is_something_newer),
        cmocka_unit_test(what_was_told_is_passed_over_until_it_changes_or_the_node_was_away),
        cmocka_unit_test(the_document_is_what_the_node_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
