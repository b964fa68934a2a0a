/* engine/cells: what agents are shown follows scores, breakers and time. */
#include <stdio.h>

#include "records.h"

static void a_rating_reaches_the_cell_at_the_next_tick(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    uint32_t server = 0;
    assert_int_equal(trust_engine_watch(rig->engine, &server, trust_bytes_text("mcp:io.example/a"),
                                        TRUST_CELL_NAMED, rig->now),
                     TRUST_OK);
    rig_run(rig);
    struct trust_board_cell cell;
    trust_engine_cell(rig->engine, server, &cell, rig->now);
    assert_int_equal(cell.status, TRUST_SCORE_UNKNOWN);
    assert_int_equal(cell.score_ppm, TRUST_PPM_NONE);
    assert_int_equal(cell.lower_ppm, TRUST_PPM_NONE);
    uint32_t boards = rig->boards;
    struct trust_signed rating =
        rig_sign(rig, me, rig_rating("mcp:io.example/a", 1000, RIG_START_MS));
    assert_int_equal(rig_publish(rig, &rating), TRUST_OK);
    rig_pass(rig, 200);
    assert_int_equal(rig->boards, boards + 1);
    trust_engine_cell(rig->engine, server, &cell, rig->now);
    assert_int_equal(cell.status, TRUST_SCORE_OK);
    /* One overall rating of omega 10: r_o = 11/12 and both means with it. */
    assert_in_range(cell.score_ppm, 916660, 916670);
    assert_int_equal(cell.raters, 1);
    assert_int_equal(cell.first_hops, 2);
    uint8_t digest[32];
    trust_engine_server_digest(rig->engine, digest, server);
    assert_memory_equal(cell.subject, digest, 32);
    rig_close(rig);
    trust_secret_close(me);
}

static void a_cell_is_renewed_within_ten_minutes(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t server = 0;
    assert_int_equal(
        trust_engine_watch(rig->engine, &server, trust_bytes_text("mcp:io.example/a"), 0, rig->now),
        TRUST_OK);
    rig_pass(rig, 1000);
    uint32_t boards = rig->boards;
    rig_pass(rig, 599000);
    assert_int_equal(rig->boards, boards);
    rig_pass(rig, 1000);
    assert_int_equal(rig->boards, boards + 1);
    rig_close(rig);
}

/* A mute moves the scores of all that the muted key rated; ages do it to everybody. */
static void scores_of_many_servers_are_shown_in_turn_and_the_named_at_once(void **state)
{
    (void)state;
    enum { MANY = 3000 };
    struct trust_secret *me = rig_secret(1);
    struct trust_secret *friend = rig_secret(2);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct trust_engine_limits limits = rig_limits();
    limits.watched = MANY;
    struct rig *rig = rig_open_limited(&key, 1, &limits);
    struct trust_signed vouch = rig_sign(rig, me, rig_vouch(friend, 1000, RIG_START_MS));
    assert_int_equal(rig_publish(rig, &vouch), TRUST_OK);
    rig_pass(rig, 1000);
    uint32_t server = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        char subject[48];
        (void)snprintf(subject, sizeof subject, "mcp:io.example/s%u", i);
        struct trust_signed rating =
            rig_sign(rig, friend, rig_rating(subject, 900, RIG_START_MS + i));
        assert_int_equal(rig_publish(rig, &rating), TRUST_OK);
        assert_int_equal(trust_engine_watch(rig->engine, &server, trust_bytes_text(subject),
                                            i == 7 ? TRUST_CELL_NAMED : 0, rig->now),
                         TRUST_OK);
    }
    rig_run(rig);
    for (uint32_t i = 0; i < 4; i++)
        rig_pass(rig, 200);
    assert_true(
        trust_engine_find_server(rig->engine, &server, trust_bytes_text("mcp:io.example/s7")));
    trust_secret_key(&key, friend);
    uint32_t boards = rig->boards;
    assert_int_equal(trust_engine_mute(rig->engine, &key, true), TRUST_OK);
    struct trust_board_cell cell;
    rig_pass(rig, 200);
    assert_in_range(rig->boards - boards, 1024, 1025);
    trust_engine_cell(rig->engine, server, &cell, rig->now);
    assert_int_equal(cell.status, TRUST_SCORE_UNKNOWN);
    rig_pass(rig, 200);
    assert_in_range(rig->boards - boards, 2048, 2049);
    rig_pass(rig, 200);
    assert_in_range(rig->boards - boards, MANY, MANY + 1);
    rig_pass(rig, 200);
    assert_in_range(rig->boards - boards, MANY, MANY + 1);
    rig_close(rig);
    trust_secret_close(me);
    trust_secret_close(friend);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rating_reaches_the_cell_at_the_next_tick),
        cmocka_unit_test(a_cell_is_renewed_within_ten_minutes),
        cmocka_unit_test(scores_of_many_servers_are_shown_in_turn_and_the_named_at_once),
    };
    return cmocka_run_group_tests_name("engine/cells", tests, NULL, NULL);
}
