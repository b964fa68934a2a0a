/* node/api/keeping: an order is answered when the disk has it, or is known not to take it. */
#include "node/api/keeping.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "node/api/api.h"
#include "node_rig.h"

#define SUBJECT "mcp:io.example/a"

struct order {
    struct api_call call;
    int woken;
};

static void note(struct api_call *call)
{
    ((struct order *)call)->woken++;
}

static void begin(struct node_rig *rig, struct order *order)
{
    *order = (struct order){.call = {.core = &rig->core, .api = rig->core.api, .go_on = note}};
    assert_true(keeping_begin(&order->call));
}

/* A quarantine of the server, longer with each number, to be answered with it. */
static void give(struct node_rig *rig, struct order *order, uint64_t number)
{
    uint32_t server = node_rig_watch(rig, SUBJECT);
    begin(rig, order);
    must(trust_engine_order_quarantine(rig->core.engine, server, TRUST_QUARANTINE_ORDER_ADD,
                                       (number + 1) * 60000, rig->core.now));
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    api_doc_count(&doc, "number", number);
    api_doc_close_object(&doc);
    keeping_answer(&order->call, server, &doc);
}

static void answered(struct order *order, int status, const char *text)
{
    assert_int_equal(order->call.answer.status, status);
    assert_true(order->call.answer.size >= strlen(text));
    char *copy = strndup(order->call.answer.text, order->call.answer.size);
    assert_non_null(copy);
    assert_non_null(strstr(copy, text));
    free(copy);
    api_call_close(&order->call);
}

static bool has_none(struct node_rig *rig)
{
    return rig->core.api->keeping.first == NULL;
}

static void an_order_is_answered_when_the_disk_has_it(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    struct order orders[3];
    node_rig_hold_disk(rig);
    for (uint64_t i = 0; i < 3; i++)
        give(rig, &orders[i], i);
    node_rig_run(rig, 30);
    for (int i = 0; i < 3; i++) {
        assert_false(api_is_answered(&orders[i].call));
        assert_int_equal(orders[i].woken, 0);
    }
    node_rig_let_go(rig);
    node_rig_until(rig, has_none);
    for (int i = 0; i < 3; i++)
        assert_int_equal(orders[i].woken, 1);
    answered(&orders[0], 200, "{\"number\":0}");
    answered(&orders[1], 200, "{\"number\":1}");
    answered(&orders[2], 200, "{\"number\":2}");
    assert_int_equal(rig->core.api->held_count, 0);
    node_rig_close(rig);
}

/* What its own order waits for is on the disk: a later one is no reason to wait. */
static void an_order_waits_for_itself_alone(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    struct order first;
    struct order second;
    node_rig_hold_disk(rig);
    give(rig, &first, 1);
    uint64_t number = rig->core.server_state.asked;
    give(rig, &second, 2);
    assert_true(rig->core.server_state.asked > number);
    rig->core.server_state.durable = number;
    keeping_turn(rig->core.api);
    assert_int_equal(first.woken, 1);
    assert_int_equal(second.woken, 0);
    answered(&first, 200, "{\"number\":1}");
    rig->core.server_state.durable = number + 1;
    keeping_turn(rig->core.api);
    assert_int_equal(second.woken, 1);
    answered(&second, 200, "{\"number\":2}");
    node_rig_close(rig);
}

static void a_disk_that_takes_nothing_is_said_at_once(void **state)
{
    (void)state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    struct node_rig *rig = node_rig_open("");
    struct order order;
    const struct rlimit limited = {.rlim_cur = 16, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limited), 0);
    give(rig, &order, 1);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(order.woken, 0);
    assert_true(has_none(rig));
    answered(&order, 507, "a restart may forget it");
    node_rig_close(rig);
}

static void a_disk_that_fails_later_is_said_then(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    struct order order;
    node_rig_hold_disk(rig);
    give(rig, &order, 1);
    assert_false(api_is_answered(&order.call));
    rig->core.showing.is_withheld_stale = true;
    rig->core.showing.withheld_error = TRUST_FAIL_IO;
    keeping_turn(rig->core.api);
    assert_int_equal(order.woken, 1);
    answered(&order, 500, "TRUST_FAIL_IO");
    assert_true(has_none(rig));
    node_rig_close(rig);
}

static void orders_that_wait_are_bounded(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    static struct order orders[TRUST_API_HELD_MAX];
    struct order late = {.call = {.core = &rig->core, .api = rig->core.api}};
    for (int i = 0; i < TRUST_API_HELD_MAX; i++)
        begin(rig, &orders[i]);
    assert_false(keeping_begin(&late.call));
    answered(&late, 503, "TRUST_NO_BUSY");
    /* An order that was refused before it was carried out waits for nothing. */
    api_refuse(&orders[7].call, TRUST_NO_CONFLICT, NULL, "no");
    answered(&orders[7], 409, "TRUST_NO_CONFLICT");
    begin(rig, &late);
    api_call_close(&late.call);
    for (int i = 0; i < TRUST_API_HELD_MAX; i++)
        api_call_close(&orders[i].call);
    assert_int_equal(rig->core.api->held_count, 0);
    assert_true(has_none(rig));
    node_rig_close(rig);
}

static void a_call_that_ends_first_waits_no_longer(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    struct order orders[4];
    node_rig_hold_disk(rig);
    for (uint64_t i = 0; i < 4; i++)
        give(rig, &orders[i], i);
    /* The newest, one between, and one that was answered by the end of the node. */
    api_call_close(&orders[3].call);
    api_call_close(&orders[1].call);
    api_refuse(&orders[2].call, TRUST_NO_BUSY, NULL, "the node is stopping");
    keeping_turn(rig->core.api);
    assert_int_equal(orders[2].woken, 1);
    answered(&orders[2], 503, "the node is stopping");
    node_rig_let_go(rig);
    node_rig_until(rig, has_none);
    assert_int_equal(orders[0].woken, 1);
    assert_int_equal(orders[1].woken, 0);
    assert_int_equal(orders[3].woken, 0);
    answered(&orders[0], 200, "{\"number\":0}");
    node_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_is_answered_when_the_disk_has_it),
        cmocka_unit_test(an_order_waits_for_itself_alone),
        cmocka_unit_test(a_disk_that_takes_nothing_is_said_at_once),
        cmocka_unit_test(a_disk_that_fails_later_is_said_then),
        cmocka_unit_test(orders_that_wait_are_bounded),
        cmocka_unit_test(a_call_that_ends_first_waits_no_longer),
    };
    return cmocka_run_group_tests_name("node/api/keeping", tests, NULL, NULL);
}
