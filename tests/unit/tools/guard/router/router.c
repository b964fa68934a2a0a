/* guard/router: the first line of every event, the bounds, and the end. */
#include "guard/router/router.h"

#include "base/limits.h"
#include "drive.h"

static void what_is_no_message_is_answered_so(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        int code;
    } rows[] = {
        {"", -32700},
        {"garbage", -32700},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\xff\"}", -32700},
        {"[]", -32600},
        {"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", -32600},
        {"{\"jsonrpc\":\"1.0\",\"id\":[],\"method\":\"ping\"}", -32600},
        {"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", -32600},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}", -32600},
    };
    struct rig *rig = rig_new(1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        clear(rig);
        client(rig, rows[i].line);
        char code[64];
        snprintf(code, sizeof code, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":%d,",
                 rows[i].code);
        expect_words(rig, code);
    }
    clear(rig);
    router_client_garbage(rig->r, 3, rig->now);
    rig_turn(rig);
    expect(rig, "log client b0\nclient#3 {\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":"
                "-32700,\"message\":\"Parse error\"}}\n");
    rig_free(rig);
}

static void a_bad_request_is_answered_with_its_id_where_it_has_one(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *id;
    } rows[] = {
        {"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\",\"params\":null}", "7"},
        {"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\",\"params\":[]}", "7"},
        {"{\"jsonrpc\":\"1.0\",\"id\":\"a\\u0041\",\"method\":\"ping\"}", "\"a\\u0041\""},
        {"{\"id\":-0.5e7,\"method\":3}", "-0.5e7"},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"method\":\"b\"}", "1"},
        /* Whoever has two ids has none. No answer is answered: its id is one of ours. */
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":1,\"method\":\"ping\"}", "null"},
        {"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}", "null"},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{}}", "null"},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"method\":\"ping\"}", "null"},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{},\"method\":\"ping\"}", "null"},
        {"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", "null"},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"", "null"},
    };
    struct rig *rig = rig_new(1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        clear(rig);
        client(rig, rows[i].line);
        char begin[64];
        snprintf(begin, sizeof begin,
                 "client {\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":", rows[i].id);
        expect_words(rig, begin);
    }
    rig_free(rig);
}

static void tags_come_back_with_all_that_belongs_to_their_line(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    static const char line[] =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"read\","
        "\"_meta\":{\"progressToken\":1}}}";
    router_client_line(rig->r, trust_bytes_text(line), 42, rig->now);
    rig_turn(rig);
    clear(rig);
    uint64_t id = rig->last_id[0];
    backend(rig, 0,
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{"
            "\"progressToken\":ID,\"progress\":1}}");
    expect_words(rig, "client#42 {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"roots/list\"}");
    expect_words(rig, "client#42 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"roots/list\"");
    assert_int_equal(rig->last_id[0], id);
    clear(rig);
    backend(rig, 0, RESULT);
    expect_words(rig, "client#42 {\"jsonrpc\":\"2.0\",\"id\":1,\"result\"");
    rig_free(rig);
}

static void who_leaves_one_line_has_its_call_cancelled_alone(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    router_client_line(rig->r, trust_bytes_text(CALL("1", "write", "{}")), 7, rig->now);
    rig_turn(rig);
    uint64_t left = rig->last_id[0];
    router_client_line(rig->r, trust_bytes_text(CALL("1", "write", "{}")), 8, rig->now);
    rig_turn(rig);
    clear(rig);
    router_client_left(rig->r, 9, rig->now);
    rig_turn(rig);
    expect(rig, "");
    router_client_left(rig->r, 7, rig->now);
    rig_turn(rig);
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                "\"requestId\":ID,\"reason\":\"client gone\"}}\n"
                "settle b0 cancelled 0 ms\nclient#7 silence\n");
    uint64_t other = rig->last_id[0];
    rig->last_id[0] = left;
    backend(rig, 0, RESULT);
    expect(rig, "");
    rig->last_id[0] = other;
    backend(rig, 0, RESULT);
    expect_words(rig, "client#8 {\"jsonrpc\":\"2.0\",\"id\":1,\"result\"");
    rig_free(rig);
}

static void a_line_that_is_cancelled_says_so_to_its_stream(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    router_client_line(rig->r, trust_bytes_text(CALL("5", "write", "{}")), 7, rig->now);
    rig_turn(rig);
    clear(rig);
    client(rig, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                "\"requestId\":5}}");
    expect_words(rig, "settle b0 cancelled 0 ms\nclient#7 silence\n");
    rig_free(rig);
}

