/* `repute peers list`: the nodes that this one exchanges records with. */
#include "repute/commands.h"
#include "repute/context.h"
#include "repute/peers_table.h"

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    (void)arguments;
    json_t *peers = NULL;
    enum trust_error error = context_ask(context, &peers, TRUST_REQUEST_GET, "/v1/peers", NULL);
    if (error == TRUST_OK)
        error = peers_table_list(context, peers);
    json_decref(peers);
    return error;
}

const struct command peers_list_command = {
    .name = "peers list",
    .words = "",
    .summary = "the nodes that this one exchanges records with",
    .run = run,
};
