/* See store_apply.h. */
#include "node/store_apply.h"

#include "base/assert.h"
#include "base/writer.h"
#include "node/store_aside.h"

/* Adds the record to its register's row or takes it out; an empty row goes. */
static int change_register(struct store_txn *txn, const struct store_place *record,
                           const struct trust_register *place, bool add)
{
    MDB_dbi table = txn->env->tables[STORE_REGISTERS];
    struct store_key row = store_register_key(record->number, place);
    struct store_entries entries = {0};
    MDB_val key = store_key_val(&row);
    MDB_val value;
    int code = mdb_get(txn->lmdb, table, &key, &value);
    if (code != 0 && code != MDB_NOTFOUND)
        return code;
    if (code == 0 && !store_entries_split(&entries, value))
        entries.count = 0;
    if (add)
        store_entries_add(&entries, record);
    else
        store_entries_remove(&entries, record);
    if (entries.count == 0)
        return store_txn_delete_key(txn, STORE_REGISTERS, &row);
    value = store_val(entries.bytes, entries.count * STORE_REGISTER_ENTRY_SIZE);
    return mdb_put(txn->lmdb, table, &key, &value, 0);
}

static struct store_place place_of(const struct store_txn *txn, const struct store_change *change)
{
    return (struct store_place){.number = txn->number, .seq = change->seq, .id = change->id};
}

static int write_record(struct store_txn *txn, const struct store_key *row,
                        struct trust_bytes record)
{
    uint8_t bytes[STORE_HASH_SIZE + TRUST_RECORD_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
    MDB_val key = store_key_val(row);
    trust_writer_put_be(&writer, store_row_hash(&txn->env->check, key, record), STORE_HASH_SIZE);
    trust_writer_put(&writer, record);
    assert(!trust_writer_has_overflowed(&writer));
    MDB_val value = store_val(bytes, writer.size);
    return mdb_cursor_put(txn->records, &key, &value, 0);
}

static int apply_put(struct store_txn *txn, const struct store_change *change)
{
    int code = store_txn_number_author(txn);
    if (code != 0)
        return code;
    struct store_place place = place_of(txn, change);
    struct store_key row;
    bool found = false;
    code = store_find_place(txn->env, txn->records, &row, &found, &place);
    if (code != 0)
        return code;
    MDB_val key;
    MDB_val old;
    if (found)
        code = mdb_cursor_get(txn->records, &key, &old, MDB_GET_CURRENT);
    if (code != 0)
        return code;
    if (found)
        txn->totals.record_size -= store_value_record_size(old);
    else
        txn->totals.record_count++;
    txn->totals.record_size += change->bytes.size;
    code = write_record(txn, &row, change->bytes);
    return code != 0 ? code : change_register(txn, &place, &change->place, true);
}

static int apply_erase(struct store_txn *txn, const struct store_change *change)
{
    if (!txn->has_number)
        return 0;
    struct store_place place = place_of(txn, change);
    struct store_key row;
    bool found = false;
    int code = store_find_place(txn->env, txn->records, &row, &found, &place);
    if (code != 0 || !found)
        return code;
    MDB_val key;
    MDB_val old;
    code = mdb_cursor_get(txn->records, &key, &old, MDB_GET_CURRENT);
    if (code != 0)
        return code;
    txn->totals.record_count--;
    txn->totals.record_size -= store_value_record_size(old);
    code = mdb_cursor_del(txn->records, 0);
    return code != 0 ? code : change_register(txn, &place, &change->place, false);
}

static int apply_state(struct store_txn *txn, const struct store_change *change)
{
    MDB_dbi table = txn->env->tables[STORE_STATE];
    MDB_val key = store_val(change->state_key.data, change->state_key.size);
    MDB_val value = store_val(change->bytes.data, change->bytes.size);
    if (change->kind == STORE_STATE_PUT)
        return mdb_put(txn->lmdb, table, &key, &value, 0);
    int code = mdb_del(txn->lmdb, table, &key, NULL);
    return code == MDB_NOTFOUND ? 0 : code;
}

int store_apply(struct store_txn *txn, const struct store_change *change)
{
    int code = 0;
    switch (change->kind) {
    case STORE_STATE_PUT:
    case STORE_STATE_ERASE:
        return apply_state(txn, change);
    case STORE_SET_ASIDE:
        return store_aside(txn, change->state_key);
    case STORE_PUT:
    case STORE_ERASE:
    case STORE_ERASE_AUTHOR:
        code = store_txn_enter_author(txn, &change->author);
        break;
    }
    if (code != 0)
        return code;
    if (change->kind == STORE_PUT)
        code = apply_put(txn, change);
    else if (change->kind == STORE_ERASE)
        code = apply_erase(txn, change);
    else
        code = store_txn_erase_author(txn, change->seq, &change->id);
    txn->head = change->head;
    return code;
}
