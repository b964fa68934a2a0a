/* node/pump: what the engine wants reaches store and workers in order, whatever they are busy with,
 * and nobody is told anything too early. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>

#include <cmocka.h>

#include "node_rig.h"

static uint64_t stored_count(const struct node_rig *rig)
{
    struct store_stats stats;
    store_stats(rig->core.store, &stats);
    return stats.record_count;
}

static void publish(struct node_rig *rig, const struct fixture_record *record, uint64_t ticket)
{
    trust_engine_publish(rig->core.engine, ticket, fixture_bytes(record), rig->core.now);
    pump_run(&rig->core);
}

static void a_record_is_answered_only_when_it_is_on_disk(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    struct fixture_record record = fixture_rate(rig->fixture, 0, 1, 1);
    node_rig_hold_disk(rig);
    publish(rig, &record, 7);
    node_rig_run(rig, 100);
    assert_int_equal(rig->verdict_count, 0);
    assert_int_equal(stored_count(rig), 0);
    node_rig_let_go(rig);
    node_rig_run(rig, 200);
    assert_int_equal(rig->verdict_count, 1);
    assert_int_equal(rig->verdict.ticket, 7);
    assert_int_equal(rig->verdict.error, TRUST_OK);
    assert_memory_equal(rig->verdict.id.bytes, record.id.bytes, 32);
    struct trust_head head;
    must(store_read_head(rig->core.store, &head, &record.author));
    assert_int_equal(head.count, 1);
    assert_int_equal(head.seq, record.seq);
    node_rig_close(rig);
}

static void a_record_that_is_refused_is_answered_and_not_stored(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    struct fixture_record record = fixture_rate(rig->fixture, 0, 1, 1);
    struct fixture_record forged = record;
    forged.bytes.data[forged.bytes.size - 40] ^= 1;
    assert_int_equal(node_rig_publish(rig, &forged), TRUST_NO_SIGNATURE);
    assert_int_equal(stored_count(rig), 0);
    assert_int_equal(node_rig_publish(rig, &record), TRUST_OK);
    assert_int_equal(node_rig_publish(rig, &record), TRUST_NO_DUPLICATE);
    assert_int_equal(stored_count(rig), 1);
    node_rig_close(rig);
}

static bool has_three(struct node_rig *rig)
{
    return rig->verdict_count == 3;
}

static void a_full_ring_stops_the_sources_and_loses_nothing(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    node_rig_hold_disk(rig);
    node_rig_fill_ring(rig);
    for (unsigned i = 0; i < 3; i++) {
        struct fixture_record record = fixture_rate(rig->fixture, i, i, i);
        publish(rig, &record, i + 1);
    }
    node_rig_run(rig, 100);
    assert_true(rig->core.pump.is_store_stuck);
    assert_false(pump_has_room(&rig->core));
    assert_int_equal(rig->verdict_count, 0);
    node_rig_let_go(rig);
    node_rig_until(rig, has_three);
    assert_false(rig->core.pump.is_store_stuck);
    assert_true(pump_has_room(&rig->core));
    assert_int_equal(rig->verdict.error, TRUST_OK);
    assert_int_equal(stored_count(rig), 3);
    node_rig_close(rig);
}

/* More transitions than a queue of records holds, and each of them is shown. */
static void what_happens_to_servers_does_not_pile_up_behind_a_stuck_store(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    uint32_t server = node_rig_watch(rig, "mcp:io.example/a");
    node_rig_hold_disk(rig);
    node_rig_fill_ring(rig);
    struct fixture_record record = fixture_rate(rig->fixture, 0, 0, 0);
    publish(rig, &record, 1);
    node_rig_run(rig, 100);
    assert_true(rig->core.pump.is_store_stuck);
    struct trust_action action;
    for (uint32_t i = 0; i < 8 * TRUST_ENGINE_PENDING_MAX; i++) {
        const struct trust_breaker_order order = {.verb = i % 2 == 0 ? TRUST_BREAKER_FORCE_OPEN
                                                                     : TRUST_BREAKER_CLOSE,
                                                  .expires = {TRUST_MONO_NEVER}};
        trust_engine_order_breaker(rig->core.engine, server, &order, rig->core.now);
        pump_run(&rig->core);
    }
    assert_true(rig->core.pump.is_store_stuck);
    assert_false(trust_engine_poll_action(rig->core.engine, &action, false, rig->core.now));
    assert_non_null(strstr(node_rig_log(rig), "forced_open"));
    node_rig_close(rig);
}

