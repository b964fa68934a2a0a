/* `repute name`: a pet name for a key. It stays on this node. */
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/ids.h"

enum { REMOVE };

static const struct command_option options[] = {
    [REMOVE] = {.name = "remove", .about = "let the key go without a name"},
    {0},
};

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    static const struct output_field fields[] = {
        {"key", "key", OUTPUT_AS_IT_IS},
        {"name", "name", OUTPUT_AS_IT_IS},
        {"muted", "muted", OUTPUT_AS_IT_IS},
        {0},
    };
    char key[TRUST_KEY_TEXT_SIZE];
    char path[CONTEXT_PATH_SIZE];
    bool removes = arguments->values[REMOVE].is_given;
    if (removes == (arguments->word_count == 2))
        return context_misuse(context, TRUST_NO_OPTION, "`repute help name` shows how",
                              "give a pet name, or --remove");
    enum trust_error error = ids_key(context, key, arguments->words[0], TRUST_KEY_OPERATOR);
    if (error != TRUST_OK)
        return error;
    ids_path(path, "/v1/names/", key, "");
    json_t *answer = NULL;
    json_t *body = json_pack("{s:s?}", "name", removes ? NULL : arguments->words[1]);
    error = body == NULL
                ? context_misuse(context, TRUST_NO_RANGE, NULL, "a pet name is text in UTF-8")
                : context_ask(context, &answer, TRUST_REQUEST_PUT, path, body);
    if (error == TRUST_OK)
        error = output_object(&context->output, answer, fields);
    json_decref(answer);
    json_decref(body);
    return error;
}

const struct command name_command = {
    .name = "name",
    .words = "KEY [PETNAME]",
    .summary = "give a key a name that only you use",
    .least = 1,
    .most = 2,
    .options = options,
    .run = run,
};
