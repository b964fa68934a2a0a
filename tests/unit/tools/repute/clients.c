/* repute/clients: where each client keeps its servers, and what a named file is. */
#include "repute/clients.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* All places, one a line: client, scope, members, path. */
static const char *places(const struct clients_inputs *inputs, const char *client)
{
    static char text[8192];
    struct clients_place place;
    size_t position = 0;
    size_t size = 0;
    text[0] = '\0';
    while (clients_next_place(&place, &position, inputs, client))
        size += (size_t)snprintf(text + size, sizeof text - size, "%s %s %u %s\n", place.client,
                                 place.scope, place.members, place.path);
    return text;
}

static void every_client_has_its_places(void **state)
{
    (void)state;
    const struct clients_inputs inputs = {.home = "/h", .here = "/w"};
    assert_string_equal(places(&inputs, NULL),
                        "claude-desktop user 1 /h/.config/Claude/claude_desktop_config.json\n"
                        "claude-code system 1 /etc/claude-code/managed-mcp.json\n"
                        "claude-code user 3 /h/.claude.json\n"
                        "claude-code project 1 /w/.mcp.json\n"
                        "vscode user 4 /h/.config/Code/User/mcp.json\n"
                        "vscode user 8 /h/.config/Code/User/settings.json\n"
                        "vscode user 4 /h/.config/Code - Insiders/User/mcp.json\n"
                        "vscode user 4 /h/.config/VSCodium/User/mcp.json\n"
                        "vscode user 4 /h/.vscode-server/data/User/mcp.json\n"
                        "vscode project 4 /w/.vscode/mcp.json\n"
                        "vscode project 8 /w/.vscode/settings.json\n"
                        "cursor user 1 /h/.cursor/mcp.json\n"
                        "cursor project 1 /w/.cursor/mcp.json\n"
                        "windsurf user 1 /h/.codeium/windsurf/mcp_config.json\n");
}

static void the_environment_moves_them(void **state)
{
    (void)state;
    const struct clients_inputs inputs = {
        .home = "/h", .config_home = "/c", .claude_home = "/k", .here = "/h"};
    assert_string_equal(places(&inputs, "claude-desktop"),
                        "claude-desktop user 1 /c/Claude/claude_desktop_config.json\n");
    assert_string_equal(places(&inputs, "claude-code"),
                        "claude-code system 1 /etc/claude-code/managed-mcp.json\n"
                        "claude-code user 3 /k/.claude.json\n"
                        "claude-code project 1 /h/.mcp.json\n");
    /* The home directory as the project: one file, not two. */
    assert_string_equal(places(&inputs, "cursor"), "cursor user 1 /h/.cursor/mcp.json\n");
}

static void places_that_nothing_leads_to_are_left_out(void **state)
{
    (void)state;
    char here[CLIENTS_PATH_SIZE + 1];
    memset(here, 'x', sizeof here - 1);
    here[sizeof here - 1] = '\0';
    const struct clients_inputs inputs = {.home = "", .here = here};
    assert_string_equal(places(&inputs, NULL),
                        "claude-code system 1 /etc/claude-code/managed-mcp.json\n");
}

static void a_named_file_is_known_by_its_path(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *given;
        const char *client; /* NULL: none */
        unsigned members;
    } cases[] = {
        {"/x/.cursor/mcp.json", NULL, "cursor", CLIENTS_MCP_SERVERS},
        {".vscode/mcp.json", NULL, "vscode", CLIENTS_SERVERS},
        {".mcp.json", NULL, "claude-code", CLIENTS_MCP_SERVERS},
        {"x.mcp.json", NULL, NULL, CLIENTS_ANY},
        {"/x/.claude.json", NULL, "claude-code", CLIENTS_MCP_SERVERS | CLIENTS_PROJECTS},
        {"mcp.json", NULL, NULL, CLIENTS_ANY},
        {"mcp.json", "vscode", "vscode", CLIENTS_SERVERS | CLIENTS_SETTINGS},
        {"/x/.cursor/mcp.json", "windsurf", "windsurf", CLIENTS_MCP_SERVERS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct clients_place place;
        clients_place_of(&place, cases[i].path, cases[i].given);
        assert_string_equal(place.path, cases[i].path);
        assert_string_equal(place.scope, "file");
        assert_int_equal(place.members, cases[i].members);
        assert_int_equal(place.client == NULL, cases[i].client == NULL);
        if (place.client != NULL)
            assert_string_equal(place.client, cases[i].client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_client_has_its_places),
        cmocka_unit_test(the_environment_moves_them),
        cmocka_unit_test(places_that_nothing_leads_to_are_left_out),
        cmocka_unit_test(a_named_file_is_known_by_its_path),
    };
    return cmocka_run_group_tests_name("tools/repute/clients", tests, NULL, NULL);
}
