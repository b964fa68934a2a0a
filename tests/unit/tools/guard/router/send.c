/* guard/send: the messages that the guard itself makes. */
#include "guard/router/send.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "wire/json.h"

static struct router *blank(void)
{
    struct router *r = calloc(1, sizeof *r);
    assert_non_null(r);
    r->backend_count = 2;
    calls_init(&r->calls);
    return r;
}

static void end(struct router *r)
{
    calls_close(&r->calls);
    queue_close(&r->queue);
    free(r);
}

static struct router_action next(struct router *r)
{
    struct router_action action;
    assert_true(queue_take(&r->queue, &action));
    return action;
}

static void assert_bytes(struct trust_bytes bytes, const char *text)
{
    assert_int_equal(bytes.size, strlen(text));
    assert_memory_equal(bytes.data, text, bytes.size);
}

static void numbers_ascend_for_each_backend_alone(void **state)
{
    (void)state;
    struct router *r = blank();
    struct text text = {0};
    assert_int_equal(send_backend(r, 0, text), 1);
    assert_int_equal(send_backend(r, 1, text), 1);
    assert_int_equal(send_backend(r, 0, text), 2);
    assert_int_equal(next(r).number, 1);
    assert_int_equal(next(r).backend, 1);
    assert_int_equal(next(r).number, 2);
    end(r);
}

static void a_permit_is_settled_once(void **state)
{
    (void)state;
    struct router *r = blank();
    struct call *call = calls_take(&r->calls, NULL, 0);
    call->state = CALL_SENT;
    call->backend = 1;
    call->began_ms = 100;
    call->has_permit = true;
    call->pause_ms = 9;
    send_settle(r, call, TRUST_OUTCOME_RATE_LIMITED, 130);
    send_settle(r, call, TRUST_OUTCOME_OK, 130);
    struct router_action action = next(r);
    assert_int_equal(action.kind, ROUTER_SETTLE);
    assert_int_equal(action.call, call->id);
    assert_int_equal(action.backend, 1);
    assert_int_equal(action.outcome.class_, TRUST_OUTCOME_RATE_LIMITED);
    assert_int_equal(action.outcome.latency_ms, 30);
    assert_int_equal(action.outcome.retry_after_ms, 9);
    assert_false(queue_take(&r->queue, &action));
    /* A clock that goes back is no time at all; what was not sent has none. */
    call->has_permit = true;
    send_settle(r, call, TRUST_OUTCOME_OK, 50);
    assert_int_equal(next(r).outcome.latency_ms, 0);
    call->has_permit = true;
    call->state = CALL_WAITING;
    send_settle(r, call, TRUST_OUTCOME_REFUSED, 130);
    assert_int_equal(next(r).outcome.latency_ms, TRUST_LATENCY_UNKNOWN);
    end(r);
}

static void messages_are_what_they_say(void **state)
{
    (void)state;
    struct router *r = blank();
    send_error(r, (struct trust_bytes){0}, -32700, "Parse \"error\"", 5);
    assert_bytes(next(r).bytes, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,"
                                "\"message\":\"Parse \\\"error\\\"\"}}");
    send_result(r, trust_bytes_text("\"i\""), trust_bytes_text("{\"a\":1}"), 5);
    struct router_action action = next(r);
    assert_int_equal(action.tag, 5);
    assert_bytes(action.bytes, "{\"jsonrpc\":\"2.0\",\"id\":\"i\",\"result\":{\"a\":1}}");
    send_notice(r, "notifications/tools/list_changed");
    assert_bytes(next(r).bytes,
                 "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
    send_own(r, 1, "logging/setLevel", "level", trust_bytes_text("\"debug\""));
    assert_bytes(next(r).bytes, "{\"jsonrpc\":\"2.0\",\"id\":2047,\"method\":\"logging/setLevel\","
                                "\"params\":{\"level\":\"debug\"}}");
    struct call call = {.id = 77, .backend = 1};
    send_cancel(r, &call, "timeout");
    assert_bytes(next(r).bytes, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
                                "\"params\":{\"requestId\":77,\"reason\":\"timeout\"}}");
    end(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_ascend_for_each_backend_alone),
        cmocka_unit_test(a_permit_is_settled_once),
        cmocka_unit_test(messages_are_what_they_say),
    };
    return cmocka_run_group_tests_name("tools/guard/send", tests, NULL, NULL);
}
