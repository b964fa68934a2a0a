/* guard/face_head: what is said of a request before its body is there. */
#include "guard/face/face_head.h"

#include "heads.h"

#define HOST "Host: localhost:8080\n"
#define POST HOST "Content-Type: application/json\nAccept: application/json, text/event-stream\n"

static const char *const listed[] = {"http://localhost:6274"};

static struct face_rules rules(void)
{
    struct face_rules rules = {.origins = listed, .origin_count = 1};
    assert_int_equal(face_address_read(&rules.address, "127.0.0.1:8080"), TRUST_OK);
    return rules;
}

static const struct {
    const char *method;
    const char *path;
    const char *lines;
    enum face_verdict verdict;
} requests[] = {
    {"POST", "/mcp", POST, FACE_FINE},
    {"POST", "/mcp",
     "HOST:  localhost:8080 \t\ncontent-type: Application/JSON; charset=utf-8\n"
     "accept: text/event-stream\nAccept: application/json;q=0.5\n",
     FACE_FINE},
    {"POST", "/mcp", HOST "Content-Type: application/json\nAccept: */*\n", FACE_FINE},
    {"POST", "/mcp", HOST "Content-Type:application/json\nAccept: text/*, application/*\n",
     FACE_FINE},
    {"POST", "/mcp", HOST "Content-Type: application/json\nAccept: application/json\n",
     FACE_ACCEPT_BOTH},
    {"POST", "/mcp", HOST "Content-Type: application/json\nAccept: text/event-stream\n",
     FACE_ACCEPT_BOTH},
    {"POST", "/mcp",
     HOST "Content-Type: application/json\nAccept: application/json, text/event-stream;q=0.0\n",
     FACE_ACCEPT_BOTH},
    {"POST", "/mcp", HOST "Content-Type: application/json\n", FACE_ACCEPT_BOTH},
    {"POST", "/mcp", HOST "Content-Type: text/plain\nAccept: */*\n", FACE_CONTENT_TYPE},
    {"POST", "/mcp", HOST "Content-Type: application/jsonp\nAccept: */*\n", FACE_CONTENT_TYPE},
    {"POST", "/mcp", HOST "Content-Type:\nAccept: */*\n", FACE_CONTENT_TYPE},
    {"POST", "/mcp", HOST "Accept: */*\n", FACE_CONTENT_TYPE},
    {"POST", "/", POST, FACE_PATH},
    {"POST", "/mcp/", POST, FACE_PATH},
    {"POST", "/MCP", POST, FACE_PATH},
    {"POST", "/%6dcp", POST, FACE_PATH},
    {"POST", "/mcp", "Accept: */*\n", FACE_HOST_MISSING},
    {"POST", "/mcp", "Host:\n", FACE_HOST_FOREIGN},
    {"POST", "/mcp", "Host: evil.example:8080\n", FACE_HOST_FOREIGN},
    {"POST", "/mcp", HOST HOST, FACE_HEADER_TWICE},
    {"POST", "/mcp", POST "Content-Length: 1\nContent-Length: 1\n", FACE_HEADER_TWICE},
    {"POST", "/mcp", POST "Content-Length: 1\nTransfer-Encoding: chunked\n", FACE_HEADER_TWICE},
    {"POST", "/mcp", POST "Content-Length: 1\n", FACE_FINE},
    {"POST", "/mcp", POST "Transfer-Encoding: chunked\n", FACE_FINE},
    {"POST", "/mcp", POST "Transfer-Encoding: Chunked\n", FACE_FINE},
    {"POST", "/mcp", POST "Transfer-Encoding: identity\n", FACE_ENCODING},
    {"POST", "/mcp", POST "Transfer-Encoding: gzip, chunked\n", FACE_ENCODING},
    {"POST", "/mcp", POST "Transfer-Encoding:\n", FACE_ENCODING},
    {"POST", "/mcp", POST "Content-Length: 1\nTransfer-Encoding : chunked\n", FACE_HEADER_NAME},
    {"POST", "/mcp", POST "X\t: 1\n", FACE_HEADER_NAME},
    {"POST", "/mcp", POST "Mcp-Name: a\nmcp-name: a\n", FACE_HEADER_TWICE},
    {"POST", "/mcp", POST "Mcp-Session-Id:\nMcp-Session-Id: x\n", FACE_HEADER_TWICE},
    {"POST", "/mcp", POST "Mcp-Param-A: 1\nMCP-PARAM-a: 1\n", FACE_HEADER_TWICE},
    {"POST", "/mcp", POST "X: 1\nX: 2\nMcp-Param-: 1\nMcp-Param-: 1\n", FACE_FINE},
    {"POST", "/mcp", POST "Origin: http://localhost:6274\n", FACE_FINE},
    {"POST", "/mcp", POST "Origin: http://localhost:8080\n", FACE_FINE},
    {"POST", "/mcp", POST "Origin: http://127.0.0.1:8080\n", FACE_FINE},
    {"POST", "/mcp", POST "Origin: https://localhost:8080\n", FACE_ORIGIN_FOREIGN},
    {"POST", "/mcp", POST "Origin: http://localhost:8081\n", FACE_ORIGIN_FOREIGN},
    {"POST", "/mcp", POST "Origin: http://localhost\n", FACE_ORIGIN_FOREIGN},
    {"POST", "/mcp", POST "Origin: http://\n", FACE_ORIGIN_FOREIGN},
    {"POST", "/mcp", POST "Origin: http://evil.example:8080\n", FACE_ORIGIN_FOREIGN},
    {"POST", "/mcp", POST "Origin: null\n", FACE_ORIGIN_FOREIGN},
    {"POST", "/mcp", POST "Origin:\n", FACE_ORIGIN_FOREIGN},
    {"POST", "/mcp", POST "Origin: http://localhost:62740\n", FACE_ORIGIN_FOREIGN},
    {"POST", "/other", HOST "Origin: http://evil.example\n", FACE_ORIGIN_FOREIGN},
    {"GET", "/mcp", HOST "Accept: text/event-stream\nMcp-Session-Id: x\n", FACE_FINE},
    {"GET", "/mcp",
     HOST "Accept: text/event-stream\nMcp-Session-Id: x\nMCP-Protocol-Version: 2025-03-26\n",
     FACE_FINE},
    {"GET", "/mcp", HOST "Accept: application/json\nMcp-Session-Id: x\n", FACE_ACCEPT_EVENTS},
    {"GET", "/mcp", HOST "Accept: text/event-stream\n", FACE_SESSION_MISSING},
    {"GET", "/mcp", HOST "Accept: text/event-stream\nMCP-Protocol-Version: 2026-07-28\n",
     FACE_METHOD_MODERN},
    {"GET", "/mcp", HOST "Accept: text/event-stream\nMCP-Protocol-Version: 1\n",
     FACE_VERSION_UNKNOWN},
    {"DELETE", "/mcp", HOST "Mcp-Session-Id: x\n", FACE_FINE},
    {"DELETE", "/mcp", HOST "", FACE_SESSION_MISSING},
    {"DELETE", "/mcp", HOST "MCP-Protocol-Version: 2026-07-28\nMcp-Session-Id: x\n",
     FACE_METHOD_MODERN},
    {"PUT", "/mcp", POST, FACE_METHOD},
    {"HEAD", "/mcp", HOST, FACE_METHOD},
    {"get", "/mcp", HOST, FACE_METHOD},
    {"OPTIONS", "/mcp", HOST, FACE_METHOD},
    {"OPTIONS", "/mcp", HOST "Origin: http://localhost:6274\n", FACE_PREFLIGHT},
    {"OPTIONS", "/mcp", HOST "Origin: http://evil.example\n", FACE_ORIGIN_FOREIGN},
};

