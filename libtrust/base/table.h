/*
 * A fixed open-addressing hash table from a key to the index of the caller's own entry.
 *
 * The table stores 8 bytes a slot, a 32-bit tag of the key's hash and the index; the entries stay
 * with the caller, whose `same` compares them. Linear probing with backward-shift removal (Knuth,
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

/* True if the entry at index has the key looked for. */
typedef bool trust_table_same(const void *context, uint32_t index, const void *key);

struct trust_table {
    struct trust_table_slot *slots;
    trust_table_same *same;
    uint32_t mask;
    uint32_t count;
    uint32_t capacity;
};

/* Cuts room for capacity entries (at a load of at most 3/4). The arena's memory must be zero. */
void trust_table_init(struct trust_table *table, struct trust_arena *arena, uint32_t capacity,
                      trust_table_same *same);

static inline uint32_t trust_table_tag(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

/* Writes the index of the entry with this key and returns true, or returns false. context, which
 * knows the entries, is handed to same. */
bool trust_table_find(const struct trust_table *table, uint32_t *out_index, uint32_t tag,
                      const void *context, const void *key);

/*
 * The same for a key that is about to be added if it is not there. In untouched memory a write
 * behind a read costs a second fault, in which the kernel stops every other thread of the process:
 * here the slot is written first, with what it holds.
 */
bool trust_table_find_or_ready(const struct trust_table *table, uint32_t *out_index, uint32_t tag,
                               const void *context, const void *key);

static inline bool trust_table_is_full(const struct trust_table *table)
{
    return table->count == table->capacity;
}

/* Adds an entry whose key is not in the table; the table must not be full. */
void trust_table_add(struct trust_table *table, uint32_t tag, uint32_t index);

/* Removes the entry (tag, index), which must be there. */
void trust_table_remove(struct trust_table *table, uint32_t tag, uint32_t index);

#endif
