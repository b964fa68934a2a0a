/* See store_txn.h. */
#include "node/store_txn.h"

#include <string.h>

#include "base/reader.h"

int store_txn_begin(struct store_txn *out_txn, const struct store_env *env)
{
    struct store_txn txn = {.env = env};
    MDB_cursor *heads = NULL;
    int code = mdb_txn_begin(env->lmdb, NULL, 0, &txn.lmdb);
    if (code != 0)
        return code;
    code = mdb_cursor_open(txn.lmdb, env->tables[STORE_RECORDS], &txn.records);
    if (code == 0)
        code = store_totals_read(env, txn.lmdb, &txn.totals);
    if (code == 0)
        code = mdb_cursor_open(txn.lmdb, env->tables[STORE_HEADS], &heads);
    if (code == 0) {
        MDB_val key;
        MDB_val value;
        code = mdb_cursor_get(heads, &key, &value, MDB_LAST);
        if (code == 0) {
            struct trust_reader reader = trust_reader_init(store_bytes(key));
            txn.next_number = (uint32_t)trust_reader_take_be(&reader, 4) + 1;
        } else if (code == MDB_NOTFOUND) {
            code = 0;
        }
        mdb_cursor_close(heads);
    }
    if (code != 0) {
        mdb_txn_abort(txn.lmdb);
        return code;
    }
    *out_txn = txn;
    return 0;
}

int store_txn_delete_key(struct store_txn *txn, enum store_table table, const struct store_key *row)
{
    MDB_val key = store_key_val(row);
    int code = mdb_del(txn->lmdb, txn->env->tables[table], &key, NULL);
    return code == MDB_NOTFOUND ? 0 : code;
}

int store_txn_step_author(MDB_cursor *cursor, uint32_t number, MDB_val *out_key, MDB_val *out_value,
                          bool first)
{
    struct store_key start = store_number_key(number);
    *out_key = store_key_val(&start);
    int code = mdb_cursor_get(cursor, out_key, out_value, first ? MDB_SET_RANGE : MDB_NEXT);
    if (code != 0)
        return code;
    bool inside =
        out_key->mv_size >= start.size && memcmp(out_key->mv_data, start.bytes, start.size) == 0;
    return inside ? 0 : MDB_NOTFOUND;
}

static bool has_id(const struct trust_id *id)
{
    static const struct trust_id none = {0};
    return memcmp(id->bytes, none.bytes, sizeof none.bytes) != 0;
}

/* Erases the author's records but the one at spared_key (size 0: none). */
static int erase_records(struct store_txn *txn, const struct store_key *spared_key)
{
    MDB_val key;
    MDB_val value;
    int code = store_txn_step_author(txn->records, txn->number, &key, &value, true);
    while (code == 0) {
        bool is_spared = key.mv_size == spared_key->size &&
                         memcmp(key.mv_data, spared_key->bytes, key.mv_size) == 0;
        if (!is_spared) {
            txn->totals.record_count--;
            txn->totals.record_size -= store_value_record_size(value);
            code = mdb_cursor_del(txn->records, 0);
        }
        if (code == 0)
            code = store_txn_step_author(txn->records, txn->number, &key, &value, false);
    }
    return code == MDB_NOTFOUND ? 0 : code;
}

/* Erases the author's register rows but the one that names the spared record. */
static int erase_registers(struct store_txn *txn, const struct store_place *spared)
{
    MDB_cursor *cursor = NULL;
    int code = mdb_cursor_open(txn->lmdb, txn->env->tables[STORE_REGISTERS], &cursor);
    if (code != 0)
        return code;
    MDB_val key;
    MDB_val value;
    code = store_txn_step_author(cursor, txn->number, &key, &value, true);
    while (code == 0) {
        struct store_entries entries;
        bool is_spared = has_id(&spared->id) && store_entries_split(&entries, value) &&
                         store_entries_has(&entries, spared);
        if (!is_spared)
            code = mdb_cursor_del(cursor, 0);
        if (code == 0)
            code = store_txn_step_author(cursor, txn->number, &key, &value, false);
    }
    mdb_cursor_close(cursor);
    return code == MDB_NOTFOUND ? 0 : code;
}

