/* engine/poll: one way out, and a door that can be closed while the store or the workers are
 * behind. */
#include "records.h"

static void a_closed_queue_lets_only_gossip_out(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    struct trust_signed rating =
        rig_sign(rig, me, rig_rating("mcp:io.example/a", 900, RIG_START_MS));
    trust_engine_publish(rig->engine, 7, rig_bytes(&rating), rig->now);
    struct trust_action action;
    assert_false(trust_engine_poll_action(rig->engine, &action, false, rig->now));
    assert_true(trust_engine_poll_action(rig->engine, &action, true, rig->now));
    assert_int_equal(action.kind, TRUST_ACTION_VERIFY);
    struct trust_engine_stats stats;
    trust_engine_stats(rig->engine, &stats);
    assert_int_equal(stats.pending, 1);
    assert_int_equal(stats.verifying, 1);
    rig_close(rig);
    trust_secret_close(me);
}

static void a_board_action_comes_once_for_many_changes(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t server = 0;
    for (int i = 0; i < 3; i++)
        assert_int_equal(trust_engine_watch(rig->engine, &server,
                                            trust_bytes_text("mcp:io.example/a"), 0, rig->now),
                         TRUST_OK);
    struct trust_action action;
    assert_true(trust_engine_poll_action(rig->engine, &action, true, rig->now));
    assert_int_equal(action.kind, TRUST_ACTION_BOARD);
    assert_int_equal(action.server, server);
    assert_false(trust_engine_poll_action(rig->engine, &action, true, rig->now));
    rig_close(rig);
}

static void what_happens_to_servers_waits_for_no_store(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t server = 0;
    assert_int_equal(trust_engine_watch(rig->engine, &server, trust_bytes_text("mcp:io.example/a"),
                                        TRUST_CELL_NAMED, rig->now),
                     TRUST_OK);
    const struct trust_breaker_order order = {.verb = TRUST_BREAKER_FORCE_OPEN,
                                              .expires = {TRUST_MONO_NEVER}};
    trust_engine_order_breaker(rig->engine, server, &order, rig->now);
    assert_int_equal(
        trust_engine_order_quarantine(rig->engine, server, TRUST_QUARANTINE_ORDER_ADD, 0, rig->now),
        TRUST_OK);
    static const enum trust_action_kind kinds[] = {TRUST_ACTION_BREAKER, TRUST_ACTION_QUARANTINE,
                                                   TRUST_ACTION_BOARD};
    struct trust_action action;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        assert_true(trust_engine_poll_action(rig->engine, &action, false, rig->now));
        assert_int_equal(action.kind, kinds[i]);
        assert_int_equal(action.server, server);
    }
    assert_false(trust_engine_poll_action(rig->engine, &action, false, rig->now));
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_queue_lets_only_gossip_out),
        cmocka_unit_test(a_board_action_comes_once_for_many_changes),
        cmocka_unit_test(what_happens_to_servers_waits_for_no_store),
    };
    return cmocka_run_group_tests_name("engine/poll", tests, NULL, NULL);
}
