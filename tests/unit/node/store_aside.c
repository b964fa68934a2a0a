/* node/store_aside: after a damaged row is set aside, what is left agrees with itself. */
#include "node/store_aside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

/* Three records of author 0, one of author 1, and a transaction. */
struct bench {
    struct fixture *fixture;
    struct fixture_record records[4];
    struct store_env env;
    struct store_txn txn;
};

/* In place: the transaction points to the environment. */
static void open_bench(struct bench *bench)
{
    *bench = (struct bench){.fixture = fixture_open()};
    for (unsigned i = 0; i < 4; i++)
        bench->records[i] = fixture_store(bench->fixture, i / 3, i, i);
    fixture_stop(bench->fixture);
    must(store_env_open(&bench->env, &bench->fixture->options, false));
    assert_int_equal(store_txn_begin(&bench->txn, &bench->env), 0);
}

static struct store_key key_of(const struct bench *bench, unsigned record)
{
    const struct store_place place = {
        .number = record / 3, .seq = bench->records[record].seq, .id = bench->records[record].id};
    return store_record_key(&place, 8);
}

static void flip(struct bench *bench, unsigned record)
{
    struct store_key row = key_of(bench, record);
    MDB_val key = store_key_val(&row);
    MDB_val value;
    uint8_t bytes[STORE_HASH_SIZE + TRUST_RECORD_SIZE_MAX];
    MDB_dbi table = bench->env.tables[STORE_RECORDS];
    assert_int_equal(mdb_get(bench->txn.lmdb, table, &key, &value), 0);
    memcpy(bytes, value.mv_data, value.mv_size);
    bytes[30] ^= 1;
    value = store_val(bytes, value.mv_size);
    assert_int_equal(mdb_put(bench->txn.lmdb, table, &key, &value, 0), 0);
}

static void set_aside(struct bench *bench, const struct store_key *row)
{
    assert_int_equal(
        store_aside(&bench->txn, (struct trust_bytes){.data = row->bytes, .size = row->size}), 0);
}

/* Commits, closes, and holds every table against every other. */
static struct store_report finish(struct bench *bench, struct store_totals *out_totals)
{
    struct store_report report;
    assert_int_equal(store_txn_commit(&bench->txn, out_totals), 0);
    store_env_close(&bench->env);
    must(store_verify(&report, &bench->fixture->options, fixture_ignore, NULL));
    fixture_close(bench->fixture);
    return report;
}

static void a_damaged_row_leaves_records_register_head_and_totals(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    struct store_totals totals;
    flip(&bench, 1);
    struct store_key row = key_of(&bench, 1);
    set_aside(&bench, &row);
    MDB_val key = store_key_val(&row);
    MDB_val value;
    assert_int_equal(mdb_get(bench.txn.lmdb, bench.env.tables[STORE_DAMAGED], &key, &value), 0);
    assert_int_equal(value.mv_size, STORE_HASH_SIZE + bench.records[1].bytes.size);
    assert_int_equal(mdb_get(bench.txn.lmdb, bench.env.tables[STORE_RECORDS], &key, &value),
                     MDB_NOTFOUND);
    struct store_report report = finish(&bench, &totals);
    assert_int_equal(report.complaint_count, 0);
    assert_int_equal(report.record_count, 3);
    assert_int_equal(totals.record_count, 3);
    assert_int_equal(totals.damaged_count, 1);
}

static void a_row_that_is_sound_or_gone_is_left_alone(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    struct store_totals totals;
    struct store_key row = key_of(&bench, 0);
    set_aside(&bench, &row);
    row.bytes[11] ^= 0x55;
    set_aside(&bench, &row);
    struct store_report report = finish(&bench, &totals);
    assert_int_equal(report.complaint_count, 0);
    assert_int_equal(totals.record_count, 4);
    assert_int_equal(totals.damaged_count, 0);
}

static void an_author_with_its_only_record_damaged_is_forgotten(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    struct store_totals totals;
    flip(&bench, 3);
    struct store_key row = key_of(&bench, 3);
    set_aside(&bench, &row);
    struct store_report report = finish(&bench, &totals);
    assert_int_equal(report.complaint_count, 0);
    assert_int_equal(report.author_count, 1);
    assert_int_equal(totals.record_count, 3);
}

/* Nothing that a file may hold makes it write beyond its rows. */
static void rows_of_no_known_form_are_moved_too(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    struct store_key row = {.bytes = {0, 0, 0, 0, 1}, .size = 5};
    MDB_val key = store_key_val(&row);
    MDB_val value = store_val("short", 5);
    assert_int_equal(mdb_put(bench.txn.lmdb, bench.env.tables[STORE_RECORDS], &key, &value, 0), 0);
    uint8_t long_key[400] = {0};
    key = store_val(long_key, sizeof long_key);
    value = store_val(long_key, STORE_REGISTER_ENTRY_SIZE);
    assert_int_equal(mdb_put(bench.txn.lmdb, bench.env.tables[STORE_REGISTERS], &key, &value, 0),
                     0);
    set_aside(&bench, &row);
    key = store_key_val(&row);
    assert_int_equal(mdb_get(bench.txn.lmdb, bench.env.tables[STORE_DAMAGED], &key, &value), 0);
    assert_memory_equal(value.mv_data, "short", 5);
    store_txn_abort(&bench.txn);
    store_env_close(&bench.env);
    fixture_close(bench.fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_damaged_row_leaves_records_register_head_and_totals),
        cmocka_unit_test(a_row_that_is_sound_or_gone_is_left_alone),
        cmocka_unit_test(an_author_with_its_only_record_damaged_is_forgotten),
        cmocka_unit_test(rows_of_no_known_form_are_moved_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
