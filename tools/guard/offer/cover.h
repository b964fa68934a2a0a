/*
 * Whether a fallback's tool takes whatever the contract promises to take: every input that the
 * contract's schema accepts is accepted by the fallback's. The answer is yes only where it can be
 * shown keyword by keyword; what is not known, or would need a search, is undecided, and undecided
 * is no. Nothing is fetched: a $ref leads into its own document or nowhere.
 *
 * Schemas that do not say "additionalProperties": false are open, as JSON Schema has it: a fallback
 * with one more typed property does not cover them.
 */
#ifndef GUARD_COVER_H
#define GUARD_COVER_H

#include <stdbool.h>

#include "base/bytes.h"

#define COVER_WHY_SIZE 256

struct cover_why {
    bool is_undecided; /* false: some input is accepted by the contract's alone */
    /* Where in the schema and what, plain UTF-8: "properties.limit.maximum: ...". The path holds
     * words of the servers. */
    char text[COVER_WHY_SIZE];
};

/* Both raw JSON; an empty one accepts everything. out_why is written when the answer is no. */
bool cover_accepts(struct cover_why *out_why, struct trust_bytes fallback,
                   struct trust_bytes contract);

/* The same for one of many: *work, 0 at first, counts what was looked at, and over
 * TRUST_COVER_WORK_MAX all is undecided. */
bool cover_accepts_within(struct cover_why *out_why, size_t *work, struct trust_bytes fallback,
                          struct trust_bytes contract);

#endif