/* A loop that is woken for verdicts nobody takes would turn for ever. */
static void a_stuck_store_leaves_the_core_asleep(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    node_rig_hold_disk(rig);
    node_rig_fill_ring(rig);
    for (unsigned i = 0; i < 70; i++) {
        struct fixture_record record = fixture_rate(rig->fixture, 0, i, i);
        trust_engine_publish(rig->core.engine, i + 1, fixture_bytes(&record), rig->core.now);
    }
    node_rig_run(rig, 200);
    assert_true(rig->core.pump.is_store_stuck);
    struct epoll_event events[8];
    core_turn(&rig->core);
    assert_int_equal(epoll_wait(rig->core.loop.epoll_fd, events, 8, 0), 0);
    rig->core.now.mono.ms += 70000;
    trust_engine_handle_time(rig->core.engine, rig->core.now);
    assert_true(trust_engine_next_deadline(rig->core.engine).ms > rig->core.now.mono.ms);
    node_rig_close(rig);
}

/* The operator's own records never make room: it is told, and nothing waits for ever. */
static struct node_rig *make_limited(uint64_t limit)
{
    struct node_rig *rig = node_rig_make("");
    char key[TRUST_KEY_TEXT_SIZE];
    char config[128];
    trust_key_encode(key, &rig->fixture->keys[0], TRUST_KEY_OPERATOR);
    (void)snprintf(config, sizeof config, "operator: %s\n", key);
    (void)strcat(rig->config, config);
    rig->store_limit = limit;
    return rig;
}

static void a_store_at_its_limit_refuses_and_goes_on(void **state)
{
    (void)state;
    struct node_rig *rig = make_limited(2000);
    node_rig_start(rig);
    enum trust_error error = TRUST_OK;
    unsigned count = 0;
    for (; count < 100 && error == TRUST_OK; count++) {
        struct fixture_record record = fixture_rate(rig->fixture, 0, count, count);
        error = node_rig_publish(rig, &record);
    }
    assert_int_equal(error, TRUST_NO_ROOM);
    assert_in_range(stored_count(rig), count - 1, count);
    assert_false(rig->core.pump.is_store_stuck);
    /* A greater seq of a register replaces: also now it is answered, one way or the other. */
    struct fixture_record next = fixture_rate(rig->fixture, 0, 0, 500);
    assert_int_equal(node_rig_publish(rig, &next), TRUST_NO_ROOM);
    node_rig_close(rig);
}

static void a_store_over_a_lowered_limit_starts_and_says_so(void **state)
{
    (void)state;
    struct node_rig *rig = make_limited(0);
    node_rig_start(rig);
    for (unsigned i = 0; i < 20; i++) {
        struct fixture_record record = fixture_rate(rig->fixture, 0, i, i);
        assert_int_equal(node_rig_publish(rig, &record), TRUST_OK);
    }
    node_rig_stop(rig);
    rig->store_limit = 1000;
    node_rig_start(rig);
    assert_int_equal(stored_count(rig), 20);
    struct fixture_record record = fixture_rate(rig->fixture, 0, 30, 30);
    assert_int_equal(node_rig_publish(rig, &record), TRUST_NO_ROOM);
    assert_non_null(strstr(node_rig_log(rig), "store_tight"));
    node_rig_stop(rig);
    rig->store_limit = 0;
    node_rig_start(rig);
    assert_int_equal(node_rig_publish(rig, &record), TRUST_OK);
    node_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_answered_only_when_it_is_on_disk),
        cmocka_unit_test(a_record_that_is_refused_is_answered_and_not_stored),
        cmocka_unit_test(a_full_ring_stops_the_sources_and_loses_nothing),
        cmocka_unit_test(what_happens_to_servers_does_not_pile_up_behind_a_stuck_store),
        cmocka_unit_test(a_stuck_store_leaves_the_core_asleep),
        cmocka_unit_test(a_store_at_its_limit_refuses_and_goes_on),
        cmocka_unit_test(a_store_over_a_lowered_limit_starts_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
