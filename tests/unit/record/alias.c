/* An alias: from struct to bytes and back, and what is never written. */
#include "records.h"

static void an_alias_comes_back_as_it_went(void **state)
{
    (void)state;
    for (uint8_t on = 0; on <= 1; on++) {
        struct trust_record alias = some_alias();
        struct trust_record back;
        uint8_t bytes[TRUST_RECORD_SIZE_MAX];
        alias.alias.state = on;
        decode_back(&back, bytes, &alias);
        assert_true(trust_bytes_equal(back.alias.first, alias.alias.first));
        assert_true(trust_bytes_equal(back.alias.second, alias.alias.second));
        assert_int_equal(back.alias.state, on);
    }
}

static void an_alias_out_of_order_or_range_is_not_written(void **state)
{
    (void)state;
    struct trust_record alias = some_alias();
    alias.alias.state = 2;
    assert_encoding(&alias, TRUST_NO_RANGE);
    alias = some_alias();
    struct trust_bytes first = alias.alias.first;
    alias.alias.first = alias.alias.second;
    assert_encoding(&alias, TRUST_NO_RANGE);
    alias.alias.second = first;
    assert_encoding(&alias, TRUST_NO_RANGE);
    alias.alias.first = first;
    assert_encoding(&alias, TRUST_NO_RANGE);
    alias = some_alias();
    alias.alias.first = trust_bytes_text("a/b");
    assert_encoding(&alias, TRUST_NO_SUBJECT);
}

static void the_longest_alias_fits_a_record(void **state)
{
    (void)state;
    char first[192];
    char second[192];
    memset(first, 'a', sizeof first);
    memset(second, 'b', sizeof second);
    memcpy(first, "mcp:a/", 6);
    memcpy(second, "mcp:b/", 6);
    struct trust_record alias = some_alias();
    alias.alias.first = (struct trust_bytes){.data = (const uint8_t *)first, .size = 190};
    alias.alias.second = (struct trust_bytes){.data = (const uint8_t *)second, .size = 190};
    alias.seq = UINT64_MAX;
    alias.expires = UINT64_MAX / 1000 + 1;
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    assert_int_equal(encode_whole(bytes, &alias), 504);
    alias.alias.second.size = 191;
    assert_encoding(&alias, TRUST_NO_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alias_comes_back_as_it_went),
        cmocka_unit_test(an_alias_out_of_order_or_range_is_not_written),
        cmocka_unit_test(the_longest_alias_fits_a_record),
    };
    return cmocka_run_group_tests_name("record/alias", tests, NULL, NULL);
}
