/*
 * What a patch does to a file, as people read it: a unified diff. It is written of other texts than
 * those of the file, line for line the same with what must not be shown taken out (mask.h): so a
 * line that differs only in a secret is still shown as changed.
 */
#ifndef REPUTE_UNIFIED_H
#define REPUTE_UNIFIED_H

#include <stdbool.h>
#include <stdio.h>

#include "trust/bytes.h"
#include "trust/error.h"

#include "repute/patch.h"

/* A text and what is shown of it: as many lines. */
struct unified_text {
    struct trust_bytes text;
    struct trust_bytes shown;
};

struct unified {
    const char *path; /* in the head of the diff */
    bool is_new;      /* the file is not there yet */
    const struct patch *patch;
    struct unified_text before;
    struct unified_text after;
    size_t context; /* lines shown around a change */
};

/* Writes it to file; nothing if the patch changes nothing. Control characters of the texts but
 * tabs, and those that turn the order of others, become question marks. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error unified_write(FILE *file, const struct unified *unified);

#endif
