/* See clients_doc.h. */
#include "repute/clients_doc.h"

#include <string.h>

struct walk {
    clients_sink *sink;
    void *context;
    unsigned count;
    bool is_ended;
};

/* The text of a member; NULL if it is not there. *out_is_odd is set if it is no text of one line
 * of C: a NUL within would hide what stands behind. */
static const char *text_of(const json_t *entry, const char *name, bool *out_is_odd)
{
    const json_t *member = json_object_get(entry, name);
    if (member == NULL || json_is_null(member))
        return NULL;
    const char *text = json_string_value(member);
    if (text == NULL || strlen(text) != json_string_length(member)) {
        *out_is_odd = true;
        return NULL;
    }
    return text;
}

static void read_args(struct clients_server *server, const char **words, const json_t *args)
{
    size_t count = json_array_size(args);
    server->is_odd =
        server->is_odd || (args != NULL && !json_is_null(args) && !json_is_array(args));
    server->line.args = words;
    /* More than a command line may have: the count says so, the words are not needed. */
    server->line.arg_count = count;
    for (size_t i = 0; i < count && i < TRUST_SCAN_WORDS_MAX; i++) {
        const json_t *word = json_array_get(args, i);
        words[i] = json_string_value(word);
        if (words[i] == NULL || strlen(words[i]) != json_string_length(word)) {
            words[i] = "";
            server->is_odd = true;
        }
    }
}

static bool names_registry(const json_t *env)
{
    void *at = json_object_iter((json_t *)(uintptr_t)env);
    for (; at != NULL; at = json_object_iter_next((json_t *)(uintptr_t)env, at)) {
        const char *name = json_object_iter_key(at);
        if (launch_is_registry_variable(name, strlen(name)))
            return true;
    }
    return false;
}

/* What Windsurf and some others call the URL. */
static const char *url_of(const json_t *entry, bool *out_is_odd)
{
    static const char *const names[] = {"url", "serverUrl", "httpUrl"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *url = text_of(entry, names[i], out_is_odd);
        if (url != NULL)
            return url;
    }
    return NULL;
}

static void read_entry(struct clients_server *server, const char **words, const json_t *entry)
{
    server->is_odd = !json_is_object(entry);
    const char *type = text_of(entry, "type", &server->is_odd);
    server->line.command = text_of(entry, "command", &server->is_odd);
    server->line.url = url_of(entry, &server->is_odd);
    read_args(server, words, json_object_get(entry, "args"));
    server->line.has_other_registry = names_registry(json_object_get(entry, "env"));
    server->is_off = json_is_true(json_object_get(entry, "disabled"));
    /* With both, the type decides; else the command does. */
    bool is_remote = type != NULL && strcmp(type, "stdio") != 0 && server->line.url != NULL;
    if (is_remote)
        server->line.command = NULL;
    if (server->is_odd)
        server->line = (struct launch_line){0};
}

/* servers: {NAME: entry}; NULL: there are none. */
static enum trust_error walk_servers(struct walk *walk, const json_t *servers,
                                     enum clients_members where, const char *project)
{
    const char *words[TRUST_SCAN_WORDS_MAX];
    const char *name = NULL;
    json_t *entry = NULL;
    if (servers == NULL || json_is_null(servers))
        return TRUST_OK;
    if (!json_is_object(servers))
        return TRUST_NO_TYPE;
    json_object_foreach((json_t *)(uintptr_t)servers, name, entry)
    {
        if (walk->is_ended)
            return TRUST_OK;
        if (walk->count++ == TRUST_SCAN_SERVERS_MAX)
            return TRUST_NO_ROOM;
        struct clients_server server = {
            .name = name, .project = project, .where = where, .entry = entry};
        read_entry(&server, words, entry);
        walk->is_ended = !walk->sink(walk->context, &server);
    }
    return TRUST_OK;
}

static enum trust_error walk_projects(struct walk *walk, const json_t *projects)
{
    const char *path = NULL;
    json_t *project = NULL;
    enum trust_error error = TRUST_OK;
    json_object_foreach((json_t *)(uintptr_t)projects, path, project)
    {
        if (error == TRUST_OK)
            error =
                walk_servers(walk, json_object_get(project, "mcpServers"), CLIENTS_PROJECTS, path);
    }
    return error;
}

enum trust_error clients_doc_walk(const json_t *document, unsigned members, clients_sink *sink,
                                  void *context)
{
    struct walk walk = {.sink = sink, .context = context};
    enum trust_error error = json_is_object(document) ? TRUST_OK : TRUST_NO_TYPE;
    if (error == TRUST_OK && (members & CLIENTS_MCP_SERVERS) != 0)
        error =
            walk_servers(&walk, json_object_get(document, "mcpServers"), CLIENTS_MCP_SERVERS, NULL);
    if (error == TRUST_OK && (members & CLIENTS_PROJECTS) != 0)
        error = walk_projects(&walk, json_object_get(document, "projects"));
    if (error == TRUST_OK && (members & CLIENTS_SERVERS) != 0)
        error = walk_servers(&walk, json_object_get(document, "servers"), CLIENTS_SERVERS, NULL);
    const json_t *settings = json_object_get(document, "mcp");
    if (error == TRUST_OK && (members & CLIENTS_SETTINGS) != 0)
        error = walk_servers(&walk, json_object_get(settings, "servers"), CLIENTS_SETTINGS, NULL);
    return error;
}
