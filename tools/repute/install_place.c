/* See install_place.h. */
#include "repute/install_place.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct clients_inputs install_place_inputs(char *here)
{
    return (struct clients_inputs){
        .home = getenv("HOME"),
        .config_home = getenv("XDG_CONFIG_HOME"),
        .claude_home = getenv("CLAUDE_CONFIG_DIR"),
        .here = getcwd(here, CLIENTS_PATH_SIZE),
    };
}

static enum trust_error find_named(struct context *context, struct clients_place *out_place,
                                   const char *client, const char *file)
{
    if (strlen(file) >= CLIENTS_PATH_SIZE)
        return context_misuse(context, TRUST_NO_SIZE, NULL, "a path is too long");
    clients_place_of(out_place, file, NULL);
    bool is_of_client =
        out_place->client != NULL && (client == NULL || strcmp(out_place->client, client) == 0);
    if (!is_of_client)
        clients_place_of(out_place, file, client);
    return TRUST_OK;
}

enum trust_error install_place_find(struct context *context, struct clients_place *out_place,
                                    const char *client, const char *file)
{
    char here[CLIENTS_PATH_SIZE];
    struct clients_place place;
    size_t position = 0;
    bool has_place = false;
    const struct clients_inputs inputs = install_place_inputs(here);
    if (file != NULL)
        return find_named(context, out_place, client, file);
    if (client == NULL)
        return context_misuse(context, TRUST_NO_OPTION,
                              "say --client NAME (claude-desktop, claude-code, vscode, cursor, "
                              "windsurf) or --file FILE",
                              "whose configuration is meant?");
    while (clients_next_place(&place, &position, &inputs, client)) {
        bool is_own = strcmp(place.scope, "user") == 0 && place.members != CLIENTS_SETTINGS;
        bool is_there = is_own && access(place.path, F_OK) == 0;
        if (is_own && (is_there || !has_place))
            *out_place = place;
        has_place = has_place || is_own;
        if (is_there)
            return TRUST_OK;
    }
    if (!has_place)
        return context_refuse(context, TRUST_NO_OPTION, "set HOME, or name the file with --file",
                              "nothing says where %s keeps its configuration", client);
    return TRUST_OK;
}

size_t install_place_names(const char *out_names[2], const struct clients_place *place,
                           const json_t *document)
{
    unsigned members = place->members;
    const json_t *settings = json_object_get(document, "mcp");
    bool is_known = members == CLIENTS_SETTINGS;
    bool has_servers = json_object_get(document, "servers") != NULL;
    bool has_settings = json_object_get(settings, "servers") != NULL;
    bool may_be_main = (members & CLIENTS_MCP_SERVERS) != 0;
    bool has_main = json_object_get(document, "mcpServers") != NULL;
    if (is_known || ((members & CLIENTS_SETTINGS) != 0 && has_settings && !has_servers &&
                     !(may_be_main && has_main))) {
        out_names[0] = "mcp";
        out_names[1] = "servers";
        return 2;
    }
    bool is_servers =
        (members & CLIENTS_SERVERS) != 0 && (!may_be_main || (has_servers && !has_main));
    out_names[0] = is_servers ? "servers" : "mcpServers";
    return 1;
}
