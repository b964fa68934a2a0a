/* node/withheld_file: the file says exactly what is withheld, and an old one stands until a new one
 * is whole. */
#include "node/withheld_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "node_rig.h"

#define NOON_MS UINT64_C(1795176000000)

static void order(struct node_rig *rig, const char *subject, enum trust_quarantine_order order,
                  uint64_t ttl_ms)
{
    struct trust_now now = rig->core.now;
    now.wall.ms = NOON_MS;
    must(trust_engine_order_quarantine(rig->core.engine, node_rig_watch(rig, subject), order,
                                       ttl_ms, now));
}

static const char *text(struct node_rig *rig)
{
    return node_rig_text(node_rig_path(rig, TRUST_HOME_WITHHELD));
}

static void a_node_without_quarantines_writes_nothing(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    (void)node_rig_watch(rig, "mcp:io.example/a");
    must(withheld_file_write(&rig->core));
    assert_string_equal(text(rig), "");
    node_rig_close(rig);
}

static void each_withheld_server_has_a_line_and_no_other_has(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    order(rig, "mcp:io.example/a", TRUST_QUARANTINE_ORDER_ADD, 3600000);
    order(rig, "mcp:io.example/b", TRUST_QUARANTINE_ORDER_BAN, 0);
    order(rig, "mcp:io.example/c", TRUST_QUARANTINE_ORDER_ADD, 3600000);
    order(rig, "mcp:io.example/c", TRUST_QUARANTINE_ORDER_RELEASE, 0);
    (void)node_rig_watch(rig, "mcp:io.example/d");
    must(withheld_file_write(&rig->core));
    assert_string_equal(text(rig), "mcp:io.example/a - quarantined 2026-11-20T13:00:00Z\n"
                                   "mcp:io.example/b - banned -\n");
    struct stat status;
    assert_int_equal(stat(node_rig_path(rig, TRUST_HOME_WITHHELD), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0644);
    node_rig_close(rig);
}

static void a_file_that_cannot_be_replaced_stays_and_is_complained_of(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    order(rig, "mcp:io.example/a", TRUST_QUARANTINE_ORDER_BAN, 0);
    must(withheld_file_write(&rig->core));
    assert_string_equal(text(rig), "mcp:io.example/a - banned -\n");
    /* A home whose state directory is gone, as after a mistake of the operator's. */
    (void)strcpy(rig->core.home.roots[TRUST_HOME_ROOT_STATE], "/nonexistent");
    order(rig, "mcp:io.example/b", TRUST_QUARANTINE_ORDER_BAN, 0);
    assert_int_equal(withheld_file_write(&rig->core), TRUST_NO_FILE);
    assert_string_equal(text(rig), "mcp:io.example/a - banned -\n");
    assert_non_null(strstr(node_rig_log(rig), "withheld"));
    node_rig_close(rig);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static const struct trust_quarantine *of(struct node_rig *rig, const char *subject)
{
    return trust_engine_quarantine(rig->core.engine, node_rig_watch(rig, subject));
}

/* As after the loss of the store, or an older backup. */
static void what_only_the_file_withholds_is_investigated_from_the_start_on(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_make("");
    write_file(node_rig_path(rig, TRUST_HOME_WITHHELD),
               "mcp:io.example/a - quarantined 2020-01-01T00:00:00Z\n"
               "mcp:io.example/b - banned -\n");
    node_rig_start(rig);
    assert_int_equal(of(rig, "mcp:io.example/a")->state, TRUST_QUARANTINE_INVESTIGATING);
    assert_int_equal(of(rig, "mcp:io.example/b")->state, TRUST_QUARANTINE_INVESTIGATING);
    assert_int_equal(of(rig, "mcp:io.example/b")->rule, TRUST_QUARANTINE_RULE_FILE);
    assert_string_equal(text(rig), "mcp:io.example/a - investigating -\n"
                                   "mcp:io.example/b - investigating -\n");
    const char *audit = node_rig_text(node_rig_path(rig, TRUST_HOME_AUDIT));
    assert_non_null(strstr(audit, " ok investigating file 0 dry none none rule mcp:io.example/a "));
    assert_non_null(strstr(audit, " ok investigating file 0 dry none none rule mcp:io.example/b "));
    assert_int_equal(rig->core.showing.withheld_damaged, 0);
    /* Once it is known there is nothing to regain, nor when the operator released it. */
    uint32_t released = node_rig_watch(rig, "mcp:io.example/a");
    must(trust_engine_order_quarantine(rig->core.engine, released, TRUST_QUARANTINE_ORDER_RELEASE,
                                       0, rig->core.now));
    (void)showing_keep(&rig->core, released);
    uint64_t entries = rig->core.audit.next_seq;
    node_rig_stop(rig);
    node_rig_start(rig);
    assert_int_equal(of(rig, "mcp:io.example/a")->state, TRUST_QUARANTINE_RELEASED);
    assert_int_equal(of(rig, "mcp:io.example/b")->state, TRUST_QUARANTINE_INVESTIGATING);
    assert_int_equal(rig->core.audit.next_seq, entries);
    assert_string_equal(text(rig), "mcp:io.example/b - investigating -\n");
    node_rig_close(rig);
}

static void a_damaged_file_withholds_what_reads_and_is_kept(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_make("");
    static const char damaged[] = "mcp:io.example/a - bann\nmcp:io.example/b - banned -\nx";
    write_file(node_rig_path(rig, TRUST_HOME_WITHHELD), damaged);
    node_rig_start(rig);
    assert_int_equal(rig->core.showing.withheld_damaged, 2);
    assert_int_equal(of(rig, "mcp:io.example/a")->state, TRUST_QUARANTINE_OK);
    assert_int_equal(of(rig, "mcp:io.example/b")->state, TRUST_QUARANTINE_INVESTIGATING);
    assert_non_null(strstr(node_rig_log(rig), "withheld_damaged line=1"));
    assert_non_null(strstr(node_rig_log(rig), "withheld_damaged line=3"));
    char aside[TRUST_HOME_PATH_SIZE + 16];
    (void)snprintf(aside, sizeof aside, "%s.damaged", node_rig_path(rig, TRUST_HOME_WITHHELD));
    assert_string_equal(node_rig_text(aside), damaged);
    node_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_node_without_quarantines_writes_nothing),
        cmocka_unit_test(each_withheld_server_has_a_line_and_no_other_has),
        cmocka_unit_test(what_only_the_file_withholds_is_investigated_from_the_start_on),
        cmocka_unit_test(a_damaged_file_withholds_what_reads_and_is_kept),
        cmocka_unit_test(a_file_that_cannot_be_replaced_stays_and_is_complained_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
