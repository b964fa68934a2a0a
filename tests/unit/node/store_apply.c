/* node/store_apply: each change, and that records, registers, heads and totals move together. */
#include "node/store_apply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

static void assert_sound(struct fixture *fixture, uint64_t records, uint64_t authors)
{
    struct store_report report;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_int_equal(report.record_count, records);
    assert_int_equal(report.author_count, authors);
    fixture_start(fixture);
}

static void assert_head(struct fixture *fixture, size_t author)
{
    struct trust_head head;
    assert_int_equal(store_read_head(fixture->store, &head, &fixture->keys[author]), TRUST_OK);
    assert_int_equal(head.seq, fixture->heads[author].seq);
    assert_int_equal(head.count, fixture->heads[author].count);
    assert_memory_equal(head.digest, fixture->heads[author].digest, 32);
}

static void a_greater_seq_takes_the_place_of_the_older_record(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct fixture_record older = fixture_store(fixture, 0, 1, 10);
    struct fixture_record newer = fixture_rate(fixture, 0, 1, 20);
    struct store_change put = fixture_put(fixture, &newer);
    struct store_change erase = fixture_erase(fixture, &older, newer.seq);
    put.continues = true;
    put.head = erase.head;
    fixture_submit(fixture, put);
    fixture_submit(fixture, erase);
    fixture_settle(fixture);
    assert_head(fixture, 0);
    assert_sound(fixture, 1, 1);
    uint64_t damaged = 0;
    struct fixture_seen seen = fixture_load(fixture, &damaged);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.at[0], 20);
    fixture_close(fixture);
}

static void a_void_pair_is_kept_whole_in_one_register(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct fixture_record left = fixture_store(fixture, 0, 1, 10);
    /* The same register and seq with another value. */
    struct fixture_record right = left;
    struct trust_record record;
    must(trust_record_decode(&record, fixture_bytes(&left)));
    record.rating.value++;
    must(trust_record_sign(&right.bytes, &record, fixture->secrets[0], &fixture->network));
    trust_record_id(&right.id, fixture_bytes(&right), &fixture->network);
    fixture_submit(fixture, fixture_put(fixture, &right));
    fixture_settle(fixture);
    assert_head(fixture, 0);
    assert_sound(fixture, 2, 1);
    fixture_submit(fixture, fixture_erase(fixture, &left, left.seq));
    fixture_settle(fixture);
    assert_sound(fixture, 1, 1);
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    size_t size = 0;
    struct store_change place = {.author = left.author, .seq = left.seq, .id = left.id};
    assert_int_equal(store_read_one(fixture->store, bytes, &size, &place), TRUST_NO_FOUND);
    place.id = right.id;
    assert_int_equal(store_read_one(fixture->store, bytes, &size, &place), TRUST_OK);
    assert_int_equal(size, right.bytes.size);
    assert_memory_equal(bytes, right.bytes.data, size);
    fixture_close(fixture);
}

static void the_same_id_again_replaces_the_signature(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct fixture_record record = fixture_store(fixture, 0, 1, 10);
    struct fixture_record other = record;
    other.bytes.data[other.bytes.size - 1] ^= 1; /* the body and the id stay */
    struct trust_signature signature = fixture_signature(&record);
    trust_head_remove(&fixture->heads[0], &record.id, &signature);
    fixture_submit(fixture, fixture_put(fixture, &other));
    fixture_settle(fixture);
    assert_head(fixture, 0);
    struct store_stats stats;
    store_stats(fixture->store, &stats);
    assert_int_equal(stats.record_count, 1);
    assert_int_equal(stats.record_size, other.bytes.size);
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    size_t size = 0;
    struct store_change place = {.author = record.author, .seq = record.seq, .id = record.id};
    must(store_read_one(fixture->store, bytes, &size, &place));
    assert_memory_equal(bytes, other.bytes.data, size);
    fixture_close(fixture);
}

static void records_whose_ids_begin_alike_both_stay(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct fixture_record left = fixture_store(fixture, 0, 1, 10);
    struct fixture_record right = fixture_rate(fixture, 0, 2, 10);
    /* A made-up id stands for one that was searched for with 2^32 hashes. */
    struct store_change put = fixture_put(fixture, &right);
    memcpy(put.id.bytes, left.id.bytes, 8);
    fixture_submit(fixture, put);
    fixture_settle(fixture);
    uint64_t damaged = 0;
    assert_int_equal(fixture_load(fixture, &damaged).count, 2);
    fixture_submit(fixture, fixture_erase(fixture, &left, right.seq));
    fixture_settle(fixture);
    assert_int_equal(fixture_load(fixture, &damaged).count, 1);
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    size_t size = 0;
    struct store_change place = {.author = left.author, .seq = left.seq, .id = left.id};
    assert_int_equal(store_read_one(fixture->store, bytes, &size, &place), TRUST_NO_FOUND);
    fixture_close(fixture);
}

