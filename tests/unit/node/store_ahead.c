/* node/store_ahead: which authors are erased ahead of their turn, and what of theirs is done then.
 */
#include "node/store_ahead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

/* A ring without a writer, and the tables of a store to apply to. */
struct bench {
    struct fixture *fixture;
    struct ring *ring;
    struct store_env env;
    struct store_ahead ahead;
};

static struct bench open_bench(void)
{
    struct bench bench = {.fixture = fixture_make("/tmp", 0)};
    must(store_env_open(&bench.env, &bench.fixture->options, false));
    must(ring_open(&bench.ring, 1 << 20, 0, false));
    return bench;
}

static void close_bench(struct bench *bench)
{
    ring_close(bench->ring);
    store_env_close(&bench->env);
    fixture_close(bench->fixture);
}

static void queue(const struct bench *bench, struct store_change change)
{
    struct store_message message = {.change = change};
    struct trust_bytes parts[] = {{.data = (const uint8_t *)&message, .size = sizeof message},
                                  change.state_key,
                                  change.bytes};
    must(ring_push(bench->ring, parts, 3, RING_PLAIN));
}

static void queue_put(const struct bench *bench, size_t author, uint64_t at)
{
    struct fixture_record record = fixture_rate(bench->fixture, author, (unsigned)at, at);
    queue(bench, fixture_put(bench->fixture, &record));
}

/* Finds, applies, commits and marks; returns how many authors there were. */
static uint32_t run(struct bench *bench)
{
    struct store_txn txn;
    struct store_totals totals;
    store_ahead_find(&bench->ahead, bench->ring, 0);
    assert_int_equal(store_txn_begin(&txn, &bench->env), 0);
    assert_int_equal(store_ahead_apply(&bench->ahead, bench->ring, &txn), 0);
    assert_int_equal(store_txn_commit(&txn, &totals), 0);
    store_ahead_mark(&bench->ahead, bench->ring);
    return bench->ahead.count;
}

/* The marks of all messages, in order: 'x' done, '.' not. */
static void assert_marks(const struct bench *bench, const char *expected)
{
    char marks[64] = "";
    uint64_t position = 0;
    struct trust_bytes message;
    for (size_t i = 0; ring_peek(bench->ring, &position, &message); i++)
        marks[i] = store_message_of(message)->is_done ? 'x' : '.';
    assert_string_equal(marks, expected);
}

static uint64_t count_records(struct bench *bench)
{
    MDB_txn *txn = NULL;
    MDB_stat stat;
    assert_int_equal(mdb_txn_begin(bench->env.lmdb, NULL, MDB_RDONLY, &txn), 0);
    assert_int_equal(mdb_stat(txn, bench->env.tables[STORE_RECORDS], &stat), 0);
    mdb_txn_abort(txn);
    return stat.ms_entries;
}

static void only_authors_that_are_erased_are_done_ahead(void **state)
{
    (void)state;
    struct bench bench = open_bench();
    queue_put(&bench, 0, 1);
    queue_put(&bench, 1, 2);
    queue(&bench, fixture_state(bench.fixture, "cell", "x"));
    queue(&bench, fixture_erase_author(bench.fixture, 0, NULL));
    queue_put(&bench, 1, 3);
    queue_put(&bench, 0, 4);
    assert_int_equal(run(&bench), 1);
    assert_marks(&bench, "x..x.x");
    assert_int_equal(count_records(&bench),
                     1); /* number 4: what stood before the erasure is void */
    assert_int_equal(run(&bench), 0);
    close_bench(&bench);
}

static void the_last_erasure_of_an_author_counts(void **state)
{
    (void)state;
    struct bench bench = open_bench();
    queue_put(&bench, 0, 1);
    queue(&bench, fixture_erase_author(bench.fixture, 0, NULL));
    queue_put(&bench, 0, 2);
    queue(&bench, fixture_erase_author(bench.fixture, 0, NULL));
    queue_put(&bench, 0, 3);
    assert_int_equal(run(&bench), 1);
    assert_marks(&bench, "xxxxx");
    assert_int_equal(count_records(&bench), 1);
    close_bench(&bench);
}

static void a_group_whose_end_is_under_way_is_left(void **state)
{
    (void)state;
    struct bench bench = open_bench();
    queue(&bench, fixture_erase_author(bench.fixture, 1, NULL));
    queue_put(&bench, 0, 1);
    struct store_change erase = fixture_erase_author(bench.fixture, 0, NULL);
    erase.continues = true;
    queue(&bench, erase);
    assert_int_equal(run(&bench), 1);
    assert_marks(&bench, "x..");
    queue_put(&bench, 0, 2);
    assert_int_equal(run(&bench), 1);
    assert_marks(&bench, "xxxx");
    assert_int_equal(count_records(&bench), 1);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_authors_that_are_erased_are_done_ahead),
        cmocka_unit_test(the_last_erasure_of_an_author_counts),
        cmocka_unit_test(a_group_whose_end_is_under_way_is_left),
    };
    return cmocka_run_group_tests_name("node/store_ahead", tests, NULL, NULL);
}
