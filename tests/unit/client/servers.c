/* client/servers: one entry a server, found by any target of it, the oldest makes room. */
#include "client/servers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

struct fixture {
    struct trust_client_servers servers;
    void *memory;
};

static const struct trust_mono now = {.ms = 1000};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    struct trust_arena arena = {0};
    trust_client_servers_init(&f->servers, &arena, 7);
    f->memory = aligned_alloc(64, (arena.size + 63) / 64 * 64);
    if (f->memory == NULL)
        return -1;
    memset(f->memory, 0, arena.size);
    arena = (struct trust_arena){.memory = f->memory, .capacity = arena.size};
    trust_client_servers_init(&f->servers, &arena, 7);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    free(f->memory);
    free(f);
    return 0;
}

static struct trust_client_target numbered(uint32_t number, const char *tool)
{
    char subject[64];
    struct trust_client_target target;
    (void)snprintf(subject, sizeof subject, "mcp:io.example/server-%u", number);
    assert_int_equal(trust_client_target_init(&target, subject, tool), TRUST_OK);
    return target;
}

static void a_server_is_one_entry_for_all_its_targets(void **state)
{
    struct fixture *f = *state;
    struct trust_client_target a = numbered(1, NULL);
    struct trust_client_target b = numbered(1, "find");
    struct trust_client_target other = numbered(2, NULL);
    struct trust_client_server *server = trust_client_servers_add(&f->servers, &a, now);
    server->has_calls = true;
    assert_ptr_equal(trust_client_servers_add(&f->servers, &b, now), server);
    assert_int_equal(a.slot, b.slot);
    assert_ptr_not_equal(trust_client_servers_add(&f->servers, &other, now), server);
    /* a hint that belongs to another server is only a hint */
    b.slot = other.slot;
    assert_ptr_equal(trust_client_servers_add(&f->servers, &b, now), server);
    assert_int_equal(b.slot, a.slot);
    assert_int_equal(f->servers.server_count, 2);
}

static void tools_have_cells_of_their_own_once_they_are_called(void **state)
{
    struct fixture *f = *state;
    struct trust_client_target find = numbered(1, "find");
    struct trust_client_target other = numbered(1, "other");
    struct trust_client_target elsewhere = numbered(2, "find");
    assert_null(trust_client_servers_find_tool(&f->servers, &find));
    struct trust_client_tool *tool = trust_client_servers_add_tool(&f->servers, &find, now);
    assert_ptr_equal(trust_client_servers_find_tool(&f->servers, &find), tool);
    assert_ptr_equal(trust_client_servers_add_tool(&f->servers, &find, now), tool);
    assert_null(trust_client_servers_find_tool(&f->servers, &other));
    assert_null(trust_client_servers_find_tool(&f->servers, &elsewhere));
    other.tool_slot = find.tool_slot;
    assert_null(trust_client_servers_find_tool(&f->servers, &other));
}

static void the_one_used_the_longest_ago_makes_room(void **state)
{
    struct fixture *f = *state;
    for (uint32_t i = 0; i < TRUST_CLIENT_SERVERS_MAX; i++) {
        struct trust_client_target target = numbered(i, NULL);
        trust_client_servers_add(&f->servers, &target, now)->has_calls = true;
    }
    struct trust_client_target first = numbered(0, NULL);
    assert_true(trust_client_servers_add(&f->servers, &first, now)->has_calls);
    struct trust_client_target extra = numbered(TRUST_CLIENT_SERVERS_MAX, NULL);
    assert_false(trust_client_servers_add(&f->servers, &extra, now)->has_calls);
    struct trust_client_target second = numbered(1, NULL);
    second.slot = extra.slot;
    assert_true(trust_client_servers_add(&f->servers, &first, now)->has_calls);
    assert_false(trust_client_servers_add(&f->servers, &second, now)->has_calls);
    assert_int_equal(f->servers.server_count, TRUST_CLIENT_SERVERS_MAX);
    for (uint32_t i = 0; i < TRUST_CLIENT_TOOLS_MAX + 1; i++) {
        struct trust_client_target target = numbered(i, "find");
        (void)trust_client_servers_add_tool(&f->servers, &target, now);
    }
    struct trust_client_target oldest = numbered(0, "find");
    struct trust_client_target newest = numbered(TRUST_CLIENT_TOOLS_MAX, "find");
    assert_null(trust_client_servers_find_tool(&f->servers, &oldest));
    assert_non_null(trust_client_servers_find_tool(&f->servers, &newest));
}

static void another_policy_empties_the_counters_of_all_cells(void **state)
{
    struct fixture *f = *state;
    struct trust_breaker_policy policy = trust_breaker_policy_default();
    struct trust_client_target target = numbered(1, "find");
    struct trust_client_server *server = trust_client_servers_add(&f->servers, &target, now);
    struct trust_client_tool *tool = trust_client_servers_add_tool(&f->servers, &target, now);
    const struct trust_breaker_context context = {.policy = &policy, .now = now};
    const struct trust_outcome failure = {.class_ = TRUST_OUTCOME_REFUSED, .latency_ms = 1};
    trust_breaker_record(&server->cell, NULL, &failure, &context);
    trust_breaker_record(&tool->cell, NULL, &failure, &context);
    policy.streak = 9;
    trust_client_servers_adopt(&f->servers, &policy, now);
    struct trust_breaker_view view;
    trust_breaker_read(&server->cell, &view, &context);
    assert_int_equal(view.calls, 0);
    trust_breaker_read(&tool->cell, &view, &context);
    assert_int_equal(view.calls, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_server_is_one_entry_for_all_its_targets),
        TEST(tools_have_cells_of_their_own_once_they_are_called),
        TEST(the_one_used_the_longest_ago_makes_room),
        TEST(another_policy_empties_the_counters_of_all_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
