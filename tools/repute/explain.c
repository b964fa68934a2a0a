/* `repute explain ID`: why a server's score is what it is. */
#include <stdio.h>

#include "repute/commands.h"
#include "repute/context.h"
#include "repute/dress.h"
#include "repute/explain_dot.h"
#include "repute/explain_text.h"
#include "repute/ids.h"
#include "repute/score_table.h"

enum { MANIFEST, GRAPH };

static const char *const graphs[] = {"dot", NULL};

static const struct command_option options[] = {
    [MANIFEST] = {.name = "manifest",
                  .kind = COMMAND_TEXT,
                  .shown = "HEX",
                  .about = "ask for the server with this manifest of tools"},
    [GRAPH] = {.name = "graph",
               .kind = COMMAND_CHOICE,
               .shown = "dot",
               .about = "print the paths of vouches as a graph for Graphviz",
               .choices = graphs},
    [GRAPH + 1] = {0},
};

/* In plain, behind the fields of the score. */
static const struct output_field contribution_columns[] = {
    {"", "row", OUTPUT_AS_IT_IS},
    {"", "category", OUTPUT_AS_IT_IS},
    {"", "kind", OUTPUT_AS_IT_IS},
    {"", "from", OUTPUT_AS_IT_IS},
    {"", "value", OUTPUT_AS_IT_IS},
    {"", "weight", OUTPUT_AS_IT_IS},
    {"", "share", OUTPUT_AS_IT_IS},
    {"", "age_s", OUTPUT_AS_IT_IS},
    {0},
};

static const struct output_field ignored_columns[] = {
    {"", "row", OUTPUT_AS_IT_IS},
    {"", "record", OUTPUT_AS_IT_IS},
    {"", "reason", OUTPUT_AS_IT_IS},
    {0},
};

/* Lines of tabs that say what they are in their first column. */
static enum trust_error list_rows(struct context *context, json_t *rows, const char *name,
                                  const struct output_field *columns)
{
    if (context->output.form != OUTPUT_PLAIN)
        return TRUST_OK;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        if (json_object_set_new(json_array_get(rows, i), "row", json_string(name)) != 0)
            return TRUST_FAIL_MEMORY;
    }
    return output_list(&context->output, rows, columns, "");
}

static enum trust_error show(struct context *context, const struct dress *dress, json_t *document)
{
    enum trust_error error = score_table_one(context, dress, document);
    if (error == TRUST_OK)
        error = list_rows(context, json_object_get(document, "contributions"), "contribution",
                          contribution_columns);
    if (error == TRUST_OK)
        error =
            list_rows(context, json_object_get(document, "ignored"), "ignored", ignored_columns);
    if (error == TRUST_OK && context->output.form == OUTPUT_TEXT)
        error = explain_text_show(context, dress, document);
    return error;
}

static enum trust_error make_path(struct context *context, char out_path[CONTEXT_PATH_SIZE],
                                  const struct command_arguments *arguments)
{
    const struct command_setting *manifest = &arguments->values[MANIFEST];
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    char behind[128] = "/explain";
    enum trust_error error = ids_subject(context, subject, arguments->words[0]);
    if (error == TRUST_OK && manifest->is_given)
        error = ids_check_hash(context, "manifest", manifest->text);
    if (error != TRUST_OK)
        return error;
    if (manifest->is_given)
        (void)snprintf(behind, sizeof behind, "/explain?manifest=%s", manifest->text);
    ids_path(out_path, "/v1/servers/", subject, behind);
    return TRUST_OK;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    char path[CONTEXT_PATH_SIZE];
    json_t *document = NULL;
    bool wants_graph = arguments->values[GRAPH].is_given;
    if (wants_graph && context->output.form == OUTPUT_JSON)
        return context_misuse(context, TRUST_NO_OPTION, "leave one out",
                              "--graph and --json contradict each other");
    enum trust_error error = make_path(context, path, arguments);
    if (error == TRUST_OK)
        error = context_ask(context, &document, TRUST_REQUEST_GET, path, NULL);
    if (error != TRUST_OK)
        return error;
    struct dress dress = dress_open(context);
    if (wants_graph)
        explain_dot_print(context->output.out, &dress, document);
    else
        error = show(context, &dress, document);
    dress_close(&dress);
    json_decref(document);
    return error;
}

const struct command explain_command = {
    .name = "explain",
    .words = "ID",
    .summary = "why a server's score is what it is",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
