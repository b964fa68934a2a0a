/* guard/local: what is answered without asking anybody. */
#include "guard/router/local.h"

#include "drive.h"

static void initialize_is_answered_at_once_with_every_backend_dead(void **state)
{
    (void)state;
    struct rig *rig = rig_new(2);
    client(rig, HELLO);
    expect(rig, "start b0\nclient {\"jsonrpc\":\"2.0\",\"id\":0,\"result\":" RIG_INITIALIZED "}\n");
    client(rig, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":\"t\",\"method\":\"tools/list\"}");
    expect(rig,
           "client {\"jsonrpc\":\"2.0\",\"id\":\"t\",\"result\":{\"tools\":" RIG_TOOL_LIST "}}\n");
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\",\"params\":{}}");
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}\n");
    rig_free(rig);
}

static void the_client_hears_the_lesser_version(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"2024-11-05", "2024-11-05"}, {"2025-11-25", "2025-06-18"}, {"2099-01-01", "2025-06-18"}};
    for (size_t i = 0; i < 3; i++) {
        struct rig *rig = rig_new(1);
        char line[256];
        snprintf(line, sizeof line,
                 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{"
                 "\"protocolVersion\":\"%s\",\"capabilities\":{}}}",
                 rows[i][0]);
        client(rig, line);
        snprintf(line, sizeof line, "\"result\":{\"protocolVersion\":\"%s\",", rows[i][1]);
        expect_words(rig, line);
        rig_free(rig);
    }
}

static void the_first_start_waits_for_one_backend(void **state)
{
    (void)state;
    struct rig *rig = rig_new(2);
    rig->is_pinned = false;
    client(rig, HELLO);
    expect(rig, "start b0\nstart b1\n");
    after(rig, 150);
    expect(rig, "");
    up(rig, 1);
    backend(rig, 1, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" RIG_INITIALIZED "}");
    backend(rig, 1, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":" RIG_TOOL_LIST "}}");
    clear(rig);
    backend(rig, 1, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    expect(rig,
           "learned b1\nclient {\"jsonrpc\":\"2.0\",\"id\":0,\"result\":" RIG_INITIALIZED "}\n");
    rig_free(rig);
}

static void the_first_start_does_not_wait_for_ever(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    rig->is_pinned = false;
    client(rig, HELLO);
    clear(rig);
    after(rig, 199);
    expect(rig, "");
    after(rig, 1);
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":"
                      "\"2025-06-18\",\"capabilities\":{\"tools\":{\"listChanged\":true}},"
                      "\"serverInfo\":{\"name\":\"repute-guard\",");
    clear(rig);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[]}}\n");
    rig->revision = 1;
    greet(rig, 0);
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed"
                      "\"}\n");
    rig_free(rig);
}

static void who_has_not_begun_is_told_to(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32600,\"message\":"
                "\"The first request must be initialize\"}}\n");
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}");
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}\n");
    rig_free(rig);
}

static void a_cursor_that_was_never_given_is_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{\"cursor\":"
                "\"x\"}}");
    expect_words(rig, "\"error\":{\"code\":-32602,");
    rig_free(rig);
}

static void a_log_level_reaches_those_that_are_there_and_those_that_come(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"logging/setLevel\",\"params\":{"
                "\"level\":\"debug\"}}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"logging/setLevel\",\"params\":{"
                "\"level\":\"debug\"}}\n"
                "b1 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"logging/setLevel\",\"params\":{"
                "\"level\":\"debug\"}}\n"
                "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    expect(rig, "");
    down(rig, 0, 9);
    clear(rig);
    greet(rig, 0);
    expect_words(rig, "\"method\":\"logging/setLevel\",\"params\":{\"level\":\"debug\"}}\n");
    clear(rig);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"logging/setLevel\",\"params\":{"
                "\"level\":7}}");
    expect_words(rig, "\"error\":{\"code\":-32602,");
    rig_free(rig);
}

#define DISCOVER                                                                                   \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{\"_meta\":{"         \
    "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}}"

