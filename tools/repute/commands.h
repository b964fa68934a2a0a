/* All subcommands. Each is defined in the file of its name. */
#ifndef REPUTE_COMMANDS_H
#define REPUTE_COMMANDS_H

#include "repute/line.h"

extern const struct command help_command;

/* In the order of `repute help`. */
extern const struct line_commands commands_all;

#endif
