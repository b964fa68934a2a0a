/* score/servers: interning, references, rings of joined servers and the list of changed ones. */
#include "score/servers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

#define SERVERS 8u

static void open_servers(struct trust_servers *servers, uint8_t **out_memory)
{
    const struct trust_servers_limits limits = {.servers = SERVERS, .targets = 16, .rules = 4};
    const struct trust_siphash_key seed = {.low = 1, .high = 2};
    struct trust_arena arena = {0};
    trust_servers_init(servers, &arena, &limits, &seed);
    arena = (struct trust_arena){.memory = calloc(1, arena.size), .capacity = arena.size};
    *out_memory = arena.memory;
    trust_servers_init(servers, &arena, &limits, &seed);
}

static uint32_t hold(struct trust_servers *servers, const char *text)
{
    uint32_t server = 0;
    assert_int_equal(trust_servers_hold(servers, &server, trust_bytes_text(text)), TRUST_OK);
    return server;
}

static uint32_t hold_target(struct trust_servers *servers, const char *text, const char *version,
                            const uint8_t *manifest)
{
    uint32_t target = 0;
    const struct trust_named named = {
        .server = trust_bytes_text(text),
        .version = trust_bytes_text(version),
        .manifest = {.data = manifest, .size = manifest == NULL ? 0 : 32},
    };
    assert_int_equal(trust_targets_hold(servers, &target, &named), TRUST_OK);
    return target;
}

static void a_server_is_one_however_often_it_is_held_and_ends_with_the_last(void **state)
{
    (void)state;
    struct trust_servers servers;
    uint8_t *memory;
    open_servers(&servers, &memory);
    uint32_t a = hold(&servers, "mcp:io.example/a");
    uint32_t b = hold(&servers, "mcp:io.example/b");
    assert_int_not_equal(a, b);
    assert_int_equal(hold(&servers, "mcp:io.example/a"), a);
    trust_servers_release(&servers, a);
    uint32_t found = 99;
    assert_true(trust_servers_find(&servers, &found, trust_bytes_text("mcp:io.example/a")));
    assert_int_equal(found, a);
    trust_servers_release(&servers, a);
    assert_false(trust_servers_find(&servers, &found, trust_bytes_text("mcp:io.example/a")));
    uint32_t cursor = 0;
    assert_true(trust_servers_next(&servers, &cursor, &found));
    assert_int_equal(found, b);
    assert_false(trust_servers_next(&servers, &cursor, &found));
    free(memory);
}

static void a_full_table_says_so_and_takes_again_what_was_freed(void **state)
{
    (void)state;
    struct trust_servers servers;
    uint8_t *memory;
    open_servers(&servers, &memory);
    char text[] = "mcp:io.example/0";
    for (uint32_t i = 0; i < SERVERS; i++) {
        text[sizeof text - 2] = (char)('0' + i);
        hold(&servers, text);
    }
    uint32_t server = 0;
    assert_int_equal(trust_servers_hold(&servers, &server, trust_bytes_text("mcp:io.example/x")),
                     TRUST_NO_ROOM);
    trust_servers_release(&servers, 3);
    assert_int_equal(hold(&servers, "mcp:io.example/x"), 3);
    free(memory);
}

static void targets_differ_by_version_and_manifest_and_hold_their_server(void **state)
{
    (void)state;
    struct trust_servers servers;
    uint8_t *memory;
    uint8_t one[32];
    uint8_t two[32];
    memset(one, 1, sizeof one);
    memset(two, 2, sizeof two);
    open_servers(&servers, &memory);
    uint32_t bare = hold_target(&servers, "mcp:io.example/a", "", NULL);
    uint32_t version = hold_target(&servers, "mcp:io.example/a", "1.0", NULL);
    uint32_t exact = hold_target(&servers, "mcp:io.example/a", "1.0", one);
    assert_int_not_equal(bare, version);
    assert_int_not_equal(version, exact);
    assert_int_not_equal(hold_target(&servers, "mcp:io.example/a", "1.0", two), exact);
    assert_int_not_equal(hold_target(&servers, "mcp:io.example/b", "1.0", one), exact);
    assert_int_equal(hold_target(&servers, "mcp:io.example/a", "1.0", one), exact);
    uint32_t server = servers.targets[exact].server;
    assert_int_equal(servers.servers[server].references, 4);
    trust_targets_release(&servers, exact);
    assert_int_equal(servers.servers[server].references, 4);
    trust_targets_release(&servers, exact);
    assert_int_equal(servers.servers[server].references, 3);
    assert_true(trust_target_has_version(&servers, version, trust_bytes_text("1.0")));
    assert_false(trust_target_has_version(&servers, version, trust_bytes_text("1.1")));
    assert_false(trust_target_has_version(&servers, bare, trust_bytes_text("")));
    free(memory);
}

