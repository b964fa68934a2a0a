/* See scan_show.h. Names and paths are of others: they are printed as cells only, which escape. */
#include "repute/scan_show.h"

#include <stdbool.h>
#include <string.h>

static const struct output_field file_columns[] = {
    {"FILE", "path", OUTPUT_AS_IT_IS},
    {"CLIENT", "client", OUTPUT_AS_IT_IS},
    {"SERVERS", "servers", OUTPUT_COUNT},
    {"STATE", "state", OUTPUT_AS_IT_IS},
    {0},
};

static const struct output_field fault_columns[] = {
    {"FILE", "path", OUTPUT_AS_IT_IS},           {"LINE", "error.line", OUTPUT_AS_IT_IS},
    {"COLUMN", "error.column", OUTPUT_AS_IT_IS}, {"FAULT", "error.message", OUTPUT_AS_IT_IS},
    {"NEXT", "next", OUTPUT_AS_IT_IS},           {0},
};

static const struct output_field server_columns[] = {
    {"CLIENT", "client", OUTPUT_AS_IT_IS},
    {"SERVER", "name", OUTPUT_AS_IT_IS},
    {"SUBJECT", "subject", OUTPUT_AS_IT_IS},
    {"VERDICT", "verdict", OUTPUT_AS_IT_IS},
    {"SCORE", "score", OUTPUT_RATIO},
    {"FLAGS", "flags", OUTPUT_AS_IT_IS},
    {"QUARANTINE", "quarantine", OUTPUT_AS_IT_IS},
    {0},
};

static const struct output_field next_columns[] = {
    {"SERVER", "name", OUTPUT_AS_IT_IS},
    {"BECAUSE", "text", OUTPUT_AS_IT_IS},
    {"NEXT", "next", OUTPUT_AS_IT_IS},
    {0},
};

/* In plain every line says what it is. */
static const struct output_field plain_servers[] = {
    {"", "row", OUTPUT_AS_IT_IS},     {"", "client", OUTPUT_AS_IT_IS},
    {"", "file", OUTPUT_AS_IT_IS},    {"", "project", OUTPUT_AS_IT_IS},
    {"", "name", OUTPUT_AS_IT_IS},    {"", "subject", OUTPUT_AS_IT_IS},
    {"", "verdict", OUTPUT_AS_IT_IS}, {"", "status", OUTPUT_AS_IT_IS},
    {"", "score", OUTPUT_AS_IT_IS},   {"", "severity", OUTPUT_AS_IT_IS},
    {"", "flags", OUTPUT_AS_IT_IS},   {"", "quarantine", OUTPUT_AS_IT_IS},
    {"", "next", OUTPUT_AS_IT_IS},    {0},
};

static const struct output_field plain_files[] = {
    {"", "row", OUTPUT_AS_IT_IS},
    {"", "client", OUTPUT_AS_IT_IS},
    {"", "path", OUTPUT_AS_IT_IS},
    {"", "state", OUTPUT_AS_IT_IS},
    {"", "servers", OUTPUT_AS_IT_IS},
    {"", "error.line", OUTPUT_AS_IT_IS},
    {"", "error.column", OUTPUT_AS_IT_IS},
    {"", "error.message", OUTPUT_AS_IT_IS},
    {0},
};

static bool has(const json_t *row, const char *member)
{
    const json_t *value = json_object_get(row, member);
    return value != NULL && !json_is_null(value);
}

/* The rows of an array of whose two members one is not null, as they are. */
static json_t *rows_with(const json_t *rows, const char *member, const char *other)
{
    json_t *chosen = json_array();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        if (has(row, member) || has(row, other))
            (void)json_array_append(chosen, row);
    }
    return chosen;
}

static void mark(const json_t *rows, const char *member, const char *text)
{
    for (size_t i = 0; i < json_array_size(rows); i++)
        (void)json_object_set_new(json_array_get(rows, i), member, json_string(text));
}

static enum trust_error show_plain(const struct output *output, const json_t *document)
{
    const json_t *files = json_object_get(document, "files");
    const json_t *servers = json_object_get(document, "servers");
    mark(files, "row", "file");
    mark(servers, "row", "server");
    enum trust_error error = output_list(output, files, plain_files, "");
    return error == TRUST_OK ? output_list(output, servers, plain_servers, "") : error;
}

/* ---- text ---- */

static enum trust_error show_faults(const struct output *output, const json_t *files)
{
    json_t *faults = rows_with(files, "error", "error");
    enum trust_error error = TRUST_OK;
    if (json_array_size(faults) > 0) {
        output_say(output, "\nnot read\n");
        error = output_list(output, faults, fault_columns, "");
    }
    json_decref(faults);
    return error;
}

static enum trust_error show_next(const struct output *output, const json_t *servers)
{
    json_t *steps = rows_with(servers, "next", "reason");
    enum trust_error error = TRUST_OK;
    if (json_array_size(steps) > 0) {
        output_say(output, "\nwhat to do\n");
        error = output_list(output, steps, next_columns, "");
    }
    json_decref(steps);
    return error;
}

static json_int_t count_of(const json_t *document, const char *name)
{
    return json_integer_value(json_object_get(json_object_get(document, "counts"), name));
}

static void say_basis(const struct output *output, const json_t *document)
{
    const json_t *basis = json_object_get(document, "basis");
    const char *kind = json_string_value(json_object_get(basis, "kind"));
    if (json_is_null(json_object_get(document, "node")) || kind == NULL)
        return;
    if (strcmp(kind, "none") == 0)
        output_say(output, "No node answers, and none left its board here: only its list of "
                           "withheld servers was looked at. Start one: `reputed`\n");
    else
        output_say(output,
                   "No node answers: this is what its board said last, %lld s ago. Start it: "
                   "`reputed`\n",
                   (long long)json_integer_value(json_object_get(basis, "age_s")));
    if (json_is_false(json_object_get(document, "withheld_whole")))
        output_say(output, "The list of withheld servers could not be read whole.\n");
}

static enum trust_error show_text(const struct output *output, const json_t *document)
{
    const json_t *files = json_object_get(document, "files");
    const json_t *servers = json_object_get(document, "servers");
    enum trust_error error =
        output_list(output, files, file_columns,
                    "no configuration of an MCP client was found: name one, `repute scan FILE`");
    if (error == TRUST_OK)
        error = show_faults(output, files);
    if (error == TRUST_OK && json_array_size(servers) > 0) {
        output_say(output, "\n");
        error = output_list(output, servers, server_columns, "");
    }
    if (error == TRUST_OK)
        error = show_next(output, servers);
    output_say(output,
               "\n%lld servers: %lld withheld, %lld suspect, %lld flagged, %lld rated, %lld "
               "unknown, %lld guarded, %lld without a subject\n",
               (long long)json_array_size(servers), (long long)count_of(document, "withheld"),
               (long long)count_of(document, "suspect"), (long long)count_of(document, "flagged"),
               (long long)(count_of(document, "rated") + count_of(document, "low")),
               (long long)count_of(document, "unknown"), (long long)count_of(document, "guarded"),
               (long long)count_of(document, "unnamed"));
    say_basis(output, document);
    return error;
}

enum trust_error scan_show(const struct output *output, json_t *document)
{
    switch (output->form) {
    case OUTPUT_TEXT:
        return show_text(output, document);
    case OUTPUT_PLAIN:
        return show_plain(output, document);
    case OUTPUT_JSON:
        return output_json(output, document);
    }
    return TRUST_OK;
}