int store_txn_erase_author(struct store_txn *txn, uint64_t seq, const struct trust_id *spared_id)
{
    if (!txn->has_number)
        return 0;
    struct store_place spared = {.number = txn->number, .seq = seq, .id = *spared_id};
    struct store_key spared_key = {.size = 0};
    if (has_id(spared_id)) {
        bool found = false;
        int code = store_find_place(txn->env, txn->records, &spared_key, &found, &spared);
        if (code != 0)
            return code;
        if (!found)
            spared_key.size = 0;
    }
    int code = erase_records(txn, &spared_key);
    return code != 0 ? code : erase_registers(txn, &spared);
}

/* Nothing of the author is left: its number goes too. */
static int forget_author(struct store_txn *txn)
{
    static const struct trust_id none = {0};
    struct store_key row = store_number_key(txn->number);
    int code = store_txn_erase_author(txn, 0, &none);
    if (code == 0)
        code = store_txn_delete_key(txn, STORE_HEADS, &row);
    MDB_val key = store_val(txn->author.bytes, sizeof txn->author.bytes);
    if (code == 0)
        code = mdb_del(txn->lmdb, txn->env->tables[STORE_AUTHORS], &key, NULL);
    txn->has_number = false;
    return code == MDB_NOTFOUND ? 0 : code;
}

/* Writes what the author left behind in the last changes comes to. */
int store_txn_leave_author(struct store_txn *txn)
{
    if (!txn->has_author)
        return 0;
    txn->has_author = false;
    if (!txn->has_number)
        return 0;
    if (txn->head.count == 0)
        return forget_author(txn);
    uint8_t bytes[STORE_HEAD_SIZE];
    struct store_author author = {.key = txn->author, .head = txn->head};
    store_author_join(bytes, &author);
    struct store_key row = store_number_key(txn->number);
    MDB_val key = store_key_val(&row);
    MDB_val value = store_val(bytes, sizeof bytes);
    return mdb_put(txn->lmdb, txn->env->tables[STORE_HEADS], &key, &value, 0);
}

int store_txn_enter_author(struct store_txn *txn, const struct trust_key *author)
{
    if (txn->has_author && memcmp(&txn->author, author, sizeof *author) == 0)
        return 0;
    int code = store_txn_leave_author(txn);
    if (code != 0)
        return code;
    code = store_find_number(txn->env, txn->lmdb, &txn->number, author);
    if (code != 0 && code != MDB_NOTFOUND)
        return code;
    txn->has_author = true;
    txn->has_number = code == 0;
    txn->author = *author;
    return 0;
}

int store_txn_number_author(struct store_txn *txn)
{
    if (txn->has_number)
        return 0;
    /* Four thousand million authors came and went: to be restored from a backup, which counts
     * anew. */
    if (txn->next_number == UINT32_MAX)
        return MDB_MAP_FULL;
    struct store_key number = store_number_key(txn->next_number);
    MDB_val key = store_val(txn->author.bytes, sizeof txn->author.bytes);
    MDB_val value = store_key_val(&number);
    int code = mdb_put(txn->lmdb, txn->env->tables[STORE_AUTHORS], &key, &value, 0);
    if (code != 0)
        return code;
    txn->number = txn->next_number++;
    txn->has_number = true;
    return 0;
}

int store_txn_commit(struct store_txn *txn, struct store_totals *out_totals)
{
    int code = store_txn_leave_author(txn);
    if (code == 0)
        code = store_totals_write(txn->env, txn->lmdb, &txn->totals);
    mdb_cursor_close(txn->records);
    if (code != 0) {
        mdb_txn_abort(txn->lmdb);
        return code;
    }
    code = mdb_txn_commit(txn->lmdb);
    if (code == 0)
        *out_totals = txn->totals;
    return code;
}

void store_txn_abort(struct store_txn *txn)
{
    mdb_cursor_close(txn->records);
    mdb_txn_abort(txn->lmdb);
}
