/* wire/message: what kind a message is, where its parts stand, and which ones are none. */
#include "wire/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

static struct message read_ok(const char *text)
{
    struct message message;
    assert_int_equal(message_read(&message, trust_bytes_text(text)), TRUST_OK);
    return message;
}

static void assert_span(struct trust_bytes span, const char *text)
{
    assert_int_equal(span.size, strlen(text));
    assert_memory_equal(span.data, text, span.size);
}

static void a_call_shows_all_its_parts(void **state)
{
    (void)state;
    struct message m = read_ok(
        " {\"jsonrpc\":\"2.0\", \"id\" : 12,\"method\":\"tools/call\",\"params\": "
        "{\"name\":\"search\","
        "\"arguments\":{\"name\":\"inner\",\"_meta\":{\"progressToken\":9}},\"_meta\":{"
        "\"progressToken\":\"t\",\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
        "\"x\":{\"progressToken\":8}} } }\n");
    assert_int_equal(m.kind, MESSAGE_REQUEST);
    assert_int_equal(m.method, METHOD_TOOLS_CALL);
    assert_int_equal(m.whole.data[0], '{');
    assert_int_equal(m.whole.data[m.whole.size - 1], '}');
    assert_int_equal(m.whole.data[m.whole.size], '\n');
    assert_span(m.id, "12");
    assert_span(m.method_raw, "\"tools/call\"");
    assert_int_equal(m.params.data[0], '{');
    assert_int_equal(m.params.data[m.params.size - 1], '}');
    assert_int_equal(m.params.data[m.params.size], ' ');
    assert_span(m.name, "\"search\"");
    assert_span(m.arguments, "{\"name\":\"inner\",\"_meta\":{\"progressToken\":9}}");
    assert_span(m.meta, "{\"progressToken\":\"t\",\"io.modelcontextprotocol/protocolVersion\":"
                        "\"2026-07-28\",\"x\":{\"progressToken\":8}}");
    assert_span(m.meta_progress_token, "\"t\"");
    assert_span(m.meta_version, "\"2026-07-28\"");
    assert_int_equal(m.meta_subscription.size, 0);
    assert_int_equal(m.uri.size, 0);
    assert_int_equal(m.result.size, 0);
    assert_int_equal(m.error.size, 0);
}

static void notifications_show_what_they_are_about(void **state)
{
    (void)state;
    struct message m = read_ok("{\"params\":{\"requestId\":\"a\\nb\",\"reason\":\"x\"},\"method\":"
                               "\"notifications/cancelled\",\"jsonrpc\":\"2.0\"}");
    assert_int_equal(m.kind, MESSAGE_NOTIFICATION);
    assert_int_equal(m.method, METHOD_CANCELLED);
    assert_int_equal(m.id.size, 0);
    assert_span(m.request_id, "\"a\\nb\"");
    m = read_ok("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{"
                "\"progressToken\":18446744073709551617,\"progress\":0.5}}");
    assert_int_equal(m.method, METHOD_PROGRESS);
    assert_span(m.progress_token, "18446744073709551617");
    m = read_ok("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{"
                "\"uri\":\"file:///a\",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":7}}}");
    assert_int_equal(m.method, METHOD_RESOURCE_UPDATED);
    assert_span(m.uri, "\"file:///a\"");
    assert_span(m.meta_subscription, "7");
    m = read_ok("{\"jsonrpc\":\"2.0\",\"method\":\"vendor/own\"}");
    assert_int_equal(m.kind, MESSAGE_NOTIFICATION);
    assert_int_equal(m.method, METHOD_OTHER);
    assert_int_equal(m.params.size, 0);
}

static void responses_show_their_results_and_errors(void **state)
{
    (void)state;
    struct message m =
        read_ok("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":{\"content\":[],\"isError\":"
                "true,\"resultType\":\"complete\",\"_meta\":{}}}");
    assert_int_equal(m.kind, MESSAGE_RESPONSE);
    assert_span(m.id, "\"x\"");
    assert_span(m.is_error, "true");
    assert_span(m.result_type, "\"complete\"");
    assert_span(m.meta, "{}");
    m = read_ok("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no\","
                "\"data\":{\"code\":1}}}");
    assert_int_equal(m.kind, MESSAGE_ERROR);
    assert_span(m.error_code, "-32601");
    assert_span(m.error_message, "\"no\"");
    m = read_ok("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}");
    assert_int_equal(m.kind, MESSAGE_RESPONSE);
    assert_span(m.result, "null");
    m = read_ok("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":\"broken\"}");
    assert_int_equal(m.kind, MESSAGE_ERROR);
    assert_int_equal(m.error_code.size, 0);
}

static void an_error_may_answer_nothing_that_was_understood(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700}}",
        "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32700}}"};
    for (size_t i = 0; i < 2; i++) {
        struct message m = read_ok(texts[i]);
        assert_int_equal(m.kind, MESSAGE_ERROR);
        assert_int_equal(m.id.size, 0);
        assert_span(m.error_code, "-32700");
    }
}

