/* node/server_state: what is known of a server comes back after a restart, and no more than that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "node_rig.h"

#define SUBJECT "mcp:io.example/a"
#define HOUR_MS UINT64_C(3600000)

static uint8_t row[4096];

static struct trust_breaker_view breaker_of(struct node_rig *rig, uint32_t server)
{
    struct trust_breaker_view view;
    trust_engine_read_breaker(rig->core.engine, server, &view, rig->core.now);
    return view;
}

static struct trust_own_calls calls_of(struct node_rig *rig, uint32_t server)
{
    struct trust_own_calls calls = {0};
    (void)trust_engine_own_calls(rig->core.engine, server, &calls, rig->core.now);
    return calls;
}

static void report(struct node_rig *rig, uint32_t server, enum trust_outcome_class class_)
{
    const struct trust_shared_report outcome = {.agent = 1,
                                                .outcome = {.class_ = class_, .latency_ms = 100}};
    trust_engine_handle_outcome(rig->core.engine, server, &outcome, rig->core.now);
    pump_run(&rig->core);
}

static void force_open(struct node_rig *rig, uint32_t server, uint64_t ms)
{
    const struct trust_breaker_order order = {
        .verb = TRUST_BREAKER_FORCE_OPEN, .expires = {rig->core.now.mono.ms + ms}, .note = 7};
    trust_engine_order_breaker(rig->core.engine, server, &order, rig->core.now);
}

static void quarantine(struct node_rig *rig, uint32_t server, enum trust_quarantine_order order)
{
    must(trust_engine_order_quarantine(rig->core.engine, server, order,
                                       order == TRUST_QUARANTINE_ORDER_ADD ? 5 * HOUR_MS : 0,
                                       rig->core.now));
}

static void restart(struct node_rig *rig)
{
    node_rig_stop(rig);
    node_rig_start(rig);
}

static bool is_durable(struct node_rig *rig)
{
    return showing_kept(&rig->core, rig->core.server_state.asked) == TRUST_OK;
}

static void a_restart_keeps_what_is_left_of_a_forced_state(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    uint32_t server = node_rig_watch(rig, SUBJECT);
    force_open(rig, server, 1000000);
    pump_run(&rig->core);
    restart(rig);
    assert_true(trust_engine_find_server(rig->core.engine, &server, trust_bytes_text(SUBJECT)));
    struct trust_breaker_view view = breaker_of(rig, server);
    assert_int_equal(view.state, TRUST_BREAKER_FORCED_OPEN);
    assert_int_equal(view.note, 7);
    uint64_t left_ms = view.until.ms - rig->core.now.mono.ms;
    assert_in_range(left_ms, 990000, 1000000);
    node_rig_close(rig);
}

static void a_restart_keeps_an_opened_breaker_and_the_calls(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("breaker: { open: 300s }\n");
    uint32_t server = node_rig_watch(rig, SUBJECT);
    for (int i = 0; i < 7; i++)
        report(rig, server, TRUST_OUTCOME_OK);
    for (int i = 0; i < 5; i++)
        report(rig, server, TRUST_OUTCOME_TIMEOUT);
    assert_int_equal(breaker_of(rig, server).state, TRUST_BREAKER_OPEN);
    struct trust_own_calls before = calls_of(rig, server);
    uint64_t left_ms = breaker_of(rig, server).until.ms - rig->core.now.mono.ms;
    restart(rig);
    assert_true(trust_engine_find_server(rig->core.engine, &server, trust_bytes_text(SUBJECT)));
    struct trust_breaker_view view = breaker_of(rig, server);
    assert_int_equal(view.state, TRUST_BREAKER_OPEN);
    assert_int_equal(view.backoff_k, 1);
    assert_in_range(view.until.ms - rig->core.now.mono.ms, left_ms - 10000, left_ms);
    struct trust_own_calls after = calls_of(rig, server);
    assert_true(before.good > 6.9 && before.good < 7.1);
    assert_true(after.good > before.good - .01 && after.good < before.good + .01);
    assert_true(after.bad > before.bad - .01 && after.bad < before.bad + .01);
    node_rig_close(rig);
}

static void a_restart_keeps_each_member_of_a_quarantine(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    uint32_t server = node_rig_watch(rig, SUBJECT);
    quarantine(rig, server, TRUST_QUARANTINE_ORDER_ADD);
    pump_run(&rig->core);
    struct trust_quarantine before = *trust_engine_quarantine(rig->core.engine, server);
    restart(rig);
    assert_true(trust_engine_find_server(rig->core.engine, &server, trust_bytes_text(SUBJECT)));
    const struct trust_quarantine *after = trust_engine_quarantine(rig->core.engine, server);
    assert_int_equal(after->state, TRUST_QUARANTINE_QUARANTINED);
    assert_int_equal(after->rule, TRUST_QUARANTINE_RULE_OPERATOR);
    assert_int_equal(after->since.ms, before.since.ms);
    assert_int_equal(after->until.ms, before.since.ms + 5 * HOUR_MS);
    assert_int_equal(after->times, 1);
    node_rig_close(rig);
}

static void a_restart_keeps_what_agents_told_of_a_manifest(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    uint32_t server = node_rig_watch(rig, SUBJECT);
    const struct trust_sight_told told = {
        .agent = 1, .view = {3}, .manifest = {7}, .state = TRUST_MANIFEST_PENDING, .tools = 2};
    assert_true(trust_engine_tell_manifest(rig->core.engine, server, &told, rig->core.now));
    pump_run(&rig->core);
    assert_null(trust_engine_sights(rig->core.engine, node_rig_watch(rig, "mcp:io.example/b")));
    restart(rig);
    assert_true(trust_engine_find_server(rig->core.engine, &server, trust_bytes_text(SUBJECT)));
    const struct trust_sights *sights = trust_engine_sights(rig->core.engine, server);
    assert_non_null(sights);
    const struct trust_sight *sight = trust_sights_worst(sights);
    assert_int_equal(sight->state, TRUST_MANIFEST_PENDING);
    assert_int_equal(sight->manifest[0], 7);
    assert_int_equal(sight->view[0], 3);
    assert_int_equal(sight->tools, 2);
    assert_int_equal(sight->agent_count, 0);
    assert_false(
        trust_engine_find_server(rig->core.engine, &server, trust_bytes_text("mcp:io.example/b")));
    node_rig_close(rig);
}

static void a_release_is_remembered_with_what_it_excused(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    uint32_t server = node_rig_watch(rig, SUBJECT);
    quarantine(rig, server, TRUST_QUARANTINE_ORDER_ADD);
    quarantine(rig, server, TRUST_QUARANTINE_ORDER_RELEASE);
    pump_run(&rig->core);
    uint64_t excused_ms = trust_engine_quarantine(rig->core.engine, server)->excused.ms;
    assert_true(excused_ms > 0);
    restart(rig);
    assert_true(trust_engine_find_server(rig->core.engine, &server, trust_bytes_text(SUBJECT)));
    const struct trust_quarantine *after = trust_engine_quarantine(rig->core.engine, server);
    assert_int_equal(after->state, TRUST_QUARANTINE_RELEASED);
    assert_int_equal(after->excused.ms, excused_ms);
    assert_int_equal(after->times, 1);
    node_rig_close(rig);
}

static void a_server_at_rest_has_no_rows_and_loses_those_it_had(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    uint32_t server = node_rig_watch(rig, SUBJECT);
    (void)showing_keep(&rig->core, server);
    node_rig_until(rig, is_durable);
    assert_int_equal(node_rig_row(rig, 's', server, row), 0);
    assert_int_equal(node_rig_row(rig, 'q', server, row), 0);
    force_open(rig, server, 1000000);
    (void)showing_keep(&rig->core, server);
    node_rig_until(rig, is_durable);
    assert_true(node_rig_row(rig, 's', server, row) > 0);
    assert_int_equal(node_rig_row(rig, 'q', server, row), 0);
    const struct trust_breaker_order reset = {.verb = TRUST_BREAKER_RESET,
                                              .expires = {TRUST_MONO_NEVER}};
    trust_engine_order_breaker(rig->core.engine, server, &reset, rig->core.now);
    (void)showing_keep(&rig->core, server);
    node_rig_until(rig, is_durable);
    assert_int_equal(node_rig_row(rig, 's', server, row), 0);
    node_rig_close(rig);
}

static void a_server_that_is_watched_no_longer_takes_its_rows_along(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    uint32_t server = node_rig_watch(rig, SUBJECT);
    quarantine(rig, server, TRUST_QUARANTINE_ORDER_ADD);
    force_open(rig, server, 1000000);
    (void)showing_keep(&rig->core, server);
    node_rig_until(rig, is_durable);
    assert_true(node_rig_row(rig, 'q', server, row) > 0);
    uint8_t digest[32];
    trust_engine_server_digest(rig->core.engine, digest, server);
    server_state_forget(&rig->core, server, digest);
    (void)server_state_keep(&rig->core, node_rig_watch(rig, "mcp:io.example/b"));
    node_rig_until(rig, is_durable);
    assert_int_equal(node_rig_row(rig, 's', server, row), 0);
    assert_int_equal(node_rig_row(rig, 'q', server, row), 0);
    node_rig_close(rig);
}

static uint64_t queued_size(const struct node_rig *rig)
{
    struct store_stats stats;
    store_stats(rig->core.store, &stats);
    return stats.queued_size;
}

static void a_server_that_never_had_a_row_costs_the_store_nothing(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    uint32_t server = node_rig_watch(rig, SUBJECT);
    uint32_t other = node_rig_watch(rig, "mcp:io.example/b");
    node_rig_hold_disk(rig);
    force_open(rig, other, 1000000);
    pump_run(&rig->core);
    uint64_t before = queued_size(rig);
    uint8_t digest[32];
    trust_engine_server_digest(rig->core.engine, digest, server);
    server_state_forget(&rig->core, server, digest);
    assert_int_equal(queued_size(rig), before);
    trust_engine_server_digest(rig->core.engine, digest, other);
    server_state_forget(&rig->core, other, digest);
    assert_true(queued_size(rig) > before);
    node_rig_close(rig);
}

static void an_order_that_meets_a_full_ring_is_written_when_there_is_room(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    uint32_t first = node_rig_watch(rig, SUBJECT);
    uint32_t second = node_rig_watch(rig, "mcp:io.example/b");
    node_rig_hold_disk(rig);
    node_rig_fill_ring(rig);
    quarantine(rig, first, TRUST_QUARANTINE_ORDER_ADD);
    uint64_t one = showing_keep(&rig->core, first);
    force_open(rig, second, 1000000);
    uint64_t two = showing_keep(&rig->core, second);
    assert_int_equal(two, one + 1);
    /* Erasing finds room where writing does not, but its number speaks for those before it. */
    (void)showing_keep(&rig->core, node_rig_watch(rig, "mcp:io.example/c"));
    node_rig_run(rig, 50);
    assert_int_equal(rig->core.server_state.waiting_count, 3);
    assert_int_equal(showing_kept(&rig->core, one), TRUST_NO_BUSY);
    assert_int_equal(showing_kept(&rig->core, two), TRUST_NO_BUSY);
    node_rig_let_go(rig);
    node_rig_until(rig, is_durable);
    assert_int_equal(rig->core.server_state.waiting_count, 0);
    assert_int_equal(showing_kept(&rig->core, one), TRUST_OK);
    assert_true(node_rig_row(rig, 'q', first, row) > 0);
    assert_true(node_rig_row(rig, 's', second, row) > 0);
    node_rig_close(rig);
}

