/* engine/withhold: orders and scanners' flags withhold a server, and the cap holds them back. */
#include <stdio.h>

#include "records.h"

static uint32_t watch(struct rig *rig, const char *subject)
{
    uint32_t server = 0;
    assert_int_equal(trust_engine_watch(rig->engine, &server, trust_bytes_text(subject),
                                        TRUST_CELL_NAMED, rig->now),
                     TRUST_OK);
    rig_run(rig);
    return server;
}

static struct trust_record flag_of(const char *subject, enum trust_severity severity, uint64_t seq)
{
    return (struct trust_record){.kind = TRUST_KIND_FLAG,
                                 .seq = seq,
                                 .flag = {.subject = trust_bytes_text(subject),
                                          .severity = severity,
                                          .class_ = TRUST_CLASS_MALWARE,
                                          .rule = trust_bytes_text("test-rule")}};
}

static void the_operators_order_withholds_until_it_is_released(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t server = watch(rig, "mcp:io.example/a");
    assert_int_equal(
        trust_engine_order_quarantine(rig->engine, server, TRUST_QUARANTINE_ORDER_ADD, 0, rig->now),
        TRUST_OK);
    rig_run(rig);
    assert_int_equal(rig->quarantines, 1);
    assert_int_equal(rig->last_quarantine.to, TRUST_QUARANTINE_QUARANTINED);
    assert_int_equal(rig->last_quarantine.rule, TRUST_QUARANTINE_RULE_OPERATOR);
    struct trust_board_cell cell;
    trust_engine_cell(rig->engine, server, &cell, rig->now);
    assert_int_equal(cell.quarantine, TRUST_QUARANTINE_QUARANTINED);
    assert_int_equal(cell.quarantine_until.ms, RIG_START_MS + 86400000);
    assert_int_equal(trust_engine_order_quarantine(rig->engine, server,
                                                   TRUST_QUARANTINE_ORDER_RELEASE, 0, rig->now),
                     TRUST_OK);
    rig_run(rig);
    trust_engine_cell(rig->engine, server, &cell, rig->now);
    assert_int_equal(cell.quarantine, TRUST_QUARANTINE_RELEASED);
    rig_close(rig);
}

static void my_own_critical_flag_quarantines_and_one_more_meets_the_cap(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    uint32_t first = watch(rig, "mcp:io.example/a");
    uint32_t second = watch(rig, "mcp:io.example/b");
    struct trust_signed flag =
        rig_sign(rig, me, flag_of("mcp:io.example/a", TRUST_SEVERITY_CRITICAL, RIG_START_MS));
    assert_int_equal(rig_publish(rig, &flag), TRUST_OK);
    rig_pass(rig, 1000);
    assert_int_equal(trust_engine_quarantine(rig->engine, first)->state,
                     TRUST_QUARANTINE_QUARANTINED);
    assert_int_equal(trust_engine_quarantine(rig->engine, first)->rule,
                     TRUST_QUARANTINE_RULE_SCANNERS);
    /* Two servers: one an hour at most. */
    flag =
        rig_sign(rig, me, flag_of("mcp:io.example/b", TRUST_SEVERITY_CRITICAL, RIG_START_MS + 1));
    assert_int_equal(rig_publish(rig, &flag), TRUST_OK);
    rig_pass(rig, 1000);
    assert_int_equal(trust_engine_quarantine(rig->engine, second)->state, TRUST_QUARANTINE_SUSPECT);
    assert_int_equal(trust_engine_held_back(rig->engine), 1);
    struct trust_board_cell cell;
    trust_engine_cell(rig->engine, second, &cell, rig->now);
    assert_true((cell.marks & TRUST_CELL_HELD_BACK) != 0);
    rig_close(rig);
    trust_secret_close(me);
}

static void call_well(struct rig *rig, uint32_t server)
{
    const struct trust_shared_report report = {
        .agent = 1, .outcome = {.class_ = TRUST_OUTCOME_OK, .latency_ms = 20}};
    trust_engine_handle_outcome(rig->engine, server, &report, rig->now);
    rig_run(rig);
}

