/*
 * Setting a damaged record aside: out of the records, its register and its author's head, into a
 * table where it can be looked at. What is left agrees again, and peers are asked for the rest.
 */
#ifndef STORE_ASIDE_H
#define STORE_ASIDE_H

#include "node/store_txn.h"

/* row: the key of the record's row. A row that is gone or sound by now is left alone. */
int store_aside(struct store_txn *txn, struct trust_bytes row);

#endif
