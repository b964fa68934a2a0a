/*
 * What a modern backend wants to know before it answers a call of a legacy client: its questions,
 * and the answers so far. See rounds.h.
 */
#ifndef GUARD_ROUND_H
#define GUARD_ROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"

/* JSON, as it came. */
struct round_item {
    char *key;    /* a string */
    char *answer; /* NULL: none yet */
};

struct round {
    struct round_item items[TRUST_GUARD_INPUTS_MAX];
    uint32_t item_count;
    uint32_t open_count; /* without an answer */
    char *state;         /* a string that goes back; NULL: none */
    uint32_t rounds;     /* so far, this one included */
    bool is_personal;    /* a model or a person was asked */
};

/* NULL does nothing. */
void round_free(struct round *round);

#endif
