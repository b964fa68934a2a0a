/*
 * Every table against every other. Records are walked once, author by author; what they come to is
 * compared with the rows that claim to know it.
 */
#include <string.h>

#include "node/store_check.h"
#include "node/store_offline.h"

/* The walk and what it has seen. */
struct verifying {
    struct store_env env;
    MDB_txn *txn;
    store_complain *complain;
    void *context;
    struct store_report report;
    struct store_totals totals;
    uint64_t named_count; /* records that their register names, bad ones taken to be so */
    uint32_t number;      /* of the author that is walked; UINT32_MAX: none yet */
    bool has_author;      /* its row in the heads table is there */
    bool good_key;
    struct store_author author;
    struct trust_head head; /* counted */
};

const char *store_complaint_name(enum store_complaint_kind kind)
{
    switch (kind) {
    case STORE_BAD_HASH:
        return "hash";
    case STORE_BAD_RECORD:
        return "record";
    case STORE_BAD_REGISTER:
        return "register";
    case STORE_BAD_HEAD:
        return "head";
    case STORE_BAD_TOTALS:
        return "totals";
    }
    return "unknown";
}

static void complain(struct verifying *on, enum store_complaint_kind kind, enum trust_error error,
                     const struct store_row *row)
{
    struct store_complaint complaint = {.kind = kind, .error = error};
    if (row != NULL) {
        complaint.seq = row->seq;
        memcpy(complaint.id.bytes, row->id_start.data, row->id_start.size);
    }
    if (on->has_author)
        complaint.author = on->author.key;
    on->report.complaint_count++;
    on->complain(on->context, &complaint);
}

/* Compares the counted head with the stored one. */
static void leave_author(struct verifying *on)
{
    if (on->number == UINT32_MAX || !on->has_author)
        return;
    const struct trust_head *stored = &on->author.head;
    bool same = stored->seq == on->head.seq && stored->count == on->head.count &&
                memcmp(stored->digest, on->head.digest, sizeof stored->digest) == 0;
    if (!same)
        complain(on, STORE_BAD_HEAD, TRUST_FAIL_CORRUPT, NULL);
}

static void enter_author(struct verifying *on, uint32_t number)
{
    uint32_t back = 0;
    leave_author(on);
    on->number = number;
    on->head = (struct trust_head){0};
    on->has_author = store_find_author(&on->env, on->txn, &on->author, number) == 0;
    bool round_trip = on->has_author &&
                      store_find_number(&on->env, on->txn, &back, &on->author.key) == 0 &&
                      back == number;
    if (!round_trip)
        complain(on, STORE_BAD_HEAD, TRUST_FAIL_CORRUPT, NULL);
    on->good_key = on->has_author && trust_key_is_prime_order(&on->author.key);
    on->report.author_count++;
}

static void count_record(struct verifying *on, const struct store_row *row)
{
    struct trust_id id;
    struct trust_signature signature;
    on->totals.record_count++;
    on->totals.record_size += row->record.size;
    if (row->record.size < TRUST_RECORD_SIZE_MIN)
        return;
    trust_record_id(&id, row->record, &on->env.network);
    memcpy(signature.bytes, trust_record_signature(row->record), sizeof signature.bytes);
    trust_head_add(&on->head, &id, &signature);
    on->head.seq = row->seq;
}

static void verify_row(struct verifying *on, MDB_val key, MDB_val value)
{
    struct store_row row;
    struct store_row checked;
    struct trust_verified verified;
    on->named_count++;
    if (!store_row_split(&row, key, value)) {
        complain(on, STORE_BAD_HASH, TRUST_FAIL_CORRUPT, NULL);
        return;
    }
    if (row.number != on->number)
        enter_author(on, row.number);
    count_record(on, &row);
    if (store_check_hash(&checked, &on->env, key, value) != TRUST_OK) {
        complain(on, STORE_BAD_HASH, TRUST_FAIL_CORRUPT, &row);
        return;
    }
    enum trust_error error = store_check_record(&verified, &row, &on->author.key, &on->env.network);
    if (error == TRUST_OK && !on->good_key)
        error = TRUST_NO_KEY;
    if (error != TRUST_OK) {
        complain(on, STORE_BAD_RECORD, error, &row);
        return;
    }
    bool named = false;
    if (store_check_register(&on->env, on->txn, &named, &row, &verified) != 0 || !named) {
        complain(on, STORE_BAD_REGISTER, TRUST_FAIL_CORRUPT, &row);
        on->named_count--;
    }
    on->report.record_count++;
}

