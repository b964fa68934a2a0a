/* node/store_check: a row is sound only if hash, place, signature and register all say so. */
#include "node/store_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

/* Two records of author 0 and one of author 1; rows are read into values that tests may change. */
struct bench {
    struct fixture *fixture;
    struct fixture_record records[3];
    struct store_env env;
    MDB_txn *txn;
    struct store_key key;
    uint8_t bytes[STORE_HASH_SIZE + TRUST_RECORD_SIZE_MAX];
    size_t size;
};

static struct bench open_bench(void)
{
    struct bench bench = {.fixture = fixture_open()};
    for (unsigned i = 0; i < 3; i++)
        bench.records[i] = fixture_store(bench.fixture, i / 2, i, i);
    fixture_stop(bench.fixture);
    must(store_env_open(&bench.env, &bench.fixture->options, false));
    assert_int_equal(mdb_txn_begin(bench.env.lmdb, NULL, 0, &bench.txn), 0);
    const struct store_place place = {
        .number = 0, .seq = bench.records[1].seq, .id = bench.records[1].id};
    bench.key = store_record_key(&place, 8);
    MDB_val key = store_key_val(&bench.key);
    MDB_val value;
    assert_int_equal(mdb_get(bench.txn, bench.env.tables[STORE_RECORDS], &key, &value), 0);
    memcpy(bench.bytes, value.mv_data, value.mv_size);
    bench.size = value.mv_size;
    return bench;
}

static void close_bench(struct bench *bench)
{
    mdb_txn_abort(bench->txn);
    store_env_close(&bench->env);
    fixture_close(bench->fixture);
}

/* The hash that the bytes would have if they had been written so. */
static void hash_anew(struct bench *bench)
{
    struct trust_bytes record = {.data = bench->bytes + STORE_HASH_SIZE,
                                 .size = bench->size - STORE_HASH_SIZE};
    uint64_t hash = store_row_hash(&bench->env.check, store_key_val(&bench->key), record);
    for (int i = 0; i < 8; i++)
        bench->bytes[i] = (uint8_t)(hash >> (56 - 8 * i));
}

static enum trust_error check(struct bench *bench)
{
    return store_check_row(&bench->env, bench->txn, store_key_val(&bench->key),
                           store_val(bench->bytes, bench->size));
}

static enum trust_error check_hash(struct bench *bench)
{
    struct store_row row;
    return store_check_hash(&row, &bench->env, store_key_val(&bench->key),
                            store_val(bench->bytes, bench->size));
}

static void each_flipped_bit_is_seen_by_the_hash(void **state)
{
    (void)state;
    struct bench bench = open_bench();
    assert_int_equal(check(&bench), TRUST_OK);
    for (size_t bit = 0; bit < 8 * bench.size; bit++) {
        bench.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(check_hash(&bench), TRUST_FAIL_CORRUPT);
        bench.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t bit = 0; bit < 8 * bench.key.size; bit++) {
        bench.key.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(check_hash(&bench), TRUST_FAIL_CORRUPT);
        bench.key.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_int_equal(check(&bench), TRUST_OK);
    close_bench(&bench);
}

static void a_row_cut_short_is_corrupt(void **state)
{
    (void)state;
    struct bench bench = open_bench();
    for (size_t size = 0; size < bench.size; size++) {
        struct store_row row;
        assert_int_equal(store_check_hash(&row, &bench.env, store_key_val(&bench.key),
                                          store_val(bench.bytes, size)),
                         TRUST_FAIL_CORRUPT);
    }
    close_bench(&bench);
}

static void a_hash_made_anew_does_not_hide_a_record_that_nobody_signed(void **state)
{
    (void)state;
    struct bench bench = open_bench();
    bench.bytes[bench.size - 1] ^= 0x80;
    hash_anew(&bench);
    assert_int_equal(check_hash(&bench), TRUST_OK);
    assert_int_equal(check(&bench), TRUST_NO_SIGNATURE);
    close_bench(&bench);
}

static void a_sound_record_in_a_wrong_place_is_corrupt(void **state)
{
    (void)state;
    struct bench bench = open_bench();
    const struct store_place places[] = {
        {.number = 1, .seq = bench.records[1].seq, .id = bench.records[1].id},
        {.number = 0, .seq = bench.records[1].seq + 1, .id = bench.records[1].id},
        {.number = 0, .seq = bench.records[1].seq, .id = bench.records[0].id},
        {.number = 77, .seq = bench.records[1].seq, .id = bench.records[1].id},
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        bench.key = store_record_key(&places[i], 8);
        hash_anew(&bench);
        assert_int_equal(check_hash(&bench), TRUST_OK);
        assert_int_equal(check(&bench), TRUST_FAIL_CORRUPT);
    }
    close_bench(&bench);
}

static void a_record_that_its_register_does_not_name_is_corrupt(void **state)
{
    (void)state;
    struct bench bench = open_bench();
    struct store_key row = store_register_key(0, &bench.records[1].place);
    MDB_val key = store_key_val(&row);
    assert_int_equal(mdb_del(bench.txn, bench.env.tables[STORE_REGISTERS], &key, NULL), 0);
    assert_int_equal(check_hash(&bench), TRUST_OK);
    assert_int_equal(check(&bench), TRUST_FAIL_CORRUPT);
    close_bench(&bench);
}

static void an_author_without_a_head_makes_its_rows_corrupt(void **state)
{
    (void)state;
    struct bench bench = open_bench();
    struct store_key row = store_number_key(0);
    MDB_val key = store_key_val(&row);
    assert_int_equal(mdb_del(bench.txn, bench.env.tables[STORE_HEADS], &key, NULL), 0);
    assert_int_equal(check(&bench), TRUST_FAIL_CORRUPT);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_flipped_bit_is_seen_by_the_hash),
        cmocka_unit_test(a_row_cut_short_is_corrupt),
        cmocka_unit_test(a_hash_made_anew_does_not_hide_a_record_that_nobody_signed),
        cmocka_unit_test(a_sound_record_in_a_wrong_place_is_corrupt),
        cmocka_unit_test(a_record_that_its_register_does_not_name_is_corrupt),
        cmocka_unit_test(an_author_without_a_head_makes_its_rows_corrupt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
