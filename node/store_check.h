/*
 * Whether a row of the store is what was once accepted. The hash is asked whenever a row is read;
 * all the rest by scrub, export, backup's way back and --verify.
 */
#ifndef STORE_CHECK_H
#define STORE_CHECK_H

#include "node/store_find.h"
#include "record/verify.h"

/* Splits a row of the records table and compares its keyed hash. TRUST_FAIL_CORRUPT. */
TRUST_MUST_USE enum trust_error store_check_hash(struct store_row *out_row,
                                                 const struct store_env *env, MDB_val key,
                                                 MDB_val value);

/*
 * Checks that a split row holds a record of that author, seq and id whose signature verifies.
 * TRUST_FAIL_CORRUPT: it stands in a wrong place; else the verdicts of trust_record_verify.
 */
TRUST_MUST_USE enum trust_error store_check_record(struct trust_verified *out_verified,
                                                   const struct store_row *row,
                                                   const struct trust_key *author,
                                                   const struct trust_network *network);

/* Whether the register's row names the record. A number of LMDB, 0 with the answer. */
int store_check_register(const struct store_env *env, MDB_txn *txn, bool *out_named,
                         const struct store_row *row, const struct trust_verified *verified);

/* Everything about one row, as found by key. TRUST_OK: it is sound. */
TRUST_MUST_USE enum trust_error store_check_row(const struct store_env *env, MDB_txn *txn,
                                                MDB_val key, MDB_val value);

#endif
