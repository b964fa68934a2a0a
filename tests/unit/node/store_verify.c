/* node/store_verify: every table that disagrees with another is named by its kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "node/store_find.h"

#define KINDS 5

struct complaints {
    uint32_t count[KINDS];
    struct store_complaint last[KINDS];
};

static void take(void *context, const struct store_complaint *complaint)
{
    struct complaints *complaints = context;
    complaints->count[complaint->kind]++;
    complaints->last[complaint->kind] = *complaint;
}

static struct fixture *make_store(void)
{
    struct fixture *fixture = fixture_open();
    for (unsigned i = 0; i < 12; i++) {
        struct fixture_record record = fixture_rate(fixture, i % 2, i, i);
        fixture_submit(fixture, fixture_put(fixture, &record));
    }
    fixture_settle(fixture);
    fixture_stop(fixture);
    return fixture;
}

/* The first row of a table, its value copied to be changed. */
struct row {
    MDB_cursor *cursor;
    MDB_val key;
    MDB_val value;
    uint8_t bytes[1024];
};

static void open_row(struct row *row, const struct store_env *env, MDB_txn *txn,
                     enum store_table table)
{
    assert_int_equal(mdb_cursor_open(txn, env->tables[table], &row->cursor), 0);
    assert_int_equal(mdb_cursor_get(row->cursor, &row->key, &row->value, MDB_FIRST), 0);
    memcpy(row->bytes, row->value.mv_data, row->value.mv_size);
    row->value = store_val(row->bytes, row->value.mv_size);
}

static int close_row(struct row *row, bool erase)
{
    int code = erase ? mdb_cursor_del(row->cursor, 0)
                     : mdb_cursor_put(row->cursor, &row->key, &row->value, MDB_CURRENT);
    mdb_cursor_close(row->cursor);
    return code;
}

static int change_record(const struct store_env *env, MDB_txn *txn)
{
    struct row row;
    open_row(&row, env, txn, STORE_RECORDS);
    row.bytes[20] ^= 1;
    return close_row(&row, false);
}

static int change_hash(const struct store_env *env, MDB_txn *txn)
{
    struct row row;
    open_row(&row, env, txn, STORE_RECORDS);
    row.bytes[0] ^= 1;
    return close_row(&row, false);
}

/* With a hash that agrees: the signature must tell. */
static int forge_record(const struct store_env *env, MDB_txn *txn)
{
    struct row row;
    open_row(&row, env, txn, STORE_RECORDS);
    row.bytes[row.value.mv_size - 1] ^= 1;
    struct trust_bytes record = {.data = row.bytes + 8, .size = row.value.mv_size - 8};
    uint64_t hash = store_row_hash(&env->check, row.key, record);
    for (int i = 0; i < 8; i++)
        row.bytes[i] = (uint8_t)(hash >> (56 - 8 * i));
    return close_row(&row, false);
}

static int erase_record(const struct store_env *env, MDB_txn *txn)
{
    struct row row;
    open_row(&row, env, txn, STORE_RECORDS);
    return close_row(&row, true);
}

static int erase_register(const struct store_env *env, MDB_txn *txn)
{
    struct row row;
    open_row(&row, env, txn, STORE_REGISTERS);
    return close_row(&row, true);
}

static int change_register(const struct store_env *env, MDB_txn *txn)
{
    struct row row;
    open_row(&row, env, txn, STORE_REGISTERS);
    row.bytes[7] ^= 1;
    return close_row(&row, false);
}

static int change_head(const struct store_env *env, MDB_txn *txn)
{
    struct row row;
    open_row(&row, env, txn, STORE_HEADS);
    row.bytes[60] ^= 1; /* inside the digest */
    return close_row(&row, false);
}

static int add_author(const struct store_env *env, MDB_txn *txn)
{
    static const uint8_t stranger[32] = {9};
    static const uint8_t number[4] = {0, 0, 0, 77};
    MDB_val key = store_val(stranger, sizeof stranger);
    MDB_val value = store_val(number, sizeof number);
    return mdb_put(txn, env->tables[STORE_AUTHORS], &key, &value, 0);
}

