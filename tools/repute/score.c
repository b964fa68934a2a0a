/* `repute score ID...`: what this node concludes about servers, one line each. */
#include <string.h>

#include "base/limits.h"
#include "repute/commands.h"
#include "repute/context.h"
#include "repute/dress.h"
#include "repute/ids.h"
#include "repute/score_table.h"

enum { MANIFEST };

static const struct command_option options[] = {
    [MANIFEST] = {.name = "manifest",
                  .kind = COMMAND_TEXT,
                  .shown = "HEX",
                  .about = "ask for the server with this manifest of tools"},
    [MANIFEST + 1] = {0},
};

/* The body for the words from first on, at most a batch of them. */
static enum trust_error make_body(struct context *context, json_t **out_body,
                                  const struct command_arguments *arguments, size_t first)
{
    json_t *subjects = json_array();
    for (size_t i = first; i < arguments->word_count && i < first + TRUST_BATCH_SUBJECTS_MAX; i++) {
        char subject[TRUST_SUBJECT_TEXT_SIZE];
        enum trust_error error = ids_subject(context, subject, arguments->words[i]);
        if (error != TRUST_OK) {
            json_decref(subjects);
            return error;
        }
        json_t *row = arguments->values[MANIFEST].is_given
                          ? json_pack("{s:s,s:s}", "subject", subject, "manifest",
                                      arguments->values[MANIFEST].text)
                          : json_string(subject);
        (void)json_array_append_new(subjects, row);
    }
    *out_body = json_pack("{s:o}", "subjects", subjects);
    return *out_body == NULL ? TRUST_FAIL_MEMORY : TRUST_OK;
}

static enum trust_error ask_batch(struct context *context, json_t *scores,
                                  const struct command_arguments *arguments, size_t first)
{
    json_t *body = NULL;
    json_t *answer = NULL;
    enum trust_error error = make_body(context, &body, arguments, first);
    if (error != TRUST_OK)
        return error;
    error = context_ask(context, &answer, TRUST_REQUEST_POST, "/v1/score", body);
    json_decref(body);
    if (error == TRUST_OK && json_array_extend(scores, answer) != 0)
        error = TRUST_FAIL_MEMORY;
    json_decref(answer);
    return error;
}

static enum trust_error check_words(struct context *context,
                                    const struct command_arguments *arguments)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    enum trust_error error = TRUST_OK;
    if (arguments->values[MANIFEST].is_given)
        error = ids_check_hash(context, "manifest", arguments->values[MANIFEST].text);
    for (size_t i = 0; i < arguments->word_count && error == TRUST_OK; i++)
        error = ids_subject(context, subject, arguments->words[i]);
    return error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    enum trust_error error = check_words(context, arguments);
    if (error != TRUST_OK)
        return error;
    json_t *scores = json_array();
    for (size_t i = 0; i < arguments->word_count && error == TRUST_OK;
         i += TRUST_BATCH_SUBJECTS_MAX)
        error = ask_batch(context, scores, arguments, i);
    if (error == TRUST_OK)
        error = score_table_list(context, scores, "no servers");
    json_decref(scores);
    return error;
}

const struct command score_command = {
    .name = "score",
    .words = "ID...",
    .summary = "what this node concludes about servers",
    .least = 1,
    .most = COMMAND_WORDS_MAX,
    .options = options,
    .run = run,
};