#define NO_DISCOVER                                                                                \
    "client {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"Method not "    \
    "found\"}}\n"

/* Nobody is there to be discovered: a client that can begins anew, on the same wire. */
static void a_modern_client_that_finds_nobody_may_begin_anew(void **state)
{
    (void)state;
    struct rig *rig = rig_new(2);
    client(rig, DISCOVER);
    expect(rig, "start b0\n");
    up(rig, 0);
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"server/discover\",\"params\":{"
                "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}}\n");
    /* It may be legacy, and those need not answer before they are greeted. */
    after(rig, 100);
    expect_words(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"initialize\"");
    clear(rig);
    after(rig, 100);
    expect(rig, NO_DISCOVER);
    client(rig, HELLO);
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":0,\"result\":" RIG_INITIALIZED "}\n");
    clear(rig);
    /* What it was asked for the client as it was is asked again. */
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" RIG_INITIALIZED "}");
    expect_words(rig, "\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\"");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" RIG_INITIALIZED "}");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    assert_true(router_is_ready(rig->r, 0));
    rig_free(rig);
}

static void when_none_speaks_any_version_the_client_is_told_at_once(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    client(rig, DISCOVER);
    up(rig, 0);
    backend(rig, 0, NO_METHOD);
    clear(rig);
    backend(rig, 0, NO_METHOD);
    expect(rig, "log era b0\nstop b0\n" NO_DISCOVER);
    rig_free(rig);
}

/* The client did not wait: the server answers what it was asked in the other era. */
static void a_change_of_era_within_the_handshake_greets_anew(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    client(rig, DISCOVER);
    up(rig, 0);
    client(rig, HELLO);
    clear(rig);
    backend(rig, 0, NO_METHOD);
    expect_words(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"initialize\"");
    expect_none(rig, "log");
    rig_free(rig);
}

static void a_modern_group_is_discovered_and_listed(void **state)
{
    (void)state;
    struct rig *rig = rig_modern(1);
    client(rig, DISCOVER);
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"supportedVersions\":["
                "\"2026-07-28\"]}}\n");
    client(
        rig,
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\",\"params\":{\"_meta\":" MODERN_META
        "}}");
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"tools\":" RIG_TOOL_LIST
                ",\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\"}}\n");
    client(rig, MODERN_CALL("3", "write", ""));
    expect_words(rig, "b0 " MODERN_CALL("ID", "write", "") "\n");
    clear(rig);
    down(rig, 0, 99);
    expect_words(rig, "\"isError\":true,\"resultType\":\"complete\",");
    rig_free(rig);
}

static void a_version_that_nobody_speaks_is_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{"
                "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2099-01-01\"}}}");
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32022,\"message\":"
                "\"Unsupported protocol version\",\"data\":{\"supported\":[\"2026-07-28\"],"
                "\"requested\":\"2099-01-01\"}}}\n");
    client(rig, HELLO);
    expect_words(rig, "\"result\":" RIG_INITIALIZED);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(initialize_is_answered_at_once_with_every_backend_dead),
        cmocka_unit_test(the_client_hears_the_lesser_version),
        cmocka_unit_test(the_first_start_waits_for_one_backend),
        cmocka_unit_test(the_first_start_does_not_wait_for_ever),
        cmocka_unit_test(who_has_not_begun_is_told_to),
        cmocka_unit_test(a_cursor_that_was_never_given_is_refused),
        cmocka_unit_test(a_log_level_reaches_those_that_are_there_and_those_that_come),
        cmocka_unit_test(a_modern_client_that_finds_nobody_may_begin_anew),
        cmocka_unit_test(when_none_speaks_any_version_the_client_is_told_at_once),
        cmocka_unit_test(a_change_of_era_within_the_handshake_greets_anew),
        cmocka_unit_test(a_version_that_nobody_speaks_is_refused),
        cmocka_unit_test(a_modern_group_is_discovered_and_listed),
    };
    return cmocka_run_group_tests_name("tools/guard/local", tests, NULL, NULL);
}
