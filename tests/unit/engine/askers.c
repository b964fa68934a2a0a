/* engine/askers: whoever asks for too many servers pushes out its own, and what protects stays. */
#include <stdio.h>

#include "records.h"

#define ALICE 1000
#define BOB 1001

static enum trust_error ask(struct rig *rig, uint32_t uid, const char *name, uint32_t number)
{
    char subject[48];
    uint32_t server = 0;
    (void)snprintf(subject, sizeof subject, "mcp:io.example/%s%u", name, number);
    rig->now.mono.ms++;
    enum trust_error error =
        trust_engine_ask(rig->engine, &server, trust_bytes_text(subject), uid, rig->now);
    rig_run(rig);
    return error;
}

static bool is_watched(const struct rig *rig, const char *name, uint32_t number)
{
    char subject[48];
    uint32_t server = 0;
    (void)snprintf(subject, sizeof subject, "mcp:io.example/%s%u", name, number);
    return trust_engine_find_server(rig->engine, &server, trust_bytes_text(subject));
}

static uint32_t server_of(const struct rig *rig, const char *subject)
{
    uint32_t server = 0;
    assert_true(trust_engine_find_server(rig->engine, &server, trust_bytes_text(subject)));
    return server;
}

static struct rig *open_wide(void)
{
    struct trust_engine_limits limits = rig_limits();
    limits.watched = 2 * TRUST_ASKER_SERVERS_MAX;
    limits.servers = 2 * TRUST_ASKER_SERVERS_MAX;
    return rig_open_limited(NULL, 1, &limits);
}

static void one_too_many_pushes_out_the_askers_own_oldest(void **state)
{
    (void)state;
    struct rig *rig = open_wide();
    assert_int_equal(ask(rig, BOB, "b", 0), TRUST_OK);
    for (uint32_t i = 0; i < TRUST_ASKER_SERVERS_MAX; i++)
        assert_int_equal(ask(rig, ALICE, "a", i), TRUST_OK);
    assert_int_equal(ask(rig, ALICE, "a", 0), TRUST_OK);
    assert_int_equal(ask(rig, ALICE, "b", 0), TRUST_OK);
    assert_true(is_watched(rig, "a", 1));
    assert_int_equal(ask(rig, ALICE, "a", TRUST_ASKER_SERVERS_MAX), TRUST_OK);
    assert_false(is_watched(rig, "a", 1));
    assert_true(is_watched(rig, "a", 0));
    assert_true(is_watched(rig, "a", 2));
    assert_true(is_watched(rig, "a", TRUST_ASKER_SERVERS_MAX));
    assert_int_equal(ask(rig, BOB, "b", 1), TRUST_OK);
    assert_true(is_watched(rig, "a", 2));
    assert_true(is_watched(rig, "b", 0));
    rig_close(rig);
}

static void what_nobody_asked_for_makes_room_first_and_then_the_greediest(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    const uint32_t places = rig_limits().watched;
    uint32_t server = 0;
    assert_int_equal(ask(rig, BOB, "b", 0), TRUST_OK);
    assert_int_equal(trust_engine_watch(rig->engine, &server, trust_bytes_text("mcp:io.example/n0"),
                                        0, rig->now),
                     TRUST_OK);
    for (uint32_t i = 0; i < places - 2; i++)
        assert_int_equal(ask(rig, ALICE, "a", i), TRUST_OK);
    assert_int_equal(ask(rig, BOB, "b", 1), TRUST_OK);
    assert_false(is_watched(rig, "n", 0));
    assert_true(is_watched(rig, "b", 0));
    assert_int_equal(ask(rig, ALICE + 7, "c", 0), TRUST_OK);
    assert_false(is_watched(rig, "a", 0));
    assert_true(is_watched(rig, "a", 1));
    assert_true(is_watched(rig, "b", 0));
    rig_close(rig);
}

static void what_is_open_withheld_or_named_stays(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    const uint32_t places = rig_limits().watched;
    for (uint32_t i = 0; i < places; i++)
        assert_int_equal(ask(rig, ALICE, "a", i), TRUST_OK);
    const struct trust_breaker_order order = {.verb = TRUST_BREAKER_FORCE_OPEN,
                                              .expires = {TRUST_MONO_NEVER}};
    trust_engine_order_breaker(rig->engine, server_of(rig, "mcp:io.example/a0"), &order, rig->now);
    assert_int_equal(trust_engine_order_quarantine(rig->engine, server_of(rig, "mcp:io.example/a1"),
                                                   TRUST_QUARANTINE_ORDER_ADD, 0, rig->now),
                     TRUST_OK);
    const struct trust_bytes member = trust_bytes_text("mcp:io.example/a2");
    struct trust_engine_group group = {.subjects = &member, .count = 1};
    assert_int_equal(trust_engine_set_group(rig->engine, &group, rig->now), TRUST_OK);
    rig_run(rig);
    for (uint32_t i = 0; i < 3 * places; i++)
        assert_int_equal(ask(rig, ALICE, "x", i), TRUST_OK);
    for (uint32_t i = 0; i < 3; i++)
        assert_true(is_watched(rig, "a", i));
    assert_false(is_watched(rig, "a", 3));
    /* Named no longer it is nobody's, and goes before those that somebody asked for. */
    group.count = 0;
    assert_int_equal(trust_engine_set_group(rig->engine, &group, rig->now), TRUST_OK);
    rig_run(rig);
    assert_int_equal(ask(rig, BOB, "b", 0), TRUST_OK);
    assert_false(is_watched(rig, "a", 2));
    rig_close(rig);
}

static void a_board_of_nothing_but_protected_servers_is_full(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    const uint32_t places = rig_limits().watched;
    for (uint32_t i = 0; i < places; i++) {
        char subject[48];
        (void)snprintf(subject, sizeof subject, "mcp:io.example/a%u", i);
        assert_int_equal(ask(rig, ALICE, "a", i), TRUST_OK);
        assert_int_equal(trust_engine_order_quarantine(rig->engine, server_of(rig, subject),
                                                       TRUST_QUARANTINE_ORDER_ADD, 0, rig->now),
                         TRUST_OK);
        rig_run(rig);
    }
    assert_int_equal(ask(rig, BOB, "b", 0), TRUST_NO_ROOM);
    assert_int_equal(ask(rig, ALICE, "a", 3), TRUST_OK);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_too_many_pushes_out_the_askers_own_oldest),
        cmocka_unit_test(what_nobody_asked_for_makes_room_first_and_then_the_greediest),
        cmocka_unit_test(what_is_open_withheld_or_named_stays),
        cmocka_unit_test(a_board_of_nothing_but_protected_servers_is_full),
    };
    return cmocka_run_group_tests_name("engine/askers", tests, NULL, NULL);
}
