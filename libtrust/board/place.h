/* Where the search for a server begins: the same on both sides of the board. */
#ifndef TRUST_BOARD_PLACE_H
#define TRUST_BOARD_PLACE_H

#include "base/siphash.h"

/* Index entries that a search looks at: at a load of one half runs stay below 100; a writer that
 * finds longer ones makes a new board, and a reader of garbage ends here. */
#define TRUST_BOARD_PROBES_MAX 1024u

/* The first index entry of a subject, before the mask. */
static inline uint32_t trust_board_place(const uint64_t seed[2], const uint8_t subject[32])
{
    struct trust_siphash_key key = {.low = seed[0], .high = seed[1]};
    struct trust_bytes bytes = {.data = subject, .size = 32};
    return (uint32_t)trust_siphash(&key, bytes);
}

#endif
