/* engine/servers: who is watched, who makes room, and what groups mean. */
#include <stdio.h>

#include "trust/subject.h"

#include "records.h"

static void versions_of_one_server_share_one_place(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t first = 0;
    uint32_t second = 0;
    assert_int_equal(trust_engine_watch(rig->engine, &first,
                                        trust_bytes_text("mcp:io.example/a@1.0.0"), 0, rig->now),
                     TRUST_OK);
    assert_int_equal(
        trust_engine_watch(rig->engine, &second, trust_bytes_text("mcp:io.example/a"), 0, rig->now),
        TRUST_OK);
    assert_int_equal(first, second);
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    assert_int_equal(trust_engine_server_subject(rig->engine, subject, first), 16);
    assert_string_equal(subject, "mcp:io.example/a");
    assert_int_equal(
        trust_engine_watch(rig->engine, &first, trust_bytes_text("nonsense"), 0, rig->now),
        TRUST_NO_SUBJECT);
    rig_run(rig);
    assert_int_equal(rig->boards, 1);
    rig_close(rig);
}

static void the_longest_unasked_makes_room_but_never_a_named_or_withheld_one(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    const uint32_t places = rig_limits().watched;
    uint32_t named = 0;
    uint32_t server = 0;
    assert_int_equal(trust_engine_watch(rig->engine, &named, trust_bytes_text("mcp:io.example/n"),
                                        TRUST_CELL_NAMED, rig->now),
                     TRUST_OK);
    uint32_t withheld = 0;
    assert_int_equal(trust_engine_watch(rig->engine, &withheld,
                                        trust_bytes_text("mcp:io.example/w"), 0, rig->now),
                     TRUST_OK);
    assert_int_equal(trust_engine_order_quarantine(rig->engine, withheld,
                                                   TRUST_QUARANTINE_ORDER_ADD, 0, rig->now),
                     TRUST_OK);
    for (uint32_t i = 0; i < places; i++) {
        rig->now.mono.ms++;
        char subject[48];
        (void)snprintf(subject, sizeof subject, "mcp:io.example/server%u", i);
        rig_run(rig);
        assert_int_equal(
            trust_engine_watch(rig->engine, &server, trust_bytes_text(subject), 0, rig->now),
            TRUST_OK);
    }
    rig_run(rig);
    uint32_t found = 0;
    assert_true(
        trust_engine_find_server(rig->engine, &found, trust_bytes_text("mcp:io.example/n")));
    assert_int_equal(found, named);
    assert_true(
        trust_engine_find_server(rig->engine, &found, trust_bytes_text("mcp:io.example/w")));
    assert_false(
        trust_engine_find_server(rig->engine, &found, trust_bytes_text("mcp:io.example/server0")));
    assert_false(
        trust_engine_find_server(rig->engine, &found, trust_bytes_text("mcp:io.example/server1")));
    assert_true(
        trust_engine_find_server(rig->engine, &found, trust_bytes_text("mcp:io.example/server2")));
    rig_close(rig);
}

static void a_group_names_its_members_and_lets_go_of_old_ones(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    const struct trust_bytes subjects[] = {trust_bytes_text("mcp:io.example/a"),
                                           trust_bytes_text("https://b.example/mcp")};
    struct trust_engine_group group = {
        .index = 3, .is_essential = true, .subjects = subjects, .count = 2};
    assert_int_equal(trust_engine_set_group(rig->engine, &group, rig->now), TRUST_OK);
    uint32_t a = 0;
    uint32_t b = 0;
    assert_true(trust_engine_find_server(rig->engine, &a, subjects[0]));
    assert_true(trust_engine_find_server(rig->engine, &b, subjects[1]));
    struct trust_board_cell cell;
    trust_engine_cell(rig->engine, b, &cell, rig->now);
    assert_int_equal(cell.marks, TRUST_CELL_NAMED | TRUST_CELL_ESSENTIAL);
    group.count = 1;
    group.is_essential = false;
    assert_int_equal(trust_engine_set_group(rig->engine, &group, rig->now), TRUST_OK);
    trust_engine_cell(rig->engine, a, &cell, rig->now);
    assert_int_equal(cell.marks, TRUST_CELL_NAMED);
    trust_engine_cell(rig->engine, b, &cell, rig->now);
    assert_int_equal(cell.marks, 0);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_of_one_server_share_one_place),
        cmocka_unit_test(the_longest_unasked_makes_room_but_never_a_named_or_withheld_one),
        cmocka_unit_test(a_group_names_its_members_and_lets_go_of_old_ones),
    };
    return cmocka_run_group_tests_name("engine/servers", tests, NULL, NULL);
}
