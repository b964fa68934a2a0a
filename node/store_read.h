/* What the readers of the store share: a short read transaction of the core thread. */
#ifndef STORE_READ_H
#define STORE_READ_H

#include "node/store_core.h"

struct store_reading {
    MDB_txn *txn;
    MDB_cursor *records;
};

/* A number of LMDB or errno. */
int store_read_begin(struct store_reading *out_reading, const struct store *store);

/* Ends it. code is what the last step returned; reaching the end of the rows is TRUST_OK. */
TRUST_MUST_USE enum trust_error store_read_end(struct store_reading *reading, int code);

/* Whose record it was: the key says, even when the record no longer does. */
struct store_bad store_describe_bad(const struct store *store, MDB_txn *txn, MDB_val key);

/* A read met a damaged row: it is set aside, and store_take_bad tells of it. */
void store_found_bad(struct store *store, MDB_txn *txn, MDB_val key);

#endif
