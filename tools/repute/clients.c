/* See clients.h. */
#include "repute/clients.h"

#include <stdio.h>
#include <string.h>

const char *const clients_names[] = {"claude-desktop", "claude-code", "vscode",
                                     "cursor",         "windsurf",    NULL};

enum root {
    ROOT_HOME,
    ROOT_CONFIG,
    ROOT_CLAUDE,
    ROOT_HERE,
    ROOT_SYSTEM,
};

struct row {
    const char *client;
    enum root root;
    const char *file;
    unsigned members;
};

static const struct row rows[] = {
    {"claude-desktop", ROOT_CONFIG, "Claude/claude_desktop_config.json", CLIENTS_MCP_SERVERS},
    {"claude-code", ROOT_SYSTEM, "/etc/claude-code/managed-mcp.json", CLIENTS_MCP_SERVERS},
    {"claude-code", ROOT_CLAUDE, ".claude.json", CLIENTS_MCP_SERVERS | CLIENTS_PROJECTS},
    {"claude-code", ROOT_HERE, ".mcp.json", CLIENTS_MCP_SERVERS},
    {"vscode", ROOT_CONFIG, "Code/User/mcp.json", CLIENTS_SERVERS},
    {"vscode", ROOT_CONFIG, "Code/User/settings.json", CLIENTS_SETTINGS},
    {"vscode", ROOT_CONFIG, "Code - Insiders/User/mcp.json", CLIENTS_SERVERS},
    {"vscode", ROOT_CONFIG, "VSCodium/User/mcp.json", CLIENTS_SERVERS},
    {"vscode", ROOT_HOME, ".vscode-server/data/User/mcp.json", CLIENTS_SERVERS},
    {"vscode", ROOT_HERE, ".vscode/mcp.json", CLIENTS_SERVERS},
    {"vscode", ROOT_HERE, ".vscode/settings.json", CLIENTS_SETTINGS},
    {"cursor", ROOT_HOME, ".cursor/mcp.json", CLIENTS_MCP_SERVERS},
    {"cursor", ROOT_HERE, ".cursor/mcp.json", CLIENTS_MCP_SERVERS},
    {"windsurf", ROOT_HOME, ".codeium/windsurf/mcp_config.json", CLIENTS_MCP_SERVERS},
};
#define ROW_COUNT (sizeof rows / sizeof *rows)

static const char *const scopes[] = {
    [ROOT_HOME] = "user",    [ROOT_CONFIG] = "user",   [ROOT_CLAUDE] = "user",
    [ROOT_HERE] = "project", [ROOT_SYSTEM] = "system",
};

static bool is_set(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* Without a NUL-terminated result of at most this room the place does not exist. */
static bool make_path(char out_path[CLIENTS_PATH_SIZE], const struct row *row,
                      const struct clients_inputs *inputs)
{
    const char *folder = NULL;
    const char *between = "/";
    switch (row->root) {
    case ROOT_HOME:
        folder = inputs->home;
        break;
    case ROOT_CONFIG:
        folder = is_set(inputs->config_home) ? inputs->config_home : inputs->home;
        between = is_set(inputs->config_home) ? "/" : "/.config/";
        break;
    case ROOT_CLAUDE:
        folder = is_set(inputs->claude_home) ? inputs->claude_home : inputs->home;
        break;
    case ROOT_HERE:
        folder = inputs->here;
        break;
    case ROOT_SYSTEM:
        (void)snprintf(out_path, CLIENTS_PATH_SIZE, "%s", row->file);
        return true;
    }
    if (!is_set(folder))
        return false;
    int size = snprintf(out_path, CLIENTS_PATH_SIZE, "%s%s%s", folder, between, row->file);
    return size > 0 && size < CLIENTS_PATH_SIZE;
}

static bool is_client(const struct row *row, const char *client)
{
    return client == NULL || strcmp(row->client, client) == 0;
}

/* True if one of the rows before this one has the same path: in the home directory the places of
 * a project may be those of the user. */
static bool is_repeated(const char *path, size_t before, const struct clients_inputs *inputs)
{
    char other[CLIENTS_PATH_SIZE];
    for (size_t i = 0; i < before; i++) {
        if (make_path(other, &rows[i], inputs) && strcmp(other, path) == 0)
            return true;
    }
    return false;
}

bool clients_next_place(struct clients_place *out_place, size_t *position,
                        const struct clients_inputs *inputs, const char *client)
{
    while (*position < ROW_COUNT) {
        size_t at = (*position)++;
        const struct row *row = &rows[at];
        if (!is_client(row, client) || !make_path(out_place->path, row, inputs) ||
            is_repeated(out_place->path, at, inputs))
            continue;
        out_place->client = row->client;
        out_place->scope = scopes[row->root];
        out_place->members = row->members;
        return true;
    }
    return false;
}

/* True if path is file, or ends with it behind a slash. */
static bool ends_with(const char *path, const char *file)
{
    size_t size = strlen(path);
    size_t end = strlen(file);
    return size >= end && strcmp(path + size - end, file) == 0 &&
           (size == end || file[0] == '/' || path[size - end - 1] == '/');
}

void clients_place_of(struct clients_place *out_place, const char *path, const char *client)
{
    *out_place = (struct clients_place){.client = client, .scope = "file"};
    (void)snprintf(out_place->path, sizeof out_place->path, "%s", path);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (client != NULL && is_client(&rows[i], client))
            out_place->members |= rows[i].members;
        if (client == NULL && ends_with(path, rows[i].file)) {
            out_place->client = rows[i].client;
            out_place->members = rows[i].members;
            return;
        }
    }
    if (out_place->members == 0)
        out_place->members = CLIENTS_ANY;
}
