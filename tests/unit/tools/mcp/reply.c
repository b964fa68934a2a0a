/* mcp/reply: messages as they leave, byte for byte. */
#include "mcp/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static void keep(void *context, struct trust_bytes line)
{
    char *kept = context;
    memcpy(kept, line.data, line.size);
    kept[line.size] = '\0';
}

static void each_kind_has_its_form(void **state)
{
    (void)state;
    char line[512];
    const struct reply reply = {.send = keep, .context = line};
    struct trust_bytes id = trust_bytes_text("\"\\u0061\"");
    reply_result(&reply, id, json_pack("{s:f}", "a", 0.7));
    assert_string_equal(line, "{\"jsonrpc\":\"2.0\",\"id\":\"\\u0061\",\"result\":{\"a\":0.7}}");
    reply_result(&reply, id, NULL);
    assert_string_equal(line, "{\"jsonrpc\":\"2.0\",\"id\":\"\\u0061\",\"error\":{\"code\":-32603,"
                              "\"message\":\"Out of memory\"}}");
    reply_error(&reply, (struct trust_bytes){0}, REPLY_PARSE, "a \"b\"", NULL);
    assert_string_equal(line, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,"
                              "\"message\":\"a \\\"b\\\"\"}}");
    reply_error(&reply, id, REPLY_VERSION, "m", json_pack("{s:[]}", "supported"));
    assert_string_equal(line, "{\"jsonrpc\":\"2.0\",\"id\":\"\\u0061\",\"error\":{\"code\":-32022,"
                              "\"message\":\"m\",\"data\":{\"supported\":[]}}}");
}

static void a_notice_names_its_stream(void **state)
{
    (void)state;
    char line[512];
    const struct reply reply = {.send = keep, .context = line};
    struct trust_bytes stream = trust_bytes_text("12345678901234567890");
    reply_notice(&reply, "m", (struct trust_bytes){0}, json_pack("{s:s}", "uri", "u"));
    assert_string_equal(line, "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"uri\":\"u\"}}");
    reply_notice(&reply, "m", stream, json_pack("{s:s}", "uri", "u"));
    assert_string_equal(line, "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"_meta\":{"
                              "\"io.modelcontextprotocol/subscriptionId\":12345678901234567890},"
                              "\"uri\":\"u\"}}");
    reply_notice(&reply, "m", stream, json_object());
    assert_string_equal(line, "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"_meta\":{"
                              "\"io.modelcontextprotocol/subscriptionId\":12345678901234567890}}}");
    reply_ended(&reply, stream);
    assert_string_equal(line, "{\"jsonrpc\":\"2.0\",\"id\":12345678901234567890,\"result\":{"
                              "\"resultType\":\"complete\",\"_meta\":{"
                              "\"io.modelcontextprotocol/subscriptionId\":12345678901234567890}}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_its_form),
        cmocka_unit_test(a_notice_names_its_stream),
    };
    return cmocka_run_group_tests_name("mcp/reply", tests, NULL, NULL);
}
