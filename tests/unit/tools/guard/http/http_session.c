/* guard/http_session: what is agreed, and the headers that say so. */
#include "guard/http/http_session.h"

#include <curl/curl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define HELLO "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}"
#define LIST "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}"
#define RESPONSE "{\"jsonrpc\":\"2.0\",\"id\":\"s\",\"result\":{}}"
#define MODERN                                                                                     \
    "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/"                                            \
    "call\",\"params\":{\"name\":\"n\",\"_meta\":{"                                                \
    "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}}"

static struct message read_message(const char *text)
{
    struct message message;
    assert_int_equal(message_read(&message, trust_bytes_text(text)), TRUST_OK);
    return message;
}

/* Greeted, and answered so. */
static struct http_session begun(const char *id, const char *version)
{
    char text[200];
    struct http_session session = {0};
    (void)snprintf(text, sizeof text,
                   "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":%s}}", version);
    struct message hello = read_message(HELLO);
    struct message answer = read_message(text);
    http_session_asked(&session, &hello);
    http_session_begun(&session, id, &answer);
    return session;
}

/* The headers, a line each. */
static void has_headers(const struct http_session *session,
                        const struct http_session_request *request, const char *wanted)
{
    char text[1000] = "";
    size_t size = 0;
    struct curl_slist *list = http_session_headers(session, request);
    assert_non_null(list);
    for (const struct curl_slist *at = list; at != NULL; at = at->next)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s\n", at->data);
    curl_slist_free_all(list);
    assert_string_equal(text, wanted);
}

static void a_session_is_named_once_it_has_begun(void **state)
{
    (void)state;
    struct http_session session = {0};
    struct message list = read_message(LIST);
    const struct http_session_request request = {.message = &list};
    has_headers(&session, &request,
                "Accept: application/json, text/event-stream\nExpect:\n"
                "Content-Type: application/json\n");
    session = begun("an-id", "\"2025-06-18\"");
    has_headers(&session, &request,
                "Accept: application/json, text/event-stream\nExpect:\n"
                "Content-Type: application/json\nMCP-Protocol-Version: 2025-06-18\n"
                "Mcp-Session-Id: an-id\n");
    uint64_t life = session.life;
    http_session_lost(&session);
    assert_string_equal(session.id, "");
    assert_string_equal(session.version, "");
    assert_int_equal(session.life, life + 1);
}

static void another_initialize_names_no_session(void **state)
{
    (void)state;
    struct http_session session = begun("an-id", "\"2025-06-18\"");
    struct message hello = read_message(HELLO);
    uint64_t life = session.life;
    http_session_asked(&session, &hello);
    assert_string_equal(session.id, "");
    assert_int_equal(session.life, life + 1);
}

static void what_no_header_can_hold_is_not_agreed(void **state)
{
    char longest[TRUST_GUARD_SESSION_ID_SIZE_MAX + 2];
    (void)state;
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 2] = '\0';
    assert_string_equal(begun(longest, "1").id, longest);
    longest[sizeof longest - 2] = 'x';
    longest[sizeof longest - 1] = '\0';
    assert_string_equal(begun(longest, "1").id, "");
    static const char *const ids[] = {"", "a b", "a\tb", "\xc3\xa9", "a\x7f"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        assert_string_equal(begun(ids[i], "1").id, "");
    assert_string_equal(begun(NULL, "\"2025-03-26\"").id, "");
    static const char *const versions[] = {
        "\"\"", "1", "null", "\"a\\r\\nX: 1\"", "\"a b\"", "\"012345678901234567890123456789012\""};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        assert_string_equal(begun("s", versions[i]).version, "");
}

static void a_modern_request_carries_version_method_and_name(void **state)
{
    (void)state;
    struct http_session session = {0};
    struct message call = read_message(MODERN);
    struct message response = read_message(RESPONSE);
    http_session_asked(&session, &call);
    assert_true(session.is_modern);
    has_headers(&session, &(struct http_session_request){.message = &call},
                "Accept: application/json, text/event-stream\nExpect:\n"
                "Content-Type: application/json\nMcp-Method: tools/call\nMcp-Name: n\n"
                "MCP-Protocol-Version: 2026-07-28\n");
    has_headers(&session, &(struct http_session_request){.message = &response},
                "Accept: application/json, text/event-stream\nExpect:\n"
                "Content-Type: application/json\nMCP-Protocol-Version: 2026-07-28\n");
}

#define QUERY(arguments)                                                                           \
    "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"n\","          \
    "\"arguments\":" arguments                                                                     \
    ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}}"