static void a_client_that_leaves_takes_everything_with_it(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(3);
    client(rig, CALL("1", "write", "{}"));
    down(rig, 1, 9);
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"roots/list\"}");
    clear(rig);
    router_client_gone(rig->r, rig->now);
    rig_turn(rig);
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                "\"requestId\":ID,\"reason\":\"client gone\"}}\n"
                "settle b0 cancelled 0 ms\nstop b0\nstop b1\nstop b2\n");
    backend(rig, 0, RESULT);
    down(rig, 0, 9);
    client(rig, CALL("2", "write", "{}"));
    after(rig, 100000);
    expect(rig, "");
    assert_int_equal(router_deadline(rig->r).ms, TRUST_NEVER_MS);
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    rig_free(rig);
}

static void a_full_router_refuses_and_recovers(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    for (uint32_t i = 0; i < TRUST_GUARD_CALLS_MAX; i++) {
        assert_false(router_is_full(rig->r));
        client(rig, CALL("1", "read", "{}"));
    }
    assert_true(router_is_full(rig->r));
    clear(rig);
    client(rig, CALL("2", "read", "{}"));
    expect_words(rig, "log no room b0\n");
    expect_words(rig, "\"id\":2,\"result\":");
    expect_words(rig, "\"reason\":\"rate_limited\"");
    clear(rig);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"resources/list\"}");
    expect_words(rig, "\"error\":{\"code\":4290,");
    backend(rig, 0, RESULT);
    assert_false(router_is_full(rig->r));
    clear(rig);
    down(rig, 0, 0);
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    assert_int_equal(router_stats(rig->r).held_size, 0);
    rig_free(rig);
}

static void large_requests_are_bounded_too(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    size_t size = 4 << 20;
    char *line = malloc(size + 1);
    assert_non_null(line);
    memset(line, ' ', size);
    line[size] = '\0';
    static const char begin[] =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":"
        "{\"name\":\"read\"}";
    memcpy(line, begin, sizeof begin - 1);
    line[size - 1] = '}';
    for (int i = 0; i < 16; i++) {
        assert_false(router_is_full(rig->r));
        router_client_line(rig->r, trust_bytes_text(line), 0, rig->now);
        rig_turn(rig);
        clear(rig);
    }
    assert_true(router_is_full(rig->r));
    assert_int_equal(router_stats(rig->r).held_size, TRUST_GUARD_HELD_SIZE_MAX);
    client(rig, CALL("2", "read", "{}"));
    expect_words(rig, "\"reason\":\"rate_limited\"");
    free(line);
    rig_free(rig);
}

static void lines_of_a_backend_that_is_not_up_are_dropped(void **state)
{
    (void)state;
    struct rig *rig = rig_new(2);
    backend(rig, 0, "garbage");
    router_backend_garbage(rig->r, 0, rig->now);
    down(rig, 0, 0);
    up(rig, 0);
    expect(rig, "");
    client(rig, HELLO);
    clear(rig);
    backend(rig, 0, RESULT);
    router_backend_failed(rig->r, 0, 1, &(struct router_failure){0}, rig->now);
    rig_turn(rig);
    expect(rig, "");
    rig_free(rig);
}

static void an_over_long_line_settles_as_garbage_does(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    router_backend_garbage(rig->r, 0, rig->now);
    rig_turn(rig);
    expect_words(rig, "log garbage b0\nsettle b0 garbage 0 ms\n");
    expect_words(rig, "\"reason\":\"outcome_unknown\"");
    backend(rig, 0, "[]");
    expect_words(rig, "log garbage b0\n");
    rig_free(rig);
}

static void contracts_that_change_by_an_order_are_told(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    router_offer_changed(rig->r, rig->now);
    rig_turn(rig);
    expect(rig, "");
    rig->revision++;
    router_offer_changed(rig->r, rig->now);
    rig_turn(rig);
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n");
    rig_free(rig);
}

static void nothing_is_due_before_the_deadline(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    assert_int_equal(router_deadline(rig->r).ms, TRUST_NEVER_MS);
    client(rig, HELLO);
    client(rig, CALL("1", "write", "{}"));
    assert_int_equal(router_deadline(rig->r).ms, rig->now.mono.ms + 200);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_message_is_answered_so),
        cmocka_unit_test(a_bad_request_is_answered_with_its_id_where_it_has_one),
        cmocka_unit_test(tags_come_back_with_all_that_belongs_to_their_line),
        cmocka_unit_test(who_leaves_one_line_has_its_call_cancelled_alone),
        cmocka_unit_test(a_line_that_is_cancelled_says_so_to_its_stream),
        cmocka_unit_test(a_client_that_leaves_takes_everything_with_it),
        cmocka_unit_test(a_full_router_refuses_and_recovers),
        cmocka_unit_test(large_requests_are_bounded_too),
        cmocka_unit_test(lines_of_a_backend_that_is_not_up_are_dropped),
        cmocka_unit_test(an_over_long_line_settles_as_garbage_does),
        cmocka_unit_test(contracts_that_change_by_an_order_are_told),
        cmocka_unit_test(nothing_is_due_before_the_deadline),
    };
    return cmocka_run_group_tests_name("tools/guard/router", tests, NULL, NULL);
}
