/* See store_find.h. */
#include "node/store_find.h"

#include <string.h>

#include "base/limits.h"
#include "base/reader.h"
#include "base/writer.h"

#define TOTALS_SIZE 24u

static MDB_val totals_key(void)
{
    static const char name[] = "totals";
    return store_val(name, sizeof name - 1);
}

int store_find_number(const struct store_env *env, MDB_txn *txn, uint32_t *out_number,
                      const struct trust_key *author)
{
    MDB_val key = store_val(author->bytes, sizeof author->bytes);
    MDB_val value;
    int code = mdb_get(txn, env->tables[STORE_AUTHORS], &key, &value);
    if (code != 0)
        return code;
    struct trust_reader reader = trust_reader_init(store_bytes(value));
    uint32_t number = (uint32_t)trust_reader_take_be(&reader, 4);
    if (!trust_reader_is_done(&reader))
        return MDB_CORRUPTED;
    *out_number = number;
    return 0;
}

int store_find_author(const struct store_env *env, MDB_txn *txn, struct store_author *out_author,
                      uint32_t number)
{
    struct store_key row = store_number_key(number);
    MDB_val key = store_key_val(&row);
    MDB_val value;
    int code = mdb_get(txn, env->tables[STORE_HEADS], &key, &value);
    if (code != 0)
        return code;
    return store_author_split(out_author, value) ? 0 : MDB_CORRUPTED;
}

int store_find_place(const struct store_env *env, MDB_cursor *records, struct store_key *out_key,
                     bool *out_found, const struct store_place *place)
{
    struct store_key start = store_record_key(place, 8);
    MDB_val key = store_key_val(&start);
    MDB_val value;
    bool start_is_taken = false;
    int code = mdb_cursor_get(records, &key, &value, MDB_SET_RANGE);
    while (code == 0 && key.mv_size >= start.size &&
           memcmp(key.mv_data, start.bytes, start.size) == 0) {
        struct store_row row;
        struct trust_id id;
        bool whole = store_row_split(&row, key, value) && row.record.size >= TRUST_RECORD_SIZE_MIN;
        if (whole)
            trust_record_id(&id, row.record, &env->network);
        if (whole && memcmp(id.bytes, place->id.bytes, sizeof id.bytes) == 0) {
            memcpy(out_key->bytes, key.mv_data, key.mv_size);
            out_key->size = key.mv_size;
            *out_found = true;
            return 0;
        }
        start_is_taken = start_is_taken || key.mv_size == start.size;
        code = mdb_cursor_get(records, &key, &value, MDB_NEXT);
    }
    if (code != 0 && code != MDB_NOTFOUND)
        return code;
    *out_key = start_is_taken ? store_record_key(place, sizeof place->id.bytes) : start;
    *out_found = false;
    return 0;
}

int store_totals_read(const struct store_env *env, MDB_txn *txn, struct store_totals *out_totals)
{
    MDB_val key = totals_key();
    MDB_val value;
    int code = mdb_get(txn, env->tables[STORE_META], &key, &value);
    if (code != 0)
        return code;
    struct trust_reader reader = trust_reader_init(store_bytes(value));
    struct store_totals totals;
    totals.record_count = trust_reader_take_be(&reader, 8);
    totals.record_size = trust_reader_take_be(&reader, 8);
    totals.damaged_count = trust_reader_take_be(&reader, 8);
    if (!trust_reader_is_done(&reader))
        return MDB_CORRUPTED;
    *out_totals = totals;
    return 0;
}

int store_totals_write(const struct store_env *env, MDB_txn *txn, const struct store_totals *totals)
{
    uint8_t bytes[TOTALS_SIZE];
    struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
    trust_writer_put_be(&writer, totals->record_count, 8);
    trust_writer_put_be(&writer, totals->record_size, 8);
    trust_writer_put_be(&writer, totals->damaged_count, 8);
    MDB_val key = totals_key();
    MDB_val value = store_val(bytes, sizeof bytes);
    return mdb_put(txn, env->tables[STORE_META], &key, &value, 0);
}
