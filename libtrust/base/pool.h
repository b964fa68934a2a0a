/*
 * Hands out the indices 0..capacity-1 of the caller's own array and takes them back. Memory is
 * touched only as far as indices were ever in use.
 */
#ifndef TRUST_BASE_POOL_H
#define TRUST_BASE_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct trust_pool {
    uint32_t *next_free; /* one link an index */
    uint32_t first_free; /* index + 1; 0: none */
    uint32_t fresh;      /* first index never handed out */
    uint32_t count;      /* in use */
    uint32_t capacity;
};

void trust_pool_init(struct trust_pool *pool, struct trust_arena *arena, uint32_t capacity);

/* Writes a free index and returns true, or returns false when all are in use. */
bool trust_pool_take(struct trust_pool *pool, uint32_t *out_index);

/* Gives an index back that is in use; a double return is the caller's bug. */
void trust_pool_give(struct trust_pool *pool, uint32_t index);

#endif