static void marked_parameters_of_a_modern_call_are_carried(void **state)
{
    (void)state;
    char path[] = "o\0n";
    struct param items[] = {{.name = "Region", .path = "r", .depth = 1},
                            {.name = "Limit", .path = path, .depth = 2},
                            {.name = "Empty", .path = "e", .depth = 1},
                            {.name = "Null", .path = "z", .depth = 1},
                            {.name = "Real", .path = "f", .depth = 1}};
    const struct params params = {.items = items, .count = 5};
    struct http_session session = {0};
    struct message call = read_message(
        QUERY("{\"r\":\" a\",\"o\":{\"n\":-7},\"e\":\"\",\"z\":null,\"f\":1.5,\"q\":\"x\"}"));
    http_session_asked(&session, &call);
    has_headers(&session, &(struct http_session_request){.message = &call, .params = &params},
                "Accept: application/json, text/event-stream\nExpect:\n"
                "Content-Type: application/json\nMcp-Method: tools/call\n"
                "Mcp-Param-Region: =?base64?IGE=?=\nMcp-Param-Limit: -7\nMcp-Param-Empty;\n"
                "Mcp-Name: n\nMCP-Protocol-Version: 2026-07-28\n");
    session.is_modern = false;
    has_headers(&session, &(struct http_session_request){.message = &call, .params = &params},
                "Accept: application/json, text/event-stream\nExpect:\n"
                "Content-Type: application/json\nMCP-Protocol-Version: 2026-07-28\n");
}

static void a_stream_is_resumed_behind_an_event_that_a_header_can_name(void **state)
{
    (void)state;
    struct http_session session = {0};
    has_headers(&session, &(struct http_session_request){.last_event_id = trust_bytes_text("a 7")},
                "Accept: text/event-stream\nExpect:\nLast-Event-ID: a 7\n");
    has_headers(&session,
                &(struct http_session_request){.last_event_id = trust_bytes_text("a\x01")},
                "Accept: text/event-stream\nExpect:\n");
}

static void configured_headers_are_checked(void **state)
{
    static char huge[TRUST_GUARD_HEADER_SIZE_MAX];
    static const struct {
        struct http_header header;
        enum trust_error error;
    } cases[] = {
        {{"Authorization", "Bearer x"}, TRUST_OK},
        {{"X-Empty", ""}, TRUST_OK},
        {{"x!#$%&'*+-.^_`|~9", "a\tb \xc3\xa9"}, TRUST_OK},
        {{"", "x"}, TRUST_NO_SYNTAX},
        {{"A B", "x"}, TRUST_NO_SYNTAX},
        {{"A:", "x"}, TRUST_NO_SYNTAX},
        {{"A", "x\r\nB: y"}, TRUST_NO_SYNTAX},
        {{"A", "x\n"}, TRUST_NO_SYNTAX},
        {{"A", "\x7f"}, TRUST_NO_SYNTAX},
        {{"mcp-session-id", "x"}, TRUST_NO_CONFLICT},
        {{"HOST", "x"}, TRUST_NO_CONFLICT},
        {{"mcp-param-Region", "x"}, TRUST_NO_CONFLICT},
        {{"Content-Length", "1"}, TRUST_NO_CONFLICT},
        {{"Transfer-Encoding", "chunked"}, TRUST_NO_CONFLICT},
        {{"A", huge}, TRUST_NO_SIZE},
    };
    (void)state;
    memset(huge, 'x', sizeof huge - 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct http_header headers[] = {{"X-First", "1"}, cases[i].header};
        print_message("case %zu\n", i);
        assert_int_equal(http_session_check(headers, 2), cases[i].error);
    }
    struct http_session session = {0};
    const struct http_header headers[] = {{"X-Empty", ""}, {"X-One", "1"}};
    has_headers(&session, &(struct http_session_request){.headers = headers, .header_count = 2},
                "X-Empty;\nX-One: 1\nAccept: text/event-stream\nExpect:\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_named_once_it_has_begun),
        cmocka_unit_test(another_initialize_names_no_session),
        cmocka_unit_test(what_no_header_can_hold_is_not_agreed),
        cmocka_unit_test(a_modern_request_carries_version_method_and_name),
        cmocka_unit_test(marked_parameters_of_a_modern_call_are_carried),
        cmocka_unit_test(a_stream_is_resumed_behind_an_event_that_a_header_can_name),
        cmocka_unit_test(configured_headers_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