static void ids_are_kept_as_they_are_written(void **state)
{
    (void)state;
    static const char *const ids[] = {
        "0",
        "-1",
        "1.0",
        "1e2",
        "9007199254740993",
        "123456789012345678901234567890123456789012345678901234567890",
        "\"\"",
        "\"\\u0041\\ud834\\udd1e\"",
        "\"\\ud800\"",
        "\"\xf0\x9f\x98\x80\""};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        char text[256] = "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":";
        strcat(strcat(text, ids[i]), "}");
        struct message m = read_ok(text);
        assert_int_equal(m.kind, MESSAGE_REQUEST);
        assert_span(m.id, ids[i]);
    }
}

static void an_array_is_a_batch_and_no_more(void **state)
{
    (void)state;
    struct message m = read_ok(" [{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}] ");
    assert_int_equal(m.kind, MESSAGE_BATCH);
    assert_span(m.whole, "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]");
    assert_int_equal(m.id.size, 0);
    assert_int_equal(m.method, METHOD_OTHER);
    assert_int_equal(read_ok("[]").kind, MESSAGE_BATCH);
}

static void check(const char *text, enum trust_error expected)
{
    struct message message = {.kind = MESSAGE_BATCH, .error_code = trust_bytes_text("untouched")};
    enum trust_error error = message_read(&message, trust_bytes_text(text));
    if (error != expected)
        print_error("%s\n", text);
    assert_int_equal(error, expected);
    assert_span(message.error_code, "untouched");
}

static void what_is_json_but_no_message_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "1",
        "\"a\"",
        "null",
        "{}",
        "{\"jsonrpc\":\"2.0\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "{\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":null}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":null}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":false,\"error\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"params\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{},\"params\":{}}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check(texts[i], TRUST_NO_TYPE);
}

#define META_TWICE                                                                                 \
    "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"_meta\":{\"progressToken\":1,"            \
    "\"progressToken\":1}}}"

static void a_part_that_stands_twice_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"\\u0069d\":2}",
        "{\"jsonrpc\":\"2.0\",\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{},\"params\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"name\":1,\"n\\u0061me\":2}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"_meta\":{},\"_meta\":{}}}",
        META_TWICE,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"isError\":true,\"isError\":false}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"code\":2}}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check(texts[i], TRUST_NO_DUPLICATE);
    /* What is only passed on may. */
    read_ok(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"x\":1,\"x\":2,\"params\":{\"arguments\":{"
        "\"name\":1,\"name\":2},\"y\":1,\"y\":1}}");
}

static void what_is_no_json_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "garbage",
        "{",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",}",
        "{,\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\" \"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}{}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{]}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"a\":1,}}",
        "{\"jsonrpc\":\"2.0\",\"id\":01,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\xff\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"_meta\":{\"a\":}}}",
        "{1:2}",
        "[1,]",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check(texts[i], TRUST_NO_SYNTAX);
}

/* The message itself, params and _meta are levels too. */
static void sixty_four_levels_are_read_and_sixty_five_are_not(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *after;
        int levels;
    } rows[] = {
        {"{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"x\":", "}", 1},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"arguments\":", "}}", 2},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"_meta\":{\"x\":", "}}}", 3},
        {"[", "]", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int more = 0; more < 2; more++) {
            char text[512];
            strcpy(text, rows[i].before);
            for (int level = rows[i].levels; level < TRUST_WIRE_DEPTH_MAX + more; level++)
                strcat(text, "[");
            for (int level = rows[i].levels; level < TRUST_WIRE_DEPTH_MAX + more; level++)
                strcat(text, "]");
            strcat(text, rows[i].after);
            struct message message;
            assert_int_equal(message_read(&message, trust_bytes_text(text)),
                             more ? TRUST_NO_RANGE : TRUST_OK);
        }
    }
}

static void every_prefix_of_a_message_is_refused(void **state)
{
    (void)state;
    static const char text[] =
        "{\"jsonrpc\":\"2.0\",\"id\":\"\\u00e9\xc3\xa9\",\"method\":\"tools/"
        "call\",\"params\":{\"name\":"
        "\"a\",\"arguments\":{\"x\":[1.5e3,true,null]},\"_meta\":{\"progressToken\":1}}}";
    struct message message;
    for (size_t size = 0; size < sizeof text - 1; size++) {
        uint8_t *copy = malloc(size == 0 ? 1 : size);
        assert_non_null(copy);
        memcpy(copy, text, size);
        struct trust_bytes prefix = {.data = copy, .size = size};
        assert_int_equal(message_read(&message, prefix), TRUST_NO_SYNTAX);
        free(copy);
    }
    assert_int_equal(message_read(&message, trust_bytes_text(text)), TRUST_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_shows_all_its_parts),
        cmocka_unit_test(notifications_show_what_they_are_about),
        cmocka_unit_test(responses_show_their_results_and_errors),
        cmocka_unit_test(an_error_may_answer_nothing_that_was_understood),
        cmocka_unit_test(ids_are_kept_as_they_are_written),
        cmocka_unit_test(an_array_is_a_batch_and_no_more),
        cmocka_unit_test(what_is_json_but_no_message_is_refused),
        cmocka_unit_test(a_part_that_stands_twice_is_refused),
        cmocka_unit_test(what_is_no_json_is_refused),
        cmocka_unit_test(sixty_four_levels_are_read_and_sixty_five_are_not),
        cmocka_unit_test(every_prefix_of_a_message_is_refused),
    };
    return cmocka_run_group_tests_name("tools/wire/message", tests, NULL, NULL);
}
