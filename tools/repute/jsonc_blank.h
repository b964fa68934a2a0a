/*
 * JSON as people write it into configurations: comments, commas before a closing bracket and a byte
 * order mark are allowed. A pass over the bytes makes it plain JSON of the same length, so that
 * line and column stay true, and refuses what is too deep or has too many values before a parser
 * sees it. Apart from jsonc.h, so that either reader of JSON can follow.
 */
#ifndef REPUTE_JSONC_BLANK_H
#define REPUTE_JSONC_BLANK_H

#include <stddef.h>
#include <stdint.h>

#include "trust/error.h"

struct jsonc_fault {
    unsigned line;    /* both from 1 */
    unsigned column;  /* near the fault: behind what could still be read */
    const char *text; /* what is wrong; static */
};

/* Changes text[0..size) into plain JSON. TRUST_NO_SYNTAX: a string or comment has no end;
 * TRUST_NO_RANGE: over TRUST_SCAN_DEPTH_MAX or TRUST_SCAN_VALUES_MAX. */
TRUST_MUST_USE enum trust_error jsonc_blank(struct jsonc_fault *out_fault, uint8_t *text,
                                            size_t size);

#endif