static void a_round_writes_every_active_server_in_steps(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    char subject[32];
    uint32_t servers[300];
    for (unsigned i = 0; i < 300; i++) {
        (void)snprintf(subject, sizeof subject, "mcp:io.example/s%u", i);
        servers[i] = node_rig_watch(rig, subject);
        report(rig, servers[i], TRUST_OUTCOME_OK);
    }
    assert_int_equal(node_rig_row(rig, 's', servers[299], row), 0);
    rig->core.server_state.due.ms = 0;
    server_state_tick(&rig->core);
    assert_true(rig->core.server_state.is_round);
    server_state_flush(&rig->core);
    assert_false(rig->core.server_state.is_round);
    (void)server_state_keep(&rig->core, servers[0]);
    node_rig_until(rig, is_durable);
    for (unsigned i = 0; i < 300; i++)
        assert_true(node_rig_row(rig, 's', servers[i], row) > 0);
    node_rig_close(rig);
}

/* Rows as damage or another version would leave them. */
static void a_row_that_does_not_read_is_logged_and_the_others_load(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    uint32_t server = node_rig_watch(rig, SUBJECT);
    quarantine(rig, server, TRUST_QUARANTINE_ORDER_ADD);
    force_open(rig, server, 1000000);
    (void)showing_keep(&rig->core, server);
    node_rig_until(rig, is_durable);
    size_t size = node_rig_row(rig, 's', server, row);
    row[0] = 99;
    uint8_t key[33] = {'s', 1};
    struct store_change change = {.kind = STORE_STATE_PUT,
                                  .state_key = {.data = key, .size = sizeof key},
                                  .bytes = {.data = row, .size = size}};
    must(store_submit(rig->core.store, &change));
    key[0] = 'q';
    change.bytes.size = 3;
    must(store_submit(rig->core.store, &change));
    restart(rig);
    uint32_t cursor = 0;
    uint32_t count = 0;
    while (trust_engine_next_server(rig->core.engine, &cursor, &server))
        count++;
    assert_int_equal(count, 1);
    assert_int_equal(breaker_of(rig, server).state, TRUST_BREAKER_FORCED_OPEN);
    assert_int_equal(trust_engine_quarantine(rig->core.engine, server)->state,
                     TRUST_QUARANTINE_QUARANTINED);
    assert_non_null(strstr(node_rig_log(rig), "state_row"));
    node_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restart_keeps_what_is_left_of_a_forced_state),
        cmocka_unit_test(a_restart_keeps_an_opened_breaker_and_the_calls),
        cmocka_unit_test(a_restart_keeps_each_member_of_a_quarantine),
        cmocka_unit_test(a_restart_keeps_what_agents_told_of_a_manifest),
        cmocka_unit_test(a_release_is_remembered_with_what_it_excused),
        cmocka_unit_test(a_server_at_rest_has_no_rows_and_loses_those_it_had),
        cmocka_unit_test(a_server_that_is_watched_no_longer_takes_its_rows_along),
        cmocka_unit_test(a_server_that_never_had_a_row_costs_the_store_nothing),
        cmocka_unit_test(an_order_that_meets_a_full_ring_is_written_when_there_is_room),
        cmocka_unit_test(a_round_writes_every_active_server_in_steps),
        cmocka_unit_test(a_row_that_does_not_read_is_logged_and_the_others_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
