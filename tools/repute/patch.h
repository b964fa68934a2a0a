/*
 * Changes to a text by span: what no edit names stays byte for byte. Edits do not overlap and are
 * kept in the order of the text.
 */
#ifndef REPUTE_PATCH_H
#define REPUTE_PATCH_H

#include <stddef.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"

/* At this place of the text cut bytes go and put, which the patch owns, comes. */
struct patch_edit {
    size_t at;
    size_t cut;
    uint8_t *put;
    size_t put_size;
};

/* Zeroed: no edit. */
struct patch {
    struct patch_edit *edits;
    size_t count;
};

/* Copies put. Of several edits at one place the first added comes first. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error patch_add(struct patch *patch, size_t at, size_t cut,
                                          struct trust_bytes put);

/* The changed text, at least one byte of room, which the caller frees. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error patch_apply(const struct patch *patch, uint8_t **out_text,
                                            size_t *out_size, struct trust_bytes text);

/* What was put is wiped: it may hold secrets. */
void patch_close(struct patch *patch);

#endif
