/*
 * What a store without room does ahead of its turn: authors that are to be erased, found anywhere
 * in the ring, are erased at once, for what stands before them waits for the room they take.
 * Authors do not depend on each other, so the end is the same as in order; only the answer waits
 * its turn.
 */
#ifndef STORE_AHEAD_H
#define STORE_AHEAD_H

#include "node/store_core.h"

/* Authors at a time; the next time has the next ones. */
#define STORE_AHEAD_MAX 64u

struct store_ahead {
    uint64_t begin; /* ring positions that were looked at */
    uint64_t end;
    uint32_t count;
    struct {
        struct trust_key author;
        uint64_t from; /* position of its erasure: what stands before is void */
    } items[STORE_AHEAD_MAX];
};

/* Finds the authors that are to be erased from position begin on and were not yet. */
void store_ahead_find(struct store_ahead *ahead, struct ring *ring, uint64_t begin);

/* Makes the changes of those authors from their erasure on. A number of LMDB or errno. */
int store_ahead_apply(const struct store_ahead *ahead, struct ring *ring, struct store_txn *txn);

/* After the commit: marks all changes of those authors as done, the void ones too. */
void store_ahead_mark(const struct store_ahead *ahead, struct ring *ring);

#endif
