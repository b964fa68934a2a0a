/* node/store_scrub and store_aside: damage that no hash shows is found, named and set aside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

#define RECORDS 30u

/* A closed store: three authors, ten records each. */
static struct fixture *make_store(void)
{
    struct fixture *fixture = fixture_open();
    for (unsigned i = 0; i < RECORDS; i++) {
        struct fixture_record record = fixture_rate(fixture, i % 3, i, i);
        fixture_submit(fixture, fixture_put(fixture, &record));
    }
    fixture_settle(fixture);
    fixture_stop(fixture);
    return fixture;
}

/* Opens the cursor on the tenth row of a table. */
static MDB_cursor *open_tenth(const struct store_env *env, MDB_txn *txn, enum store_table table,
                              MDB_val *key, MDB_val *value)
{
    MDB_cursor *cursor = NULL;
    assert_int_equal(mdb_cursor_open(txn, env->tables[table], &cursor), 0);
    for (int i = 0; i < 10; i++)
        assert_int_equal(mdb_cursor_get(cursor, key, value, MDB_NEXT), 0);
    return cursor;
}

static int flip_bit(const struct store_env *env, MDB_txn *txn)
{
    MDB_val key;
    MDB_val value;
    uint8_t bytes[STORE_HASH_SIZE + TRUST_RECORD_SIZE_MAX];
    MDB_cursor *cursor = open_tenth(env, txn, STORE_RECORDS, &key, &value);
    memcpy(bytes, value.mv_data, value.mv_size);
    bytes[value.mv_size - 1] ^= 0x80;
    value = store_val(bytes, value.mv_size);
    int code = mdb_cursor_put(cursor, &key, &value, MDB_CURRENT);
    mdb_cursor_close(cursor);
    return code;
}

/* Someone who knows the check key writes a record that nobody signed. */
static int forge_record(const struct store_env *env, MDB_txn *txn)
{
    MDB_val key;
    MDB_val value;
    uint8_t bytes[STORE_HASH_SIZE + TRUST_RECORD_SIZE_MAX];
    MDB_cursor *cursor = open_tenth(env, txn, STORE_RECORDS, &key, &value);
    memcpy(bytes, value.mv_data, value.mv_size);
    bytes[value.mv_size - 1] ^= 0x80;
    struct trust_bytes record = {.data = bytes + STORE_HASH_SIZE,
                                 .size = value.mv_size - STORE_HASH_SIZE};
    uint64_t hash = store_row_hash(&env->check, key, record);
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(hash >> (56 - 8 * i));
    value = store_val(bytes, value.mv_size);
    int code = mdb_cursor_put(cursor, &key, &value, MDB_CURRENT);
    mdb_cursor_close(cursor);
    return code;
}

static int drop_register(const struct store_env *env, MDB_txn *txn)
{
    MDB_val key;
    MDB_val value;
    MDB_cursor *cursor = open_tenth(env, txn, STORE_REGISTERS, &key, &value);
    int code = mdb_cursor_del(cursor, 0);
    mdb_cursor_close(cursor);
    return code;
}

/* Scrubs one whole round in small steps; returns how many were bad. */
static uint32_t scrub_round(struct fixture *fixture, struct store_bad *out_last)
{
    uint32_t found = 0;
    struct store_stats stats;
    store_stats(fixture->store, &stats);
    uint64_t rounds = stats.scrub_rounds;
    while (stats.scrub_rounds == rounds) {
        struct store_bad bad;
        must(store_scrub_step(fixture->store, &bad, 7));
        if (bad.found) {
            *out_last = bad;
            found++;
        }
        store_stats(fixture->store, &stats);
    }
    return found;
}

static void a_sound_store_is_scrubbed_round_by_round(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    fixture_start(fixture);
    struct store_bad bad;
    struct store_stats stats;
    for (uint64_t round = 1; round <= 3; round++) {
        assert_int_equal(scrub_round(fixture, &bad), 0);
        store_stats(fixture->store, &stats);
        assert_int_equal(stats.scrub_count, round * RECORDS);
        assert_int_equal(stats.damaged_count, 0);
    }
    fixture_close(fixture);
}

static void damage_of_each_kind_is_found_once_and_set_aside(void **state)
{
    (void)state;
    static int (*const damages[])(const struct store_env *, MDB_txn *) = {flip_bit, forge_record,
                                                                          drop_register};
    for (size_t i = 0; i < 3; i++) {
        struct fixture *fixture = make_store();
        fixture_edit(fixture, damages[i]);
        fixture_start(fixture);
        struct store_bad bad = {0};
        assert_int_equal(scrub_round(fixture, &bad), 1);
        assert_true(bad.found);
        (void)fixture_author(fixture, &bad.author);
        assert_in_range(bad.seq, FIXTURE_SEQ, FIXTURE_SEQ + RECORDS);
        fixture_stop(fixture);
        fixture_start(fixture);
        assert_int_equal(scrub_round(fixture, &bad), 0);
        uint64_t damaged = 0;
        assert_int_equal(fixture_load(fixture, &damaged).count, RECORDS - 1);
        assert_int_equal(damaged, 0);
        struct store_report report;
        assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
        assert_int_equal(report.aside_count, 1);
        fixture_close(fixture);
    }
}

static void a_record_replaced_before_it_is_set_aside_stays(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    fixture_start(fixture);
    struct store_change aside = {.kind = STORE_SET_ASIDE};
    struct store_place place = {.number = 1, .seq = FIXTURE_SEQ + 1};
    struct fixture_record record = fixture_rate(fixture, 1, 1, 1);
    place.id = record.id;
    struct store_key row = store_record_key(&place, 8);
    aside.state_key = (struct trust_bytes){.data = row.bytes, .size = row.size};
    fixture_submit(fixture, aside);
    row.bytes[19] ^= 1; /* a row that is not there */
    fixture_submit(fixture, aside);
    struct store_report report;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_int_equal(report.record_count, RECORDS);
    assert_int_equal(report.aside_count, 0);
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_store_is_scrubbed_round_by_round),
        cmocka_unit_test(damage_of_each_kind_is_found_once_and_set_aside),
        cmocka_unit_test(a_record_replaced_before_it_is_set_aside_stays),
    };
    return cmocka_run_group_tests_name("node/store_scrub", tests, NULL, NULL);
}
