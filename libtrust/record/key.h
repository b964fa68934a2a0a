/* Keys in order, by their bytes: for tables, sorted frames, and who of two speaks first. */
#ifndef TRUST_RECORD_KEY_H
#define TRUST_RECORD_KEY_H

#include <stdbool.h>
#include <string.h>

#include "trust/key.h"

/* Below, equal to or above 0 as memcmp. Public keys are no secrets. */
static inline int trust_key_compare(const struct trust_key *a, const struct trust_key *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

static inline bool trust_key_is_same(const struct trust_key *a, const struct trust_key *b)
{
    return trust_key_compare(a, b) == 0;
}

#endif
