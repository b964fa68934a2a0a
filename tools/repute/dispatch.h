/*
 * From a command line to an exit code: parse it, find the home, run the command, say what went
 * wrong. main gives it the process's own arguments and streams, tests give it theirs.
 */
#ifndef REPUTE_DISPATCH_H
#define REPUTE_DISPATCH_H

#include <stdio.h>

#include "repute/line.h"

struct dispatch {
    const struct line_commands *commands;
    FILE *out;
    FILE *err;
};

/* Returns the exit code. */
int dispatch_run(const struct dispatch *dispatch, int argc, const char *const *argv);

#endif
