/* A rating: from struct to bytes and back, and what is never written. */
#include "trust/rating.h"

#include "records.h"

static void a_rating_comes_back_as_it_went(void **state)
{
    (void)state;
    struct trust_record rating = some_rating();
    struct trust_record back;
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    decode_back(&back, bytes, &rating);
    assert_true(trust_bytes_equal(back.rating.subject, rating.rating.subject));
    assert_true(trust_bytes_equal(back.rating.manifest, rating.rating.manifest));
    assert_int_equal(back.rating.category, TRUST_CATEGORY_PERFORMANCE);
    assert_int_equal(back.rating.value, 900);
    assert_int_equal(back.rating.calls, 12);
    assert_int_equal(back.rating.origin, TRUST_ORIGIN_AGENT);
    /* Views into the bytes, not copies. */
    assert_in_range((uintptr_t)back.rating.subject.data, (uintptr_t)bytes,
                    (uintptr_t)bytes + sizeof bytes);
}

static void a_rating_outside_its_ranges_is_not_written(void **state)
{
    (void)state;
    struct trust_record rating = some_rating();
    rating.rating.value = 1002;
    assert_encoding(&rating, TRUST_NO_RANGE);
    rating = some_rating();
    rating.rating.calls = 0;
    assert_encoding(&rating, TRUST_NO_RANGE);
    rating.rating.category = TRUST_CATEGORY_SECURITY;
    assert_encoding(&rating, TRUST_OK);
    rating.rating.calls = TRUST_RATING_CALLS_MAX + 1;
    assert_encoding(&rating, TRUST_NO_RANGE);
    rating = some_rating();
    rating.rating.category = (enum trust_category)0;
    assert_encoding(&rating, TRUST_NO_RANGE);
    rating = some_rating();
    rating.rating.origin = (enum trust_origin)5;
    assert_encoding(&rating, TRUST_NO_RANGE);
    rating = some_rating();
    rating.rating.manifest = digest_of(20);
    assert_encoding(&rating, TRUST_NO_RANGE);
    rating = some_rating();
    rating.rating.subject = trust_bytes_text("http://localhost/mcp");
    assert_encoding(&rating, TRUST_NO_SUBJECT);
    rating.rating.subject = trust_bytes_text("mcp:A/b");
    assert_encoding(&rating, TRUST_NO_SUBJECT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rating_comes_back_as_it_went),
        cmocka_unit_test(a_rating_outside_its_ranges_is_not_written),
    };
    return cmocka_run_group_tests_name("record/rating", tests, NULL, NULL);
}
