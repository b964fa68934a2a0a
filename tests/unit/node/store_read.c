/* node/store_read: what is asked for is given, in order, and nothing that is damaged. */
#include "node/store_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

static void loading_goes_author_by_author_in_order_of_seq(void **state)
{
    (void)state;
    static const struct {
        size_t author;
        uint64_t at;
    } stored[] = {{2, 5}, {0, 9}, {2, 3}, {1, 1}, {0, 7}, {2, 4}};
    static const struct {
        size_t author;
        uint64_t at;
    } loaded[] = {{2, 3}, {2, 4}, {2, 5}, {0, 7}, {0, 9}, {1, 1}};
    struct fixture *fixture = fixture_open();
    for (unsigned i = 0; i < 6; i++)
        (void)fixture_store(fixture, stored[i].author, i, stored[i].at);
    uint64_t damaged = 1;
    struct fixture_seen seen = fixture_load(fixture, &damaged);
    assert_int_equal(damaged, 0);
    assert_int_equal(seen.count, 6);
    for (unsigned i = 0; i < 6; i++) {
        assert_int_equal(seen.author[i], loaded[i].author);
        assert_int_equal(seen.at[i], loaded[i].at);
    }
    seen = (struct fixture_seen){.fixture = fixture, .stop_at = 4};
    assert_int_equal(store_load(fixture->store, &damaged, fixture_see, &seen), TRUST_OK);
    assert_int_equal(seen.count, 4);
    fixture_close(fixture);
}

static void a_range_has_both_its_ends_and_one_author(void **state)
{
    (void)state;
    static const struct {
        uint64_t from;
        uint64_t to;
        uint32_t count;
        uint64_t first;
    } rows[] = {
        {0, 90, 10, 0}, {20, 40, 3, 20}, {21, 39, 1, 30}, {90, 90, 1, 90},
        {91, 99, 0, 0}, {40, 20, 0, 0},  {81, 99, 1, 90},
    };
    struct fixture *fixture = fixture_open();
    for (uint64_t i = 0; i < 10; i++) {
        for (size_t author = 0; author < 3; author++)
            (void)fixture_store(fixture, author, (unsigned)i, i * 10);
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture_seen seen = {.fixture = fixture};
        struct store_range range = {.author = fixture->keys[1],
                                    .from_seq = FIXTURE_SEQ + rows[i].from,
                                    .to_seq = FIXTURE_SEQ + rows[i].to};
        assert_int_equal(store_read_range(fixture->store, &range, fixture_see, &seen), TRUST_OK);
        assert_int_equal(seen.count, rows[i].count);
        for (uint32_t k = 0; k < seen.count; k++) {
            assert_int_equal(seen.author[k], 1);
            assert_int_equal(seen.at[k], rows[i].first + 10 * k);
        }
    }
    struct fixture_seen seen = {.fixture = fixture, .stop_at = 2};
    struct store_range all = {.author = fixture->keys[1], .to_seq = UINT64_MAX};
    assert_int_equal(store_read_range(fixture->store, &all, fixture_see, &seen), TRUST_OK);
    assert_int_equal(seen.count, 2);
    all.author = fixture->keys[3]; /* of whom nothing is stored */
    seen = (struct fixture_seen){.fixture = fixture};
    assert_int_equal(store_read_range(fixture->store, &all, fixture_see, &seen), TRUST_OK);
    assert_int_equal(seen.count, 0);
    fixture_close(fixture);
}

static void one_record_is_read_by_author_seq_and_id(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct fixture_record record = fixture_store(fixture, 0, 1, 10);
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    size_t size = 0;
    struct store_change place = {.author = record.author, .seq = record.seq, .id = record.id};
    assert_int_equal(store_read_one(fixture->store, bytes, &size, &place), TRUST_OK);
    assert_int_equal(size, record.bytes.size);
    assert_memory_equal(bytes, record.bytes.data, size);
    place.seq++;
    assert_int_equal(store_read_one(fixture->store, bytes, &size, &place), TRUST_NO_FOUND);
    place.seq--;
    place.id.bytes[31] ^= 1;
    assert_int_equal(store_read_one(fixture->store, bytes, &size, &place), TRUST_NO_FOUND);
    place.id.bytes[31] ^= 1;
    place.author = fixture->keys[1];
    assert_int_equal(store_read_one(fixture->store, bytes, &size, &place), TRUST_NO_FOUND);
    fixture_close(fixture);
}

static void heads_are_read_as_they_were_stored(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    (void)fixture_store(fixture, 0, 1, 10);
    (void)fixture_store(fixture, 0, 2, 20);
    struct trust_head head;
    assert_int_equal(store_read_head(fixture->store, &head, &fixture->keys[0]), TRUST_OK);
    assert_int_equal(head.seq, FIXTURE_SEQ + 20);
    assert_int_equal(head.count, 2);
    assert_memory_equal(head.digest, fixture->heads[0].digest, 32);
    assert_int_equal(store_read_head(fixture->store, &head, &fixture->keys[1]), TRUST_NO_FOUND);
    fixture_close(fixture);
}

struct text {
    char text[128];
    uint32_t left; /* entries wanted */
};

