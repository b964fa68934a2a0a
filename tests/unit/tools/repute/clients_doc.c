/* repute/clients_doc: the servers of each form of document, and nothing of their secrets. */
#include "repute/clients_doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct seen {
    char text[4096];
    size_t size;
    unsigned count;
    unsigned most; /* ends the walk */
};

static bool see(void *context, const struct clients_server *server)
{
    struct seen *seen = context;
    const struct launch_line *line = &server->line;
    seen->count++;
    if (seen->size + 256 > sizeof seen->text)
        return true;
    seen->size += (size_t)snprintf(
        seen->text + seen->size, sizeof seen->text - seen->size, "%s%s%s:%s%s%s %s/%zu %s\n",
        server->project == NULL ? "" : server->project, server->project == NULL ? "" : " ",
        server->name, server->is_off ? " off" : "", server->is_odd ? " odd" : "",
        line->has_other_registry ? " registry" : "", line->command == NULL ? "-" : line->command,
        line->arg_count, line->url == NULL ? "-" : line->url);
    return seen->count != seen->most;
}

/* text: JSON with ' for ". */
static enum trust_error walk(struct seen *seen, const char *text, unsigned members)
{
    char json[4096];
    (void)snprintf(json, sizeof json, "%s", text);
    for (char *at = json; (at = strchr(at, '\'')) != NULL;)
        *at = '"';
    json_t *document = json_loads(json, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    assert_non_null(document);
    enum trust_error error = clients_doc_walk(document, members, see, seen);
    json_decref(document);
    return error;
}

static void expect(const char *text, unsigned members, const char *wanted)
{
    struct seen seen = {0};
    assert_int_equal(walk(&seen, text, members), TRUST_OK);
    assert_string_equal(seen.text, wanted);
}

static void servers_are_found_where_each_client_keeps_them(void **state)
{
    (void)state;
    static const char all[] = "{'mcpServers':{'a':{'command':'x','args':['1','2']}},"
                              "'projects':{'/p':{'mcpServers':{'b':{'url':'u'}}},'/q':{}},"
                              "'servers':{'c':{'command':'y'}},"
                              "'mcp':{'servers':{'d':{'serverUrl':'v'}}}}";
    expect(all, CLIENTS_MCP_SERVERS, "a: x/2 -\n");
    expect(all, CLIENTS_PROJECTS, "/p b: -/0 u\n");
    expect(all, CLIENTS_SERVERS, "c: y/0 -\n");
    expect(all, CLIENTS_SETTINGS, "d: -/0 v\n");
    expect(all, CLIENTS_ANY, "a: x/2 -\n/p b: -/0 u\nc: y/0 -\nd: -/0 v\n");
    expect("{}", CLIENTS_ANY, "");
    expect("{'mcpServers':null,'projects':[],'servers':{},'mcp':1}", CLIENTS_ANY, "");
}

static void the_type_decides_between_a_command_and_a_url(void **state)
{
    (void)state;
    expect("{'servers':{'a':{'type':'http','command':'x','url':'u'},"
           "'b':{'type':'stdio','command':'x','url':'u'},'c':{'command':'x','url':'u'},"
           "'d':{'type':'http','command':'x'},'e':{'httpUrl':'u'}}}",
           CLIENTS_SERVERS, "a: -/0 u\nb: x/0 u\nc: x/0 u\nd: x/0 -\ne: -/0 u\n");
}

static void of_the_environment_only_names_are_looked_at(void **state)
{
    (void)state;
    expect("{'servers':{'a':{'command':'npx','env':{'KEY':'UV_INDEX'},"
           "'headers':{'Authorization':'secret'}},"
           "'b':{'command':'npx','env':{'npm_config_registry':'x'},'disabled':true}}}",
           CLIENTS_SERVERS, "a: npx/0 -\nb: off registry npx/0 -\n");
}

static void an_entry_of_another_form_is_odd_and_the_others_stand(void **state)
{
    (void)state;
    expect("{'servers':{'a':1,'b':{'command':['x']},'c':{'command':'x','args':'y'},"
           "'d':{'command':'x','args':[1]},'e':{'command':'x\\u0000y'},"
           "'f':{'command':'x','args':['a\\u0000b']},'g':{'url':null,'command':'x'}}}",
           CLIENTS_SERVERS,
           "a: odd -/0 -\nb: odd -/0 -\nc: odd -/0 -\nd: odd -/0 -\ne: odd -/0 -\nf: odd -/0 -\n"
           "g: x/0 -\n");
}

static void a_document_of_another_form_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"[]", "1", "{'servers':[]}", "{'mcpServers':'x'}",
                                        "{'projects':{'/p':{'mcpServers':1}}}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct seen seen = {0};
        assert_int_equal(walk(&seen, texts[i], CLIENTS_ANY), TRUST_NO_TYPE);
    }
}

static void servers_are_bounded_and_the_first_come(void **state)
{
    (void)state;
    struct seen seen = {0};
    json_t *servers = json_object();
    for (unsigned i = 0; i <= TRUST_SCAN_SERVERS_MAX; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "s%u", i);
        assert_int_equal(json_object_set_new(servers, name, json_object()), 0);
    }
    json_t *document = json_pack("{s:o}", "servers", servers);
    assert_int_equal(clients_doc_walk(document, CLIENTS_SERVERS, see, &seen), TRUST_NO_ROOM);
    assert_int_equal(seen.count, TRUST_SCAN_SERVERS_MAX);
    json_decref(document);
}

static void a_sink_can_end_the_walk(void **state)
{
    (void)state;
    struct seen seen = {.most = 2};
    assert_int_equal(
        walk(&seen, "{'mcpServers':{'a':{},'b':{},'c':{}},'servers':{'d':{}}}", CLIENTS_ANY),
        TRUST_OK);
    assert_int_equal(seen.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(servers_are_found_where_each_client_keeps_them),
        cmocka_unit_test(the_type_decides_between_a_command_and_a_url),
        cmocka_unit_test(of_the_environment_only_names_are_looked_at),
        cmocka_unit_test(an_entry_of_another_form_is_odd_and_the_others_stand),
        cmocka_unit_test(a_document_of_another_form_is_refused),
        cmocka_unit_test(servers_are_bounded_and_the_first_come),
        cmocka_unit_test(a_sink_can_end_the_walk),
    };
    return cmocka_run_group_tests_name("tools/repute/clients_doc", tests, NULL, NULL);
}
