/* The value of one option: from what was typed to a number within its bounds. */
#ifndef REPUTE_SETTING_H
#define REPUTE_SETTING_H

#include "repute/command.h"
#include "repute/failure.h"

/*
 * Reads text as the option wants it. TRUST_NO_SYNTAX, TRUST_NO_RANGE, TRUST_NO_SIZE,
 * TRUST_NO_OPTION (none of the choices): failure says what was expected.
 */
TRUST_MUST_USE enum trust_error setting_parse(struct command_setting *out_setting,
                                              struct failure *failure,
                                              const struct command_option *option,
                                              const char *text);

#endif
