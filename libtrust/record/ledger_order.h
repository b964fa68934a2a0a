/*
 * The registers of one author and class in order of (seq, digest): a treap (Seidel and Aragon,
 * Algorithmica 1996) linked through the slots. Priorities come from a secret seed, so no choice of
 * seqs or registers makes it deep. Roots and links are slot + 1, 0 is none.
 */
#ifndef TRUST_RECORD_LEDGER_ORDER_H
#define TRUST_RECORD_LEDGER_ORDER_H

#include "record/ledger_slot.h"

/* Below, equal or above zero, as (seq, place) of the slot stands to the position. */
int trust_order_compare(const struct trust_ledger_slot *slot,
                        const struct trust_ledger_floor *position);

/* Links a slot in by its seq and place, which no other slot under this root has. */
void trust_order_add(struct trust_ledger *ledger, uint32_t *root, uint32_t slot);

/* Unlinks a slot that is under this root. */
void trust_order_remove(struct trust_ledger *ledger, uint32_t *root, uint32_t slot);

/* The least and the greatest slot under a root that is not empty. */
uint32_t trust_order_least(const struct trust_ledger *ledger, uint32_t root);
uint32_t trust_order_greatest(const struct trust_ledger *ledger, uint32_t root);

/* Writes the least slot at or above the position and returns true, or returns false. */
bool trust_order_find(const struct trust_ledger *ledger, uint32_t *out_slot, uint32_t root,
                      const struct trust_ledger_floor *position);

#endif
