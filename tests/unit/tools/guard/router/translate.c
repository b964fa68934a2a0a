/* guard/translate: what a request needs for a backend of the other era. */
#include "guard/router/translate.h"

#include "drive.h"

#define WHO                                                                                        \
    "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/"        \
    "clientInfo\":{\"name\":\"c\",\"version\":\"1\"},\"io.modelcontextprotocol/"                   \
    "clientCapabilities\":{\"sampling\":{}}"

static void each_request_says_who_speaks(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"", ",\"params\":{\"_meta\":{" WHO "}}"},
        {",\"params\":{}", ",\"params\":{\"_meta\":{" WHO "}}"},
        {",\"params\":{\"cursor\":\"c\"}", ",\"params\":{\"_meta\":{" WHO "},\"cursor\":\"c\"}"},
        {",\"params\":{\"_meta\":7}", ",\"params\":{\"_meta\":{" WHO "}}"},
        {",\"params\":{\"_meta\":{\"progressToken\":\"p\",\"x\":1}}",
         ",\"params\":{\"_meta\":{" WHO ",\"progressToken\":ID,\"x\":1}}"},
        {",\"params\":{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2025-06-18\"}}",
         ",\"params\":{\"_meta\":{\"io.modelcontextprotocol/clientInfo\":{\"name\":\"c\","
         "\"version\":\"1\"},\"io.modelcontextprotocol/clientCapabilities\":{\"sampling\":{}},"
         "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}"},
    };
    struct rig *rig = rig_mixed(0, 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text line = {0};
        text_put(&line, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/list\"");
        text_put(&line, rows[i][0]);
        text_put(&line, "}");
        router_client_line(rig->r, text_bytes(&line), 0, rig->now);
        rig_turn(rig);
        char expected[700];
        snprintf(expected, sizeof expected, "\"method\":\"resources/list\"%s}\n", rows[i][1]);
        /* What follows method alone may stand before it. */
        if (i > 0)
            expect_words(rig, expected);
        else
            expect_words(rig, "b0 {\"params\":{\"_meta\":{" WHO "}},\"jsonrpc\":\"2.0\"");
        free(line.data);
        backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"resources\":[]}}");
        clear(rig);
    }
    rig_free(rig);
}

static void the_level_of_the_log_is_said_with_it(void **state)
{
    (void)state;
    struct rig *rig = rig_mixed(1, 1);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"logging/setLevel\",\"params\":{"
                "\"level\":\"debug\"}}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"logging/setLevel\",\"params\":{"
                "\"level\":\"debug\"}}\n"
                "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n");
    rig->refused = 1;
    client(rig, CALL("2", "read", "{}"));
    expect_words(rig, "b1 {");
    expect_words(rig, "\"io.modelcontextprotocol/logLevel\":\"debug\"");
    rig_free(rig);
}

static void answers_of_the_other_era_pass_as_they_are(void **state)
{
    (void)state;
    struct rig *rig = rig_mixed(0, 1);
    client(rig, CALL("1", "write", "{}"));
    expect_words(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"tools/call\",\"params\":{"
                      "\"_meta\":{" WHO "},\"name\":\"write\",\"arguments\":{}}}\n");
    clear(rig);
    backend(
        rig, 0,
        "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"resultType\":\"complete\",\"content\":[]}}");
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":\"complete\","
                "\"content\":[]}}\nsettle b0 ok 0 ms\n");
    rig_free(rig);
}

/* The primary is legacy, the fallback modern. */
static void a_call_fails_over_across_the_eras(void **state)
{
    (void)state;
    struct rig *rig = rig_mixed(1, 1);
    client(rig, CALL("1", "read", "{}"));
    expect_words(rig, "b0 " CALL("ID", "read", "{}") "\n");
    clear(rig);
    down(rig, 0, 99);
    expect_words(rig, "b1 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"tools/call\",\"params\":{"
                      "\"_meta\":{" WHO "},\"name\":\"read\",\"arguments\":{}}}\n");
    clear(rig);
    backend(rig, 1, RESULT);
    expect_words(rig, "failed_over");
    clear(rig);
    /* And back. */
    greet(rig, 0);
    rig->refused = 1;
    client(rig, CALL("2", "read", "{}"));
    expect_words(rig, "b1 {");
    clear(rig);
    rig->refused = 0;
    down(rig, 1, 99);
    expect_words(rig, "b0 " CALL("ID", "read", "{}") "\n");
    rig_free(rig);
}

#define AS_LEGACY(more)                                                                            \
    "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"resources/list\",\"params\":{" more "}}\n"

static void a_legacy_backend_is_not_told_who_speaks(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"\"_meta\":" MODERN_META, AS_LEGACY("\"_meta\":{}")},
        {"\"_meta\":{\"io.modelcontextprotocol/"
         "logLevel\":7,\"a\":1,\"progressToken\":\"p\",\"b\":2}",
         AS_LEGACY("\"_meta\":{\"a\":1,\"progressToken\":ID,\"b\":2}")},
        {"\"cursor\":\"c\"", AS_LEGACY("\"cursor\":\"c\"")},
    };
    struct rig *rig = rig_crossed(1, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text line = {0};
        text_put(&line, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/list\",\"params\":{");
        text_put(&line, rows[i][0]);
        text_put(&line, "}}");
        router_client_line(rig->r, text_bytes(&line), 0, rig->now);
        rig_turn(rig);
        free(line.data);
        expect_words(rig, rows[i][1]);
        clear(rig);
        backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"resources\":[]}}");
        expect_words(rig, "\"result\":{\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":"
                          "\"private\",\"resources\":[]}}\n");
        clear(rig);
    }
    client(rig,
           "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\",\"params\":{\"_meta\":" MODERN_META
           "}}");
    expect(rig,
           "b0 {\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\",\"params\":{\"_meta\":{}}}\n");
    rig_free(rig);
}

static void results_say_what_a_modern_client_has_to_know(void **state)
{
    (void)state;
    struct rig *rig = rig_crossed(2, 0);
    client(rig, MODERN_CALL("1", "read", ""));
    down(rig, 0, 99);
    clear(rig);
    backend(rig, 1, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"content\":[]}}");
    expect_words(rig,
                 "\"result\":{\"resultType\":\"complete\",\"_meta\":{\"io.repute/guard\":{"
                 "\"reason\":\"failed_over\",\"from\":\"npm:a\",\"to\":\"npm:b\"}},\"content\":"
                 "[]}}\n");
    clear(rig);
    rig->refused = 1;
    client(rig, MODERN_CALL("2", "read", ""));
    clear(rig);
    backend(rig, 1,
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32602,\"message\":\"m\"}}");
    expect_words(
        rig,
        "client {\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32602,\"message\":\"m\"}}\n");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_request_says_who_speaks),
        cmocka_unit_test(the_level_of_the_log_is_said_with_it),
        cmocka_unit_test(answers_of_the_other_era_pass_as_they_are),
        cmocka_unit_test(a_call_fails_over_across_the_eras),
        cmocka_unit_test(a_legacy_backend_is_not_told_who_speaks),
        cmocka_unit_test(results_say_what_a_modern_client_has_to_know),
    };
    return cmocka_run_group_tests_name("tools/guard/translate", tests, NULL, NULL);
}
