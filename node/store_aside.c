/* See store_aside.h. */
#include "node/store_aside.h"

#include <string.h>

#include "base/assert.h"
#include "base/reader.h"
#include "node/store_check.h"

/* Takes a record out of whichever register's row names it: its own bytes no longer say which. */
static int unname_record(struct store_txn *txn, const struct store_place *record)
{
    MDB_cursor *cursor = NULL;
    int code = mdb_cursor_open(txn->lmdb, txn->env->tables[STORE_REGISTERS], &cursor);
    if (code != 0)
        return code;
    MDB_val key;
    MDB_val value;
    code = store_txn_step_author(cursor, record->number, &key, &value, true);
    while (code == 0) {
        struct store_entries entries;
        if (key.mv_size == STORE_REGISTER_KEY_SIZE && store_entries_split(&entries, value) &&
            store_entries_has(&entries, record)) {
            store_entries_remove(&entries, record);
            value = store_val(entries.bytes, entries.count * STORE_REGISTER_ENTRY_SIZE);
            struct store_key row = {.size = key.mv_size};
            memcpy(row.bytes, key.mv_data, key.mv_size);
            key = store_key_val(&row);
            code = entries.count == 0 ? mdb_cursor_del(cursor, 0)
                                      : mdb_cursor_put(cursor, &key, &value, MDB_CURRENT);
            break;
        }
        code = store_txn_step_author(cursor, record->number, &key, &value, false);
    }
    mdb_cursor_close(cursor);
    return code == MDB_NOTFOUND ? 0 : code;
}

/* The head of what is left of the author, counted anew. */
static int count_head(struct store_txn *txn, uint32_t number, struct trust_head *out_head)
{
    struct trust_head head = {0};
    MDB_val key;
    MDB_val value;
    int code = store_txn_step_author(txn->records, number, &key, &value, true);
    while (code == 0) {
        struct store_row row;
        if (store_row_split(&row, key, value) && row.record.size >= TRUST_RECORD_SIZE_MIN) {
            struct trust_id id;
            struct trust_signature signature;
            trust_record_id(&id, row.record, &txn->env->network);
            memcpy(signature.bytes, trust_record_signature(row.record), sizeof signature.bytes);
            trust_head_add(&head, &id, &signature);
            head.seq = row.seq;
        }
        code = store_txn_step_author(txn->records, number, &key, &value, false);
    }
    *out_head = head;
    return code == MDB_NOTFOUND ? 0 : code;
}

/* Moves the row to the table of damaged ones, as long as that has room. */
static int move_aside(struct store_txn *txn, MDB_val key, MDB_val value)
{
    MDB_dbi table = txn->env->tables[STORE_DAMAGED];
    MDB_stat kept;
    uint8_t bytes[STORE_HASH_SIZE + TRUST_RECORD_SIZE_MAX];
    size_t size = value.mv_size < sizeof bytes ? value.mv_size : sizeof bytes;
    memcpy(bytes, value.mv_data, size);
    struct store_key row = {.size = key.mv_size};
    memcpy(row.bytes, key.mv_data, key.mv_size);
    int code = mdb_cursor_del(txn->records, 0);
    if (code == 0)
        code = mdb_stat(txn->lmdb, table, &kept);
    if (code != 0 || kept.ms_entries >= TRUST_STORE_DAMAGED_MAX)
        return code;
    key = store_key_val(&row);
    value = store_val(bytes, size);
    return mdb_put(txn->lmdb, table, &key, &value, 0);
}

int store_aside(struct store_txn *txn, struct trust_bytes row)
{
    int code = store_txn_leave_author(txn);
    if (code != 0)
        return code;
    MDB_val key = store_val(row.data, row.size);
    MDB_val value;
    code = mdb_cursor_get(txn->records, &key, &value, MDB_SET_KEY);
    if (code != 0)
        return code == MDB_NOTFOUND ? 0 : code;
    /* It may have been replaced by a sound one since it was found. */
    if (store_check_row(txn->env, txn->lmdb, key, value) == TRUST_OK)
        return 0;
    struct trust_reader reader = trust_reader_init(row);
    struct store_place place = {.number = (uint32_t)trust_reader_take_be(&reader, 4)};
    place.seq = trust_reader_take_be(&reader, 8);
    struct trust_bytes id_start = trust_reader_take(&reader, trust_reader_left(&reader));
    assert(id_start.size <= sizeof place.id.bytes);
    memcpy(place.id.bytes, id_start.data, id_start.size);
    txn->totals.record_count--;
    txn->totals.record_size -= store_value_record_size(value);
    txn->totals.damaged_count++;
    code = move_aside(txn, key, value);
    if (code == 0)
        code = unname_record(txn, &place);
    struct store_author author;
    if (code != 0)
        return code;
    code = store_find_author(txn->env, txn->lmdb, &author, place.number);
    if (code == MDB_NOTFOUND || code == MDB_CORRUPTED)
        return 0; /* the head is damaged as well: there is none to correct */
    if (code == 0)
        code = store_txn_enter_author(txn, &author.key);
    return code != 0 ? code : count_head(txn, place.number, &txn->head);
}
