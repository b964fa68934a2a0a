/*
 * What went wrong, once: its name, a sentence that says exactly what, and the next step. The exit
 * code follows from the name, unless the arguments themselves were wrong.
 */
#ifndef REPUTE_FAILURE_H
#define REPUTE_FAILURE_H

#include <stdarg.h>

#include "trust/error.h"

enum failure_exit {
    FAILURE_EXIT_YES = 0,
    FAILURE_EXIT_NO = 1,      /* refused, unavailable, not found, findings */
    FAILURE_EXIT_USAGE = 2,   /* the command line is wrong */
    FAILURE_EXIT_NODE = 3,    /* the node is not reachable */
    FAILURE_EXIT_LOCKED = 4,  /* the key is locked, or no permission */
    FAILURE_EXIT_FAILED = 5,  /* our side failed */
    FAILURE_EXIT_RUNNING = 8, /* another one is already running */
};

struct failure {
    enum trust_error error; /* TRUST_OK: nothing was noted */
    enum failure_exit exit;
    char code[48]; /* the name that is shown */
    char message[1024];
    char next[512]; /* empty: none */
};

/* The exit code of an error that is not about the command line. */
enum failure_exit failure_exit_of(enum trust_error error);

/* What to do about an error when nobody knows better. */
const char *failure_next_of(enum trust_error error);

/* Notes a failure and returns its error; next may be NULL. The first one stands: later ones are
 * dropped. */
enum trust_error failure_note(struct failure *failure, enum trust_error error, const char *next,
                              const char *format, va_list arguments)
    __attribute__((format(printf, 4, 0)));
enum trust_error failure_set(struct failure *failure, enum trust_error error, const char *next,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same when the command line is what is wrong: exit code 2, whatever the error. */
enum trust_error failure_misuse(struct failure *failure, enum trust_error error, const char *next,
                                const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
