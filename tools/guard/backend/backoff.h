/*
 * When something that ended is started again: soon at first, then ever later, and never not at all.
 * A run that lasted is forgiven everything. Time is given, so that every case is a test.
 */
#ifndef GUARD_BACKOFF_H
#define GUARD_BACKOFF_H

#include <stdint.h>

#include "trust/time.h"

/* The wait after the first end, doubled after each further one up to the greatest. */
#define BACKOFF_MS_MIN 250u
#define BACKOFF_MS_MAX 60000u
/* What ran so long was healthy. */
#define BACKOFF_HEALTHY_MS 60000u

/* Zeros: nothing has ended yet. */
struct backoff {
    uint32_t wait_ms;        /* before the next start; 0: at once */
    struct trust_mono due;   /* of the next start */
    struct trust_mono began; /* the last start */
};

/* It is started now. */
void backoff_start(struct backoff *backoff, struct trust_mono now);

/* It ended, or could not be started: due says when it may be again. */
void backoff_end(struct backoff *backoff, struct trust_mono now);

/* Milliseconds until the next start may be; 0: now. */
uint64_t backoff_left_ms(const struct backoff *backoff, struct trust_mono now);

#endif