static int walk(struct verifying *on, enum store_table table,
                void (*visit)(struct verifying *on, MDB_val key, MDB_val value))
{
    MDB_cursor *cursor = NULL;
    int code = mdb_cursor_open(on->txn, on->env.tables[table], &cursor);
    if (code != 0)
        return code;
    MDB_val key;
    MDB_val value;
    while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0)
        visit(on, key, value);
    mdb_cursor_close(cursor);
    return code == MDB_NOTFOUND ? 0 : code;
}

/* Each entry of a register is a record that named it, so their sums must be equal. */
static void count_entries(struct verifying *on, MDB_val key, MDB_val value)
{
    struct store_entries entries;
    if (key.mv_size != STORE_REGISTER_KEY_SIZE || !store_entries_split(&entries, value)) {
        complain(on, STORE_BAD_REGISTER, TRUST_FAIL_CORRUPT, NULL);
        return;
    }
    on->named_count -= entries.count;
}

static void count_aside(struct verifying *on, MDB_val key, MDB_val value)
{
    (void)key;
    (void)value;
    on->report.aside_count++;
}

/* Rows of authors that have no record would not be met by walking the records. */
static int compare_counts(struct verifying *on)
{
    struct store_totals stored;
    MDB_stat heads;
    MDB_stat authors;
    int code = mdb_stat(on->txn, on->env.tables[STORE_HEADS], &heads);
    if (code == 0)
        code = mdb_stat(on->txn, on->env.tables[STORE_AUTHORS], &authors);
    if (code == 0)
        code = store_totals_read(&on->env, on->txn, &stored);
    if (code != 0)
        return code;
    on->has_author = false;
    if (on->named_count != 0)
        complain(on, STORE_BAD_REGISTER, TRUST_FAIL_CORRUPT, NULL);
    if (heads.ms_entries != on->report.author_count ||
        authors.ms_entries != on->report.author_count)
        complain(on, STORE_BAD_HEAD, TRUST_FAIL_CORRUPT, NULL);
    if (stored.record_count != on->totals.record_count ||
        stored.record_size != on->totals.record_size)
        complain(on, STORE_BAD_TOTALS, TRUST_FAIL_CORRUPT, NULL);
    return 0;
}

enum trust_error store_verify(struct store_report *out_report, const struct store_options *options,
                              store_complain *complain_to, void *context)
{
    struct verifying on = {.complain = complain_to, .context = context, .number = UINT32_MAX};
    enum trust_error error = store_env_open(&on.env, options, true);
    if (error != TRUST_OK)
        return error;
    int code = mdb_txn_begin(on.env.lmdb, NULL, MDB_RDONLY, &on.txn);
    if (code == 0)
        code = walk(&on, STORE_RECORDS, verify_row);
    if (code == 0) {
        leave_author(&on);
        on.has_author = false;
        code = walk(&on, STORE_REGISTERS, count_entries);
    }
    if (code == 0)
        code = walk(&on, STORE_DAMAGED, count_aside);
    if (code == 0)
        code = compare_counts(&on);
    if (on.txn != NULL)
        mdb_txn_abort(on.txn);
    store_env_close(&on.env);
    if (code != 0)
        return store_env_error(code);
    *out_report = on.report;
    return on.report.complaint_count == 0 ? TRUST_OK : TRUST_FAIL_CORRUPT;
}
