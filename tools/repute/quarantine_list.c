/* `repute quarantine list`: the servers that are withheld from agents, or under suspicion. */
#include "repute/commands.h"
#include "repute/context.h"
#include "repute/dress.h"

static const struct output_field columns[] = {
    {"SERVER", "subject", OUTPUT_AS_IT_IS},    {"STATE", "state", OUTPUT_AS_IT_IS},
    {"RULE", "rule", OUTPUT_AS_IT_IS},         {"SINCE", "since", OUTPUT_AS_IT_IS},
    {"UNTIL", "until", OUTPUT_AS_IT_IS},       {"TIMES", "times", OUTPUT_COUNT},
    {"MANIFEST", "manifest", OUTPUT_AS_IT_IS}, {0},
};

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    (void)arguments;
    json_t *rows = NULL;
    enum trust_error error = context_ask(context, &rows, TRUST_REQUEST_GET, "/v1/quarantine", NULL);
    if (error != TRUST_OK)
        return error;
    struct dress dress = dress_open(context);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        dress_time(&dress, row, "since");
        dress_time(&dress, row, "until");
        dress_digest(&dress, row, "manifest");
    }
    error = output_list(&context->output, rows, columns, "no server is in quarantine");
    dress_close(&dress);
    json_decref(rows);
    return error;
}

const struct command quarantine_list_command = {
    .name = "quarantine list",
    .words = "",
    .summary = "the servers that are withheld or under suspicion",
    .run = run,
};
