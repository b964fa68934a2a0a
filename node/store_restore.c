/*
 * A backup is not put into place as it is: it may come from another machine, with hashes under a
 * key that stayed there, or have suffered since. Its records are taken out, checked like a
 * stranger's and written into a new store.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/files.h"
#include "node/store_apply.h"
#include "node/store_check.h"
#include "node/store_offline.h"

/* Records of one transaction. */
#define BATCH TRUST_STORE_BATCH_MAX

struct restoring {
    struct store_env from;
    struct store_env to;
    MDB_txn *reading;
    struct store_txn txn;
    uint32_t batch; /* changes in the open transaction */
    struct store_report report;
    uint32_t number;
    bool good_key;
    struct store_author author;
    struct trust_head head; /* of the author, over the records taken so far */
};

static int begin_batch(struct restoring *on)
{
    on->batch = 0;
    return store_txn_begin(&on->txn, &on->to);
}

static int apply(struct restoring *on, const struct store_change *change)
{
    int code = store_apply(&on->txn, change);
    if (code != 0 || ++on->batch < BATCH)
        return code;
    struct store_totals totals;
    code = store_txn_commit(&on->txn, &totals);
    on->txn.lmdb = NULL;
    return code != 0 ? code : begin_batch(on);
}

/* The author of the rows that follow; without a sound one its records count as complaints. */
static void enter_author(struct restoring *on, uint32_t number)
{
    if (on->number == number)
        return;
    on->number = number;
    on->head = (struct trust_head){0};
    on->good_key = store_find_author(&on->from, on->reading, &on->author, number) == 0 &&
                   trust_key_is_prime_order(&on->author.key);
}

static int take_record(struct restoring *on, MDB_val key, MDB_val value)
{
    struct store_row row;
    struct trust_verified verified;
    bool is_row = store_row_split(&row, key, value);
    if (is_row)
        enter_author(on, row.number);
    if (!is_row || !on->good_key ||
        store_check_record(&verified, &row, &on->author.key, &on->to.network) != TRUST_OK) {
        on->report.complaint_count++;
        return 0;
    }
    struct trust_signature signature;
    memcpy(signature.bytes, trust_record_signature(row.record), sizeof signature.bytes);
    on->report.author_count += on->head.count == 0;
    on->report.record_count++;
    trust_head_add(&on->head, &verified.id, &signature);
    on->head.seq = row.seq;
    struct store_change change = {.kind = STORE_PUT,
                                  .author = on->author.key,
                                  .seq = row.seq,
                                  .id = verified.id,
                                  .head = on->head,
                                  .bytes = row.record};
    trust_register_init(&change.place, &verified.record);
    return apply(on, &change);
}

static int take_state(struct restoring *on, MDB_val key, MDB_val value)
{
    if (key.mv_size > TRUST_STATE_KEY_SIZE_MAX || value.mv_size > TRUST_STATE_VALUE_SIZE_MAX) {
        on->report.complaint_count++;
        return 0;
    }
    struct store_change change = {
        .kind = STORE_STATE_PUT, .state_key = store_bytes(key), .bytes = store_bytes(value)};
    return apply(on, &change);
}

static int take_table(struct restoring *on, enum store_table table,
                      int (*take)(struct restoring *on, MDB_val key, MDB_val value))
{
    MDB_cursor *cursor = NULL;
    int code = mdb_cursor_open(on->reading, on->from.tables[table], &cursor);
    if (code != 0)
        return code;
    MDB_val key;
    MDB_val value;
    while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
        code = take(on, key, value);
        if (code != 0)
            break;
    }
    mdb_cursor_close(cursor);
    return code == MDB_NOTFOUND ? 0 : code;
}

static int take_all(struct restoring *on)
{
    struct store_totals totals;
    int code = mdb_txn_begin(on->from.lmdb, NULL, MDB_RDONLY, &on->reading);
    if (code == 0)
        code = begin_batch(on);
    if (code == 0)
        code = take_table(on, STORE_RECORDS, take_record);
    if (code == 0)
        code = take_table(on, STORE_STATE, take_state);
    if (code == 0) {
        code = store_txn_commit(&on->txn, &totals);
        on->txn.lmdb = NULL;
    }
    if (on->txn.lmdb != NULL)
        store_txn_abort(&on->txn);
    if (on->reading != NULL)
        mdb_txn_abort(on->reading);
    return code;
}

