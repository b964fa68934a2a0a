/* node/store_find: authors by key and number, records among others whose ids begin alike, totals.
 */
#include "node/store_find.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

/* A closed store of three records of author 0 and one of author 1, opened for one transaction. */
struct bench {
    struct fixture *fixture;
    struct fixture_record records[4];
    struct store_env env;
    MDB_txn *txn;
    MDB_cursor *cursor;
};

static struct bench open_bench(void)
{
    struct bench bench = {.fixture = fixture_open()};
    for (unsigned i = 0; i < 4; i++)
        bench.records[i] = fixture_store(bench.fixture, i / 3, i, i);
    fixture_stop(bench.fixture);
    must(store_env_open(&bench.env, &bench.fixture->options, false));
    assert_int_equal(mdb_txn_begin(bench.env.lmdb, NULL, 0, &bench.txn), 0);
    assert_int_equal(mdb_cursor_open(bench.txn, bench.env.tables[STORE_RECORDS], &bench.cursor), 0);
    return bench;
}

static void close_bench(struct bench *bench)
{
    mdb_txn_abort(bench->txn);
    store_env_close(&bench->env);
    fixture_close(bench->fixture);
}

static void an_author_is_found_by_key_and_by_number(void **state)
{
    (void)state;
    struct bench bench = open_bench();
    for (size_t i = 0; i < 2; i++) {
        uint32_t number = 99;
        struct store_author author;
        const struct trust_key *key = &bench.fixture->keys[i];
        assert_int_equal(store_find_number(&bench.env, bench.txn, &number, key), 0);
        assert_int_equal(number, i);
        assert_int_equal(store_find_author(&bench.env, bench.txn, &author, number), 0);
        assert_memory_equal(author.key.bytes, key->bytes, sizeof key->bytes);
        assert_int_equal(author.head.count, i == 0 ? 3 : 1);
        assert_int_equal(author.head.seq, FIXTURE_SEQ + (i == 0 ? 2 : 3));
    }
    uint32_t number = 99;
    struct store_author author;
    assert_int_equal(store_find_number(&bench.env, bench.txn, &number, &bench.fixture->keys[2]),
                     MDB_NOTFOUND);
    assert_int_equal(store_find_author(&bench.env, bench.txn, &author, 2), MDB_NOTFOUND);
    assert_int_equal(number, 99);
    close_bench(&bench);
}

static void rows_of_another_form_are_corrupt_and_not_taken(void **state)
{
    (void)state;
    struct bench bench = open_bench();
    const struct trust_key *key = &bench.fixture->keys[0];
    MDB_val name = store_val(key->bytes, sizeof key->bytes);
    MDB_val value = store_val("12345", 5);
    assert_int_equal(mdb_put(bench.txn, bench.env.tables[STORE_AUTHORS], &name, &value, 0), 0);
    uint32_t number = 99;
    assert_int_equal(store_find_number(&bench.env, bench.txn, &number, key), MDB_CORRUPTED);
    struct store_key row = store_number_key(1);
    name = store_key_val(&row);
    assert_int_equal(mdb_put(bench.txn, bench.env.tables[STORE_HEADS], &name, &value, 0), 0);
    struct store_author author;
    assert_int_equal(store_find_author(&bench.env, bench.txn, &author, 1), MDB_CORRUPTED);
    assert_int_equal(number, 99);
    close_bench(&bench);
}

static struct store_place place_of(const struct fixture_record *record, uint32_t number)
{
    return (struct store_place){.number = number, .seq = record->seq, .id = record->id};
}

static void a_record_is_found_where_it_stands_and_nowhere_else(void **state)
{
    (void)state;
    struct bench bench = open_bench();
    struct store_key key;
    bool found = false;
    struct store_place place = place_of(&bench.records[1], 0);
    assert_int_equal(store_find_place(&bench.env, bench.cursor, &key, &found, &place), 0);
    assert_true(found);
    assert_int_equal(key.size, STORE_RECORD_PREFIX_SIZE);
    place.number = 1;
    assert_int_equal(store_find_place(&bench.env, bench.cursor, &key, &found, &place), 0);
    assert_false(found);
    assert_int_equal(key.size, STORE_RECORD_PREFIX_SIZE);
    place = place_of(&bench.records[1], 0);
    place.seq++;
    assert_int_equal(store_find_place(&bench.env, bench.cursor, &key, &found, &place), 0);
    assert_false(found);
    close_bench(&bench);
}

static void an_id_that_begins_like_a_stored_one_takes_a_whole_key(void **state)
{
    (void)state;
    struct bench bench = open_bench();
    struct store_key key;
    bool found = true;
    struct store_place place = place_of(&bench.records[1], 0);
    place.id.bytes[31] ^= 1;
    assert_int_equal(store_find_place(&bench.env, bench.cursor, &key, &found, &place), 0);
    assert_false(found);
    assert_int_equal(key.size, STORE_RECORD_KEY_MAX);
    assert_memory_equal(key.bytes + 12, place.id.bytes, 32);
    close_bench(&bench);
}

static void totals_come_back_as_they_were_written(void **state)
{
    (void)state;
    struct bench bench = open_bench();
    struct store_totals totals;
    assert_int_equal(store_totals_read(&bench.env, bench.txn, &totals), 0);
    uint64_t size = 0;
    for (size_t i = 0; i < 4; i++)
        size += bench.records[i].bytes.size;
    assert_int_equal(totals.record_count, 4);
    assert_int_equal(totals.record_size, size);
    assert_int_equal(totals.damaged_count, 0);
    const struct store_totals next = {
        .record_count = UINT64_MAX, .record_size = 1, .damaged_count = UINT64_C(1) << 40};
    assert_int_equal(store_totals_write(&bench.env, bench.txn, &next), 0);
    assert_int_equal(store_totals_read(&bench.env, bench.txn, &totals), 0);
    assert_int_equal(totals.record_count, UINT64_MAX);
    assert_int_equal(totals.record_size, 1);
    assert_int_equal(totals.damaged_count, UINT64_C(1) << 40);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_author_is_found_by_key_and_by_number),
        cmocka_unit_test(rows_of_another_form_are_corrupt_and_not_taken),
        cmocka_unit_test(a_record_is_found_where_it_stands_and_nowhere_else),
        cmocka_unit_test(an_id_that_begins_like_a_stored_one_takes_a_whole_key),
        cmocka_unit_test(totals_come_back_as_they_were_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
