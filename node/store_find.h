/*
 * Finding rows: an author's number and back, the place of a record, the totals. Everything returns
 * a number of LMDB or errno, 0 with the answer.
 */
#ifndef STORE_FIND_H
#define STORE_FIND_H

#include "node/store_env.h"

/* The row "totals" of the meta table. */
struct store_totals {
    uint64_t record_count;
    uint64_t record_size;
    uint64_t damaged_count;
};

/* MDB_NOTFOUND: nothing of this author is stored. */
int store_find_number(const struct store_env *env, MDB_txn *txn, uint32_t *out_number,
                      const struct trust_key *author);
int store_find_author(const struct store_env *env, MDB_txn *txn, struct store_author *out_author,
                      uint32_t number);

/*
 * Where a record stands: out_found and its row's key; or, if it does not, the key that a new row
 * takes: the first 8 bytes of the id, or all of them when another record has those.
 */
int store_find_place(const struct store_env *env, MDB_cursor *records, struct store_key *out_key,
                     bool *out_found, const struct store_place *place);

int store_totals_read(const struct store_env *env, MDB_txn *txn, struct store_totals *out_totals);
int store_totals_write(const struct store_env *env, MDB_txn *txn,
                       const struct store_totals *totals);

#endif
