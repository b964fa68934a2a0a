/*
 * Interned keys: every 32-byte key that a node knows, as a u32 index.
 *
 * The ledger, the graph and gossip speak of keys by index, so that a key is stored and compared
 * once. An index is stable while the key is held; the last release frees it and it may be given to
 * another key at once. Keys are chosen by strangers, so the table hashes them with a secret seed.
 * Memory: 40 bytes a key and its share of the table (11 to 22 bytes), touched lazily.
 */
#ifndef TRUST_RECORD_KEYS_H
#define TRUST_RECORD_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/key.h"

#include "base/arena.h"
#include "base/pool.h"
#include "base/siphash.h"
#include "base/table.h"

struct trust_keys {
    struct trust_key *keys; /* by index */
    uint32_t *holds;        /* references of each index; 0: free */
    struct trust_pool pool;
    struct trust_table table;
    struct trust_siphash_key seed;
};

/* Cuts room for capacity keys from zeroed memory. Measures only if the arena does. */
void trust_keys_init(struct trust_keys *keys, struct trust_arena *arena, uint32_t capacity,
                     struct trust_siphash_key seed);

/* Writes the index of a held key and returns true, or returns false. */
bool trust_keys_find(const struct trust_keys *keys, uint32_t *out_index,
                     const struct trust_key *key);

/* Interns the key if it is new and adds one reference. TRUST_NO_ROOM: every index is in use. */
TRUST_MUST_USE enum trust_error trust_keys_hold(struct trust_keys *keys, uint32_t *out_index,
                                                const struct trust_key *key);

/* Adds one reference to a held index. */
void trust_keys_hold_index(struct trust_keys *keys, uint32_t index);

/* Takes one reference back; the last one frees the index. */
void trust_keys_release(struct trust_keys *keys, uint32_t index);

/* The key at a held index. The view lasts as long as the index is held. */
const struct trust_key *trust_keys_at(const struct trust_keys *keys, uint32_t index);

/*
 * Iterates the held indices in ascending order: start with *cursor = 0, ends with false. Keys may
 * be held and released on the way; what is new behind the cursor is not seen.
 */
bool trust_keys_next(const struct trust_keys *keys, uint32_t *cursor, uint32_t *out_index);

/* How many keys are held. */
uint32_t trust_keys_count(const struct trust_keys *keys);

#endif
