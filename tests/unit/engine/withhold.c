/* engine/withhold: orders and scanners' flags withhold a server, and the cap holds them back. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_operators_order_withholds_until_it_is_released),
        cmocka_unit_test(my_own_critical_flag_quarantines_and_one_more_meets_the_cap),
    };
    return cmocka_run_group_tests_name("engine/withhold", tests, NULL, NULL);
}
