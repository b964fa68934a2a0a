/* `repute peers ping KEY`: whether a peer answers, and how fast. */
#include "repute/commands.h"
#include "repute/context.h"
#include "repute/dress.h"
#include "repute/ids.h"

static const struct output_field fields[] = {
    {"peer", "key", OUTPUT_AS_IT_IS},
    {"answered in", "rtt_ms", OUTPUT_AS_IT_IS},
    {0},
};

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    char key[TRUST_KEY_TEXT_SIZE];
    char path[CONTEXT_PATH_SIZE];
    json_t *answer = NULL;
    enum trust_error error = ids_key(context, key, arguments->words[0], TRUST_KEY_NODE);
    if (error != TRUST_OK)
        return error;
    ids_path(path, "/v1/peers/", key, "/ping");
    json_t *body = json_object();
    error = context_ask(context, &answer, TRUST_REQUEST_POST, path, body);
    json_decref(body);
    if (error != TRUST_OK)
        return error;
    struct dress dress = dress_open(context);
    dress_key(&dress, answer, "key");
    dress_span(&dress, answer, "rtt_ms", 1);
    /* The node rounds down to milliseconds, and does not show what it could not measure. */
    if (dress.is_on && json_is_null(json_object_get(answer, "rtt_ms")))
        (void)json_object_set_new(answer, "rtt_ms", json_string("less than 1 ms"));
    error = output_object(&context->output, answer, fields);
    dress_close(&dress);
    json_decref(answer);
    return error;
}

const struct command peers_ping_command = {
    .name = "peers ping",
    .words = "KEY",
    .summary = "ask a peer whether it is there",
    .least = 1,
    .most = 1,
    .run = run,
};
