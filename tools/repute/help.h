/* What the program says about itself, made from the table of commands. */
#ifndef REPUTE_HELP_H
#define REPUTE_HELP_H

#include "repute/context.h"
#include "repute/line.h"

/* All commands (topic NULL), those of a group, one command, or a page of help_topics. Refused:
 * TRUST_NO_FOUND with "did you mean". */
TRUST_MUST_USE enum trust_error help_show(struct context *context,
                                          const struct line_commands *commands, const char *topic);

TRUST_MUST_USE enum trust_error help_version(struct context *context);

#endif
