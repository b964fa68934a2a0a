/* See guard_server.h. */
#include "repute/guard_server.h"

#include <string.h>

/* Texts of reputed.yaml. */
#define TEXT_SIZE_MAX 4096

/* ---- why not ---- */

static void leave(struct guard_server *server, const char *why, const char *next)
{
    if (server->why != NULL)
        return;
    server->why = why;
    server->next = next;
}

static bool has_variable(const char *text)
{
    return text != NULL && strstr(text, "${") != NULL;
}

/* Only the client can fill in a variable, and nobody can write an empty text into reputed.yaml. */
static void check_text(struct guard_server *server, const char *text)
{
    if (has_variable(text))
        leave(server, "a variable of the client stands in what starts it",
              "write it out, or give it to the server in its env");
    if (text != NULL && (text[0] == '\0' || strlen(text) > TEXT_SIZE_MAX))
        leave(server, "one of its texts is empty or longer than 4,096 bytes",
              "write its group into reputed.yaml by hand");
}

/* ---- members ---- */

/* NULL if it is not there; an odd one is left to the client. */
static const char *text_of(struct guard_server *server, const json_t *entry, const char *name)
{
    const json_t *member = json_object_get(entry, name);
    const char *text = json_string_value(member);
    bool is_odd = member != NULL && !json_is_null(member) &&
                  (text == NULL || strlen(text) != json_string_length(member));
    if (is_odd)
        leave(server, launch_gap_text(LAUNCH_GAP_ENTRY), launch_gap_next(LAUNCH_GAP_ENTRY));
    return is_odd ? NULL : text;
}

/* The members of env or headers: values with variables to kept, if that may be. */
static void read_pairs(struct guard_server *server, struct trust_group_pairs *out_pairs,
                       const json_t *map, bool may_keep)
{
    const char *name = NULL;
    json_t *value = NULL;
    if (map != NULL && !json_is_null(map) && !json_is_object(map))
        leave(server, launch_gap_text(LAUNCH_GAP_ENTRY), launch_gap_next(LAUNCH_GAP_ENTRY));
    if (json_object_size(map) > TRUST_GROUP_PAIRS_MAX) {
        leave(server, "it has more than 64 variables or headers",
              "write its group into reputed.yaml by hand");
        return;
    }
    struct trust_group_pair *moved = server->pairs;
    struct trust_group_pair *kept = server->pairs + TRUST_GROUP_PAIRS_MAX;
    size_t moved_count = 0;
    size_t kept_count = 0;
    json_object_foreach((json_t *)(uintptr_t)map, name, value)
    {
        const char *text = json_string_value(value);
        if (text == NULL || strlen(text) != json_string_length(value))
            leave(server, "a value of its env or headers is no text", "write it as a text");
        const struct trust_group_pair pair = {.name = name, .value = text == NULL ? "" : text};
        if (may_keep && has_variable(pair.value)) {
            kept[kept_count++] = pair;
            continue;
        }
        check_text(server, text);
        moved[moved_count++] = pair;
    }
    *out_pairs = (struct trust_group_pairs){.pairs = moved, .count = moved_count};
    if (may_keep)
        server->kept = (struct trust_group_pairs){.pairs = kept, .count = kept_count};
}

static void read_command(struct guard_server *server, const struct clients_server *entry)
{
    struct trust_group_server *primary = &server->primary;
    if (json_object_get(entry->entry, "envFile") != NULL)
        leave(server, "only the client reads its envFile", "write its variables into env");
    primary->command = entry->line.command;
    check_text(server, primary->command);
    if (entry->line.arg_count > TRUST_SCAN_WORDS_MAX) {
        leave(server, launch_gap_text(LAUNCH_GAP_SIZE), launch_gap_next(LAUNCH_GAP_SIZE));
        return;
    }
    for (size_t i = 0; i < entry->line.arg_count; i++) {
        server->words[i] = entry->line.args[i];
        check_text(server, server->words[i]);
    }
    primary->args =
        (struct trust_text_list){.texts = server->words, .count = entry->line.arg_count};
    primary->cwd = text_of(server, entry->entry, "cwd");
    check_text(server, primary->cwd);
    read_pairs(server, &primary->env, json_object_get(entry->entry, "env"), true);
}

