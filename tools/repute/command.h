/*
 * What a subcommand is to the framework: its words, its options, its help, and one function.
 *
 * To add the command `peers add`:
 *   1. peers_add.c in this folder defines `const struct command peers_add_command`, with an enum
 * for the places of its options and `run` for what it does. Words go in arguments->words, options
 *      in arguments->values, parsed and in their bounds.
 *   2. Its declaration in commands.h, its place in the table of commands.c (the order of `help`),
 *      the file in meson.build.
 *   3. `run` says everything through context->output (output.h) and every refusal through
 *      context_refuse or context_misuse (context.h), whose result it returns: so --json, --plain
 *      and the exit codes come out right. A "no" that is an answer and not an error (`verify`
 *      with bad records) sets context->exit_code instead. context_ask (context.h) calls the node.
 *   4. peers_add.py in tests/cli/, with its name in the list there, and a section in
 *      docs/reference/man/repute.1.scd; a test holds that page and the table equal.
 */
#ifndef REPUTE_COMMAND_H
#define REPUTE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/error.h"

#define COMMAND_OPTIONS_MAX 16
/* Words of a command line: enough for a shell's expansion of a directory of drafts. */
#define COMMAND_WORDS_MAX 4096

struct context;

enum command_value {
    COMMAND_SWITCH,   /* no value */
    COMMAND_TEXT,     /* 1 to most bytes; most 0: 4096 */
    COMMAND_RATIO,    /* 0 to 1 */
    COMMAND_WHOLE,    /* least to most */
    COMMAND_DURATION, /* milliseconds, least to most */
    COMMAND_CHOICE,   /* one of choices */
};

/* A row; a table ends with a row without a name. */
struct command_option {
    const char *name; /* without its hyphens */
    enum command_value kind;
    const char *shown; /* its value in help, "180d"; NULL for a switch */
    const char *about; /* one line of help */
    uint64_t least, most;
    const char *const *choices; /* NULL-terminated */
    bool is_required;
};

struct command_setting {
    bool is_given;
    const char *text; /* as typed; borrowed from argv */
    double ratio;
    uint64_t whole; /* COMMAND_WHOLE, COMMAND_DURATION */
    size_t choice;  /* index into choices */
};

struct command_arguments {
    const char *const *words; /* what is no option, in order */
    size_t word_count;
    struct command_setting values[COMMAND_OPTIONS_MAX]; /* in the order of the table */
};

struct command {
    const char *name;    /* one or two words: "rate", "key show" */
    const char *words;   /* of its synopsis: "ID", "[ID...]"; "" for none */
    const char *summary; /* one line of help */
    const char *more;    /* further lines of help, each ending in a newline; NULL: none */
    size_t least, most;  /* number of words */
    const struct command_option *options; /* NULL: none */
    enum trust_error (*run)(struct context *context, const struct command_arguments *arguments);
};

#endif
