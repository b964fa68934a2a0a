/* See pool.h. */
#include "base/pool.h"

#include "base/assert.h"

void trust_pool_init(struct trust_pool *pool, struct trust_arena *arena, uint32_t capacity)
{
    assert(capacity < UINT32_MAX);
    *pool = (struct trust_pool){.capacity = capacity};
    pool->next_free = trust_arena_cut(arena, capacity, sizeof *pool->next_free);
}

bool trust_pool_take(struct trust_pool *pool, uint32_t *out_index)
{
    if (pool->first_free != 0) {
        *out_index = pool->first_free - 1;
        pool->first_free = pool->next_free[*out_index];
    } else if (pool->fresh < pool->capacity) {
        *out_index = pool->fresh++;
    } else {
        return false;
    }
    pool->count++;
    return true;
}

void trust_pool_give(struct trust_pool *pool, uint32_t index)
{
    assert(index < pool->fresh);
    assert(pool->count > 0);
    pool->next_free[index] = pool->first_free;
    pool->first_free = index + 1;
    pool->count--;
}
