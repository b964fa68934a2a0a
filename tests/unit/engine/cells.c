/* engine/cells: what agents are shown follows scores, breakers and time. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rating_reaches_the_cell_at_the_next_tick),
        cmocka_unit_test(a_cell_is_renewed_within_ten_minutes),
    };
    return cmocka_run_group_tests_name("engine/cells", tests, NULL, NULL);
}
