/* record/decode: what is left alone on a refusal, and the fixed order of verdicts. The bounds of
 * every field are in tests/vectors. */
#include "record/decode.h"

#include "base/random.h"
#include "records.h"

static void a_refused_record_leaves_the_output_alone(void **state)
{
    (void)state;
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    struct trust_record rating = some_rating();
    size_t size = encode_whole(bytes, &rating);
    struct trust_record untouched;
    struct trust_record out;
    memset(&untouched, 0x5a, sizeof untouched);
    for (size_t at = 0; at < size - TRUST_SIGNATURE_SIZE; at++) {
        uint8_t kept = bytes[at];
        memcpy(&out, &untouched, sizeof out);
        bytes[at] ^= 0x80;
        if (trust_record_decode(&out, (struct trust_bytes){bytes, size}) != TRUST_OK)
            assert_memory_equal(&out, &untouched, sizeof out);
        bytes[at] = kept;
    }
}

static void a_size_outside_65_to_512_is_refused_first(void **state)
{
    (void)state;
    static const uint8_t zeros[600];
    struct trust_record out;
    for (size_t size = 0; size <= sizeof zeros; size++) {
        enum trust_error expected = size < 65 || size > 512 ? TRUST_NO_SIZE : TRUST_NO_CANONICAL;
        assert_int_equal(trust_record_decode(&out, (struct trust_bytes){zeros, size}), expected);
    }
}

static void a_body_alone_decodes_like_a_whole_record(void **state)
{
    (void)state;
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    struct trust_record flag = some_flag();
    size_t size = encode_whole(bytes, &flag);
    struct trust_record out;
    assert_int_equal(trust_body_decode(&out, (struct trust_bytes){bytes, size - 64}), TRUST_OK);
    assert_int_equal(out.flag.class_, TRUST_CLASS_OTHER);
    assert_int_equal(trust_body_decode(&out, (struct trust_bytes){0}), TRUST_NO_CANONICAL);
}

static void random_changes_never_make_two_texts_of_one_record(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(1);
    uint8_t original[TRUST_RECORD_SIZE_MAX];
    struct trust_record alias = some_alias();
    size_t size = encode_whole(original, &alias);
    uint32_t decoded = 0;
    for (int i = 0; i < 50000; i++) {
        uint8_t bytes[TRUST_RECORD_SIZE_MAX];
        memcpy(bytes, original, sizeof bytes);
        for (uint64_t edits = 1 + trust_random_below(&random, 3); edits > 0; edits--)
            bytes[trust_random_below(&random, size - 64)] = (uint8_t)trust_random_next(&random);
        struct trust_record out;
        if (trust_record_decode(&out, (struct trust_bytes){bytes, size}) != TRUST_OK)
            continue;
        uint8_t again[TRUST_RECORD_SIZE_MAX];
        assert_int_equal(encode_whole(again, &out), size);
        assert_memory_equal(again, bytes, size - 64);
        decoded++;
    }
    assert_true(decoded > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_record_leaves_the_output_alone),
        cmocka_unit_test(a_size_outside_65_to_512_is_refused_first),
        cmocka_unit_test(a_body_alone_decodes_like_a_whole_record),
        cmocka_unit_test(random_changes_never_make_two_texts_of_one_record),
    };
    return cmocka_run_group_tests_name("record/decode", tests, NULL, NULL);
}
