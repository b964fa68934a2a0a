/* mcp/resources: lists, reading, subscribing. */
#include "mcp/resources.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"

#define CONFIG                                                                                     \
    "groups:\n  search:\n    primary: { subject: \"mcp:io.example/a\", url: "                      \
    "\"https://a.example/mcp\" }\n"
#define META                                                                                       \
    "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","                       \
    "\"io.modelcontextprotocol/clientCapabilities\":{}}"

static json_t *asked(struct rig *rig, const char *method, const char *params)
{
    char line[8192];
    rig->server.is_greeted = true;
    (void)snprintf(line, sizeof line,
                   "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":{%s}}", method,
                   params);
    rig_say(rig, line);
    return json_loads(rig_heard(rig), 0, NULL);
}

static int code_of(struct rig *rig, const char *method, const char *params)
{
    json_t *message = asked(rig, method, params);
    int code = (int)json_integer_value(json_object_get(json_object_get(message, "error"), "code"));
    json_decref(message);
    return code;
}

static void the_servers_of_the_configuration_are_listed(void **state)
{
    (void)state;
    struct rig *rig = rig_open(CONFIG);
    json_t *message = asked(rig, "resources/list", "");
    const json_t *list = json_object_get(json_object_get(message, "result"), "resources");
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(rig_text(json_array_get(list, 0), "uri"),
                        "repute://score/mcp%3Aio.example%2Fa");
    assert_string_equal(rig_text(json_array_get(list, 0), "name"), "mcp:io.example/a");
    json_decref(message);
    message = asked(rig, "resources/templates/list", "");
    list = json_object_get(json_object_get(message, "result"), "resourceTemplates");
    assert_string_equal(rig_text(json_array_get(list, 0), "uriTemplate"),
                        "repute://score/{subject}");
    json_decref(message);
    rig_close(rig);
}

static void reading_one_gives_its_score(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    json_t *message = asked(rig, "resources/read", "\"uri\":\"repute://score/mcp:io.example/a\"");
    const json_t *contents =
        json_array_get(json_object_get(json_object_get(message, "result"), "contents"), 0);
    assert_string_equal(rig_text(contents, "uri"), "repute://score/mcp:io.example/a");
    json_t *doc = json_loads(rig_text(contents, "text"), 0, NULL);
    assert_string_equal(rig_text(doc, "subject"), "mcp:io.example/a");
    json_decref(doc);
    json_decref(message);
    rig_close(rig);
}

static void what_is_no_resource_is_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    assert_int_equal(code_of(rig, "resources/read", ""), -32602);
    assert_int_equal(code_of(rig, "resources/read", "\"uri\":5"), -32602);
    assert_int_equal(code_of(rig, "resources/read", "\"uri\":\"x\""), -32002);
    assert_int_equal(code_of(rig, "resources/read", "\"uri\":\"x\"," META), -32602);
    assert_int_equal(code_of(rig, "resources/subscribe", "\"uri\":\"repute://score/%\""), -32002);
    assert_int_equal(code_of(rig, "resources/unsubscribe", "\"uri\":\"x\""), -32002);
    char params[4096] = "\"uri\":\"repute://score/";
    memset(params + strlen(params), 'a', 3000);
    memcpy(params + strlen(params), "\"", 2);
    assert_int_equal(code_of(rig, "resources/read", params), -32002);
    rig_close(rig);
}

static void a_subscription_begins_and_ends(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    const char *uri = "\"uri\":\"repute://score/mcp:io.example/a\"";
    assert_int_equal(code_of(rig, "resources/subscribe", uri), 0);
    assert_int_equal(code_of(rig, "resources/subscribe", uri), 0);
    assert_int_equal(rig->server.watch.count, 1);
    assert_true(rig->server.watch.entries[0].has_mark);
    assert_int_equal(code_of(rig, "resources/unsubscribe", uri), 0);
    assert_int_equal(rig->server.watch.count, 0);
    assert_int_equal(code_of(rig, "resources/unsubscribe", uri), 0);
    rig_close(rig);
}

static void a_stream_is_acknowledged_with_what_it_has(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    json_t *message = asked(rig, "subscriptions/listen",
                            "\"notifications\":{\"resourceSubscriptions\":["
                            "\"repute://score/mcp:io.example/a\",\"file:///x\",5]}," META);
    assert_string_equal(rig_text(message, "method"), "notifications/subscriptions/acknowledged");
    const json_t *filter = json_object_get(json_object_get(message, "params"), "notifications");
    const json_t *uris = json_object_get(filter, "resourceSubscriptions");
    assert_int_equal(json_array_size(uris), 1);
    assert_int_equal(rig->server.watch.count, 2);
    json_decref(message);
    assert_int_equal(code_of(rig, "subscriptions/listen", "\"notifications\":{}," META), -32600);
    assert_int_equal(code_of(rig, "subscriptions/listen", META), -32602);
    assert_int_equal(code_of(rig, "subscriptions/listen",
                             "\"notifications\":{\"resourceSubscriptions\":{}}," META),
                     -32602);
    rig_say(rig, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                 "\"requestId\":1}}");
    assert_int_equal(rig->server.watch.count, 0);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_servers_of_the_configuration_are_listed),
        cmocka_unit_test(reading_one_gives_its_score),
        cmocka_unit_test(what_is_no_resource_is_refused),
        cmocka_unit_test(a_subscription_begins_and_ends),
        cmocka_unit_test(a_stream_is_acknowledged_with_what_it_has),
    };
    return cmocka_run_group_tests_name("mcp/resources", tests, NULL, NULL);
}
