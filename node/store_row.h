/*
 * The rows of the store's tables as bytes. docs/reference/store.md describes them for people.
 * Numbers are big-endian everywhere, so that LMDB's order of keys is their order.
 */
#ifndef STORE_ROW_H
#define STORE_ROW_H

#include <lmdb.h>
#include <stdbool.h>
#include <stdint.h>

#include "trust/record.h"

#include "base/siphash.h"
#include "record/head.h"
#include "record/register.h"

#define STORE_AUTHOR_KEY_SIZE 4u
#define STORE_RECORD_PREFIX_SIZE 20u /* number, seq, first 8 bytes of the id */
#define STORE_RECORD_KEY_MAX 44u
#define STORE_REGISTER_KEY_SIZE 20u
#define STORE_REGISTER_ENTRY_SIZE 16u
#define STORE_REGISTER_ENTRIES_MAX 4u
#define STORE_HEAD_SIZE 76u
#define STORE_HASH_SIZE 8u

/* The key of a record's or register's row. */
struct store_key {
    uint8_t bytes[STORE_RECORD_KEY_MAX];
    size_t size;
};

/* A row of the heads table. */
struct store_author {
    struct trust_key key;
    struct trust_head head;
};

/* A row of the records table, split. */
struct store_row {
    uint32_t number;
    uint64_t seq;
    struct trust_bytes id_start; /* 8 or 32 bytes */
    uint64_t hash;
    struct trust_bytes record;
};

/* Where a record stands or shall stand. */
struct store_place {
    uint32_t number; /* of its author */
    uint64_t seq;
    struct trust_id id;
};

/* What a register's row holds: the records of it that are stored. */
struct store_entries {
    uint32_t count;
    uint8_t bytes[STORE_REGISTER_ENTRIES_MAX][STORE_REGISTER_ENTRY_SIZE];
};

static inline MDB_val store_val(const void *data, size_t size)
{
    union {
        const void *in;
        void *out;
    } pointer = {.in = data}; /* LMDB's own type has no const; it does not write through it */
    return (MDB_val){.mv_data = pointer.out, .mv_size = size};
}

static inline struct trust_bytes store_bytes(MDB_val value)
{
    return (struct trust_bytes){.data = value.mv_data, .size = value.mv_size};
}

static inline MDB_val store_key_val(const struct store_key *key)
{
    return store_val(key->bytes, key->size);
}

/* The size of the record in a value of the records table, damaged ones included. */
static inline uint64_t store_value_record_size(MDB_val value)
{
    return value.mv_size < STORE_HASH_SIZE ? 0 : value.mv_size - STORE_HASH_SIZE;
}

struct store_key store_number_key(uint32_t number);
/* id_size: 8 or 32. */
struct store_key store_record_key(const struct store_place *place, size_t id_size);
struct store_key store_register_key(uint32_t number, const struct trust_register *place);

/* False: the bytes are not of the row's form. Views are as valid as key and value. */
bool store_row_split(struct store_row *out_row, MDB_val key, MDB_val value);
bool store_author_split(struct store_author *out_author, MDB_val value);
bool store_entries_split(struct store_entries *out_entries, MDB_val value);

void store_author_join(uint8_t out_value[STORE_HEAD_SIZE], const struct store_author *author);

/* Adds (seq, first 8 of the id) unless it is there; a full row forgets its first. */
void store_entries_add(struct store_entries *entries, const struct store_place *place);
bool store_entries_has(const struct store_entries *entries, const struct store_place *place);
void store_entries_remove(struct store_entries *entries, const struct store_place *place);

/* SipHash of the row's key and the record, so that a row that was moved is as bad as one that was
 * changed. key: at most STORE_RECORD_KEY_MAX bytes; record: at most TRUST_RECORD_SIZE_MAX. */
uint64_t store_row_hash(const struct trust_siphash_key *check, MDB_val key,
                        struct trust_bytes record);

#endif
