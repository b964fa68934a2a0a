/*
 * Changes made to the tables inside one write transaction: records, registers, heads and totals
 * move together.
 */
#ifndef STORE_APPLY_H
#define STORE_APPLY_H

#include "node/store_txn.h"

/* Makes one change. Those of one author should follow each other: its head is then written once.
 * Returns a number of LMDB or errno; after anything but 0 abort. */
int store_apply(struct store_txn *txn, const struct store_change *change);

#endif
