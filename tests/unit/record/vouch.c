/* A vouch: from struct to bytes and back, and what is never written. */
#include "trust/vouch.h"

#include "records.h"

static void a_vouch_comes_back_as_it_went(void **state)
{
    (void)state;
    static const int16_t strengths[] = {-1000, -129, -128, -33, -32, -1, 0, 1, 127, 128, 1000};
    for (size_t i = 0; i < COUNT(strengths); i++) {
        for (uint32_t scopes = 1; scopes <= TRUST_SCOPE_ALL; scopes++) {
            struct trust_record vouch = some_vouch();
            struct trust_record back;
            uint8_t bytes[TRUST_RECORD_SIZE_MAX];
            vouch.vouch.strength = strengths[i];
            vouch.vouch.scopes = (uint8_t)scopes;
            decode_back(&back, bytes, &vouch);
            assert_memory_equal(back.vouch.subject.bytes, vouch.vouch.subject.bytes,
                                TRUST_KEY_SIZE);
            assert_int_equal(back.vouch.scopes, scopes);
            assert_int_equal(back.vouch.strength, strengths[i]);
        }
    }
}

static void a_vouch_outside_its_ranges_is_not_written(void **state)
{
    (void)state;
    struct trust_record vouch = some_vouch();
    vouch.vouch.strength = 1001;
    assert_encoding(&vouch, TRUST_NO_RANGE);
    vouch.vouch.strength = -1001;
    assert_encoding(&vouch, TRUST_NO_RANGE);
    vouch = some_vouch();
    vouch.vouch.scopes = 0;
    assert_encoding(&vouch, TRUST_NO_RANGE);
    vouch.vouch.scopes = 8;
    assert_encoding(&vouch, TRUST_NO_RANGE);
    vouch = some_vouch();
    vouch.vouch.subject = vouch.author;
    assert_encoding(&vouch, TRUST_NO_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vouch_comes_back_as_it_went),
        cmocka_unit_test(a_vouch_outside_its_ranges_is_not_written),
    };
    return cmocka_run_group_tests_name("record/vouch", tests, NULL, NULL);
}
