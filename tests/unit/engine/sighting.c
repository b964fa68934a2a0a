/* engine/sighting: what an agent tells of manifests makes suspect, of a few at a time, and ends. */
#include <stdio.h>
#include <string.h>

#include "records.h"

#define DAY_MS 86400000u

static uint32_t watch(struct rig *rig, uint32_t number)
{
    char subject[32];
    uint32_t server = 0;
    (void)snprintf(subject, sizeof subject, "mcp:io.example/s%u", number);
    assert_int_equal(trust_engine_watch(rig->engine, &server, trust_bytes_text(subject),
                                        TRUST_CELL_NAMED, rig->now),
                     TRUST_OK);
    rig_run(rig);
    return server;
}

static void tell(struct rig *rig, uint32_t server, uint8_t manifest,
                 enum trust_manifest_state state)
{
    struct trust_sight_told told = {.agent = 1, .state = state, .tools = 1};
    memset(told.manifest, manifest, sizeof told.manifest);
    (void)trust_engine_tell_manifest(rig->engine, server, &told, rig->now);
    rig_run(rig);
    struct trust_board_cell cell;
    trust_engine_cell(rig->engine, server, &cell, rig->now);
    rig_run(rig);
}

static enum trust_quarantine_state state_of(const struct rig *rig, uint32_t server)
{
    return (enum trust_quarantine_state)trust_engine_quarantine(rig->engine, server)->state;
}

static void a_change_makes_suspect_until_the_operator_accepts_it(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t server = watch(rig, 1);
    static const uint8_t view[TRUST_SIGHT_VIEW_SIZE];
    struct trust_board_cell cell;
    assert_null(trust_engine_sights(rig->engine, server));
    tell(rig, server, 7, TRUST_MANIFEST_PINNED);
    assert_int_equal(state_of(rig, server), TRUST_QUARANTINE_OK);
    trust_engine_cell(rig->engine, server, &cell, rig->now);
    assert_int_equal(cell.manifest_state, TRUST_MANIFEST_PINNED);
    assert_int_equal(cell.manifest[0], 7);
    assert_true(trust_engine_is_active(rig->engine, server));
    rig_pass(rig, 1000);
    tell(rig, server, 8, TRUST_MANIFEST_CHANGED);
    assert_int_equal(state_of(rig, server), TRUST_QUARANTINE_SUSPECT);
    assert_int_equal(rig->last_quarantine.rule, TRUST_QUARANTINE_RULE_MANIFEST);
    assert_int_equal(rig->last_quarantine.ttl_s, 86400);
    trust_engine_cell(rig->engine, server, &cell, rig->now);
    assert_int_equal(cell.manifest_state, TRUST_MANIFEST_CHANGED);
    assert_int_equal(cell.manifest[0], 8);
    /* an agent cannot take it back */
    tell(rig, server, 7, TRUST_MANIFEST_PINNED);
    assert_int_equal(state_of(rig, server), TRUST_QUARANTINE_SUSPECT);
    struct trust_wall before = {.ms = rig->now.wall.ms - 1};
    trust_engine_accept_manifest(rig->engine, server, view, before, rig->now);
    assert_int_equal(state_of(rig, server), TRUST_QUARANTINE_SUSPECT);
    trust_engine_accept_manifest(rig->engine, server, view, rig->now.wall, rig->now);
    rig_run(rig);
    assert_int_equal(state_of(rig, server), TRUST_QUARANTINE_OK);
    assert_int_equal(rig->last_quarantine.rule, TRUST_QUARANTINE_RULE_OPERATOR);
    trust_engine_cell(rig->engine, server, &cell, rig->now);
    assert_int_equal(cell.manifest_state, TRUST_MANIFEST_PINNED);
    tell(rig, server, 8, TRUST_MANIFEST_CHANGED);
    assert_int_equal(state_of(rig, server), TRUST_QUARANTINE_OK);
    rig_close(rig);
}