static void a_request_is_judged_by_its_head(void **state)
{
    (void)state;
    const struct face_rules known = rules();
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        const struct face_head head =
            heads_read(requests[i].method, requests[i].path, requests[i].lines);
        enum face_verdict verdict = face_head_judge(&head, &known);
        if (verdict != requests[i].verdict)
            fail_msg("%s %s %s: %d, wanted %d", requests[i].method, requests[i].path,
                     requests[i].lines, verdict, requests[i].verdict);
    }
}

static void without_a_list_no_page_is_let_in(void **state)
{
    (void)state;
    struct face_rules known = rules();
    known.origin_count = 0;
    const struct face_head head =
        heads_read("POST", "/mcp", POST "Origin: http://localhost:6274\n");
    assert_int_equal(face_head_judge(&head, &known), FACE_ORIGIN_FOREIGN);
    assert_false(face_head_is_listed(&head, &known));
}

static void more_headers_than_there_is_room_for_are_said(void **state)
{
    (void)state;
    char names[TRUST_GUARD_PARAM_HEADERS_MAX + 1][16];
    const struct face_rules known = rules();
    struct face_head head = heads_read("POST", "/mcp", POST);
    for (size_t i = 0; i <= TRUST_GUARD_PARAM_HEADERS_MAX; i++) {
        assert_int_equal(face_head_judge(&head, &known), FACE_FINE);
        snprintf(names[i], sizeof names[i], "Mcp-Param-%zu", i);
        face_head_add(&head, trust_bytes_text(names[i]), trust_bytes_text("1"));
    }
    assert_int_equal(face_head_judge(&head, &known), FACE_HEADERS_MANY);
}

static void an_empty_header_is_one(void **state)
{
    (void)state;
    struct face_head head = heads_read("POST", "/mcp", "Mcp-Name:  \n");
    assert_non_null(head.mcp_name.data);
    assert_int_equal(head.mcp_name.size, 0);
    assert_null(head.mcp_method.data);
}

static void versions_have_an_era(void **state)
{
    (void)state;
    assert_int_equal(face_head_era(trust_bytes_text("2026-07-28")), ERA_MODERN);
    assert_int_equal(face_head_era(trust_bytes_text("2025-11-25")), ERA_LEGACY);
    assert_int_equal(face_head_era(trust_bytes_text("2024-11-05")), ERA_LEGACY);
    assert_int_equal(face_head_era(trust_bytes_text("\"2025-11-25\"")), ERA_NONE);
    assert_int_equal(face_head_era(trust_bytes_text("")), ERA_NONE);
    assert_int_equal(
        face_head_era(trust_bytes_text("2026-07-28 and so on, for as long as it may go on")),
        ERA_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_judged_by_its_head),
        cmocka_unit_test(without_a_list_no_page_is_let_in),
        cmocka_unit_test(more_headers_than_there_is_room_for_are_said),
        cmocka_unit_test(an_empty_header_is_one),
        cmocka_unit_test(versions_have_an_era),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