static bool beside(char out_path[PATH_MAX], const char *directory, const char *ending)
{
    int size = snprintf(out_path, PATH_MAX, "%s%s", directory, ending);
    return size > 0 && size < PATH_MAX;
}

/* Removes a store's directory with the files a store has; any other file makes it stay. */
static enum trust_error remove_store(const char *directory)
{
    static const char *const names[] = {"/data.mdb", "/lock.mdb", "/check.key", "/spare"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[PATH_MAX];
        if (!beside(path, directory, names[i]))
            return TRUST_NO_SIZE;
        if (unlink(path) != 0 && errno != ENOENT && errno != ENOTDIR)
            return trust_file_error(errno);
    }
    if (rmdir(directory) == 0 || errno == ENOENT)
        return TRUST_OK;
    return errno == ENOTEMPTY || errno == EEXIST ? TRUST_NO_CONFLICT : trust_file_error(errno);
}

/* One rename puts the new store into place; the old one moves aside. */
static enum trust_error swap_stores(const char *built, const char *directory)
{
    char replaced[PATH_MAX];
    if (!beside(replaced, directory, ".replaced"))
        return TRUST_NO_SIZE;
    if (access(directory, F_OK) != 0) {
        if (rename(built, directory) != 0)
            return trust_file_error(errno);
        return trust_file_sync_parent(directory);
    }
    enum trust_error error = remove_store(replaced);
    if (error != TRUST_OK)
        return error;
    if (renameat2(AT_FDCWD, built, AT_FDCWD, directory, RENAME_EXCHANGE) != 0)
        return trust_file_error(errno);
    if (rename(built, replaced) != 0) {
        error = trust_file_error(errno);
        /* Back again: what stands at built is removed by the caller. */
        int undone = renameat2(AT_FDCWD, built, AT_FDCWD, directory, RENAME_EXCHANGE);
        return undone == 0 ? error : TRUST_OK;
    }
    return trust_file_sync_parent(directory);
}

static enum trust_error build(struct restoring *on, const struct store_options *options,
                              const char *built, const char *file)
{
    struct store_options new_options = *options;
    struct store_totals totals = {0};
    MDB_txn *txn = NULL;
    enum trust_error error = store_env_open_file(&on->from, file, &options->network);
    if (error != TRUST_OK)
        return error;
    if (mdb_txn_begin(on->from.lmdb, NULL, MDB_RDONLY, &txn) == 0) {
        /* Without totals, which the records need not have, the limit decides. */
        (void)store_totals_read(&on->from, txn, &totals);
        mdb_txn_abort(txn);
    }
    new_options.directory = built;
    if (totals.record_size > options->limit_size)
        new_options.limit_size = totals.record_size;
    error = remove_store(built);
    if (error == TRUST_OK && mkdir(built, 0700) != 0)
        error = trust_file_error(errno);
    if (error == TRUST_OK)
        error = store_env_open(&on->to, &new_options, false);
    if (error == TRUST_OK)
        error = store_env_error(take_all(on));
    store_env_close(&on->to);
    store_env_close(&on->from);
    return error;
}

enum trust_error store_restore(struct store_report *out_report, const struct store_options *options,
                               const char *file)
{
    char built[PATH_MAX];
    struct restoring on = {.number = UINT32_MAX};
    if (!beside(built, options->directory, ".restoring"))
        return TRUST_NO_SIZE;
    enum trust_error error = build(&on, options, built, file);
    if (error == TRUST_OK)
        error = swap_stores(built, options->directory);
    if (error != TRUST_OK) {
        enum trust_error left = remove_store(built);
        (void)left;
        return error;
    }
    *out_report = on.report;
    return TRUST_OK;
}
