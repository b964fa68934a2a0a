/* What `reputed` was asked to do, from its options to its exit code. */
#ifndef START_H
#define START_H

#include <stdbool.h>

#define START_EXIT_NO 1      /* findings, refused */
#define START_EXIT_USAGE 2   /* options or configuration */
#define START_EXIT_DENIED 4  /* no permission */
#define START_EXIT_FAILED 5  /* our side */
#define START_EXIT_RUNNING 8 /* another one runs in this home */

enum start_work {
    START_NODE,
    START_CHECK,
    START_VERIFY,
    START_RESTORE,
};

struct start {
    enum start_work work;
    const char *home;     /* NULL: the environment says where */
    const char *config;   /* NULL: the home's */
    const char *file;     /* of START_RESTORE */
    bool is_new_operator; /* of START_NODE */
};

/* Does it and returns the exit code; what is wrong is said on standard error, with the next step.
 */
int start_run(const struct start *start);

#endif
