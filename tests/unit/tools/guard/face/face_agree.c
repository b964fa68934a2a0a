/* guard/face_agree: headers and body of one request say the same. */
#include "guard/face/face_agree.h"

#include "heads.h"

#define META(version) "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"" version "\"}"
#define CALL(name)                                                                                 \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" name         \
    "\"," META("2026-07-28") "}}"
#define LIST "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}"
#define VERSION "MCP-Protocol-Version: 2026-07-28\n"

static const struct {
    const char *lines;
    const char *body;
    enum face_verdict verdict;
    enum era era;
} requests[] = {
    {HEADS_MODERN, CALL("read"), FACE_FINE, ERA_MODERN},
    {HEADS_MODERN, CALL("re\\u0061d"), FACE_FINE, ERA_MODERN},
    {HEADS_MODERN, CALL("write"), FACE_NAME_DIFFERS, ERA_MODERN},
    {HEADS_MODERN, CALL("rea"), FACE_NAME_DIFFERS, ERA_MODERN},
    {HEADS_MODERN, CALL("read2"), FACE_NAME_DIFFERS, ERA_MODERN},
    {VERSION "Mcp-Method: tools/call\nMcp-Name: =?base64?cmVhZA==?=\n", CALL("read"), FACE_FINE,
     ERA_MODERN},
    {VERSION "Mcp-Method: tools/call\nMcp-Name: =?base64?TMOkcm0g8J+YgA==?=\n",
     CALL("L\\u00e4rm \\ud83d\\ude00"), FACE_FINE, ERA_MODERN},
    {VERSION "Mcp-Method: tools/call\nMcp-Name: =?BASE64?cmVhZA==?=\n", CALL("read"),
     FACE_NAME_DIFFERS, ERA_MODERN},
    {VERSION "Mcp-Method: tools/call\nMcp-Name: =?base64?cmVhZA?=\n", CALL("read"),
     FACE_NAME_DIFFERS, ERA_MODERN},
    {VERSION "Mcp-Method: tools/call\nMcp-Name: L\xc3\xa4rm\n", CALL("L\xc3\xa4rm"),
     FACE_NAME_DIFFERS, ERA_MODERN},
    {VERSION "Mcp-Method: tools/call\n", CALL("read"), FACE_NAME_MISSING, ERA_MODERN},
    {VERSION "Mcp-Name: read\n", CALL("read"), FACE_METHOD_MISSING, ERA_MODERN},
    {VERSION "Mcp-Method: tools/list\nMcp-Name: read\n", CALL("read"), FACE_METHOD_DIFFERS,
     ERA_MODERN},
    {VERSION "Mcp-Method: TOOLS/CALL\nMcp-Name: read\n", CALL("read"), FACE_METHOD_DIFFERS,
     ERA_MODERN},
    {"Mcp-Method: tools/call\nMcp-Name: read\n", CALL("read"), FACE_VERSION_MISSING, ERA_MODERN},
    {"MCP-Protocol-Version: 2025-11-25\nMcp-Method: tools/call\nMcp-Name: read\n", CALL("read"),
     FACE_VERSION_DIFFERS, ERA_MODERN},
    {"MCP-Protocol-Version: 2030-01-01\nMcp-Method: x\n",
     "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{" META("2030-01-01") "}}",
     FACE_VERSION_UNKNOWN, ERA_MODERN},
    {"MCP-Protocol-Version: 2025-11-25\nMcp-Method: x\n",
     "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{" META("2025-11-25") "}}",
     FACE_VERSION_UNKNOWN, ERA_MODERN},
    {VERSION, LIST, FACE_NO_META, ERA_MODERN},
    {"", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\"}", FACE_NO_META, ERA_MODERN},
    {VERSION "Mcp-Method: resources/read\nMcp-Name: file:///a\n",
     "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":{\"uri\":"
     "\"file:///a\"," META("2026-07-28") "}}",
     FACE_FINE, ERA_MODERN},
    {VERSION "Mcp-Method: resources/read\nMcp-Name: file:///b\n",
     "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":{\"uri\":"
     "\"file:///a\"," META("2026-07-28") "}}",
     FACE_NAME_DIFFERS, ERA_MODERN},
    /* Without a name it is the server's to refuse; with one in the header alone it is not. */
    {VERSION "Mcp-Method: tools/call\n",
     "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{" META("2026-07-28") "}}",
     FACE_FINE, ERA_MODERN},
    {HEADS_MODERN,
     "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{" META("2026-07-28") "}}",
     FACE_NAME_DIFFERS, ERA_MODERN},
    {HEADS_MODERN,
     "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":7," META(
         "2026-07-28") "}}",
     FACE_NAME_DIFFERS, ERA_MODERN},
    /* An extension may name what it likes. */
    {VERSION "Mcp-Method: tasks/get\nMcp-Name: t1\n",
     "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tasks/get\",\"params\":{" META("2026-07-28") "}}",
     FACE_FINE, ERA_MODERN},
    {VERSION, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}", FACE_FINE, ERA_MODERN},
    {VERSION "Mcp-Method: notifications/y\n",
     "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}", FACE_METHOD_DIFFERS, ERA_MODERN},
    {VERSION, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", FACE_NO_RESPONSES, ERA_LEGACY},
    /* Legacy clients say nothing of it, or the truth. */
    {"", LIST, FACE_FINE, ERA_LEGACY},
    {"MCP-Protocol-Version: 2025-06-18\n", LIST, FACE_FINE, ERA_LEGACY},
    {"MCP-Protocol-Version: 2025-06-19\n", LIST, FACE_VERSION_UNKNOWN, ERA_NONE},
    {"MCP-Protocol-Version: 2025-06-18\nMcp-Method: tools/call\n", LIST, FACE_METHOD_DIFFERS,
     ERA_LEGACY},
    {"", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", FACE_FINE, ERA_LEGACY},
    {"MCP-Protocol-Version: x\n", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
     FACE_VERSION_UNKNOWN, ERA_LEGACY},
    {"", "{\"jsonrpc\":\"2.0\",\"id\":1}", FACE_NO_MESSAGE, ERA_LEGACY},
    {"", "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"x\"}", FACE_NO_MESSAGE, ERA_LEGACY},
    {"", "[" LIST "]", FACE_BATCH, ERA_LEGACY},
    {"", "", FACE_NO_JSON, ERA_LEGACY},
    {"", LIST "x", FACE_NO_JSON, ERA_LEGACY},
    {"", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}", FACE_NO_JSON, ERA_LEGACY},
};

static void both_say_the_same_or_it_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        const struct face_head head = heads_read("POST", "/mcp", requests[i].lines);
        struct face_post post;
        enum face_verdict verdict =
            face_agree_read(&post, &head, trust_bytes_text(requests[i].body));
        if (verdict != requests[i].verdict || post.era != requests[i].era)
            fail_msg("%s%s: %d in era %d", requests[i].lines, requests[i].body, verdict, post.era);
    }
}

static void the_id_is_there_for_the_refusal(void **state)
{
    (void)state;
    const struct face_head head = heads_read("POST", "/mcp", HEADS_MODERN);
    struct face_post post;
    assert_int_equal(face_agree_read(&post, &head, trust_bytes_text(CALL("x"))), FACE_NAME_DIFFERS);
    assert_int_equal(post.message.id.size, 1);
    assert_int_equal(post.message.id.data[0], '1');
    assert_int_equal(face_agree_read(&post, &head, trust_bytes_text("{")), FACE_NO_JSON);
    assert_int_equal(post.message.id.size, 0);
}

static void more_than_64_levels_are_too_deep(void **state)
{
    (void)state;
    char body[256];
    struct face_post post;
    const struct face_head head = heads_read("POST", "/mcp", "");
    for (size_t levels = 64; levels <= 65; levels++) {
        size_t size = (size_t)snprintf(body, sizeof body,
                                       "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"y\":");
        memset(body + size, '[', levels - 1);
        memset(body + size + levels - 1, ']', levels - 1);
        memcpy(body + size + 2 * (levels - 1), "}", 2);
        assert_int_equal(face_agree_read(&post, &head, trust_bytes_text(body)),
                         levels == 64 ? FACE_FINE : FACE_TOO_DEEP);
    }
}

static void a_header_means_a_value(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        const char *value;
        bool agrees;
    } rows[] = {
        {"us-west1", "\"us-west1\"", true},
        {"us-west1", "\"us-west\"", false},
        {"=?base64?IHBhZGRlZCA=?=", "\" padded \"", true},
        {"=?base64?bGluZTEKbGluZTI=?=", "\"line1\\nline2\"", true},
        {"=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=", "\"=?base64?literal?=\"", true},
        {"=?base64?literal?=", "\"=?base64?literal?=\"", false},
        {"=?base64?"
         "?=",
         "\"\"", true},
        {"", "\"\"", true},
        {"a\x01", "\"a\\u0001\"", false},
        {"x", "\"\\ud800\"", false},
        {"42", "42", true},
        {"42.0", "42", true},
        {"42", "42.0", true},
        {"42", "4.2e1", true},
        {"-7", "-7", true},
        {"7", "-7", false},
        {"042", "42", false},
        {" 42", "42", false},
        {"0x2a", "42", false},
        {"", "0", false},
        {"1.5", "1.5", false},
        {"9007199254740991", "9007199254740991", true},
        {"9007199254740993", "9007199254740993", false},
        {"1e400", "1e400", false},
        {"true", "true", true},
        {"True", "true", false},
        {"false", "true", false},
        {"null", "null", false},
        {"{}", "{}", false},
        {"", "", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (face_agree_value(trust_bytes_text(rows[i].header), trust_bytes_text(rows[i].value)) !=
            rows[i].agrees)
            fail_msg("%s and %s", rows[i].header, rows[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_say_the_same_or_it_is_refused),
        cmocka_unit_test(the_id_is_there_for_the_refusal),
        cmocka_unit_test(more_than_64_levels_are_too_deep),
        cmocka_unit_test(a_header_means_a_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
