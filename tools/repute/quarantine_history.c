/*
 * `repute quarantine history [ID] [--verify]`: every step of every quarantine, from the audit log.
 * --verify has the node check the chain of hashes over the log; a broken one is exit code 1.
 */
#include <stdio.h>
#include <string.h>

#include "repute/commands.h"
#include "repute/context.h"
#include "repute/dress.h"
#include "repute/ids.h"

enum { VERIFY };

static const struct command_option options[] = {
    [VERIFY] = {.name = "verify", .about = "check the chain of hashes over the whole log"},
    [VERIFY + 1] = {0},
};

static const struct output_field columns[] = {
    {"SEQ", "seq", OUTPUT_AS_IT_IS},        {"TIME", "time", OUTPUT_AS_IT_IS},
    {"SERVER", "subject", OUTPUT_AS_IT_IS}, {"FROM", "from", OUTPUT_AS_IT_IS},
    {"TO", "to", OUTPUT_AS_IT_IS},          {"RULE", "rule", OUTPUT_AS_IT_IS},
    {"FOR", "ttl_s", OUTPUT_AS_IT_IS},      {"ACTOR", "actor", OUTPUT_AS_IT_IS},
    {"REASON", "reason", OUTPUT_AS_IT_IS},  {0},
};

static enum trust_error make_path(struct context *context, char out_path[CONTEXT_PATH_SIZE],
                                  const struct command_arguments *arguments)
{
    const char *verify = arguments->values[VERIFY].is_given ? "verify=1" : "";
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    char behind[16];
    if (arguments->word_count == 0) {
        (void)snprintf(out_path, CONTEXT_PATH_SIZE, "/v1/quarantine/history%s%s",
                       verify[0] == '\0' ? "" : "?", verify);
        return TRUST_OK;
    }
    enum trust_error error = ids_subject(context, subject, arguments->words[0]);
    if (error != TRUST_OK)
        return error;
    (void)snprintf(behind, sizeof behind, "%s%s", verify[0] == '\0' ? "" : "&", verify);
    ids_path(out_path, "/v1/quarantine/history?subject=", subject, behind);
    return TRUST_OK;
}

/* The entries stand alone, or beside the verdict over their chain. */
static json_t *entries_of(json_t *answer)
{
    return json_is_array(answer) ? answer : json_object_get(answer, "entries");
}

static enum trust_error show(struct context *context, json_t *answer)
{
    struct dress dress = dress_open(context);
    json_t *entries = entries_of(answer);
    enum trust_error error = TRUST_OK;
    for (size_t i = 0; i < json_array_size(entries); i++) {
        json_t *entry = json_array_get(entries, i);
        dress_time(&dress, entry, "time");
        dress_span(&dress, entry, "ttl_s", 1000);
        dress_key(&dress, entry, "actor");
    }
    if (context->output.form == OUTPUT_JSON)
        error = output_json(&context->output, answer);
    else
        error = output_list(&context->output, entries, columns, "no quarantine so far");
    dress_close(&dress);
    return error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    char path[CONTEXT_PATH_SIZE];
    json_t *answer = NULL;
    enum trust_error error = make_path(context, path, arguments);
    if (error == TRUST_OK)
        error = context_ask(context, &answer, TRUST_REQUEST_GET, path, NULL);
    if (error != TRUST_OK)
        return error;
    error = show(context, answer);
    if (arguments->values[VERIFY].is_given) {
        bool is_whole = json_is_true(json_object_get(answer, "verified"));
        context->exit_code = is_whole ? FAILURE_EXIT_YES : FAILURE_EXIT_NO;
        output_say(&context->output, is_whole
                                         ? "the log is whole: its chain of hashes holds\n"
                                         : "the log was changed: its chain of hashes breaks\n");
    }
    json_decref(answer);
    return error;
}

const struct command quarantine_history_command = {
    .name = "quarantine history",
    .words = "[ID]",
    .summary = "every step of every quarantine",
    .most = 1,
    .options = options,
    .run = run,
};
