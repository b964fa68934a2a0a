/* guard/http_params: what is kept of lists of tools, and what is taken out of them. */
#include "guard/http/http_params.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

#define LIST(tools)                                                                                \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ttlMs\":0, \"tools\": [" tools                    \
    "] ,\"nextCursor\":"                                                                           \
    "\"c\"}}"
#define TOOL(name, mark)                                                                           \
    "{\"name\":\"" name "\",\"inputSchema\":{\"properties\":{\"a\":{\"type\":\"string\"" mark "}}" \
    "}}"
#define MARKED(name) TOOL(name, ",\"x-mcp-header\":\"Region\"")
#define BAD(name) TOOL(name, ",\"x-mcp-header\":\"\"")

static struct message read_message(const char *text)
{
    struct message message;
    assert_int_equal(message_read(&message, trust_bytes_text(text)), TRUST_OK);
    return message;
}

/* The list is passed on as wanted; NULL: byte for byte. */
static void learn(struct http_params *params, const char *list, const char *wanted)
{
    struct message answer = read_message(list);
    struct trust_bytes line;
    assert_int_equal(http_params_learn(params, &line, &answer), TRUST_OK);
    if (wanted == NULL)
        assert_ptr_equal(line.data, answer.whole.data);
    assert_int_equal(line.size, strlen(wanted == NULL ? list : wanted));
    assert_memory_equal(line.data, wanted == NULL ? list : wanted, line.size);
}

/* The header of its only parameter; NULL: it has none. */
static const char *header_of(const struct http_params *params, const char *tool)
{
    char text[256];
    (void)snprintf(text, sizeof text,
                   "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{"
                   "\"name\":\"%s\"}}",
                   tool);
    struct message message = read_message(text);
    const struct params *found = http_params_find(params, &message);
    return found == NULL ? NULL : found->items[0].name;
}

static void marked_parameters_are_known_by_their_tool(void **state)
{
    (void)state;
    struct http_params params = {0};
    learn(&params, LIST(TOOL("plain", "")), NULL);
    assert_null(header_of(&params, "plain"));
    learn(&params, LIST(TOOL("plain", "") "," MARKED("one") "," MARKED("t\\u0077o")), NULL);
    assert_string_equal(params.note, "");
    assert_string_equal(header_of(&params, "one"), "Region");
    assert_string_equal(header_of(&params, "\\u0074wo"), "Region");
    assert_null(header_of(&params, "plain"));
    http_params_close(&params);
}

static void a_later_list_replaces_what_it_names(void **state)
{
    (void)state;
    struct http_params params = {0};
    learn(&params, LIST(MARKED("one") "," MARKED("two")), NULL);
    learn(&params, LIST(TOOL("one", ",\"x-mcp-header\":\"Zone\"")), NULL);
    assert_string_equal(header_of(&params, "one"), "Zone");
    assert_string_equal(header_of(&params, "two"), "Region");
    learn(&params, LIST(TOOL("one", "")), NULL);
    assert_null(header_of(&params, "one"));
    assert_string_equal(header_of(&params, "two"), "Region");
    http_params_close(&params);
}

static void a_tool_that_marks_against_the_rules_is_taken_out(void **state)
{
    (void)state;
    struct http_params params = {0};
    learn(&params, LIST(BAD("a") "," MARKED("b") "," BAD("c")),
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ttlMs\":0, \"tools\": [" MARKED(
              "b") "] ,\"nextCursor\":\"c\"}}");
    assert_string_equal(params.note, "has a tool a whose x-mcp-header is no name that a header can "
                                     "have: it is left out");
    assert_string_equal(header_of(&params, "b"), "Region");
    assert_null(header_of(&params, "a"));
    learn(&params, LIST(BAD("a\\u001b[1m")),
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ttlMs\":0, \"tools\": [] ,\"nextCursor\":"
          "\"c\"}}");
    assert_string_equal(params.note, "has a tool a [1m whose x-mcp-header is no name that a header "
                                     "can have: it is left out");
    learn(&params, LIST(BAD("b")),
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ttlMs\":0, \"tools\": [] ,\"nextCursor\":"
          "\"c\"}}");
    assert_null(header_of(&params, "b"));
    learn(&params, LIST(""), NULL);
    assert_string_equal(params.note, "");
    http_params_close(&params);
}

static void what_is_no_list_passes(void **state)
{
    (void)state;
    static const char *const answers[] = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[\"x-mcp-header\"]}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":{\"x-mcp-header\":1}}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[\"x-mcp-header\",7,{}]}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"x-mcp-header\"}}",
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct http_params params = {0};
        learn(&params, answers[i], NULL);
        assert_int_equal(params.count, 0);
        http_params_close(&params);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marked_parameters_are_known_by_their_tool),
        cmocka_unit_test(a_later_list_replaces_what_it_names),
        cmocka_unit_test(a_tool_that_marks_against_the_rules_is_taken_out),
        cmocka_unit_test(what_is_no_list_passes),
    };
    return cmocka_run_group_tests_name("guard/http_params", tests, NULL, NULL);
}
