/* See guard_entry.h. */
#include "repute/guard_entry.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "repute/entry.h"
#include "repute/jsonc_members.h"
#include "repute/own_words.h"
#include "wire/json_text.h"

/* What starts or addresses a server: it is written anew. */
static bool is_ours(struct trust_bytes key)
{
    static const char *const names[] = {"type", "command",   "args",    "env",    "cwd",
                                        "url",  "serverUrl", "httpUrl", "headers"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (json_raw_is(key, names[i]))
            return true;
    }
    return false;
}

static void keep(void *context, struct trust_bytes key, struct trust_bytes value)
{
    if (!is_ours(key))
        entry_add_raw(context, key, value);
}

/* Sets a bool if the entry says its type. */
static void look_for_type(void *context, struct trust_bytes key, struct trust_bytes value)
{
    bool *has_type = context;
    (void)value;
    *has_type = *has_type || json_raw_is(key, "type");
}

static struct trust_bytes value_of(const struct jsonc_site *site)
{
    return (struct trust_bytes){.data = site->text.data + site->value.at, .size = site->value.size};
}

/* The entry, with what it keeps behind its new members, in the place of the one that is there. */
static enum trust_error put(struct change *change, const struct jsonc_site *site,
                            struct entry *entry)
{
    char *text = NULL;
    struct jsonc_style style;
    jsonc_site_style(&style, site);
    enum trust_error error = jsonc_members_walk(value_of(site), keep, entry);
    if (error == TRUST_OK)
        error = entry_write(entry, &text, &style);
    if (error == TRUST_OK)
        error = jsonc_site_put(&change->patch, site, trust_bytes_text(text));
    free(text);
    return error;
}

static enum trust_error find(struct context *context, struct change *change,
                             struct jsonc_site *out_site, const char **names,
                             const struct guard_server *server)
{
    size_t count = guard_server_names(server, names);
    return change_find(context, change, out_site, names, count);
}

static bool is_vscode(const struct guard_server *server)
{
    return server->where == CLIENTS_SERVERS || server->where == CLIENTS_SETTINGS;
}

enum trust_error guard_entry_put(struct context *context, struct change *change,
                                 const struct guard_server *server, const char *group)
{
    struct own_words own;
    struct jsonc_site site;
    bool has_type = false;
    struct entry entry = {0};
    const char *names[JSONC_SITE_NAMES_MAX];
    const char *const words[] = {"guard", "--group", group, NULL};
    enum trust_error error = own_words_init(&own, context, words);
    if (error == TRUST_OK)
        error = find(context, change, &site, names, server);
    if (error == TRUST_OK)
        error = jsonc_members_walk(value_of(&site), look_for_type, &has_type);
    if (error != TRUST_OK)
        return error;
    if (has_type || is_vscode(server))
        entry_add_text(&entry, "type", "stdio");
    entry_add_text(&entry, "command", own.command);
    entry_add_words(&entry, "args", own.words, own.count);
    if (server->kept.count > 0)
        entry_add_pairs(&entry, "env", &server->kept);
    error = put(change, &site, &entry);
    entry_close(&entry);
    return error;
}

static void add_pairs(struct trust_group_pair *pairs, size_t *count,
                      const struct trust_group_pairs *more)
{
    for (size_t i = 0; i < more->count; i++) {
        bool is_new = true;
        for (size_t j = 0; is_new && j < *count; j++)
            is_new = strcmp(pairs[j].name, more->pairs[i].name) != 0;
        if (is_new)
            pairs[(*count)++] = more->pairs[i];
    }
}

static void add_command(struct entry *entry, const struct guard_server *server,
                        const struct trust_group_server *primary)
{
    struct trust_group_pair pairs[3 * TRUST_GROUP_PAIRS_MAX];
    struct trust_group_pairs env = {.pairs = pairs};
    entry_add_text(entry, "command", primary->command);
    entry_add_words(entry, "args", primary->args.texts, primary->args.count);
    /* What stands in the guard's own entry is for the server too. */
    add_pairs(pairs, &env.count, &primary->env);
    add_pairs(pairs, &env.count, &server->kept);
    add_pairs(pairs, &env.count, &server->primary.env);
    if (env.count > 0)
        entry_add_pairs(entry, "env", &env);
    if (primary->cwd != NULL)
        entry_add_text(entry, "cwd", primary->cwd);
}

enum trust_error guard_entry_restore(struct context *context, struct change *change,
                                     const struct guard_server *server,
                                     const struct trust_group_server *primary)
{
    struct jsonc_site site;
    bool has_type = false;
    struct entry entry = {0};
    const char *names[JSONC_SITE_NAMES_MAX];
    enum trust_error error = find(context, change, &site, names, server);
    if (error == TRUST_OK)
        error = jsonc_members_walk(value_of(&site), look_for_type, &has_type);
    if (error != TRUST_OK)
        return error;
    bool is_command = primary->command != NULL;
    bool is_windsurf = server->client != NULL && strcmp(server->client, "windsurf") == 0;
    if (has_type || is_vscode(server))
        entry_add_text(&entry, "type", is_command ? "stdio" : "http");
    if (is_command)
        add_command(&entry, server, primary);
    else
        entry_add_text(&entry, is_windsurf ? "serverUrl" : "url", primary->url);
    if (!is_command && primary->headers.count > 0)
        entry_add_pairs(&entry, "headers", &primary->headers);
    error = put(change, &site, &entry);
    entry_close(&entry);
    return error;
}
