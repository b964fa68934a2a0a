/* `repute breakers list`: the shared breaker of every server that is called here. */
#include "repute/breakers_table.h"
#include "repute/commands.h"
#include "repute/context.h"

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    (void)arguments;
    json_t *breakers = NULL;
    enum trust_error error =
        context_ask(context, &breakers, TRUST_REQUEST_GET, "/v1/breakers", NULL);
    if (error == TRUST_OK)
        error = breakers_table_list(context, breakers);
    json_decref(breakers);
    return error;
}

const struct command breakers_list_command = {
    .name = "breakers list",
    .words = "",
    .summary = "the circuit breakers of all servers in use",
    .run = run,
};
