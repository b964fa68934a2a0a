/* The background scrub: every record again as if it had just come, a few at a time, for ever. */
#include <string.h>

#include "node/store_check.h"
#include "node/store_read.h"

/* The row behind the last one scrubbed. */
static int find_next(const struct store *store, const struct store_reading *reading, MDB_val *key,
                     MDB_val *value)
{
    if (store->scrubbed.size == 0)
        return mdb_cursor_get(reading->records, key, value, MDB_FIRST);
    *key = store_key_val(&store->scrubbed);
    int code = mdb_cursor_get(reading->records, key, value, MDB_SET_RANGE);
    bool same = code == 0 && key->mv_size == store->scrubbed.size &&
                memcmp(key->mv_data, store->scrubbed.bytes, key->mv_size) == 0;
    return same ? mdb_cursor_get(reading->records, key, value, MDB_NEXT) : code;
}

static void remember(struct store *store, MDB_val key)
{
    store->scrub_count++;
    if (key.mv_size > sizeof store->scrubbed.bytes)
        return; /* no row of ours: the next one is remembered */
    memcpy(store->scrubbed.bytes, key.mv_data, key.mv_size);
    store->scrubbed.size = key.mv_size;
}

enum trust_error store_scrub_step(struct store *store, struct store_bad *out_bad, uint32_t count)
{
    struct store_reading reading;
    struct store_bad bad = {0};
    int code = store_read_begin(&reading, store);
    if (code != 0)
        return store_env_error(code);
    MDB_val key;
    MDB_val value;
    code = find_next(store, &reading, &key, &value);
    while (code == 0 && count > 0 && !bad.found) {
        if (store_check_row(&store->env, reading.txn, key, value) != TRUST_OK) {
            bad = store_describe_bad(store, reading.txn, key);
            store_report_bad(store, key);
        }
        remember(store, key);
        count--;
        code = mdb_cursor_get(reading.records, &key, &value, MDB_NEXT);
    }
    if (code == MDB_NOTFOUND) {
        store->scrubbed.size = 0;
        store->scrub_rounds++;
    }
    enum trust_error error = store_read_end(&reading, code);
    if (error == TRUST_OK)
        *out_bad = bad;
    return error;
}
