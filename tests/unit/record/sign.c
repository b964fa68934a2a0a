/* record/sign: secrets and records signed with them. */
#include "record/sign.h"

#include "record/sodium.h"
#include "record/verify.h"
#include "records.h"

/* RFC 8032 section 7.1, test 1. */
static const uint8_t rfc_seed[32] = {
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
    0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60};
static const uint8_t rfc_public[32] = {
    0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
    0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};

static struct trust_secret *open_secret(void)
{
    struct trust_secret *secret = NULL;
    assert_int_equal(trust_sodium_start(), TRUST_OK);
    assert_int_equal(trust_secret_open(&secret, rfc_seed), TRUST_OK);
    return secret;
}

static void a_seed_gives_the_public_key_of_rfc_8032(void **state)
{
    (void)state;
    struct trust_secret *secret = open_secret();
    struct trust_key key;
    trust_secret_key(&key, secret);
    assert_memory_equal(key.bytes, rfc_public, sizeof rfc_public);
    assert_memory_equal(trust_secret_seed(secret), rfc_seed, sizeof rfc_seed);
    uint8_t signature[64];
    trust_secret_sign(signature, secret, (struct trust_bytes){0});
    assert_int_equal(signature[0], 0xe5);
    assert_int_equal(signature[63], 0x0b);
    trust_secret_close(secret);
    trust_secret_close(NULL);
}

static void each_kind_is_signed_and_verifies(void **state)
{
    (void)state;
    struct trust_record records[] = {some_vouch(), some_rating(), some_flag(), some_alias(),
                                     some_revocation()};
    struct trust_secret *secret = open_secret();
    struct trust_network network;
    assert_int_equal(trust_network_init(&network, "main"), TRUST_OK);
    for (size_t i = 0; i < COUNT(records); i++) {
        trust_secret_key(&records[i].author, secret);
        struct trust_signed signed_record;
        assert_int_equal(trust_record_sign(&signed_record, &records[i], secret, &network),
                         TRUST_OK);
        struct trust_verified verified;
        struct trust_bytes bytes = {.data = signed_record.data, .size = signed_record.size};
        assert_int_equal(trust_record_verify(&verified, bytes, &network), TRUST_OK);
        assert_int_equal(verified.record.kind, records[i].kind);
    }
    trust_secret_close(secret);
}

static void another_author_or_a_wrong_field_is_not_signed(void **state)
{
    (void)state;
    struct trust_secret *secret = open_secret();
    struct trust_network network;
    assert_int_equal(trust_network_init(&network, "main"), TRUST_OK);
    struct trust_signed signed_record = {.size = 7};
    struct trust_record rating = some_rating();
    assert_int_equal(trust_record_sign(&signed_record, &rating, secret, &network), TRUST_NO_KEY);
    trust_secret_key(&rating.author, secret);
    rating.rating.value = 2000;
    assert_int_equal(trust_record_sign(&signed_record, &rating, secret, &network), TRUST_NO_RANGE);
    rating.rating.subject = trust_bytes_text("http://localhost");
    assert_int_equal(trust_record_sign(&signed_record, &rating, secret, &network),
                     TRUST_NO_SUBJECT);
    assert_int_equal(signed_record.size, 7);
    trust_secret_close(secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_gives_the_public_key_of_rfc_8032),
        cmocka_unit_test(each_kind_is_signed_and_verifies),
        cmocka_unit_test(another_author_or_a_wrong_field_is_not_signed),
    };
    return cmocka_run_group_tests_name("record/sign", tests, NULL, NULL);
}
