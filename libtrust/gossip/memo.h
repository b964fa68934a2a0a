/*
 * A small memory of things seen, as keyed hashes in a direct-mapped table: a later thing may push
 * an earlier one out, so it may forget but, up to the hash, never invents. Nobody without the seed
 * can choose what pushes out what.
 */
#ifndef TRUST_GOSSIP_MEMO_H
#define TRUST_GOSSIP_MEMO_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/siphash.h"

struct trust_memo {
    uint64_t *hashes; /* 0: empty */
    uint32_t count;   /* a power of two */
    struct trust_siphash_key seed;
};

void trust_memo_init(struct trust_memo *memo, struct trust_arena *arena, uint32_t count,
                     struct trust_siphash_key seed);

/* The name under which bytes are remembered; never 0. */
uint64_t trust_memo_hash(const struct trust_memo *memo, struct trust_bytes bytes);

bool trust_memo_has(const struct trust_memo *memo, uint64_t hash);
void trust_memo_add(struct trust_memo *memo, uint64_t hash);
void trust_memo_remove(struct trust_memo *memo, uint64_t hash);

#endif
