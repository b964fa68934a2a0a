/* `repute guard`: becomes repute-guard. */
#include "repute/commands.h"
#include "repute/program.h"

enum { GROUP };

static const struct command_option options[] = {
    [GROUP] = {.name = "group",
               .kind = COMMAND_TEXT,
               .shown = "G",
               .about = "a group of the configuration",
               .most = 64,
               .is_required = true},
    [GROUP + 1] = {0},
};

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const char *const words[] = {"--group", arguments->values[GROUP].text, NULL};
    return program_become(context, "repute-guard", "guard", words);
}

const struct command guard_command = {
    .name = "guard",
    .words = "",
    .summary = "one MCP server that stands for a group of them; needs no node",
    .more = "An agent's configuration names this as the command of the server.\n",
    .options = options,
    .run = run,
};
