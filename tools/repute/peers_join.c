/* `repute peers join INVITE`: becomes a peer of the node that made the invite. */
#include "repute/commands.h"
#include "repute/context.h"
#include "repute/dress.h"

static const struct output_field fields[] = {
    {"peer", "key", OUTPUT_AS_IT_IS},
    {"endpoint", "endpoint", OUTPUT_AS_IT_IS},
    {"state", "state", OUTPUT_AS_IT_IS},
    {0},
};

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    json_t *answer = NULL;
    json_t *body = json_pack("{s:s}", "invite", arguments->words[0]);
    if (body == NULL)
        return context_misuse(context, TRUST_NO_SYNTAX, "copy it whole",
                              "an invite is plain text without blanks");
    enum trust_error error = context_ask(context, &answer, TRUST_REQUEST_POST, "/v1/join", body);
    if (error == TRUST_OK)
        error = output_object(&context->output, answer, fields);
    json_decref(body);
    json_decref(answer);
    return error;
}

const struct command peers_join_command = {
    .name = "peers join",
    .words = "INVITE",
    .summary = "become a peer of the node that made the invite",
    .least = 1,
    .most = 1,
    .run = run,
};
