/* See keys.h. */
#include "record/keys.h"

#include "base/assert.h"
#include "base/bytes.h"

static bool is_same(const void *context, uint32_t index, const void *key)
{
    const struct trust_keys *keys = context;
    return memcmp(keys->keys[index].bytes, key, sizeof keys->keys[index].bytes) == 0;
}

static uint32_t tag_of(const struct trust_keys *keys, const struct trust_key *key)
{
    return trust_table_tag(trust_siphash(
        &keys->seed, (struct trust_bytes){.data = key->bytes, .size = sizeof key->bytes}));
}

void trust_keys_init(struct trust_keys *keys, struct trust_arena *arena, uint32_t capacity,
                     struct trust_siphash_key seed)
{
    *keys = (struct trust_keys){.seed = seed};
    keys->keys = trust_arena_cut(arena, capacity, sizeof *keys->keys);
    keys->holds = trust_arena_cut(arena, capacity, sizeof *keys->holds);
    trust_pool_init(&keys->pool, arena, capacity);
    trust_table_init(&keys->table, arena, capacity, is_same);
}

bool trust_keys_find(const struct trust_keys *keys, uint32_t *out_index,
                     const struct trust_key *key)
{
    return trust_table_find(&keys->table, out_index, tag_of(keys, key), keys, key->bytes);
}

enum trust_error trust_keys_hold(struct trust_keys *keys, uint32_t *out_index,
                                 const struct trust_key *key)
{
    uint32_t tag = tag_of(keys, key);
    uint32_t index;
    if (!trust_table_find_or_ready(&keys->table, &index, tag, keys, key->bytes)) {
        if (!trust_pool_take(&keys->pool, &index))
            return TRUST_NO_ROOM;
        keys->keys[index] = *key;
        trust_table_add(&keys->table, tag, index);
    }
    trust_keys_hold_index(keys, index);
    *out_index = index;
    return TRUST_OK;
}

void trust_keys_hold_index(struct trust_keys *keys, uint32_t index)
{
    assert(index < keys->pool.fresh);
    assert(keys->holds[index] < UINT32_MAX);
    keys->holds[index]++;
}

void trust_keys_release(struct trust_keys *keys, uint32_t index)
{
    assert(index < keys->pool.fresh);
    assert(keys->holds[index] > 0);
    if (--keys->holds[index] > 0)
        return;
    trust_table_remove(&keys->table, tag_of(keys, &keys->keys[index]), index);
    trust_pool_give(&keys->pool, index);
}

const struct trust_key *trust_keys_at(const struct trust_keys *keys, uint32_t index)
{
    assert(index < keys->pool.fresh);
    assert(keys->holds[index] > 0);
    return &keys->keys[index];
}

bool trust_keys_next(const struct trust_keys *keys, uint32_t *cursor, uint32_t *out_index)
{
    while (*cursor < keys->pool.fresh) {
        uint32_t index = (*cursor)++;
        if (keys->holds[index] == 0)
            continue;
        *out_index = index;
        return true;
    }
    return false;
}

uint32_t trust_keys_count(const struct trust_keys *keys)
{
    return keys->pool.count;
}
