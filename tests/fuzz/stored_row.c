/*
 * Rows of the store's tables, as a damaged or foreign data file may hold them. The first byte is
 * the size of the key, then come the key and the value.
 */
#include <string.h>

#include "base/assert.h"
#include "fuzz.h"
#include "node/store_check.h"

/* What splits as a record's row is made of that key and value, and of nothing else. */
static void check_row(MDB_val key, MDB_val value)
{
    static const struct trust_network network = {{1, 2, 3, 4, 5, 6, 7, 8}};
    struct store_row row;
    struct trust_verified verified;
    struct trust_key author = {{0}};
    if (!store_row_split(&row, key, value))
        return;
    assert(row.record.size == value.mv_size - STORE_HASH_SIZE);
    struct store_place place = {.number = row.number, .seq = row.seq};
    memcpy(place.id.bytes, row.id_start.data, row.id_start.size);
    struct store_key made = store_record_key(&place, row.id_start.size);
    assert(made.size == key.mv_size);
    assert(memcmp(made.bytes, key.mv_data, made.size) == 0);
    struct store_env env = {.check = {.low = 1, .high = 2}, .network = network};
    struct store_row checked;
    bool agrees = store_check_hash(&checked, &env, key, value) == TRUST_OK;
    assert(agrees == (row.hash == store_row_hash(&env.check, key, row.record)));
    enum trust_error error = store_check_record(&verified, &row, &author, &network);
    if (error == TRUST_OK)
        assert(verified.record.seq == row.seq);
}

static void check_author(MDB_val value)
{
    struct store_author author;
    uint8_t bytes[STORE_HEAD_SIZE];
    if (!store_author_split(&author, value))
        return;
    store_author_join(bytes, &author);
    assert(memcmp(bytes, value.mv_data, sizeof bytes) == 0);
}

static void check_entries(MDB_val value)
{
    static const struct store_place place = {.seq = 1};
    struct store_entries entries;
    if (!store_entries_split(&entries, value))
        return;
    assert(entries.count * STORE_REGISTER_ENTRY_SIZE == value.mv_size);
    assert(memcmp(entries.bytes, value.mv_data, value.mv_size) == 0);
    store_entries_add(&entries, &place);
    assert(store_entries_has(&entries, &place));
    assert(entries.count <= STORE_REGISTER_ENTRIES_MAX);
    uint32_t before = entries.count;
    store_entries_remove(&entries, &place);
    assert(entries.count == before - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || data[0] > size - 1)
        return 0;
    MDB_val key = store_val(data + 1, data[0]);
    MDB_val value = store_val(data + 1 + data[0], size - 1 - data[0]);
    check_row(key, value);
    check_author(value);
    check_entries(value);
    return 0;
}
