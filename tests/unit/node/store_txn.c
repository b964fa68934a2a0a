/* node/store_txn: runs of changes of one author, and the number that an author has while it has
 * records. */
#include "node/store_txn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "node/store_apply.h"

struct bench {
    struct fixture *fixture;
    struct store_env env;
    struct store_txn txn;
};

/* In place: the transaction points to the environment. */
static void open_bench(struct bench *bench)
{
    *bench = (struct bench){.fixture = fixture_make("/tmp", 0)};
    must(store_env_open(&bench->env, &bench->fixture->options, false));
    assert_int_equal(store_txn_begin(&bench->txn, &bench->env), 0);
}

static void commit(struct bench *bench)
{
    struct store_totals totals;
    assert_int_equal(store_txn_commit(&bench->txn, &totals), 0);
    assert_int_equal(store_txn_begin(&bench->txn, &bench->env), 0);
}

static void close_bench(struct bench *bench)
{
    store_txn_abort(&bench->txn);
    store_env_close(&bench->env);
    fixture_close(bench->fixture);
}

static void put(struct bench *bench, size_t author, uint64_t at)
{
    struct fixture_record record = fixture_rate(bench->fixture, author, (unsigned)at, at);
    struct store_change change = fixture_put(bench->fixture, &record);
    assert_int_equal(store_apply(&bench->txn, &change), 0);
}

static int find(const struct bench *bench, size_t author, uint32_t *number)
{
    return store_find_number(&bench->env, bench->txn.lmdb, number, &bench->fixture->keys[author]);
}

static void erase_all(struct bench *bench, size_t author)
{
    struct store_change change = fixture_erase_author(bench->fixture, author, NULL);
    assert_int_equal(store_apply(&bench->txn, &change), 0);
}

static void an_author_has_a_number_from_its_first_record_to_its_last(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    uint32_t number = 99;
    assert_int_equal(find(&bench, 0, &number), MDB_NOTFOUND);
    put(&bench, 0, 1);
    put(&bench, 1, 2);
    put(&bench, 0, 3);
    commit(&bench);
    assert_int_equal(find(&bench, 0, &number), 0);
    assert_int_equal(number, 0);
    assert_int_equal(find(&bench, 1, &number), 0);
    assert_int_equal(number, 1);
    erase_all(&bench, 0);
    commit(&bench);
    assert_int_equal(find(&bench, 0, &number), MDB_NOTFOUND);
    put(&bench, 0, 4);
    commit(&bench);
    assert_int_equal(find(&bench, 0, &number), 0);
    assert_int_equal(number, 2);
    close_bench(&bench);
}

static void the_head_of_a_run_is_written_when_it_ends(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    struct store_author author;
    put(&bench, 0, 1);
    assert_int_equal(store_find_author(&bench.env, bench.txn.lmdb, &author, 0), MDB_NOTFOUND);
    put(&bench, 0, 2);
    assert_int_equal(store_txn_leave_author(&bench.txn), 0);
    assert_int_equal(store_find_author(&bench.env, bench.txn.lmdb, &author, 0), 0);
    assert_int_equal(author.head.count, 2);
    assert_int_equal(author.head.seq, FIXTURE_SEQ + 2);
    assert_memory_equal(author.head.digest, bench.fixture->heads[0].digest, 32);
    close_bench(&bench);
}

static void what_is_aborted_never_was(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    put(&bench, 0, 1);
    store_txn_abort(&bench.txn);
    assert_int_equal(store_txn_begin(&bench.txn, &bench.env), 0);
    uint32_t number = 99;
    assert_int_equal(find(&bench, 0, &number), MDB_NOTFOUND);
    assert_int_equal(bench.txn.totals.record_count, 0);
    close_bench(&bench);
}

static uint32_t count_rows(const struct bench *bench, enum store_table table, uint32_t number)
{
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    uint32_t count = 0;
    assert_int_equal(mdb_cursor_open(bench->txn.lmdb, bench->env.tables[table], &cursor), 0);
    int code = store_txn_step_author(cursor, number, &key, &value, true);
    for (; code == 0; count++)
        code = store_txn_step_author(cursor, number, &key, &value, false);
    assert_int_equal(code, MDB_NOTFOUND);
    mdb_cursor_close(cursor);
    return count;
}

static void erasing_an_author_spares_one_record_and_all_others_rows(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    struct fixture_record spared = fixture_rate(bench.fixture, 1, 77, 77);
    struct store_change change = fixture_put(bench.fixture, &spared);
    for (uint64_t i = 0; i < 5; i++) {
        put(&bench, 0, i);
        put(&bench, 1, i);
        put(&bench, 2, i);
    }
    assert_int_equal(store_apply(&bench.txn, &change), 0);
    assert_int_equal(count_rows(&bench, STORE_RECORDS, 1), 6);
    change = fixture_erase_author(bench.fixture, 1, &spared);
    assert_int_equal(store_apply(&bench.txn, &change), 0);
    assert_int_equal(count_rows(&bench, STORE_RECORDS, 0), 5);
    assert_int_equal(count_rows(&bench, STORE_RECORDS, 1), 1);
    assert_int_equal(count_rows(&bench, STORE_REGISTERS, 1), 1);
    assert_int_equal(count_rows(&bench, STORE_RECORDS, 2), 5);
    assert_int_equal(bench.txn.totals.record_count, 11);
    assert_int_equal(store_txn_leave_author(&bench.txn), 0);
    struct store_author author;
    assert_int_equal(store_find_author(&bench.env, bench.txn.lmdb, &author, 1), 0);
    assert_int_equal(author.head.count, 1);
    assert_int_equal(author.head.seq, FIXTURE_SEQ + 77);
    close_bench(&bench);
}

static void erasing_a_row_that_is_not_there_is_no_error(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    struct store_key row = store_number_key(5);
    assert_int_equal(store_txn_delete_key(&bench.txn, STORE_HEADS, &row), 0);
    static const struct trust_id none = {0};
    assert_int_equal(store_txn_enter_author(&bench.txn, &bench.fixture->keys[3]), 0);
    assert_false(bench.txn.has_number);
    assert_int_equal(store_txn_erase_author(&bench.txn, 0, &none), 0);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_author_has_a_number_from_its_first_record_to_its_last),
        cmocka_unit_test(the_head_of_a_run_is_written_when_it_ends),
        cmocka_unit_test(what_is_aborted_never_was),
        cmocka_unit_test(erasing_an_author_spares_one_record_and_all_others_rows),
        cmocka_unit_test(erasing_a_row_that_is_not_there_is_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
