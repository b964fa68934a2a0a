/* The table of all subcommands, in the order in which `repute help` shows them. */
#include "repute/commands.h"

static const struct command *const table[] = {
    &help_command,
};

const struct line_commands commands_all = {
    .commands = table,
    .count = sizeof table / sizeof *table,
};
