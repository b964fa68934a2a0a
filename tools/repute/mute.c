/* `repute mute`: cuts a key off from your scores, here alone, unsigned and unseen. */
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/ids.h"

enum { OFF };

static const struct command_option options[] = {
    [OFF] = {.name = "off", .about = "hear it again"},
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
    enum trust_error error = ids_key(context, key, arguments->words[0], TRUST_KEY_OPERATOR);
    if (error != TRUST_OK)
        return error;
    ids_path(path, "/v1/names/", key, "");
    json_t *answer = NULL;
    json_t *body = json_pack("{s:b}", "muted", !arguments->values[OFF].is_given);
    error = context_ask(context, &answer, TRUST_REQUEST_PUT, path, body);
    if (error == TRUST_OK)
        error = output_object(&context->output, answer, fields);
    json_decref(answer);
    json_decref(body);
    return error;
}

const struct command mute_command = {
    .name = "mute",
    .words = "KEY",
    .summary = "let a key count for nothing here",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
