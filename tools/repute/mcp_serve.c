/* `repute mcp serve`: becomes repute-mcp, the MCP server that agents ask. */
#include "repute/commands.h"
#include "repute/program.h"

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    static const char *const none[] = {NULL};
    (void)arguments;
    return program_become(context, "repute-mcp", "mcp", none);
}

const struct command mcp_serve_command = {
    .name = "mcp serve",
    .words = "",
    .summary = "an MCP server on standard streams, for agents that ask",
    .more =
        "An MCP client's configuration names it: command repute, args mcp and serve. It offers\n"
        "get_score, choose_server, explain_score, compare_servers, list_withheld and\n"
        "send_outcome, and answers without a node too, from its last board.\n",
    .run = run,
};
