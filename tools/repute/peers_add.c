/* `repute peers add KEY`: exchange records with this node from now on. It gives no trust. */
#include "repute/commands.h"
#include "repute/context.h"
#include "repute/ids.h"

enum { ENDPOINT, NAME };

static const struct command_option options[] = {
    [ENDPOINT] = {.name = "endpoint",
                  .kind = COMMAND_TEXT,
                  .shown = "tcp://HOST:PORT",
                  .about = "where it listens; without it, it dials this node",
                  .most = 255},
    [NAME] = {.name = "name",
              .kind = COMMAND_TEXT,
              .shown = "PETNAME",
              .about = "what to call it here",
              .most = 64},
    [NAME + 1] = {0},
};

static const struct output_field fields[] = {
    {"peer", "key", OUTPUT_AS_IT_IS},
    {"endpoint", "endpoint", OUTPUT_AS_IT_IS},
    {"state", "state", OUTPUT_AS_IT_IS},
    {0},
};

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *values = arguments->values;
    char key[TRUST_KEY_TEXT_SIZE];
    json_t *answer = NULL;
    enum trust_error error = ids_key(context, key, arguments->words[0], TRUST_KEY_NODE);
    if (error != TRUST_OK)
        return error;
    json_t *body = json_pack("{s:s}", "key", key);
    if (values[ENDPOINT].is_given)
        (void)json_object_set_new(body, "endpoint", json_string(values[ENDPOINT].text));
    if (values[NAME].is_given)
        (void)json_object_set_new(body, "name", json_string(values[NAME].text));
    error = context_ask(context, &answer, TRUST_REQUEST_POST, "/v1/peers", body);
    if (error == TRUST_OK)
        error = output_object(&context->output, answer, fields);
    json_decref(body);
    json_decref(answer);
    return error;
}

const struct command peers_add_command = {
    .name = "peers add",
    .words = "KEY",
    .summary = "exchange records with a node",
    .more = "Peering is not trusting: a vouch gives weight, a peer only brings bytes.\n",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