static void who_lies_has_a_tenth_of_the_servers_at_a_time(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t servers[30];
    uint32_t suspects = 0;
    for (uint32_t i = 0; i < 30; i++)
        servers[i] = watch(rig, i);
    for (uint32_t i = 0; i < 30; i++)
        tell(rig, servers[i], 9, TRUST_MANIFEST_CHANGED);
    for (uint32_t i = 0; i < 30; i++) {
        suspects += state_of(rig, servers[i]) == TRUST_QUARANTINE_SUSPECT;
        assert_int_equal(trust_engine_holds_change(rig->engine, servers[i]), i >= 3);
    }
    assert_int_equal(suspects, 3);
    /* what is held back is none the worse for selection */
    struct trust_board_cell cell;
    trust_engine_cell(rig->engine, servers[29], &cell, rig->now);
    assert_int_equal(cell.manifest_state, TRUST_MANIFEST_NONE);
    assert_int_equal(cell.manifest[0], 9);
    /* when the terms of the first are over, others have their turn, and no more of them */
    rig_pass(rig, DAY_MS);
    for (uint32_t i = 0; i < 30; i++)
        trust_engine_cell(rig->engine, servers[i], &cell, rig->now);
    rig_run(rig);
    suspects = 0;
    for (uint32_t i = 0; i < 30; i++)
        suspects += state_of(rig, servers[i]) == TRUST_QUARANTINE_SUSPECT;
    assert_int_equal(suspects, 3);
    assert_int_equal(state_of(rig, servers[0]), TRUST_QUARANTINE_OK);
    rig_close(rig);
}

static void strangers_use_up_nothing_of_the_named(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t server = 0;
    uint32_t named = watch(rig, 1);
    for (uint32_t i = 0; i < 5; i++) {
        char subject[32];
        (void)snprintf(subject, sizeof subject, "mcp:io.stranger/s%u", i);
        assert_int_equal(
            trust_engine_ask(rig->engine, &server, trust_bytes_text(subject), 7, rig->now),
            TRUST_OK);
        rig_run(rig);
        tell(rig, server, 9, TRUST_MANIFEST_CHANGED);
        assert_int_equal(state_of(rig, server),
                         i == 0 ? TRUST_QUARANTINE_SUSPECT : TRUST_QUARANTINE_OK);
    }
    tell(rig, named, 9, TRUST_MANIFEST_CHANGED);
    assert_int_equal(state_of(rig, named), TRUST_QUARANTINE_SUSPECT);
    rig_close(rig);
}

static void the_last_of_an_essential_group_that_is_not_suspect_stays_so(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    const struct trust_bytes subjects[] = {trust_bytes_text("mcp:io.example/s1"),
                                           trust_bytes_text("mcp:io.example/s2")};
    const struct trust_engine_group group = {
        .is_essential = true, .subjects = subjects, .count = 2};
    assert_int_equal(trust_engine_set_group(rig->engine, &group, rig->now), TRUST_OK);
    rig_run(rig);
    for (uint32_t i = 10; i < 40; i++)
        (void)watch(rig, i);
    uint32_t first = watch(rig, 1);
    uint32_t second = watch(rig, 2);
    tell(rig, first, 9, TRUST_MANIFEST_CHANGED);
    tell(rig, second, 9, TRUST_MANIFEST_CHANGED);
    assert_int_equal(state_of(rig, first), TRUST_QUARANTINE_SUSPECT);
    assert_int_equal(state_of(rig, second), TRUST_QUARANTINE_OK);
    assert_true(trust_engine_holds_change(rig->engine, second));
    rig_close(rig);
}

static void what_was_told_before_a_restart_counts_on(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t first = watch(rig, 1);
    uint32_t second = watch(rig, 2);
    tell(rig, first, 9, TRUST_MANIFEST_CHANGED);
    const struct trust_quarantine cell = *trust_engine_quarantine(rig->engine, first);
    const struct trust_sights sights = *trust_engine_sights(rig->engine, first);
    rig_close(rig);
    rig = rig_open(NULL, 1);
    first = watch(rig, 1);
    second = watch(rig, 2);
    trust_engine_load_sights(rig->engine, first, &sights);
    trust_engine_load_quarantine(rig->engine, first, &cell, rig->now);
    rig_run(rig);
    tell(rig, first, 9, TRUST_MANIFEST_CHANGED);
    tell(rig, second, 9, TRUST_MANIFEST_CHANGED);
    assert_int_equal(state_of(rig, first), TRUST_QUARANTINE_SUSPECT);
    assert_true(trust_engine_quarantine(rig->engine, first)->until.ms == cell.until.ms);
    assert_int_equal(state_of(rig, second), TRUST_QUARANTINE_OK);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_makes_suspect_until_the_operator_accepts_it),
        cmocka_unit_test(who_lies_has_a_tenth_of_the_servers_at_a_time),
        cmocka_unit_test(strangers_use_up_nothing_of_the_named),
        cmocka_unit_test(the_last_of_an_essential_group_that_is_not_suspect_stays_so),
        cmocka_unit_test(what_was_told_before_a_restart_counts_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
