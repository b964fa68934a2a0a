/*
 * Reading for the core thread, each call in one read transaction of its own: readers never wait for
 * the writer, nor it for them.
 */
#include "node/store_read.h"

#include <string.h>

#include "base/reader.h"
#include "node/store_check.h"

int store_read_begin(struct store_reading *out_reading, const struct store *store)
{
    struct store_reading reading = {0};
    int code = mdb_txn_begin(store->env.lmdb, NULL, MDB_RDONLY, &reading.txn);
    if (code != 0)
        return code;
    code = mdb_cursor_open(reading.txn, store->env.tables[STORE_RECORDS], &reading.records);
    if (code != 0) {
        mdb_txn_abort(reading.txn);
        return code;
    }
    *out_reading = reading;
    return 0;
}

enum trust_error store_read_end(struct store_reading *reading, int code)
{
    mdb_cursor_close(reading->records);
    mdb_txn_abort(reading->txn);
    return code == MDB_NOTFOUND ? TRUST_OK : store_env_error(code);
}

/* Author and seq of a row's key, of whatever record; false: there are none. */
static bool split_key(uint32_t *out_number, uint64_t *out_seq, MDB_val key)
{
    struct trust_reader reader = trust_reader_init(store_bytes(key));
    *out_number = (uint32_t)trust_reader_take_be(&reader, STORE_AUTHOR_KEY_SIZE);
    *out_seq = trust_reader_take_be(&reader, 8);
    return !reader.failed;
}

struct store_bad store_describe_bad(const struct store *store, MDB_txn *txn, MDB_val key)
{
    struct store_bad bad = {.found = true};
    struct store_author author;
    uint32_t number = 0;
    if (split_key(&number, &bad.seq, key) &&
        store_find_author(&store->env, txn, &author, number) == 0)
        bad.author = author.key;
    return bad;
}

void store_found_bad(struct store *store, MDB_txn *txn, MDB_val key)
{
    /* With nobody to tell it stays where it is: the next reader finds it again. */
    if (store->bad_count == STORE_BADS_MAX)
        return;
    store->bads[store->bad_count++] = store_describe_bad(store, txn, key);
    store_report_bad(store, key);
}

bool store_take_bad(struct store *store, struct store_bad *out_bad)
{
    if (store->bad_count == 0)
        return false;
    *out_bad = store->bads[--store->bad_count];
    return true;
}

/* The author of the row, read anew only when the number is another one than before. */
static bool find_author_of(const struct store *store, MDB_txn *txn, struct store_author *author,
                           uint32_t *last_number, uint32_t number)
{
    if (*last_number != number && store_find_author(&store->env, txn, author, number) != 0)
        return false;
    *last_number = number;
    return true;
}

enum trust_error store_load(struct store *store, uint64_t *out_damaged, store_visit *visit,
                            void *context)
{
    struct store_reading reading;
    int code = store_read_begin(&reading, store);
    if (code != 0)
        return store_env_error(code);
    MDB_val key;
    MDB_val value;
    uint64_t damaged = 0;
    uint32_t number = UINT32_MAX; /* given to no author */
    struct store_author author;
    bool goes_on = true;
    while (goes_on && (code = mdb_cursor_get(reading.records, &key, &value, MDB_NEXT)) == 0) {
        struct store_row row;
        if (store_check_hash(&row, &store->env, key, value) == TRUST_OK &&
            find_author_of(store, reading.txn, &author, &number, row.number)) {
            goes_on = visit(context, &author.key, row.record);
            continue;
        }
        damaged++;
        store_report_bad(store, key);
    }
    enum trust_error error = store_read_end(&reading, code);
    if (error == TRUST_OK)
        *out_damaged = damaged;
    return error;
}

