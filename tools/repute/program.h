/* The programs that subcommands become: they stand next door in a build tree, or in libexec. */
#ifndef REPUTE_PROGRAM_H
#define REPUTE_PROGRAM_H

#include "repute/context.h"

/* Room for a program's arguments. */
#define PROGRAM_WORDS_MAX 16

/*
 * Becomes the program name, whose folder in the build tree is folder, with these arguments
 * (NULL-terminated) and --home if one was given. It is the same process then: streams, signals and
 * exit code are the program's. Returns only if it cannot, with what was refused.
 */
enum trust_error program_become(struct context *context, const char *name, const char *folder,
                                const char *const *arguments);

#endif
