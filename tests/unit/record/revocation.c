/* A revocation: from struct to bytes and back, and what is never written. */
#include "records.h"

static void a_revocation_comes_back_as_it_went(void **state)
{
    (void)state;
    struct trust_record revocation = some_revocation();
    struct trust_record back;
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    decode_back(&back, bytes, &revocation);
    assert_int_equal(back.revocation.reason, TRUST_REVOKED_SUPERSEDED);
    assert_true(back.revocation.last_seq == SEQ - 1);
    assert_true(trust_bytes_equal(back.revocation.successor, revocation.revocation.successor));
}

static void only_a_compromised_key_has_no_last_seq(void **state)
{
    (void)state;
    for (int reason = 0; reason <= 4; reason++) {
        for (uint64_t last_seq = 0; last_seq <= 1; last_seq++) {
            struct trust_record revocation = some_revocation();
            revocation.revocation.reason = (enum trust_revocation_reason)reason;
            revocation.revocation.last_seq = last_seq;
            bool is_valid =
                (reason == TRUST_REVOKED_COMPROMISED && last_seq == 0) ||
                ((reason == TRUST_REVOKED_RETIRED || reason == TRUST_REVOKED_SUPERSEDED) &&
                 last_seq == 1);
            assert_encoding(&revocation, is_valid ? TRUST_OK : TRUST_NO_RANGE);
        }
    }
}

static void a_revocation_never_expires_and_names_a_key_or_none(void **state)
{
    (void)state;
    struct trust_record revocation = some_revocation();
    revocation.expires = SEQ / 1000 + 1;
    assert_encoding(&revocation, TRUST_NO_RANGE);
    revocation = some_revocation();
    revocation.revocation.successor = digest_of(31);
    assert_encoding(&revocation, TRUST_NO_RANGE);
    revocation.revocation.successor = digest_of(0);
    assert_encoding(&revocation, TRUST_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_revocation_comes_back_as_it_went),
        cmocka_unit_test(only_a_compromised_key_has_no_last_seq),
        cmocka_unit_test(a_revocation_never_expires_and_names_a_key_or_none),
    };
    return cmocka_run_group_tests_name("record/revocation", tests, NULL, NULL);
}
