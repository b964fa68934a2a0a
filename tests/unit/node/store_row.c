/* node/store_row: the bytes of keys and rows, as docs/reference/store.md gives them. */
#include "node/store_row.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct store_place make_place(void)
{
    struct store_place place = {.number = 0x01020304, .seq = 0x0506070809};
    for (uint8_t i = 0; i < 32; i++)
        place.id.bytes[i] = (uint8_t)(0xa0 + i);
    return place;
}

static void record_keys_are_author_seq_and_the_beginning_of_the_id(void **state)
{
    (void)state;
    static const uint8_t expected[] = {1, 2,    3,    4,    0,    0,    0,    5,    6,    7,   8,
                                       9, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8};
    struct store_place place = make_place();
    struct store_key key = store_record_key(&place, 8);
    assert_int_equal(key.size, 20);
    assert_memory_equal(key.bytes, expected, 20);
    key = store_record_key(&place, 32);
    assert_int_equal(key.size, 44);
    assert_memory_equal(key.bytes, expected, 21);
    assert_int_equal(key.bytes[43], 0xbf);
    key = store_number_key(0x01020304);
    assert_int_equal(key.size, 4);
    assert_memory_equal(key.bytes, expected, 4);
}

static void keys_order_as_author_seq_and_id_do(void **state)
{
    (void)state;
    static const struct store_place places[] = {
        {.number = 1, .seq = 255},
        {.number = 1, .seq = 256},
        {.number = 1, .seq = 256, .id = {{1}}},
        {.number = 255, .seq = 1},
        {.number = 256, .seq = 0},
    };
    for (size_t i = 1; i < sizeof places / sizeof places[0]; i++) {
        struct store_key left = store_record_key(&places[i - 1], 8);
        struct store_key right = store_record_key(&places[i], 8);
        assert_in_range(memcmp(right.bytes, left.bytes, 20), 1, INT32_MAX);
    }
}

static void a_record_row_splits_into_what_it_was_made_of(void **state)
{
    (void)state;
    static const uint8_t value[] = {1, 2, 3, 4, 5, 6, 7, 8, 'r', 'e', 'c'};
    struct store_place place = make_place();
    struct store_key key = store_record_key(&place, 32);
    struct store_row row;
    assert_true(store_row_split(&row, store_key_val(&key), store_val(value, sizeof value)));
    assert_int_equal(row.number, 0x01020304);
    assert_int_equal(row.seq, 0x0506070809);
    assert_int_equal(row.id_start.size, 32);
    assert_int_equal(row.hash, 0x0102030405060708);
    assert_int_equal(row.record.size, 3);
    assert_memory_equal(row.record.data, "rec", 3);
}

static void rows_of_another_form_are_refused(void **state)
{
    (void)state;
    static const uint8_t bytes[TRUST_RECORD_SIZE_MAX + 64];
    static const struct {
        size_t key;
        size_t value;
        bool expected;
    } rows[] = {
        {20, 8, true},  {44, 8, true},  {20, 520, true},  {19, 8, false},
        {21, 8, false}, {43, 8, false}, {45, 8, false},   {0, 8, false},
        {20, 7, false}, {20, 0, false}, {20, 521, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct store_row row;
        assert_int_equal(
            store_row_split(&row, store_val(bytes, rows[i].key), store_val(bytes, rows[i].value)),
            rows[i].expected);
    }
}

static void a_head_row_survives_the_way_there_and_back(void **state)
{
    (void)state;
    struct store_author author = {.head = {.seq = 0x0102030405060708, .count = 0x090a0b0c}};
    memset(author.key.bytes, 0x11, 32);
    memset(author.head.digest, 0x22, 32);
    uint8_t bytes[STORE_HEAD_SIZE];
    store_author_join(bytes, &author);
    static const uint8_t middle[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    assert_int_equal(bytes[31], 0x11);
    assert_memory_equal(bytes + 32, middle, 12);
    assert_int_equal(bytes[44], 0x22);
    struct store_author back;
    assert_true(store_author_split(&back, store_val(bytes, sizeof bytes)));
    assert_memory_equal(back.key.bytes, author.key.bytes, 32);
    assert_int_equal(back.head.seq, author.head.seq);
    assert_int_equal(back.head.count, author.head.count);
    assert_memory_equal(back.head.digest, author.head.digest, 32);
    assert_false(store_author_split(&back, store_val(bytes, sizeof bytes - 1)));
}

static void a_register_row_holds_each_record_once_and_four_at_most(void **state)
{
    (void)state;
    struct store_entries entries = {0};
    struct store_place place = make_place();
    for (uint64_t seq = 1; seq <= 4; seq++) {
        place.seq = seq;
        store_entries_add(&entries, &place);
        store_entries_add(&entries, &place);
        assert_int_equal(entries.count, seq);
    }
    place.seq = 5;
    store_entries_add(&entries, &place);
    assert_int_equal(entries.count, 4);
    assert_true(store_entries_has(&entries, &place));
    place.seq = 1;
    assert_false(store_entries_has(&entries, &place));
    place.seq = 3;
    store_entries_remove(&entries, &place);
    store_entries_remove(&entries, &place);
    assert_int_equal(entries.count, 3);
    static const uint64_t left[] = {2, 4, 5};
    for (size_t i = 0; i < 3; i++) {
        place.seq = left[i];
        assert_true(store_entries_has(&entries, &place));
    }
    struct store_entries back;
    assert_true(store_entries_split(&back, store_val(entries.bytes, 48)));
    assert_int_equal(back.count, 3);
    static const size_t wrong[] = {0, 8, 17, 80};
    for (size_t i = 0; i < 4; i++)
        assert_false(store_entries_split(&back, store_val(entries.bytes, wrong[i])));
}

static void the_hash_knows_key_place_and_bytes(void **state)
{
    (void)state;
    static const struct trust_siphash_key check = {.low = 1, .high = 2};
    static const struct trust_siphash_key other = {.low = 1, .high = 3};
    struct store_place place = make_place();
    struct store_key key = store_record_key(&place, 8);
    struct trust_bytes record = {.data = (const uint8_t *)"record", .size = 6};
    uint64_t hash = store_row_hash(&check, store_key_val(&key), record);
    assert_int_equal(hash, store_row_hash(&check, store_key_val(&key), record));
    assert_int_not_equal(hash, store_row_hash(&other, store_key_val(&key), record));
    record.size = 5;
    assert_int_not_equal(hash, store_row_hash(&check, store_key_val(&key), record));
    record.size = 6;
    place.number++;
    key = store_record_key(&place, 8);
    assert_int_not_equal(hash, store_row_hash(&check, store_key_val(&key), record));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record_keys_are_author_seq_and_the_beginning_of_the_id),
        cmocka_unit_test(keys_order_as_author_seq_and_id_do),
        cmocka_unit_test(a_record_row_splits_into_what_it_was_made_of),
        cmocka_unit_test(rows_of_another_form_are_refused),
        cmocka_unit_test(a_head_row_survives_the_way_there_and_back),
        cmocka_unit_test(a_register_row_holds_each_record_once_and_four_at_most),
        cmocka_unit_test(the_hash_knows_key_place_and_bytes),
    };
    return cmocka_run_group_tests_name("node/store_row", tests, NULL, NULL);
}