static void a_manifest_is_compared_whole(void **state)
{
    (void)state;
    struct trust_servers servers;
    uint8_t *memory;
    uint8_t digest[32];
    memset(digest, 9, sizeof digest);
    open_servers(&servers, &memory);
    uint32_t target = hold_target(&servers, "mcp:io.example/a", "1.2.3", digest);
    struct trust_bytes wanted = {.data = digest, .size = sizeof digest};
    assert_true(trust_target_has_manifest(&servers, target, wanted));
    digest[31] ^= 1;
    assert_false(trust_target_has_manifest(&servers, target, wanted));
    assert_false(trust_target_has_manifest(&servers, target, (struct trust_bytes){0}));
    free(memory);
}

static void rings_merge_once_and_come_apart_whole(void **state)
{
    (void)state;
    struct trust_servers servers;
    uint8_t *memory;
    open_servers(&servers, &memory);
    for (char name[] = "mcp:io.example/a"; name[15] <= 'd'; name[15]++)
        hold(&servers, name);
    trust_servers_join(&servers, 2, 3);
    trust_servers_join(&servers, 0, 2);
    trust_servers_join(&servers, 3, 0);
    assert_int_equal(servers.servers[0].joined, 0);
    assert_int_equal(servers.servers[1].joined, 1);
    assert_int_equal(servers.servers[2].joined, 0);
    assert_int_equal(servers.servers[3].joined, 0);
    uint32_t at = 0;
    for (int i = 0; i < 3; i++)
        at = servers.servers[at].next_joined;
    assert_int_equal(at, 0);
    trust_servers_part(&servers, 3);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(servers.servers[i].joined, i);
        assert_int_equal(servers.servers[i].next_joined, i);
    }
    free(memory);
}

static void only_watched_servers_are_reported_as_changed_and_each_once(void **state)
{
    (void)state;
    struct trust_servers servers;
    uint8_t *memory;
    open_servers(&servers, &memory);
    uint32_t a = hold(&servers, "mcp:io.example/a");
    uint32_t b = hold(&servers, "mcp:io.example/b");
    uint32_t changed = 99;
    trust_servers_change(&servers, a);
    assert_false(trust_servers_take_changed(&servers, &changed));
    trust_servers_watch(&servers, b);
    trust_servers_join(&servers, a, b);
    trust_servers_change(&servers, a);
    trust_servers_change(&servers, b);
    assert_true(trust_servers_take_changed(&servers, &changed));
    assert_int_equal(changed, b);
    assert_false(trust_servers_take_changed(&servers, &changed));
    trust_servers_change_all(&servers);
    trust_servers_unwatch(&servers, b);
    assert_false(trust_servers_take_changed(&servers, &changed));
    free(memory);
}

static void a_server_freed_while_it_is_listed_as_changed_leaves_the_list_whole(void **state)
{
    (void)state;
    struct trust_servers servers;
    uint8_t *memory;
    open_servers(&servers, &memory);
    uint32_t a = hold(&servers, "mcp:io.example/a");
    uint32_t b = hold(&servers, "mcp:io.example/b");
    trust_servers_watch(&servers, a);
    trust_servers_watch(&servers, b);
    trust_servers_unwatch(&servers, b);
    trust_servers_release(&servers, b);
    uint32_t c = hold(&servers, "mcp:io.example/c");
    assert_int_equal(c, b);
    trust_servers_watch(&servers, c);
    bool seen[SERVERS] = {false};
    uint32_t changed = 0;
    while (trust_servers_take_changed(&servers, &changed)) {
        assert_false(seen[changed]);
        seen[changed] = true;
    }
    assert_true(seen[a]);
    assert_true(seen[c]);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_is_one_however_often_it_is_held_and_ends_with_the_last),
        cmocka_unit_test(a_full_table_says_so_and_takes_again_what_was_freed),
        cmocka_unit_test(targets_differ_by_version_and_manifest_and_hold_their_server),
        cmocka_unit_test(a_manifest_is_compared_whole),
        cmocka_unit_test(rings_merge_once_and_come_apart_whole),
        cmocka_unit_test(only_watched_servers_are_reported_as_changed_and_each_once),
        cmocka_unit_test(a_server_freed_while_it_is_listed_as_changed_leaves_the_list_whole),
    };
    return cmocka_run_group_tests_name("score/servers", tests, NULL, NULL);
}
