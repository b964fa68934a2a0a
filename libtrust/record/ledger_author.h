/*
 * Authors and slots of the ledger coming and going: the one place where pools, table, order, counts
 * and head change together.
 */
#ifndef TRUST_RECORD_LEDGER_AUTHOR_H
#define TRUST_RECORD_LEDGER_AUTHOR_H

#include "record/ledger_slot.h"

/* The author kept under this key index, or NULL. */
struct trust_ledger_author *trust_ledger_author_at(const struct trust_ledger *ledger, uint32_t key);

/* The author kept under this key, or NULL. */
struct trust_ledger_author *trust_ledger_author_find(const struct trust_ledger *ledger,
                                                     const struct trust_key *key);

/* trust_ledger_find_slot for a register that may be added next: see trust_table_find_or_ready. */
bool trust_ledger_find_or_ready(const struct trust_ledger *ledger, uint32_t *out_slot,
                                const struct trust_register *place);

/* The author under this key, kept from now on: the caller gives it a slot at once.
 * TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error trust_ledger_author_open(struct trust_ledger *ledger,
                                                         struct trust_ledger_author **out_author,
                                                         const struct trust_key *key);

/* A slot for the claim, which sets a register that is not held. The pool has one. */
uint32_t trust_ledger_slot_open(struct trust_ledger *ledger, struct trust_ledger_author *author,
                                const struct trust_claim *claim);

/* Puts the claim in place of what the slot holds: the same register, a greater seq; or another
 * revocation. */
void trust_ledger_slot_replace(struct trust_ledger *ledger, uint32_t slot,
                               const struct trust_claim *claim);

/* Joins a record of the slot's own seq: a lesser signature of a held id, or one of the two least
 * ids. Two ids make the slot void; what a third one pushes out is the caller's to erase. */
void trust_ledger_slot_join(struct trust_ledger *ledger, uint32_t slot,
                            const struct trust_claim *claim);

/* Lets a slot go: it is readable until trust_ledger_settle. So is its author, if it was the
 * last. */
void trust_ledger_slot_leave(struct trust_ledger *ledger, uint32_t slot);

/* Frees what left in the last call. */
void trust_ledger_settle(struct trust_ledger *ledger);

/* True if a slot counts: not void, not silent, not a revocation. */
bool trust_ledger_slot_counts(const struct trust_ledger *ledger, uint32_t slot);

/* After a change in the class: once it is full, its floor is its least register. */
void trust_ledger_author_raise_floor(const struct trust_ledger *ledger,
                                     struct trust_ledger_author *author,
                                     enum trust_register_class class_);

/* How many registers of the class an author may hold. */
uint32_t trust_ledger_class_limit(const struct trust_ledger *ledger,
                                  enum trust_register_class class_);

#endif