static uint32_t call_stranger(struct rig *rig, uint32_t number)
{
    char subject[32];
    uint32_t server = 0;
    (void)snprintf(subject, sizeof subject, "mcp:io.stranger/s%u", number);
    assert_int_equal(
        trust_engine_watch(rig->engine, &server, trust_bytes_text(subject), 0, rig->now), TRUST_OK);
    call_well(rig, server);
    return server;
}

static enum trust_quarantine_state flag_it(struct rig *rig, const struct trust_secret *me,
                                           const char *subject)
{
    uint32_t server = 0;
    struct trust_signed flag =
        rig_sign(rig, me, flag_of(subject, TRUST_SEVERITY_CRITICAL, rig->now.wall.ms));
    assert_int_equal(rig_publish(rig, &flag), TRUST_OK);
    rig_pass(rig, 1000);
    assert_true(trust_engine_find_server(rig->engine, &server, trust_bytes_text(subject)));
    return trust_engine_quarantine(rig->engine, server)->state;
}

static void servers_that_nobody_named_neither_widen_nor_use_up_the_cap_of_the_named(void **state)
{
    (void)state;
    struct trust_secret *me = rig_secret(1);
    struct trust_key key;
    trust_secret_key(&key, me);
    struct rig *rig = rig_open(&key, 1);
    (void)watch(rig, "mcp:io.example/a");
    (void)watch(rig, "mcp:io.example/b");
    for (uint32_t i = 0; i < 20; i++)
        (void)call_stranger(rig, i);
    /* A tenth of twenty strangers. */
    assert_int_equal(flag_it(rig, me, "mcp:io.stranger/s0"), TRUST_QUARANTINE_QUARANTINED);
    assert_int_equal(flag_it(rig, me, "mcp:io.stranger/s1"), TRUST_QUARANTINE_QUARANTINED);
    assert_int_equal(flag_it(rig, me, "mcp:io.stranger/s2"), TRUST_QUARANTINE_SUSPECT);
    /* One of two named ones, and no second. */
    assert_int_equal(flag_it(rig, me, "mcp:io.example/a"), TRUST_QUARANTINE_QUARANTINED);
    assert_int_equal(flag_it(rig, me, "mcp:io.example/b"), TRUST_QUARANTINE_SUSPECT);
    assert_int_equal(trust_engine_held_back(rig->engine), 2);
    rig_close(rig);
    trust_secret_close(me);
}

static void a_call_counts_for_the_cap_for_thirty_days(void **state)
{
    (void)state;
    static const struct {
        uint64_t later_ms;
        enum trust_quarantine_state second;
    } rows[] = {
        {TRUST_QUARANTINE_IN_USE_MS - 10000, TRUST_QUARANTINE_QUARANTINED},
        {TRUST_QUARANTINE_IN_USE_MS, TRUST_QUARANTINE_SUSPECT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct trust_secret *me = rig_secret(1);
        struct trust_key key;
        trust_secret_key(&key, me);
        struct rig *rig = rig_open(&key, 1);
        for (uint32_t j = 0; j < 20; j++)
            (void)call_stranger(rig, j);
        rig_pass(rig, rows[i].later_ms);
        assert_int_equal(flag_it(rig, me, "mcp:io.stranger/s0"), TRUST_QUARANTINE_QUARANTINED);
        assert_int_equal(flag_it(rig, me, "mcp:io.stranger/s1"), rows[i].second);
        rig_close(rig);
        trust_secret_close(me);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_operators_order_withholds_until_it_is_released),
        cmocka_unit_test(my_own_critical_flag_quarantines_and_one_more_meets_the_cap),
        cmocka_unit_test(servers_that_nobody_named_neither_widen_nor_use_up_the_cap_of_the_named),
        cmocka_unit_test(a_call_counts_for_the_cap_for_thirty_days),
    };
    return cmocka_run_group_tests_name("engine/withhold", tests, NULL, NULL);
}