enum trust_error store_read_range(struct store *store, const struct store_range *range,
                                  store_visit *visit, void *context)
{
    struct store_reading reading;
    int code = store_read_begin(&reading, store);
    if (code != 0)
        return store_env_error(code);
    struct store_place start = {.seq = range->from_seq};
    code = store_find_number(&store->env, reading.txn, &start.number, &range->author);
    if (code != 0)
        return store_read_end(&reading, code);
    struct store_key first = store_record_key(&start, 8);
    MDB_val key = store_key_val(&first);
    MDB_val value;
    code = mdb_cursor_get(reading.records, &key, &value, MDB_SET_RANGE);
    bool goes_on = true;
    while (code == 0 && goes_on) {
        struct store_row row;
        uint32_t number = 0;
        uint64_t seq = 0;
        if (!split_key(&number, &seq, key) || seq > range->to_seq ||
            memcmp(key.mv_data, first.bytes, STORE_AUTHOR_KEY_SIZE) != 0)
            break;
        if (store_check_hash(&row, &store->env, key, value) == TRUST_OK)
            goes_on = visit(context, &range->author, row.record);
        else
            store_found_bad(store, reading.txn, key);
        code = mdb_cursor_get(reading.records, &key, &value, MDB_NEXT);
    }
    return store_read_end(&reading, code);
}

enum trust_error store_read_one(struct store *store, uint8_t out_bytes[TRUST_RECORD_SIZE_MAX],
                                size_t *out_size, const struct store_change *place)
{
    struct store_reading reading;
    int code = store_read_begin(&reading, store);
    if (code != 0)
        return store_env_error(code);
    struct store_place at = {.seq = place->seq, .id = place->id};
    struct store_key row_key;
    bool found = false;
    code = store_find_number(&store->env, reading.txn, &at.number, &place->author);
    if (code == 0)
        code = store_find_place(&store->env, reading.records, &row_key, &found, &at);
    MDB_val key;
    MDB_val value;
    if (code == 0 && found)
        code = mdb_cursor_get(reading.records, &key, &value, MDB_GET_CURRENT);
    struct store_row row;
    size_t size = 0;
    if (code == 0 && found && store_check_hash(&row, &store->env, key, value) == TRUST_OK) {
        size = row.record.size;
        memcpy(out_bytes, row.record.data, size);
    }
    enum trust_error error = store_read_end(&reading, code);
    if (error != TRUST_OK)
        return error;
    if (size == 0)
        return TRUST_NO_FOUND;
    *out_size = size;
    return TRUST_OK;
}

enum trust_error store_read_head(struct store *store, struct trust_head *out_head,
                                 const struct trust_key *author)
{
    MDB_txn *txn = NULL;
    int code = mdb_txn_begin(store->env.lmdb, NULL, MDB_RDONLY, &txn);
    if (code != 0)
        return store_env_error(code);
    uint32_t number = 0;
    struct store_author row;
    code = store_find_number(&store->env, txn, &number, author);
    if (code == 0)
        code = store_find_author(&store->env, txn, &row, number);
    mdb_txn_abort(txn);
    if (code == 0)
        *out_head = row.head;
    return store_env_error(code);
}

enum trust_error store_read_state(struct store *store, struct trust_bytes prefix,
                                  store_visit_state *visit, void *context)
{
    MDB_txn *txn = NULL;
    MDB_cursor *cursor = NULL;
    int code = mdb_txn_begin(store->env.lmdb, NULL, MDB_RDONLY, &txn);
    if (code != 0)
        return store_env_error(code);
    code = mdb_cursor_open(txn, store->env.tables[STORE_STATE], &cursor);
    if (code != 0) {
        mdb_txn_abort(txn);
        return store_env_error(code);
    }
    MDB_val key = store_val(prefix.data, prefix.size);
    MDB_val value;
    bool goes_on = true;
    code = mdb_cursor_get(cursor, &key, &value, prefix.size == 0 ? MDB_FIRST : MDB_SET_RANGE);
    while (code == 0 && goes_on && key.mv_size >= prefix.size &&
           (prefix.size == 0 || memcmp(key.mv_data, prefix.data, prefix.size) == 0)) {
        goes_on = visit(context, store_bytes(key), store_bytes(value));
        code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    return code == MDB_NOTFOUND ? TRUST_OK : store_env_error(code);
}