static int change_totals(const struct store_env *env, MDB_txn *txn)
{
    struct store_totals totals;
    int code = store_totals_read(env, txn, &totals);
    totals.record_size++;
    return code != 0 ? code : store_totals_write(env, txn, &totals);
}

static void a_sound_store_gives_no_complaint(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    struct complaints complaints = {0};
    struct store_report report;
    assert_int_equal(store_verify(&report, &fixture->options, take, &complaints), TRUST_OK);
    assert_int_equal(report.record_count, 12);
    assert_int_equal(report.author_count, 2);
    assert_int_equal(report.complaint_count, 0);
    assert_int_equal(report.aside_count, 0);
    fixture_close(fixture);
}

static void each_disagreement_is_named(void **state)
{
    (void)state;
    static const struct {
        int (*damage)(const struct store_env *env, MDB_txn *txn);
        uint32_t count[KINDS]; /* hash, record, register, head, totals */
    } rows[] = {
        {change_hash, {[STORE_BAD_HASH] = 1}},
        {change_record, {[STORE_BAD_HASH] = 1, [STORE_BAD_HEAD] = 1}},
        {forge_record, {[STORE_BAD_RECORD] = 1, [STORE_BAD_HEAD] = 1}},
        {erase_record, {[STORE_BAD_REGISTER] = 1, [STORE_BAD_HEAD] = 1, [STORE_BAD_TOTALS] = 1}},
        {erase_register, {[STORE_BAD_REGISTER] = 1}},
        {change_register, {[STORE_BAD_REGISTER] = 2}},
        {change_head, {[STORE_BAD_HEAD] = 1}},
        {add_author, {[STORE_BAD_HEAD] = 1}},
        {change_totals, {[STORE_BAD_TOTALS] = 1}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture *fixture = make_store();
        struct complaints complaints = {0};
        struct store_report report;
        fixture_edit(fixture, rows[i].damage);
        assert_int_equal(store_verify(&report, &fixture->options, take, &complaints),
                         TRUST_FAIL_CORRUPT);
        uint64_t sum = 0;
        for (size_t k = 0; k < KINDS; k++) {
            assert_int_equal(complaints.count[k], rows[i].count[k]);
            sum += complaints.count[k];
        }
        assert_int_equal(report.complaint_count, sum);
        fixture_close(fixture);
    }
}

static void a_bad_record_is_told_with_its_author_seq_and_verdict(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    fixture_edit(fixture, forge_record);
    struct complaints complaints = {0};
    struct store_report report;
    assert_int_equal(store_verify(&report, &fixture->options, take, &complaints),
                     TRUST_FAIL_CORRUPT);
    assert_int_equal(report.record_count, 11);
    const struct store_complaint *told = &complaints.last[STORE_BAD_RECORD];
    size_t author = fixture_author(fixture, &told->author);
    struct fixture_record forged = fixture_rate(fixture, author, (unsigned)author, author);
    assert_int_equal(told->error, TRUST_NO_SIGNATURE);
    assert_int_equal(told->seq, forged.seq);
    assert_memory_equal(told->author.bytes, forged.author.bytes, 32);
    assert_memory_equal(told->id.bytes, forged.id.bytes, 8);
    fixture_close(fixture);
}

static void complaints_have_names(void **state)
{
    (void)state;
    static const char *const names[KINDS] = {"hash", "record", "register", "head", "totals"};
    for (int i = 0; i < KINDS; i++)
        assert_string_equal(store_complaint_name((enum store_complaint_kind)i), names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_store_gives_no_complaint),
        cmocka_unit_test(each_disagreement_is_named),
        cmocka_unit_test(a_bad_record_is_told_with_its_author_seq_and_verdict),
        cmocka_unit_test(complaints_have_names),
    };
    return cmocka_run_group_tests_name("node/store_verify", tests, NULL, NULL);
}
