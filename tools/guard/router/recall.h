/*
 * Calls whose outcome nobody knows, remembered for five minutes: a model that is told "it may or
 * may not have taken effect" tends to try again, on whatever server, and is told once more instead.
 * Two calls are the same if tool and arguments are, the latter in canonical form (wire/jcs.h).
 */
#ifndef GUARD_RECALL_H
#define GUARD_RECALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define RECALL_DIGEST_SIZE 32

struct recall_digest {
    uint8_t bytes[RECALL_DIGEST_SIZE];
};

struct recall_entry {
    struct recall_digest digest;
    uint64_t until_ms;
};

/* A ring: all are kept equally long, so the first one in is the first one out. */
struct recall {
    struct recall_entry *entries; /* NULL until there is something to remember */
    size_t first;
    size_t count;
};

void recall_close(struct recall *recall);

/* arguments: a JSON object, or empty. Those without a canonical form count as they are written. */
struct recall_digest recall_digest(struct trust_bytes tool, struct trust_bytes arguments);

/* A full ring forgets its oldest. */
void recall_add(struct recall *recall, const struct recall_digest *digest, uint64_t now_ms);

/* Forgets what is too old, too. */
bool recall_has(struct recall *recall, const struct recall_digest *digest, uint64_t now_ms);

/* Nothing is remembered: no digest is worth its price. */
static inline bool recall_is_empty(const struct recall *recall)
{
    return recall->count == 0;
}

#endif
