/*
 * `repute mcp install`, `repute mcp uninstall`: the server that agents ask, in the configuration of
 * their client.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "repute/change.h"
#include "repute/commands.h"
#include "repute/entry.h"
#include "repute/install_place.h"
#include "repute/own_words.h"

#define NAME "repute"

enum { CLIENT, FILE_NAME, YES, DRY_RUN };

static const struct command_option options[] = {
    [CLIENT] = {.name = "client",
                .kind = COMMAND_CHOICE,
                .shown = "NAME",
                .about = "whose configuration",
                .choices = clients_names},
    [FILE_NAME] = {.name = "file",
                   .kind = COMMAND_TEXT,
                   .shown = "FILE",
                   .about = "this file instead of the client's usual one"},
    [YES] = {.name = "yes", .about = "write it without asking; it is shown all the same"},
    [DRY_RUN] = {.name = "dry-run", .about = "only show it"},
    [DRY_RUN + 1] = {0},
};

struct installing {
    struct context *context;
    struct clients_place place;
    struct change change;
    struct jsonc_site site;
    const char *names[3];
    json_t *current; /* the entry that is there; borrowed from document */
    json_t *document;
};

/* ---- the change ---- */

static enum trust_error open(struct installing *installing,
                             const struct command_arguments *arguments)
{
    const struct command_setting *client = &arguments->values[CLIENT];
    const struct command_setting *file = &arguments->values[FILE_NAME];
    struct context *context = installing->context;
    enum trust_error error = install_place_find(
        context, &installing->place, client->is_given ? clients_names[client->choice] : NULL,
        file->is_given ? file->text : NULL);
    if (error == TRUST_OK)
        error = change_open(context, &installing->change, installing->place.path,
                            TRUST_SCAN_FILE_SIZE_MAX);
    if (error == TRUST_OK)
        error = change_read(context, &installing->change, &installing->document);
    if (error != TRUST_OK)
        return error;
    size_t count = install_place_names(installing->names, &installing->place, installing->document);
    installing->names[count] = NAME;
    json_t *servers = installing->document;
    for (size_t i = 0; i < count; i++)
        servers = json_object_get(servers, installing->names[i]);
    installing->current = json_object_get(servers, NAME);
    return change_find(context, &installing->change, &installing->site, installing->names,
                       count + 1);
}

/* It starts the same program with the same words. */
static bool is_same(const json_t *entry, const struct own_words *own)
{
    const json_t *args = json_object_get(entry, "args");
    const char *command = json_string_value(json_object_get(entry, "command"));
    bool same = command != NULL && strcmp(command, own->command) == 0 &&
                json_array_size(args) == own->count;
    for (size_t i = 0; same && i < own->count; i++) {
        const char *word = json_string_value(json_array_get(args, i));
        same = word != NULL && strcmp(word, own->words[i]) == 0;
    }
    return same;
}

static enum trust_error put(struct installing *installing, const struct own_words *own)
{
    char *text = NULL;
    struct jsonc_style style;
    struct entry entry = {0};
    jsonc_site_style(&style, &installing->site);
    if (strcmp(installing->names[0], "mcpServers") != 0)
        entry_add_text(&entry, "type", "stdio");
    entry_add_text(&entry, "command", own->command);
    entry_add_words(&entry, "args", own->words, own->count);
    enum trust_error error = entry_write(&entry, &text, &style);
    if (error == TRUST_OK)
        error =
            jsonc_site_put(&installing->change.patch, &installing->site, trust_bytes_text(text));
    free(text);
    entry_close(&entry);
    return error;
}

/* ---- the end ---- */

static enum trust_error show(struct installing *installing)
{
    struct output *output = &installing->context->output;
    json_t *document = change_document(&installing->change);
    enum trust_error error = TRUST_OK;
    if (document == NULL || json_object_set_new(document, "client",
                                                installing->place.client == NULL
                                                    ? json_null()
                                                    : json_string(installing->place.client)) != 0)
        error = TRUST_FAIL_MEMORY;
    if (error == TRUST_OK)
        error = output_json(output, document);
    json_decref(document);
    return error;
}

/* Shows the change, asks, writes. said: what to say of a change that is none. */
static enum trust_error conclude(struct installing *installing,
                                 const struct command_arguments *arguments, const char *said)
{
    struct context *context = installing->context;
    struct change *change = &installing->change;
    bool may_write = false;
    const struct change_choice choice = {.wants_write = arguments->values[YES].is_given,
                                         .wants_nothing = arguments->values[DRY_RUN].is_given};
    enum trust_error error = change_finish(context, change);
    if (error == TRUST_OK && !change_is_needed(change)) {
        output_say(&context->output, "Nothing to do: %s\n", said);
        return show(installing);
    }
    if (error == TRUST_OK && context->output.form != OUTPUT_JSON)
        (void)fputs(change->diff, context->output.out);
    if (error == TRUST_OK)
        error = change_ask(context, &may_write, &choice);
    if (error == TRUST_OK && may_write)
        error = change_write(context, change);
    if (error == TRUST_OK && may_write)
        output_say(&context->output, "next: restart the client, which reads it when it starts\n");
    return error == TRUST_OK ? show(installing) : error;
}

static void close(struct installing *installing)
{
    json_decref(installing->document);
    change_close(&installing->change);
}

static enum trust_error install(struct context *context, const struct command_arguments *arguments)
{
    static const char *const words[] = {"mcp", "serve", NULL};
    struct own_words own;
    struct installing installing = {.context = context};
    enum trust_error error = own_words_init(&own, context, words);
    if (error == TRUST_OK)
        error = open(&installing, arguments);
    if (error == TRUST_OK && !is_same(installing.current, &own))
        error = put(&installing, &own);
    if (error == TRUST_OK)
        error = conclude(&installing, arguments, "it stands there already.");
    close(&installing);
    return error;
}

static enum trust_error uninstall(struct context *context,
                                  const struct command_arguments *arguments)
{
    struct installing installing = {.context = context};
    enum trust_error error = open(&installing, arguments);
    if (error == TRUST_OK && jsonc_site_is_there(&installing.site))
        error = jsonc_site_drop(&installing.change.patch, &installing.site);
    if (error == TRUST_OK)
        error = conclude(&installing, arguments, "it does not stand there.");
    close(&installing);
    return error;
}

const struct command mcp_install_command = {
    .name = "mcp install",
    .words = "",
    .summary = "put `repute mcp serve` into an MCP client's configuration",
    .more =
        "The change is shown as a diff, without the secrets of the file, and written only after a\n"
        "yes. Everything else in the file stays as it is, and a copy of it beside it.\n"
        "Exit code 1: nothing was written.\n",
    .options = options,
    .run = install,
};

const struct command mcp_uninstall_command = {
    .name = "mcp uninstall",
    .words = "",
    .summary = "take `repute mcp serve` out of an MCP client's configuration again",
    .more = "Shown and asked likewise. Exit code 1: nothing was written.\n",
    .options = options,
    .run = uninstall,
};
