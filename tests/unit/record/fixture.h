/*
 * A small ledger and made-up claims for the tests of the ledger's files. Keys, registers, ids and
 * signatures are told by a number each; the signature check is no matter of the ledger.
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "record/ledger.h"

struct fixture {
    struct trust_arena arena;
    struct trust_keys keys;
    struct trust_ledger ledger;
    struct trust_effects effects;
};

#define FIXTURE_SEED ((struct trust_siphash_key){.low = 11, .high = 22})

static inline void fixture_cut(struct fixture *fixture, const struct trust_ledger_limits *limits,
                               uint32_t keys)
{
    trust_keys_init(&fixture->keys, &fixture->arena, keys, FIXTURE_SEED);
    trust_ledger_init(&fixture->ledger, &fixture->arena, &fixture->keys, limits, FIXTURE_SEED);
}

static inline struct fixture *fixture_open_with(const struct trust_ledger_limits *limits,
                                                uint32_t keys)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture_cut(fixture, limits, keys);
    size_t size = fixture->arena.size;
    fixture->arena = (struct trust_arena){.memory = calloc(1, size), .capacity = size};
    fixture_cut(fixture, limits, keys);
    return fixture;
}

/* 8 authors of 4 vouches and 6 others each, 64 registers in all. */
static inline struct fixture *fixture_open(void)
{
    return fixture_open_with(
        &(struct trust_ledger_limits){
            .authors = 8, .registers = 64, .author_vouches = 4, .author_others = 6},
        16);
}

static inline void fixture_close(struct fixture *fixture)
{
    free(fixture->arena.memory);
    free(fixture);
}

static inline struct trust_key key_of(uint8_t number)
{
    struct trust_key key;
    memset(key.bytes, number, sizeof key.bytes);
    return key;
}

static inline struct trust_id id_of(uint8_t number)
{
    struct trust_id id;
    memset(id.bytes, number, sizeof id.bytes);
    return id;
}

static inline struct trust_signature signature_of(uint8_t number)
{
    struct trust_signature signature;
    memset(signature.bytes, number, sizeof signature.bytes);
    return signature;
}

static inline struct trust_register register_of(uint8_t author, enum trust_kind kind,
                                                uint8_t number)
{
    struct trust_register place = {{(uint8_t)kind, number, author}};
    return place;
}

/* A rating with signature 100, expiring after its seq. */
static inline struct trust_claim rating_of(uint8_t author, uint8_t place, uint64_t seq, uint8_t id)
{
    return (struct trust_claim){
        .author = key_of(author),
        .place = register_of(author, TRUST_KIND_RATING, place),
        .id = id_of(id),
        .signature = signature_of(100),
        .seq = seq,
        .expires = seq / 1000 + 1000,
        .kind = TRUST_KIND_RATING,
    };
}

static inline struct trust_claim vouch_of(uint8_t author, uint8_t place, uint64_t seq, uint8_t id)
{
    struct trust_claim claim = rating_of(author, place, seq, id);
    claim.place = register_of(author, TRUST_KIND_VOUCH, place);
    claim.kind = TRUST_KIND_VOUCH;
    return claim;
}

/* Compromised if last_seq is 0, else retired. */
static inline struct trust_claim revocation_of(uint8_t author, uint64_t last_seq, uint64_t seq,
                                               uint8_t id)
{
    struct trust_claim claim = rating_of(author, 0, seq, id);
    claim.place = register_of(author, TRUST_KIND_REVOCATION, 0);
    claim.expires = 0;
    claim.kind = TRUST_KIND_REVOCATION;
    claim.last_seq = last_seq;
    claim.reason = last_seq == 0 ? TRUST_REVOKED_COMPROMISED : TRUST_REVOKED_RETIRED;
    return claim;
}

static inline enum trust_error apply(struct fixture *fixture, struct trust_claim claim)
{
    return trust_ledger_apply(&fixture->ledger, &fixture->effects, &claim);
}

/* The author's index; it must be known. */
static inline uint32_t author_of(const struct fixture *fixture, uint8_t number)
{
    struct trust_key key = key_of(number);
    uint32_t index = UINT32_MAX;
    (void)trust_keys_find(&fixture->keys, &index, &key);
    return index;
}

/* The slot that holds the claim's register, or UINT32_MAX. */
static inline uint32_t slot_of(const struct fixture *fixture, struct trust_claim claim)
{
    uint32_t slot = UINT32_MAX;
    (void)trust_ledger_find_slot(&fixture->ledger, &slot, &claim.place);
    return slot;
}

/* How many slots left in the last call. */
static inline uint32_t left_count(const struct fixture *fixture)
{
    uint32_t cursor = 0;
    uint32_t slot;
    uint32_t count = 0;
    while (trust_ledger_next_left(&fixture->ledger, &cursor, &slot))
        count++;
    return count;
}

#endif
