/* mcp/server: eras, ids, what is refused, and what a client may say at any time. */
#include "mcp/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"

#define META(version)                                                                              \
    "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"" version                            \
    "\",\"io.modelcontextprotocol/clientCapabilities\":{}}"
#define MODERN META("2026-07-28")

static int code_of(const char *line)
{
    json_t *message = json_loads(line, 0, NULL);
    int code = (int)json_integer_value(json_object_get(json_object_get(message, "error"), "code"));
    json_decref(message);
    return code;
}

/* In this order. */
static const struct {
    const char *line;
    int code; /* 0: a result; 1: no answer */
} rows[] = {
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", 0},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}", -32600},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\"}", -32602},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{" MODERN "}}", 0},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{" MODERN "}}", 0},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{" META("2025-11-25") "}}",
     -32022},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{" MODERN "}}", -32601},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}", -32602},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{"
     "\"protocolVersion\":5}}",
     -32602},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{"
     "\"protocolVersion\":\"2024-11-05\",\"capabilities\":{}}}",
     0},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}", 0},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{\"cursor\":\"a\"}}",
     -32602},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{\"cursor\":null}}", 0},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"prompts/list\"}", -32601},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"x\"}}",
     -32602},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":5}}", -32602},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":"
     "\"list_withheld\\u0000\"}}",
     -32602},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":"
     "\"list\\u005fwithheld\"}}",
     0},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":"
     "\"list_withheld\",\"arguments\":5}}",
     -32602},
    {"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", 1},
    {"{\"jsonrpc\":\"2.0\",\"method\":\"ping\"}", 1},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", 1},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"\"}}", 1},
    {"[]", -32600},
    {"{}", -32600},
    {"{", -32700},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":1,\"method\":\"ping\"}", -32600},
};

static void each_line_has_its_answer(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_say(rig, rows[i].line);
        const char *answer = rig_heard(rig);
        assert_int_equal(answer == NULL ? 1 : code_of(answer), rows[i].code);
        assert_null(rig_heard(rig));
    }
    server_overlong(&rig->server);
    assert_int_equal(code_of(rig_heard(rig)), -32600);
    rig_close(rig);
}

static void the_version_spoken_is_the_clients_or_the_latest(void **state)
{
    (void)state;
    static const char *const versions[][2] = {{"2024-11-05", "2024-11-05"},
                                              {"2025-06-18", "2025-06-18"},
                                              {"2026-07-28", "2025-11-25"},
                                              {"a\\\"b", "2025-11-25"}};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct rig *rig = rig_open(NULL);
        char line[256];
        (void)snprintf(line, sizeof line,
                       "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{"
                       "\"protocolVersion\":\"%s\"}}",
                       versions[i][0]);
        rig_say(rig, line);
        json_t *message = json_loads(rig_heard(rig), 0, NULL);
        assert_string_equal(rig_text(json_object_get(message, "result"), "protocolVersion"),
                            versions[i][1]);
        json_decref(message);
        rig_close(rig);
    }
}

static void streams_that_are_open_end_with_the_input(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    rig_say(rig, "{\"jsonrpc\":\"2.0\",\"id\":\"s\",\"method\":\"subscriptions/listen\","
                 "\"params\":{\"notifications\":{}," MODERN "}}");
    assert_non_null(strstr(rig_heard(rig), "acknowledged"));
    assert_true(server_is_watching(&rig->server));
    server_tick(&rig->server, 1000);
    server_end(&rig->server);
    assert_non_null(strstr(rig_heard(rig), "\"id\":\"s\",\"result\":{\"resultType\":\"complete\""));
    assert_null(rig_heard(rig));
    assert_false(server_is_watching(&rig->server));
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_has_its_answer),
        cmocka_unit_test(the_version_spoken_is_the_clients_or_the_latest),
        cmocka_unit_test(streams_that_are_open_end_with_the_input),
    };
    return cmocka_run_group_tests_name("mcp/server", tests, NULL, NULL);
}
