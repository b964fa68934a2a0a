/* record/encode: the envelope, the writer, and that no struct whatever makes bytes that do not
 * decode to it. */
#include "record/encode.h"

#include "base/random.h"
#include "records.h"

static void a_record_expires_after_its_time_and_within_two_years(void **state)
{
    (void)state;
    static const struct {
        int64_t after_s;
        enum trust_error verdict;
    } rows[] = {
        {-1, TRUST_NO_RANGE},
        {0, TRUST_NO_RANGE},
        {1, TRUST_OK},
        {TRUST_LIFE_S_MAX, TRUST_OK},
        {TRUST_LIFE_S_MAX + 1, TRUST_NO_RANGE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trust_record rating = some_rating();
        rating.expires = (uint64_t)((int64_t)(SEQ / 1000) + rows[i].after_s);
        assert_encoding(&rating, rows[i].verdict);
    }
}

static void what_is_no_kind_is_not_written(void **state)
{
    (void)state;
    struct trust_record record = some_rating();
    record.kind = (enum trust_kind)0;
    assert_encoding(&record, TRUST_NO_CANONICAL);
    record.kind = (enum trust_kind)6;
    assert_encoding(&record, TRUST_NO_CANONICAL);
}

static void a_writer_without_room_is_left_alone(void **state)
{
    (void)state;
    struct trust_record vouch = some_vouch();
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    size_t needed = encode_whole(bytes, &vouch) - TRUST_SIGNATURE_SIZE;
    for (size_t capacity = 0; capacity <= needed; capacity++) {
        struct trust_writer writer = trust_writer_init(bytes, capacity);
        enum trust_error expected = capacity < needed ? TRUST_NO_SIZE : TRUST_OK;
        assert_int_equal(trust_record_encode(&writer, &vouch), expected);
        assert_int_equal(writer.size, capacity < needed ? 0 : needed);
        assert_false(trust_writer_has_overflowed(&writer));
    }
}

static void a_field_beyond_any_record_is_refused_for_its_size(void **state)
{
    (void)state;
    static char text[1000];
    memset(text, 'a', sizeof text);
    struct trust_record flag = some_flag();
    flag.flag.rule = (struct trust_bytes){.data = (const uint8_t *)text, .size = sizeof text};
    assert_encoding(&flag, TRUST_NO_SIZE);
}

/* A number that is often at an edge. */
static uint64_t edge(struct trust_random *random)
{
    static const uint64_t edges[] = {0,   1,     2,     7,       8,       31,         32,
                                     127, 128,   255,   256,     1000,    1001,       1002,
                                     SEQ, 65535, 65536, 1000000, 1000001, UINT64_MAX, 4294967296};
    return edges[trust_random_below(random, COUNT(edges))];
}

static void what_is_written_decodes_to_the_same_bytes(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(1);
    uint32_t written = 0;
    for (int i = 0; i < 20000; i++) {
        struct trust_record record = i % 2 == 0 ? some_rating() : some_vouch();
        record.seq = SEQ + edge(&random) % 5;
        if (i % 2 == 0) {
            record.rating.value = (uint16_t)edge(&random);
            record.rating.calls = (uint32_t)edge(&random);
            record.rating.category = (enum trust_category)(edge(&random) % 5);
        } else {
            record.vouch.strength = (int16_t)(1000 - (int16_t)edge(&random));
            record.vouch.scopes = (uint8_t)edge(&random);
        }
        uint8_t bytes[TRUST_RECORD_SIZE_MAX] = {0};
        struct trust_writer writer = trust_writer_init(bytes, sizeof bytes - 64);
        if (trust_record_encode(&writer, &record) != TRUST_OK)
            continue;
        struct trust_record back;
        struct trust_bytes whole = {.data = bytes, .size = writer.size + TRUST_SIGNATURE_SIZE};
        assert_int_equal(trust_record_decode(&back, whole), TRUST_OK);
        uint8_t again[TRUST_RECORD_SIZE_MAX];
        assert_int_equal(encode_whole(again, &back), whole.size);
        assert_memory_equal(again, bytes, writer.size);
        written++;
    }
    assert_in_range(written, 1000, 19000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_expires_after_its_time_and_within_two_years),
        cmocka_unit_test(what_is_no_kind_is_not_written),
        cmocka_unit_test(a_writer_without_room_is_left_alone),
        cmocka_unit_test(a_field_beyond_any_record_is_refused_for_its_size),
        cmocka_unit_test(what_is_written_decodes_to_the_same_bytes),
    };
    return cmocka_run_group_tests_name("record/encode", tests, NULL, NULL);
}
