/*
 * What the ledger keeps of a register and of an author. Internal to the ledger's files.
 */
#ifndef TRUST_RECORD_LEDGER_SLOT_H
#define TRUST_RECORD_LEDGER_SLOT_H

#include "base/assert.h"
#include "record/ledger.h"

/* A register held. 144 bytes. */
struct trust_ledger_slot {
    struct trust_id id; /* the least of its seq */
    struct trust_signature signature;
    struct trust_register place;
    uint64_t seq;
    uint64_t expires;
    uint32_t author; /* index in ledger->authors */
    uint32_t left;   /* slot + 1: links of ledger_order.h; once it left, the chain of those */
    uint32_t right;
    uint8_t kind;
    bool is_void;
};
static_assert(sizeof(struct trust_ledger_slot) == 144, "a slot is 144 bytes");

/* The second least id of a void register. */
struct trust_ledger_pair {
    struct trust_id id;
    struct trust_signature signature;
};

/* An author is kept while head.count > 0. 136 bytes. */
struct trust_ledger_author {
    struct trust_head head; /* its seq is not kept up: see trust_ledger_head */
    struct trust_ledger_floor floors[TRUST_REGISTER_CLASSES];
    uint64_t last_seq; /* of its revocation */
    uint32_t key;
    uint32_t roots[TRUST_REGISTER_CLASSES]; /* slot + 1, ledger_order.h */
    uint32_t counts[TRUST_REGISTER_CLASSES];
    uint32_t revocation; /* slot + 1 */
    uint32_t next_left;  /* author + 1 */
    uint8_t reason;
};
static_assert(sizeof(struct trust_ledger_author) == 136, "an author is 136 bytes");

static inline bool trust_ledger_author_is_compromised(const struct trust_ledger_author *author)
{
    return author->revocation != 0 && author->reason == TRUST_REVOKED_COMPROMISED;
}

/* protocol: records above last_seq are stored and hold their registers like any other, and count
 * for nothing. */
static inline bool trust_ledger_author_silences(const struct trust_ledger_author *author,
                                                uint64_t seq)
{
    return author->revocation != 0 && seq > author->last_seq;
}

#endif
