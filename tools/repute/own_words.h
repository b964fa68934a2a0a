/* How a client's configuration names this program, so that the client finds it and it finds the
 * instance it was run for. */
#ifndef REPUTE_OWN_WORDS_H
#define REPUTE_OWN_WORDS_H

#include <limits.h>

#include "repute/context.h"

#define OWN_WORDS_MAX 8

struct own_words {
    char command[PATH_MAX]; /* "repute" if PATH leads to this program, else its path */
    char home[PATH_MAX];
    const char *words[OWN_WORDS_MAX]; /* its arguments; the home in front if one was given */
    size_t count;
};

/* arguments: NULL-terminated, borrowed. The result is not copied: words point into it.
 * TRUST_FAIL_SYSTEM: this program cannot find itself. */
TRUST_MUST_USE enum trust_error own_words_init(struct own_words *out_words, struct context *context,
                                               const char *const *arguments);

#endif