static bool append(void *context, struct trust_bytes key, struct trust_bytes value)
{
    struct text *to = context;
    size_t used = strlen(to->text);
    (void)snprintf(to->text + used, sizeof to->text - used, "%.*s=%.*s ", (int)key.size,
                   (const char *)key.data, (int)value.size, (const char *)value.data);
    return --to->left > 0;
}

static void state_is_read_by_prefix_after_a_restart(void **state)
{
    (void)state;
    static const struct {
        const char *prefix;
        uint32_t left;
        const char *text;
    } rows[] = {
        {"", 9, "a/1=one a/2=four b/1= c=five "},
        {"a/", 9, "a/1=one a/2=four "},
        {"a/2", 9, "a/2=four "},
        {"b", 9, "b/1= "},
        {"x", 9, ""},
        {"", 2, "a/1=one a/2=four "},
    };
    struct fixture *fixture = fixture_open();
    fixture_submit(fixture, fixture_state(fixture, "a/2", "two"));
    fixture_submit(fixture, fixture_state(fixture, "a/1", "one"));
    fixture_submit(fixture, fixture_state(fixture, "b/1", ""));
    fixture_submit(fixture, fixture_state(fixture, "a/2", "four"));
    fixture_submit(fixture, fixture_state(fixture, "c", "five"));
    fixture_submit(fixture, fixture_state(fixture, "d", "six"));
    fixture_submit(fixture, fixture_state(fixture, "d", NULL));
    fixture_submit(fixture, fixture_state(fixture, "never", NULL));
    fixture_settle(fixture);
    fixture_stop(fixture);
    fixture_start(fixture);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text seen = {.left = rows[i].left};
        struct trust_bytes prefix = {.data = (const uint8_t *)rows[i].prefix,
                                     .size = strlen(rows[i].prefix)};
        assert_int_equal(store_read_state(fixture->store, prefix, append, &seen), TRUST_OK);
        assert_string_equal(seen.text, rows[i].text);
    }
    fixture_close(fixture);
}

/* Flips one bit in the middle of the second row. */
static int flip_second(const struct store_env *env, MDB_txn *txn)
{
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    uint8_t bytes[STORE_HASH_SIZE + TRUST_RECORD_SIZE_MAX];
    assert_int_equal(mdb_cursor_open(txn, env->tables[STORE_RECORDS], &cursor), 0);
    assert_int_equal(mdb_cursor_get(cursor, &key, &value, MDB_FIRST), 0);
    assert_int_equal(mdb_cursor_get(cursor, &key, &value, MDB_NEXT), 0);
    memcpy(bytes, value.mv_data, value.mv_size);
    bytes[100] ^= 4;
    value = store_val(bytes, value.mv_size);
    int code = mdb_cursor_put(cursor, &key, &value, MDB_CURRENT);
    mdb_cursor_close(cursor);
    return code;
}

static void a_damaged_record_is_never_given_out_and_is_set_aside(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct fixture_record records[3];
    for (unsigned i = 0; i < 3; i++)
        records[i] = fixture_store(fixture, 0, i, i);
    fixture_stop(fixture);
    fixture_edit(fixture, flip_second);
    fixture_start(fixture);
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    size_t size = 0;
    struct store_change place = {
        .author = records[1].author, .seq = records[1].seq, .id = records[1].id};
    assert_int_equal(store_read_one(fixture->store, bytes, &size, &place), TRUST_NO_FOUND);
    uint64_t damaged = 0;
    struct fixture_seen seen = fixture_load(fixture, &damaged);
    assert_int_equal(damaged, 1);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.at[0], 0);
    assert_int_equal(seen.at[1], 2);
    /* Closing lets the writer set it aside; what is left agrees again. */
    struct store_report report;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_int_equal(report.record_count, 2);
    assert_int_equal(report.aside_count, 1);
    fixture_start(fixture);
    struct store_stats stats;
    store_stats(fixture->store, &stats);
    assert_int_equal(stats.damaged_count, 1);
    struct trust_head head;
    assert_int_equal(store_read_head(fixture->store, &head, &fixture->keys[0]), TRUST_OK);
    struct trust_signature signature = fixture_signature(&records[1]);
    trust_head_remove(&fixture->heads[0], &records[1].id, &signature);
    assert_int_equal(head.count, 2);
    assert_int_equal(head.seq, records[2].seq);
    assert_memory_equal(head.digest, fixture->heads[0].digest, 32);
    fixture_submit(fixture, fixture_put(fixture, &records[1])); /* a peer brings it again */
    fixture_settle(fixture);
    assert_int_equal(fixture_load(fixture, &damaged).count, 3);
    assert_int_equal(damaged, 0);
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loading_goes_author_by_author_in_order_of_seq),
        cmocka_unit_test(a_range_has_both_its_ends_and_one_author),
        cmocka_unit_test(one_record_is_read_by_author_seq_and_id),
        cmocka_unit_test(heads_are_read_as_they_were_stored),
        cmocka_unit_test(state_is_read_by_prefix_after_a_restart),
        cmocka_unit_test(a_damaged_record_is_never_given_out_and_is_set_aside),
    };
    return cmocka_run_group_tests_name("node/store_read", tests, NULL, NULL);
}
