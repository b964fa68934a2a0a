/* See memo.h. */
#include "gossip/memo.h"

#include "base/assert.h"

void trust_memo_init(struct trust_memo *memo, struct trust_arena *arena, uint32_t count,
                     struct trust_siphash_key seed)
{
    assert(count > 0);
    assert((count & (count - 1)) == 0);
    *memo = (struct trust_memo){.count = count, .seed = seed};
    memo->hashes = trust_arena_cut(arena, count, sizeof *memo->hashes);
}

uint64_t trust_memo_hash(const struct trust_memo *memo, struct trust_bytes bytes)
{
    uint64_t hash = trust_siphash(&memo->seed, bytes);
    return hash == 0 ? 1 : hash;
}

static uint64_t *place_of(const struct trust_memo *memo, uint64_t hash)
{
    return &memo->hashes[hash & (memo->count - 1)];
}

bool trust_memo_has(const struct trust_memo *memo, uint64_t hash)
{
    return *place_of(memo, hash) == hash;
}

void trust_memo_add(struct trust_memo *memo, uint64_t hash)
{
    *place_of(memo, hash) = hash;
}

void trust_memo_remove(struct trust_memo *memo, uint64_t hash)
{
    if (trust_memo_has(memo, hash))
        *place_of(memo, hash) = 0;
}
