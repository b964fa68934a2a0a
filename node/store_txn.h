/*
 * One write transaction and the author that its changes are about: the author's number is looked
 * up when a run of its changes begins, its head is written when the run ends.
 *
 * Only the writer thread and the offline tools use it. All functions return LMDB's or errno's
 * numbers (0: done); after anything else abort.
 */
#ifndef STORE_TXN_H
#define STORE_TXN_H

#include "node/store_find.h"

struct store_txn {
    const struct store_env *env;
    MDB_txn *lmdb;
    MDB_cursor *records;
    struct store_totals totals;
    uint32_t next_number; /* for the next author that is new */
    bool has_author;      /* author and head are those of the run of changes that goes on */
    bool has_number;      /* of that author something is stored */
    uint32_t number;
    struct trust_key author;
    struct trust_head head;
};

int store_txn_begin(struct store_txn *out_txn, const struct store_env *env);

/* Writes the last head and the totals, and commits; the transaction has ended either way. */
int store_txn_commit(struct store_txn *txn, struct store_totals *out_totals);
void store_txn_abort(struct store_txn *txn);

/* Begins or goes on with a run of changes of this author. */
int store_txn_enter_author(struct store_txn *txn, const struct trust_key *author);

/* Ends the run: writes the author's head, or forgets the author if its head counts nothing. */
int store_txn_leave_author(struct store_txn *txn);

/* Gives the entered author a number if it has none. */
int store_txn_number_author(struct store_txn *txn);

/* Erases everything of the entered author but the record (seq, spared_id), unless that is zero. */
int store_txn_erase_author(struct store_txn *txn, uint64_t seq, const struct trust_id *spared_id);

/* Erases one row; one that is not there is no error. */
int store_txn_delete_key(struct store_txn *txn, enum store_table table,
                         const struct store_key *row);

/* Moves a cursor to the first row of an author, or to the next; MDB_NOTFOUND behind its last. */
int store_txn_step_author(MDB_cursor *cursor, uint32_t number, MDB_val *out_key, MDB_val *out_value,
                          bool first);

#endif
