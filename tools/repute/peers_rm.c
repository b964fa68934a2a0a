/* `repute peers rm KEY`: ends the exchange with a node. What came from it stays. */
#include "repute/commands.h"
#include "repute/context.h"
#include "repute/ids.h"

static const struct output_field fields[] = {
    {"removed", "key", OUTPUT_AS_IT_IS},
    {0},
};

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    char key[TRUST_KEY_TEXT_SIZE];
    char path[CONTEXT_PATH_SIZE];
    enum trust_error error = ids_key(context, key, arguments->words[0], TRUST_KEY_NODE);
    if (error != TRUST_OK)
        return error;
    ids_path(path, "/v1/peers/", key, "");
    json_t *answer = NULL;
    error = context_ask(context, &answer, TRUST_REQUEST_DELETE, path, NULL);
    if (error == TRUST_OK)
        error = output_object(&context->output, answer, fields);
    json_decref(answer);
    return error;
}

const struct command peers_rm_command = {
    .name = "peers rm",
    .words = "KEY",
    .summary = "end the exchange with a node",
    .least = 1,
    .most = 1,
    .run = run,
};
