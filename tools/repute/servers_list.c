/* `repute servers list`: every server that the node has records or calls of. */
#include <inttypes.h>
#include <stdio.h>

#include "repute/commands.h"
#include "repute/context.h"
#include "repute/score_table.h"

enum { LIMIT };

static const struct command_option options[] = {
    [LIMIT] = {.name = "limit",
               .kind = COMMAND_WHOLE,
               .shown = "N",
               .about = "at most N servers (1 to 1000)",
               .least = 1,
               .most = 1000},
    [LIMIT + 1] = {0},
};

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    char path[CONTEXT_PATH_SIZE] = "/v1/servers";
    json_t *scores = NULL;
    if (arguments->values[LIMIT].is_given)
        (void)snprintf(path, sizeof path, "/v1/servers?limit=%" PRIu64,
                       arguments->values[LIMIT].whole);
    enum trust_error error = context_ask(context, &scores, TRUST_REQUEST_GET, path, NULL);
    if (error == TRUST_OK)
        error = score_table_list(
            context, scores,
            "no servers yet: rate one, or add a peer (`repute peers join INVITE`)");
    json_decref(scores);
    return error;
}

const struct command servers_list_command = {
    .name = "servers list",
    .words = "",
    .summary = "the servers that this node knows of",
    .options = options,
    .run = run,
};
