/* A bar on a terminal for long work; nothing where the error stream is none. */
#ifndef REPUTE_PROGRESS_H
#define REPUTE_PROGRESS_H

#include <stdint.h>

#include "repute/output.h"

struct progress {
    const struct output *output;
    const char *what; /* "import" */
    uint64_t total;   /* bytes; 0: not known */
    uint32_t percent; /* as drawn; above 100: not yet */
};

struct progress progress_begin(const struct output *output, const char *what, uint64_t total);

/* Draws the bar again if it changed. */
void progress_set(struct progress *progress, uint64_t done);

/* Takes the bar off the screen. */
void progress_end(struct progress *progress);

#endif
