/* repute/guard_server: what an entry says goes into a group whole, or the entry stays, with a
 * reason. */
#include "repute/guard_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct guard_server seen;
static bool names_subject;

static bool see(void *context, const struct clients_server *server)
{
    (void)context;
    guard_server_init(&seen, server, names_subject);
    return true;
}

/* The document stays open: what was seen borrows it. */
static json_t *look(const char *entry)
{
    char text[1024];
    json_error_t problem;
    (void)snprintf(text, sizeof text, "{\"mcpServers\": {\"one\": %s}}", entry);
    json_t *document = json_loads(text, 0, &problem);
    assert_non_null(document);
    assert_int_equal(clients_doc_walk(document, CLIENTS_ANY, see, NULL), TRUST_OK);
    return document;
}

static void a_command_is_taken_with_all_that_belongs_to_it(void **state)
{
    (void)state;
    json_t *document =
        look("{\"command\": \"npx\", \"args\": [\"-y\", \"@acme/x@1.2.3\"], \"cwd\": "
             "\"/srv\", \"env\": {\"A\": \"1\", \"B\": \"${input:b}\"}}");
    assert_null(seen.why);
    assert_string_equal(seen.primary.subject, "pkg:npm/%40acme/x@1.2.3");
    assert_string_equal(seen.primary.command, "npx");
    assert_int_equal(seen.primary.args.count, 2);
    assert_string_equal(seen.primary.args.texts[1], "@acme/x@1.2.3");
    assert_string_equal(seen.primary.cwd, "/srv");
    assert_int_equal(seen.primary.env.count, 1);
    assert_string_equal(seen.primary.env.pairs[0].value, "1");
    /* Only the client can fill this in. */
    assert_int_equal(seen.kept.count, 1);
    assert_string_equal(seen.kept.pairs[0].name, "B");
    json_decref(document);
}

static void a_url_is_taken_with_its_headers(void **state)
{
    (void)state;
    json_t *document =
        look("{\"serverUrl\": \"https://x.example/mcp\", \"headers\": {\"X\": \"1\"}}");
    assert_null(seen.why);
    assert_string_equal(seen.primary.url, "https://x.example/mcp");
    assert_int_equal(seen.primary.headers.count, 1);
    assert_null(seen.primary.command);
    json_decref(document);
}

static void what_cannot_be_said_in_a_group_stays(void **state)
{
    (void)state;
    static const struct {
        const char *entry;
        const char *why;
    } cases[] = {
        {"{\"command\": \"npx\", \"args\": [\"x\", \"${HOME}/a\"]}", "a variable of the client"},
        {"{\"command\": \"npx\", \"args\": [\"x\", \"\"]}", "one of its texts is empty"},
        {"{\"command\": \"npx\", \"args\": [\"x\"], \"cwd\": \"${workspaceFolder}\"}",
         "a variable"},
        {"{\"command\": \"npx\", \"args\": [\"x\"], \"cwd\": 1}",
         "its entry has members of a form"},
        {"{\"command\": \"npx\", \"args\": [\"x\"], \"env\": {\"A\": \"\"}}", "one of its texts"},
        {"{\"command\": \"npx\", \"args\": [\"x\"], \"env\": {\"A\": 1}}", "a value of its env"},
        {"{\"command\": \"npx\", \"args\": [\"x\"], \"env\": []}", "its entry has members"},
        {"{\"command\": \"npx\", \"args\": [\"x\"], \"envFile\": \"a\"}", "only the client reads"},
        {"{\"url\": \"https://x.example/mcp\", \"headers\": {\"A\": \"${env:A}\"}}", "a variable"},
        {"{\"type\": \"sse\", \"url\": \"https://x.example/mcp\"}", "it speaks HTTP with SSE"},
        {"{\"url\": \"https://x.example/sse\"}", "it speaks HTTP with SSE"},
        {"{\"command\": \"node\", \"args\": [\"/srv/x.js\"]}", "it runs files of this host"},
        {"{\"command\": \"repute\", \"args\": [\"mcp\", \"serve\"]}", "it is repute itself"},
        {"{\"command\": \"repute\", \"args\": [\"guard\", \"--group\", \"g\"]}", "protected"},
        {"{}", "its entry has neither"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *document = look(cases[i].entry);
        assert_non_null(seen.why);
        if (strncmp(seen.why, cases[i].why, strlen(cases[i].why)) != 0)
            print_error("%s: %s\n", cases[i].entry, seen.why);
        assert_memory_equal(seen.why, cases[i].why, strlen(cases[i].why));
        json_decref(document);
    }
}

static void a_group_that_names_it_stands_in_for_a_missing_subject(void **state)
{
    (void)state;
    names_subject = true;
    json_t *document = look("{\"command\": \"node\", \"args\": [\"/srv/x.js\"]}");
    assert_null(seen.why);
    json_decref(document);
    document = look("{\"command\": \"node\", \"args\": [\"${workspaceFolder}/x.js\"]}");
    assert_non_null(seen.why);
    json_decref(document);
    document = look("{\"command\": \"repute\", \"args\": [\"mcp\", \"serve\"]}");
    assert_non_null(seen.why);
    json_decref(document);
    names_subject = false;
}

static void same_is_what_starts_the_same(void **state)
{
    (void)state;
    static const struct trust_group_pair pairs[] = {{"A", "1"}, {"B", "2"}, {"A", "1"}};
    static const char *const words[] = {"a", "b"};
    const struct trust_group_server one = {
        .command = "x", .args = {.texts = words, .count = 2}, .env = {.pairs = pairs, .count = 2}};
    struct trust_group_server other = one;
    other.subject = "mcp:io.example/other";
    other.trust_hints = true;
    other.env.pairs = pairs + 1;
    assert_true(guard_server_is_same(&one, &other));
    other.args.count = 1;
    assert_false(guard_server_is_same(&one, &other));
    other = one;
    other.env.count = 1;
    assert_false(guard_server_is_same(&one, &other));
    other = one;
    other.cwd = "/";
    assert_false(guard_server_is_same(&one, &other));
    other = one;
    other.command = NULL;
    other.url = "x";
    assert_false(guard_server_is_same(&one, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_is_taken_with_all_that_belongs_to_it),
        cmocka_unit_test(a_url_is_taken_with_its_headers),
        cmocka_unit_test(what_cannot_be_said_in_a_group_stays),
        cmocka_unit_test(a_group_that_names_it_stands_in_for_a_missing_subject),
        cmocka_unit_test(same_is_what_starts_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
