/*
 * A command line, from words to a command with parsed arguments. It reads nothing but argv, so that
 * what a person typed wrong is known before anything is opened.
 */
#ifndef REPUTE_LINE_H
#define REPUTE_LINE_H

#include <stdbool.h>

#include "repute/command.h"
#include "repute/failure.h"

struct line {
    bool wants_json;
    bool wants_plain;
    bool wants_help;
    bool wants_version;
    const char *home;              /* NULL: not given */
    const struct command *command; /* NULL: only global options, or a group with --help */
    struct command_arguments arguments;
    const char **words; /* what arguments.words points into; line_close frees it */
};

/* A set of commands: all of repute's, or a test's. */
struct line_commands {
    const struct command *const *commands;
    size_t count;
};

/*
 * Refusals of the command line have exit code 2: TRUST_NO_OPTION (unknown command or option, with
 * "did you mean"; one that is missing, given twice or lacks its value), TRUST_NO_SIZE (too many or
 * too few words), and those of setting_parse. Even then wants_json and wants_plain are right: the
 * refusal itself is shown in that form. TRUST_FAIL_MEMORY.
 */
TRUST_MUST_USE enum trust_error line_parse(struct line *out_line, struct failure *failure,
                                           const struct line_commands *commands, int argc,
                                           const char *const *argv);
void line_close(struct line *line);

/* The command of exactly this name, or NULL. */
const struct command *line_find(const struct line_commands *commands, const char *name);

/* True if word is the first of several two-word names: "key". */
bool line_is_group(const struct line_commands *commands, const char *word);

/* The nearest command or group to what was typed, or NULL. */
const char *line_suggest(const struct line_commands *commands, const char *typed);

#endif
