/* See store_check.h. */
#include "node/store_check.h"

#include <string.h>

enum trust_error store_check_hash(struct store_row *out_row, const struct store_env *env,
                                  MDB_val key, MDB_val value)
{
    struct store_row row;
    if (!store_row_split(&row, key, value))
        return TRUST_FAIL_CORRUPT;
    if (row.hash != store_row_hash(&env->check, key, row.record))
        return TRUST_FAIL_CORRUPT;
    *out_row = row;
    return TRUST_OK;
}

enum trust_error store_check_record(struct trust_verified *out_verified,
                                    const struct store_row *row, const struct trust_key *author,
                                    const struct trust_network *network)
{
    struct trust_verified verified;
    enum trust_error error = trust_record_verify(&verified, row->record, network);
    if (error != TRUST_OK)
        return error;
    bool in_place = verified.record.seq == row->seq &&
                    memcmp(verified.record.author.bytes, author->bytes, sizeof author->bytes) == 0;
    if (!in_place || memcmp(verified.id.bytes, row->id_start.data, row->id_start.size) != 0)
        return TRUST_FAIL_CORRUPT;
    *out_verified = verified;
    return TRUST_OK;
}

int store_check_register(const struct store_env *env, MDB_txn *txn, bool *out_named,
                         const struct store_row *row, const struct trust_verified *verified)
{
    struct trust_register place;
    trust_register_init(&place, &verified->record);
    struct store_key row_key = store_register_key(row->number, &place);
    MDB_val key = store_key_val(&row_key);
    MDB_val value;
    int code = mdb_get(txn, env->tables[STORE_REGISTERS], &key, &value);
    if (code != 0 && code != MDB_NOTFOUND)
        return code;
    struct store_entries entries;
    struct store_place record = {.number = row->number, .seq = row->seq, .id = verified->id};
    *out_named =
        code == 0 && store_entries_split(&entries, value) && store_entries_has(&entries, &record);
    return 0;
}

enum trust_error store_check_row(const struct store_env *env, MDB_txn *txn, MDB_val key,
                                 MDB_val value)
{
    struct store_row row;
    struct store_author author;
    struct trust_verified verified;
    enum trust_error error = store_check_hash(&row, env, key, value);
    if (error != TRUST_OK)
        return error;
    int code = store_find_author(env, txn, &author, row.number);
    if (code != 0)
        return code == MDB_NOTFOUND ? TRUST_FAIL_CORRUPT : store_env_error(code);
    error = store_check_record(&verified, &row, &author.key, &env->network);
    if (error != TRUST_OK)
        return error;
    bool named = false;
    code = store_check_register(env, txn, &named, &row, &verified);
    if (code != 0)
        return store_env_error(code);
    return named ? TRUST_OK : TRUST_FAIL_CORRUPT;
}