static void erasing_what_is_not_there_changes_nothing(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct fixture_record stored = fixture_store(fixture, 0, 1, 10);
    struct fixture_record absent = fixture_rate(fixture, 0, 2, 20);
    struct fixture_record stranger = fixture_rate(fixture, 1, 2, 20);
    struct store_change erase = {.kind = STORE_ERASE,
                                 .number = ++fixture->number,
                                 .author = absent.author,
                                 .seq = absent.seq,
                                 .id = absent.id,
                                 .place = absent.place,
                                 .head = fixture->heads[0]};
    fixture_submit(fixture, erase);
    erase.author = stranger.author;
    erase.number = ++fixture->number;
    fixture_submit(fixture, erase);
    fixture_settle(fixture);
    assert_sound(fixture, 1, 1);
    uint64_t damaged = 0;
    assert_int_equal(fixture_load(fixture, &damaged).at[0], stored.seq - FIXTURE_SEQ);
    fixture_close(fixture);
}

static void the_last_record_takes_its_author_with_it(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct fixture_record only = fixture_store(fixture, 0, 1, 10);
    (void)fixture_store(fixture, 1, 1, 11);
    fixture_submit(fixture, fixture_erase(fixture, &only, 0));
    fixture_settle(fixture);
    struct trust_head head;
    assert_int_equal(store_read_head(fixture->store, &head, &fixture->keys[0]), TRUST_NO_FOUND);
    assert_sound(fixture, 1, 1);
    (void)fixture_store(fixture, 0, 1, 12);
    assert_head(fixture, 0);
    assert_sound(fixture, 2, 2);
    fixture_close(fixture);
}

static void an_author_is_erased_whole_and_others_stay(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    for (uint64_t i = 0; i < 60; i++)
        (void)fixture_store(fixture, i % 3, (unsigned)i, i);
    fixture_submit(fixture, fixture_erase_author(fixture, 1, NULL));
    fixture_settle(fixture);
    uint64_t damaged = 0;
    struct fixture_seen seen = fixture_load(fixture, &damaged);
    assert_int_equal(seen.count, 40);
    for (uint32_t i = 0; i < seen.count; i++)
        assert_int_not_equal(seen.author[i], 1);
    assert_sound(fixture, 40, 2);
    fixture_close(fixture);
}

static void an_erased_author_may_keep_or_get_its_revocation(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct fixture_record spared = fixture_store(fixture, 0, 5, 50);
    for (uint64_t i = 0; i < 9; i++)
        (void)fixture_store(fixture, i % 2, (unsigned)i + 10, i);
    fixture_submit(fixture, fixture_erase_author(fixture, 0, &spared));
    fixture_settle(fixture);
    assert_head(fixture, 0);
    uint64_t damaged = 0;
    struct fixture_seen seen = fixture_load(fixture, &damaged);
    assert_int_equal(seen.count, 5);
    assert_int_equal(seen.at[0], 50);
    assert_sound(fixture, 5, 2);

    struct fixture_record later = fixture_rate(fixture, 1, 7, 70);
    struct store_change erase = fixture_erase_author(fixture, 1, NULL);
    erase.continues = true;
    struct store_change put = fixture_put(fixture, &later);
    erase.head = put.head; /* one change of the ledger: each step carries what it comes to */
    fixture_submit(fixture, erase);
    fixture_submit(fixture, put);
    fixture_settle(fixture);
    assert_head(fixture, 1);
    assert_sound(fixture, 2, 2);
    fixture_close(fixture);
}

/* The last record of 1,500 is as good as the first, over many pages and batches. */
static void thousands_of_changes_leave_a_sound_store(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct fixture_record *records = calloc(1500, sizeof *records);
    assert_non_null(records);
    for (uint32_t i = 0; i < 1500; i++) {
        records[i] = fixture_rate(fixture, i % FIXTURE_AUTHORS, i, i);
        struct store_change put = fixture_put(fixture, &records[i]);
        put.urgent = i % 100 == 0;
        fixture_submit(fixture, put);
    }
    for (uint32_t i = 0; i < 1400; i++)
        fixture_submit(
            fixture, fixture_erase(fixture, &records[i], fixture->heads[i % FIXTURE_AUTHORS].seq));
    fixture_settle(fixture);
    assert_sound(fixture, 100, FIXTURE_AUTHORS);
    free(records);
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_greater_seq_takes_the_place_of_the_older_record),
        cmocka_unit_test(a_void_pair_is_kept_whole_in_one_register),
        cmocka_unit_test(the_same_id_again_replaces_the_signature),
        cmocka_unit_test(records_whose_ids_begin_alike_both_stay),
        cmocka_unit_test(erasing_what_is_not_there_changes_nothing),
        cmocka_unit_test(the_last_record_takes_its_author_with_it),
        cmocka_unit_test(an_author_is_erased_whole_and_others_stay),
        cmocka_unit_test(an_erased_author_may_keep_or_get_its_revocation),
        cmocka_unit_test(thousands_of_changes_leave_a_sound_store),
    };
    return cmocka_run_group_tests_name("node/store_apply", tests, NULL, NULL);
}
