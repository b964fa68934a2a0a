/* record/sodium: the library starts, twice; what its self-test asks is in
 * tests/unit/record/verify.c and tests/vectors too. */
#include "record/sodium.h"

#include "records.h"

static void the_library_passes_its_self_test_more_than_once(void **state)
{
    (void)state;
    assert_int_equal(trust_sodium_start(), TRUST_OK);
    assert_int_equal(trust_sodium_start(), TRUST_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_library_passes_its_self_test_more_than_once),
    };
    return cmocka_run_group_tests_name("record/sodium", tests, NULL, NULL);
}
