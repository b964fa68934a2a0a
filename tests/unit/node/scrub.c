/* node/scrub: a flipped bit is found, named and forgotten, so that the record can come again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/store_core.h"
#include "node_rig.h"

/* Flips a bit of the one record there is, beneath the running node. */
static void flip(struct node_rig *rig)
{
    const struct store_env *env = &rig->core.store->env;
    MDB_txn *txn = NULL;
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    uint8_t bytes[STORE_HASH_SIZE + TRUST_RECORD_SIZE_MAX];
    assert_int_equal(mdb_txn_begin(env->lmdb, NULL, 0, &txn), 0);
    assert_int_equal(mdb_cursor_open(txn, env->tables[STORE_RECORDS], &cursor), 0);
    assert_int_equal(mdb_cursor_get(cursor, &key, &value, MDB_FIRST), 0);
    memcpy(bytes, value.mv_data, value.mv_size);
    bytes[value.mv_size / 2] ^= 4;
    value = store_val(bytes, value.mv_size);
    assert_int_equal(mdb_cursor_put(cursor, &key, &value, MDB_CURRENT), 0);
    mdb_cursor_close(cursor);
    assert_int_equal(mdb_txn_commit(txn), 0);
}

static bool ignore(void *context, const struct trust_key *author, struct trust_bytes record)
{
    (void)author;
    (void)record;
    ++*(uint32_t *)context;
    return true;
}

static bool has_found(struct node_rig *rig)
{
    return rig->core.scrub.damaged > 0;
}

static void a_flipped_bit_is_found_and_the_record_may_come_again(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    struct fixture_record record = fixture_rate(rig->fixture, 0, 1, 1);
    assert_int_equal(node_rig_publish(rig, &record), TRUST_OK);
    flip(rig);
    assert_int_equal(node_rig_publish(rig, &record), TRUST_NO_DUPLICATE);
    rig->core.scrub.due.ms = 0;
    node_rig_until(rig, has_found);
    assert_int_equal(rig->core.scrub.damaged, 1);
    assert_non_null(strstr(node_rig_log(rig), "damaged"));
    assert_int_equal(node_rig_publish(rig, &record), TRUST_OK);
    struct store_stats stats;
    store_stats(rig->core.store, &stats);
    assert_int_equal(stats.record_count, 1);
    assert_int_equal(stats.damaged_count, 1);
    node_rig_stop(rig);
    struct store_report report;
    must(store_verify(&report, &rig->fixture->options, fixture_ignore, NULL));
    assert_int_equal(report.complaint_count, 0);
    assert_int_equal(report.record_count, 1);
    node_rig_close(rig);
}

static void damage_that_a_read_meets_is_told_the_engine_too(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    struct fixture_record record = fixture_rate(rig->fixture, 0, 1, 1);
    assert_int_equal(node_rig_publish(rig, &record), TRUST_OK);
    flip(rig);
    const struct store_range range = {.author = record.author, .to_seq = UINT64_MAX};
    uint32_t seen = 0;
    must(store_read_range(rig->core.store, &range, ignore, &seen));
    assert_int_equal(seen, 0);
    scrub_tick(&rig->core);
    assert_int_equal(rig->core.scrub.damaged, 1);
    assert_int_equal(node_rig_publish(rig, &record), TRUST_OK);
    must(store_read_range(rig->core.store, &range, ignore, &seen));
    assert_int_equal(seen, 1);
    node_rig_close(rig);
}

static void a_round_begins_a_minute_after_the_start_and_then_once_a_day(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    struct scrub *scrub = &rig->core.scrub;
    assert_in_range(scrub->due.ms - rig->core.started.mono.ms, 59000, 61000);
    assert_int_equal(scrub_deadline(scrub).ms, scrub->due.ms);
    for (unsigned i = 0; i < 20; i++) {
        struct fixture_record record = fixture_rate(rig->fixture, i % 4, i, i);
        assert_int_equal(node_rig_publish(rig, &record), TRUST_OK);
    }
    rig->core.now.mono = scrub->due;
    scrub_tick(&rig->core);
    assert_int_equal(scrub->due.ms - rig->core.now.mono.ms, 20);
    scrub_tick(&rig->core);
    assert_int_equal(scrub->due.ms - rig->core.now.mono.ms, 20);
    rig->core.now.mono = scrub->due;
    scrub_tick(&rig->core);
    assert_int_equal(scrub->due.ms - rig->core.now.mono.ms, 86400000);
    struct store_stats stats;
    store_stats(rig->core.store, &stats);
    assert_int_equal(stats.scrub_count, 20);
    assert_int_equal(scrub->damaged, 0);
    node_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flipped_bit_is_found_and_the_record_may_come_again),
        cmocka_unit_test(damage_that_a_read_meets_is_told_the_engine_too),
        cmocka_unit_test(a_round_begins_a_minute_after_the_start_and_then_once_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
