/*
 * `repute pins diff SUBJECT [TOOL]`: what a server offers in place of what is pinned, member by
 * member. Both sides are JSON in plain ASCII: a character that nobody sees is the point.
 */
#include <stdio.h>
#include <stdlib.h>

#include "repute/commands.h"
#include "repute/ids.h"
#include "repute/pins_shelf.h"

enum { GROUP };

static const struct command_option options[] = {
    [GROUP] = PINS_GROUP_OPTION,
    [GROUP + 1] = {0},
};

static const struct output_field columns[] = {
    {"TOOL", "tool", OUTPUT_AS_IT_IS},      {"MEMBER", "member", OUTPUT_AS_IT_IS},
    {"PINNED", "pinned", OUTPUT_AS_IT_IS},  {"OFFERED", "offered", OUTPUT_AS_IT_IS},
    {"SERVER", "subject", OUTPUT_AS_IT_IS}, {0},
};

static const char *const tool_members[] = {"title",        "description", "inputSchema",
                                           "outputSchema", "annotations", NULL};
static const char *const server_members[] = {"instructions", NULL};

/* What a text of ours says, or NULL: it has a number that jansson does not read. */
static json_t *document_of(const char *text)
{
    return text == NULL ? json_object() : json_loads(text, JSON_DECODE_INT_AS_REAL, NULL);
}

/* A member, null if it is not there. */
static json_t *shown(const json_t *document, const char *member)
{
    const json_t *value = json_object_get(document, member);
    char *text = value == NULL ? NULL
                               : json_dumps(value, JSON_ENSURE_ASCII | JSON_SORT_KEYS |
                                                       JSON_COMPACT | JSON_ENCODE_ANY);
    json_t *out = text == NULL ? json_null() : json_string(text);
    free(text);
    return out;
}

struct pair {
    const struct pins_entry *entry;
    const char *tool; /* NULL: the server itself */
    const char *pinned, *offered;
};

static enum trust_error append(json_t *rows, const struct pair *pair, const char *member,
                               json_t *pinned, json_t *offered)
{
    json_t *row = json_pack("{s:s,s:s?,s:s,s:o,s:o}", "subject", pair->entry->subject, "tool",
                            pair->tool, "member", member, "pinned", pinned, "offered", offered);
    return json_array_append_new(rows, row) == 0 ? TRUST_OK : TRUST_FAIL_MEMORY;
}

/* Texts that jansson does not read are shown whole. */
static enum trust_error compare_whole(json_t *rows, const struct pair *pair)
{
    return append(rows, pair, "definition",
                  pair->pinned == NULL ? json_null() : json_string(pair->pinned),
                  json_string(pair->offered));
}

static enum trust_error compare(json_t *rows, const struct pair *pair, const char *const *members)
{
    json_t *pinned = document_of(pair->pinned), *offered = document_of(pair->offered);
    enum trust_error error = TRUST_OK;
    if (pinned == NULL || offered == NULL)
        error = compare_whole(rows, pair);
    for (size_t i = 0; pinned != NULL && offered != NULL && members[i] != NULL; i++) {
        json_t *before = shown(pinned, members[i]), *after = shown(offered, members[i]);
        bool is_same = json_equal(before, after);
        if (error != TRUST_OK || is_same) {
            json_decref(before);
            json_decref(after);
        } else {
            error = append(rows, pair, members[i], before, after);
        }
    }
    json_decref(pinned);
    json_decref(offered);
    return error;
}

static enum trust_error compare_entry(json_t *rows, const struct pins_entry *entry,
                                      const char *tool)
{
    enum trust_error error = TRUST_OK;
    for (size_t i = 0; error == TRUST_OK && i < entry->count; i++) {
        const struct pins_tool *row = &entry->tools[i];
        if (row->offered.text == NULL || (tool != NULL && strcmp(row->name, tool) != 0))
            continue;
        size_t before = json_array_size(rows);
        const struct pair pair = {entry, row->name, row->pinned.text, row->offered.text};
        error = compare(rows, &pair, tool_members);
        /* A new tool that says nothing but its name. */
        if (error == TRUST_OK && json_array_size(rows) == before)
            error = compare_whole(rows, &pair);
    }
    if (error != TRUST_OK || tool != NULL || entry->offered.text == NULL)
        return error;
    const struct pair pair = {entry, NULL, entry->pinned.text, entry->offered.text};
    return compare(rows, &pair, server_members);
}

static enum trust_error fill(json_t *rows, bool *out_is_known, const struct pins_shelf *shelf,
                             const char *subject, const char *tool)
{
    for (size_t i = 0; i < shelf->count; i++) {
        const struct pins_book *book = pins_book(shelf->files[i].pins);
        for (size_t j = 0; j < book->count; j++) {
            const struct pins_entry *entry = &book->entries[j];
            if (!pins_shelf_is(entry, subject))
                continue;
            *out_is_known = *out_is_known || tool == NULL ||
                            pins_entry_find(entry, trust_bytes_text(tool)) != NULL;
            enum trust_error error = compare_entry(rows, entry, tool);
            if (error != TRUST_OK)
                return error;
        }
    }
    return TRUST_OK;
}

static enum trust_error show(struct context *context, const struct command_arguments *arguments,
                             const struct pins_shelf *shelf, const char *subject)
{
    bool is_known = false;
    json_t *rows = json_array();
    enum trust_error error = fill(rows, &is_known, shelf, subject,
                                  arguments->word_count > 1 ? arguments->words[1] : NULL);
    if (error == TRUST_OK && !is_known)
        error = pins_shelf_refuse(context, arguments);
    if (error == TRUST_OK)
        error = output_list(&context->output, rows, columns, "it offers what is pinned");
    if (error == TRUST_OK && json_array_size(rows) > 0)
        context->exit_code = FAILURE_EXIT_NO;
    json_decref(rows);
    return error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    struct pins_shelf shelf;
    enum trust_error error = ids_subject(context, subject, arguments->words[0]);
    if (error == TRUST_OK)
        error = pins_shelf_open(context, &shelf, arguments->values[GROUP].text);
    if (error != TRUST_OK)
        return error;
    error = show(context, arguments, &shelf, subject);
    pins_shelf_close(&shelf);
    return error;
}

const struct command pins_diff_command = {
    .name = "pins diff",
    .words = "ID [TOOL]",
    .summary = "what a server offers in place of what is pinned",
    .more = "Exit code 1 if that is something.\n",
    .least = 1,
    .most = 2,
    .options = options,
    .run = run,
};
