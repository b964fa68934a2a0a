/* record/claim: what is taken over from a record. */
#include "record/claim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_claim_takes_over_what_merging_needs(void **state)
{
    (void)state;
    struct trust_record record = {.kind = TRUST_KIND_VOUCH, .seq = 5000, .expires = 77};
    memset(record.author.bytes, 1, sizeof record.author.bytes);
    memset(record.vouch.subject.bytes, 2, sizeof record.vouch.subject.bytes);
    struct trust_id id = {{9}};
    uint8_t signature[TRUST_SIGNATURE_SIZE] = {8};
    struct trust_claim claim;
    trust_claim_init(&claim, &record, &id, signature);
    struct trust_register place;
    trust_register_init(&place, &record);
    assert_memory_equal(&claim.author, &record.author, sizeof claim.author);
    assert_memory_equal(&claim.place, &place, sizeof place);
    assert_memory_equal(&claim.id, &id, sizeof id);
    assert_memory_equal(claim.signature.bytes, signature, sizeof signature);
    assert_int_equal(claim.kind, TRUST_KIND_VOUCH);
    assert_int_equal(claim.seq, 5000);
    assert_int_equal(claim.expires, 77);
    assert_int_equal(claim.last_seq, 0);
}

static void a_revocation_brings_its_reason_and_last_seq(void **state)
{
    (void)state;
    struct trust_record record = {
        .kind = TRUST_KIND_REVOCATION,
        .seq = 5000,
        .revocation = {.reason = TRUST_REVOKED_SUPERSEDED, .last_seq = 4000},
    };
    struct trust_id id = {{9}};
    uint8_t signature[TRUST_SIGNATURE_SIZE] = {8};
    struct trust_claim claim;
    trust_claim_init(&claim, &record, &id, signature);
    assert_int_equal(claim.reason, TRUST_REVOKED_SUPERSEDED);
    assert_int_equal(claim.last_seq, 4000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_claim_takes_over_what_merging_needs),
        cmocka_unit_test(a_revocation_brings_its_reason_and_last_seq),
    };
    return cmocka_run_group_tests_name("record/claim", tests, NULL, NULL);
}
