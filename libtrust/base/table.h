/*
 * A fixed open-addressing hash table from a key to the index of the caller's own entry.
 *
 * The table stores 8 bytes a slot, a 32-bit tag of the key's hash and the index; the entries stay
 * with the caller, who compares them in `same`. Linear probing with backward-shift removal (Knuth,
 * TAOCP 6.4, algorithm R), so there are no tombstones. Callers hash with a secret seed
 * (base/siphash.h) wherever a stranger chooses the keys.
 */
#ifndef TRUST_BASE_TABLE_H
#define TRUST_BASE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct trust_table_slot {
    uint32_t tag;
    uint32_t used; /* index + 1; 0 is empty */
};

struct trust_table {
    struct trust_table_slot *slots;
    uint32_t mask;
    uint32_t count;
    uint32_t capacity;
};

/* True if the entry at index has the key looked for. */
typedef bool trust_table_same(const void *context, uint32_t index, const void *key);

/* Cuts room for capacity entries (at a load of at most 3/4). The arena's memory must be zero. */
void trust_table_init(struct trust_table *table, struct trust_arena *arena, uint32_t capacity);

static inline uint32_t trust_table_tag(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

/* Writes the index of the entry with this key and returns true, or returns false. */
bool trust_table_find(const struct trust_table *table, uint32_t *out_index, uint32_t tag,
                      trust_table_same *same, const void *context, const void *key);

static inline bool trust_table_is_full(const struct trust_table *table)
{
    return table->count == table->capacity;
}

/* Adds an entry whose key is not in the table; the table must not be full. */
void trust_table_add(struct trust_table *table, uint32_t tag, uint32_t index);

/* Removes the entry (tag, index), which must be there. */
void trust_table_remove(struct trust_table *table, uint32_t tag, uint32_t index);

#endif
