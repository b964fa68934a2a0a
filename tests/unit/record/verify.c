/* record/verify: the accept rule on records made here; the hostile ones are in tests/vectors. */
#include "record/verify.h"

#include "record/sign.h"
#include "record/sodium.h"
#include "records.h"

static void sign_rating(struct trust_signed *out_signed, const struct trust_network *network)
{
    uint8_t seed[TRUST_SEED_SIZE] = {5};
    struct trust_secret *secret = NULL;
    struct trust_record rating = some_rating();
    assert_int_equal(trust_sodium_start(), TRUST_OK);
    assert_int_equal(trust_secret_open(&secret, seed), TRUST_OK);
    trust_secret_key(&rating.author, secret);
    assert_int_equal(trust_record_sign(out_signed, &rating, secret, network), TRUST_OK);
    trust_secret_close(secret);
}

static void a_verified_record_is_decoded_has_its_id_and_borrows_its_bytes(void **state)
{
    (void)state;
    struct trust_network network;
    struct trust_signed signed_record;
    assert_int_equal(trust_network_init(&network, "main"), TRUST_OK);
    sign_rating(&signed_record, &network);
    struct trust_bytes bytes = {.data = signed_record.data, .size = signed_record.size};
    struct trust_verified verified;
    assert_int_equal(trust_record_verify(&verified, bytes, &network), TRUST_OK);
    assert_int_equal(verified.record.rating.value, 900);
    assert_true(trust_key_is_prime_order(&verified.record.author));
    assert_ptr_equal(verified.bytes.data, bytes.data);
    assert_int_equal(verified.bytes.size, bytes.size);
    struct trust_id id;
    trust_record_id(&id, bytes, &network);
    assert_memory_equal(verified.id.bytes, id.bytes, sizeof id.bytes);
    assert_ptr_equal(trust_record_signature(bytes), bytes.data + bytes.size - 64);
}

static void every_changed_bit_is_noticed(void **state)
{
    (void)state;
    struct trust_network network;
    struct trust_signed signed_record;
    assert_int_equal(trust_network_init(&network, "main"), TRUST_OK);
    sign_rating(&signed_record, &network);
    struct trust_bytes bytes = {.data = signed_record.data, .size = signed_record.size};
    for (size_t at = 0; at < bytes.size; at++) {
        struct trust_verified verified = {.bytes = {.size = 3}};
        signed_record.data[at] ^= (uint8_t)(1u << at % 8);
        assert_int_not_equal(trust_record_verify(&verified, bytes, &network), TRUST_OK);
        assert_int_equal(verified.bytes.size, 3);
        signed_record.data[at] ^= (uint8_t)(1u << at % 8);
    }
}

static void a_record_of_another_network_does_not_verify(void **state)
{
    (void)state;
    struct trust_network network;
    struct trust_network other;
    struct trust_signed signed_record;
    assert_int_equal(trust_network_init(&network, "main"), TRUST_OK);
    assert_int_equal(trust_network_init(&other, "test"), TRUST_OK);
    sign_rating(&signed_record, &network);
    struct trust_bytes bytes = {.data = signed_record.data, .size = signed_record.size};
    struct trust_verified verified;
    assert_int_equal(trust_record_verify(&verified, bytes, &other), TRUST_NO_SIGNATURE);
}

static void only_points_of_prime_order_are_keys(void **state)
{
    (void)state;
    /* The base point; with a point of order 2, 4 and 8 added; those alone; y above the prime. */
    static const struct {
        uint8_t first[4];
        uint8_t fill;
        uint8_t last;
        bool is_key;
    } rows[] = {
        {{0x58, 0x66, 0x66, 0x66}, 0x66, 0x66, true},
        {{0x95, 0x99, 0x99, 0x99}, 0x99, 0x99, false},
        {{1, 0, 0, 0}, 0, 0, false},
        {{0, 0, 0, 0}, 0, 0, false},
        {{0, 0, 0, 0}, 0, 0x80, false},
        {{0xec, 0xff, 0xff, 0xff}, 0xff, 0x7f, false},
        {{0xee, 0xff, 0xff, 0xff}, 0xff, 0x7f, false},
        {{0xf0, 0xff, 0xff, 0xff}, 0xff, 0x7f, false},
        {{0xff, 0xff, 0xff, 0xff}, 0xff, 0xff, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trust_key key;
        memset(key.bytes, rows[i].fill, sizeof key.bytes);
        memcpy(key.bytes, rows[i].first, sizeof rows[i].first);
        key.bytes[31] = rows[i].last;
        assert_int_equal(trust_key_is_prime_order(&key), rows[i].is_key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verified_record_is_decoded_has_its_id_and_borrows_its_bytes),
        cmocka_unit_test(every_changed_bit_is_noticed),
        cmocka_unit_test(a_record_of_another_network_does_not_verify),
        cmocka_unit_test(only_points_of_prime_order_are_keys),
    };
    return cmocka_run_group_tests_name("record/verify", tests, NULL, NULL);
}