static void read_url(struct guard_server *server, const struct clients_server *entry)
{
    const char *type = text_of(server, entry->entry, "type");
    const char *url = entry->line.url;
    size_t size = strlen(url);
    bool is_sse =
        type != NULL ? strcmp(type, "sse") == 0 : size > 4 && strcmp(url + size - 4, "/sse") == 0;
    if (is_sse)
        leave(server, "it speaks HTTP with SSE, the transport before Streamable HTTP",
              "use the server's Streamable HTTP URL, if it has one");
    server->primary.url = url;
    check_text(server, url);
    read_pairs(server, &server->primary.headers, json_object_get(entry->entry, "headers"), false);
}

void guard_server_init(struct guard_server *out_server, const struct clients_server *entry,
                       bool is_named)
{
    struct guard_server *server = out_server;
    memset(server, 0, sizeof *server);
    server->name = entry->name;
    server->project = entry->project;
    server->where = entry->where;
    launch_derive(&server->launch, &entry->line);
    enum launch_gap gap = entry->is_odd ? LAUNCH_GAP_ENTRY : server->launch.gap;
    bool is_about_name = gap != LAUNCH_GAP_GUARDED && gap != LAUNCH_GAP_OWN &&
                         gap != LAUNCH_GAP_EMPTY && gap != LAUNCH_GAP_ENTRY &&
                         gap != LAUNCH_GAP_SIZE;
    if (gap != LAUNCH_GAP_NONE && !(is_about_name && is_named))
        leave(server, launch_gap_text(gap), launch_gap_next(gap));
    if (gap == LAUNCH_GAP_GUARDED)
        read_pairs(server, &server->primary.env, json_object_get(entry->entry, "env"), true);
    if (server->why == NULL && entry->line.command != NULL)
        read_command(server, entry);
    else if (server->why == NULL && entry->line.url != NULL)
        read_url(server, entry);
    server->primary.subject = server->launch.subject;
}

size_t guard_server_names(const struct guard_server *server,
                          const char *out_names[JSONC_SITE_NAMES_MAX])
{
    size_t count = 0;
    switch (server->where) {
    case CLIENTS_SETTINGS:
        out_names[count++] = "mcp";
        out_names[count++] = "servers";
        break;
    case CLIENTS_SERVERS:
        out_names[count++] = "servers";
        break;
    case CLIENTS_PROJECTS:
        out_names[count++] = "projects";
        out_names[count++] = server->project;
        out_names[count++] = "mcpServers";
        break;
    case CLIENTS_MCP_SERVERS:
    case CLIENTS_ANY:
        out_names[count++] = "mcpServers";
        break;
    }
    out_names[count++] = server->name;
    return count;
}

/* ---- comparing ---- */

static bool is_same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool is_same_list(const struct trust_text_list *a, const struct trust_text_list *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = strcmp(a->texts[i], b->texts[i]) == 0;
    return same;
}

/* In any order; a name stands there once. */
static bool is_same_map(const struct trust_group_pairs *a, const struct trust_group_pairs *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        same = false;
        for (size_t j = 0; !same && j < b->count; j++)
            same = strcmp(a->pairs[i].name, b->pairs[j].name) == 0 &&
                   strcmp(a->pairs[i].value, b->pairs[j].value) == 0;
    }
    return same;
}

bool guard_server_is_same(const struct trust_group_server *a, const struct trust_group_server *b)
{
    return is_same_text(a->command, b->command) && is_same_list(&a->args, &b->args) &&
           is_same_text(a->cwd, b->cwd) && is_same_text(a->url, b->url) &&
           is_same_map(&a->env, &b->env) && is_same_map(&a->headers, &b->headers);
}
