/* node/audit_mark: the store knows how far the log went. */
#include "node/audit_mark.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "node_rig.h"

static void ban(struct node_rig *rig, const char *subject)
{
    uint32_t server = node_rig_watch(rig, subject);
    must(trust_engine_order_quarantine(rig->core.engine, server, TRUST_QUARANTINE_ORDER_BAN, 0,
                                       rig->core.now));
    (void)showing_keep(&rig->core, server);
}

static void the_mark_follows_the_log_and_is_found_again(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    assert_int_equal(rig->core.audit_mark.next_seq, 0);
    ban(rig, "mcp:io.example/a");
    ban(rig, "mcp:io.example/b");
    assert_int_equal(rig->core.audit_mark.next_seq, 3);
    assert_memory_equal(rig->core.audit_mark.head, rig->core.audit.head, AUDIT_HASH_SIZE);
    const struct audit_mark mark = rig->core.audit_mark;
    node_rig_stop(rig);
    node_rig_start(rig);
    assert_int_equal(rig->core.audit_mark.next_seq, 3);
    assert_memory_equal(rig->core.audit_mark.head, mark.head, AUDIT_HASH_SIZE);
    assert_false(rig->core.is_audit_damaged);
    node_rig_close(rig);
}

static void a_log_that_is_gone_is_said_at_the_start(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    ban(rig, "mcp:io.example/a");
    node_rig_stop(rig);
    assert_int_equal(unlink(node_rig_path(rig, TRUST_HOME_AUDIT)), 0);
    node_rig_start(rig);
    assert_true(rig->core.is_audit_damaged);
    assert_non_null(strstr(node_rig_log(rig), "audit_damaged"));
    assert_non_null(strstr(node_rig_log(rig), "is_behind=1"));
    assert_int_equal(rig->core.audit_mark.next_seq, 3);
    node_rig_close(rig);
}

static void a_store_that_takes_nothing_is_asked_again(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    node_rig_hold_disk(rig);
    node_rig_fill_ring(rig);
    ban(rig, "mcp:io.example/a");
    assert_int_equal(rig->core.audit.known.next_seq, 2);
    assert_int_equal(rig->core.audit_mark.next_seq, 0);
    node_rig_let_go(rig);
    node_rig_stop(rig);
    node_rig_start(rig);
    assert_int_equal(rig->core.audit_mark.next_seq, 2);
    node_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mark_follows_the_log_and_is_found_again),
        cmocka_unit_test(a_log_that_is_gone_is_said_at_the_start),
        cmocka_unit_test(a_store_that_takes_nothing_is_asked_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
