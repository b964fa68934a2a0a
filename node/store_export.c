/*
 * Reading in the order of author keys, in steps that may end after any record: the core thread
 * answers others in between. Records of equal (author, seq) whose ids begin alike stand in one
 * group, which is put into the order of the whole ids.
 */
#include <string.h>

#include "base/assert.h"
#include "base/reader.h"
#include "node/store_check.h"
#include "node/store_read.h"

struct group {
    uint32_t count;
    struct trust_verified items[TRUST_STORE_COLLISIONS_MAX];
};

static void group_add(struct group *group, const struct trust_verified *verified)
{
    uint32_t i = group->count;
    assert(i < TRUST_STORE_COLLISIONS_MAX);
    for (; i > 0 && memcmp(group->items[i - 1].id.bytes, verified->id.bytes, 32) > 0; i--)
        group->items[i] = group->items[i - 1];
    group->items[i] = *verified;
    group->count++;
}

/* Takes the rows that begin like the one under the cursor into the group, and leaves the cursor on
 * the first row behind them; *key is always the row under the cursor. */
static int take_group(struct store *store, const struct store_reading *reading,
                      struct store_export *at, struct group *out_group, MDB_val *key)
{
    uint8_t prefix[STORE_RECORD_PREFIX_SIZE];
    MDB_val value;
    int code = mdb_cursor_get(reading->records, key, &value, MDB_GET_CURRENT);
    out_group->count = 0;
    if (code == 0 && key->mv_size < sizeof prefix)
        return MDB_CORRUPTED;
    if (code == 0)
        memcpy(prefix, key->mv_data, sizeof prefix);
    while (code == 0 && out_group->count < TRUST_STORE_COLLISIONS_MAX &&
           key->mv_size >= sizeof prefix && key->mv_size <= sizeof at->row &&
           memcmp(key->mv_data, prefix, sizeof prefix) == 0) {
        struct store_row row;
        struct trust_verified verified;
        memcpy(at->row, key->mv_data, key->mv_size);
        at->row_size = (uint32_t)key->mv_size;
        if (store_check_hash(&row, &store->env, *key, value) == TRUST_OK &&
            store_check_record(&verified, &row, &at->author, &store->env.network) == TRUST_OK)
            group_add(out_group, &verified);
        else
            store_found_bad(store, reading->txn, *key);
        code = mdb_cursor_get(reading->records, key, &value, MDB_NEXT);
    }
    return code;
}

/* Moves the cursor to the author's first row behind at->row. MDB_NOTFOUND: none is left. */
static int find_next_row(const struct store_reading *reading, struct store_export *at,
                         uint32_t number, MDB_val *key)
{
    struct store_key start = store_number_key(number);
    MDB_val value;
    bool goes_on = at->row_size > 0;
    /* An author that was erased and came back meanwhile has another number. */
    memcpy(at->row, start.bytes, start.size);
    *key = goes_on ? store_val(at->row, at->row_size) : store_key_val(&start);
    int code = mdb_cursor_get(reading->records, key, &value, MDB_SET_RANGE);
    if (code == 0 && goes_on && key->mv_size == at->row_size &&
        memcmp(key->mv_data, at->row, at->row_size) == 0)
        code = mdb_cursor_get(reading->records, key, &value, MDB_NEXT);
    return code;
}

static bool is_of(MDB_val key, uint32_t number)
{
    struct store_key start = store_number_key(number);
    return key.mv_size >= start.size && memcmp(key.mv_data, start.bytes, start.size) == 0;
}

struct visitor {
    store_visit *visit;
    void *context;
    uint32_t left; /* records still wanted */
};

/* Visits what is left of one author, or as much as is wanted. MDB_NOTFOUND: nothing is left. */
static int visit_author(struct store *store, const struct store_reading *reading,
                        struct store_export *at, uint32_t number, struct visitor *visitor)
{
    MDB_val key;
    int code = find_next_row(reading, at, number, &key);
    while (code == 0 && is_of(key, number)) {
        struct group group;
        if (visitor->left == 0)
            return 0;
        code = take_group(store, reading, at, &group, &key);
        for (uint32_t i = 0; i < group.count; i++)
            (void)visitor->visit(visitor->context, &at->author, group.items[i].bytes);
        visitor->left -= group.count < visitor->left ? group.count : visitor->left;
    }
    return code == 0 ? MDB_NOTFOUND : code;
}

/* Moves the cursor over the authors to where the export goes on. */
static int find_author(MDB_cursor *authors, struct store_export *at, MDB_val *value)
{
    MDB_val key = store_val(at->author.bytes, sizeof at->author.bytes);
    int code = mdb_cursor_get(authors, &key, value, at->started ? MDB_SET_RANGE : MDB_FIRST);
    if (code != 0)
        return code;
    if (key.mv_size != sizeof at->author.bytes)
        return MDB_CORRUPTED;
    if (!at->started || memcmp(key.mv_data, at->author.bytes, sizeof at->author.bytes) != 0)
        at->row_size = 0;
    at->started = true;
    memcpy(at->author.bytes, key.mv_data, sizeof at->author.bytes);
    return 0;
}

static int next_author(MDB_cursor *authors, struct store_export *at, MDB_val *value)
{
    MDB_val key;
    int code = mdb_cursor_get(authors, &key, value, MDB_NEXT);
    if (code != 0)
        return code;
    if (key.mv_size != sizeof at->author.bytes)
        return MDB_CORRUPTED;
    at->row_size = 0;
    memcpy(at->author.bytes, key.mv_data, sizeof at->author.bytes);
    return 0;
}

enum trust_error store_export_step(struct store *store, struct store_export *cursor, uint32_t count,
                                   store_visit *visit, void *context)
{
    struct store_reading reading;
    MDB_cursor *authors = NULL;
    int code = store_read_begin(&reading, store);
    if (code != 0)
        return store_env_error(code);
    struct visitor visitor = {.visit = visit, .context = context, .left = count};
    struct store_export at = *cursor;
    MDB_val value;
    code = mdb_cursor_open(reading.txn, store->env.tables[STORE_AUTHORS], &authors);
    if (code == 0)
        code = find_author(authors, &at, &value);
    while (code == 0) {
        struct trust_reader reader = trust_reader_init(store_bytes(value));
        uint32_t number = (uint32_t)trust_reader_take_be(&reader, 4);
        code = visit_author(store, &reading, &at, number, &visitor);
        if (code != MDB_NOTFOUND)
            break;
        code = next_author(authors, &at, &value);
    }
    at.done = code == MDB_NOTFOUND;
    if (authors != NULL)
        mdb_cursor_close(authors);
    enum trust_error error = store_read_end(&reading, code);
    if (error == TRUST_OK)
        *cursor = at;
    return error;
}
