/* record/statement: what is signed for one purpose is nothing for another. */
#include "record/statement.h"

#include "record/sodium.h"
#include "record/verify.h"
#include "records.h"

static struct trust_secret *open_secret(struct trust_key *out_key)
{
    uint8_t seed[TRUST_SEED_SIZE] = {6};
    struct trust_secret *secret = NULL;
    assert_int_equal(trust_sodium_start(), TRUST_OK);
    assert_int_equal(trust_secret_open(&secret, seed), TRUST_OK);
    trust_secret_key(out_key, secret);
    return secret;
}

static void a_statement_verifies_for_its_key_purpose_and_message_only(void **state)
{
    (void)state;
    struct trust_key key;
    struct trust_secret *secret = open_secret(&key);
    uint8_t signature[64];
    struct trust_bytes message = trust_bytes_text("release mcp:a/b");
    assert_int_equal(trust_statement_sign(signature, secret, TRUST_PURPOSE_ORDER, message),
                     TRUST_OK);
    assert_int_equal(trust_statement_verify(signature, &key, TRUST_PURPOSE_ORDER, message),
                     TRUST_OK);
    assert_int_equal(trust_statement_verify(signature, &key, TRUST_PURPOSE_PIN, message),
                     TRUST_NO_SIGNATURE);
    assert_int_equal(trust_statement_verify(signature, &key, TRUST_PURPOSE_ORDER,
                                            trust_bytes_text("release mcp:a/c")),
                     TRUST_NO_SIGNATURE);
    struct trust_key other = {{0x58, 0x66}};
    memset(other.bytes + 2, 0x66, 30);
    assert_int_equal(trust_statement_verify(signature, &other, TRUST_PURPOSE_ORDER, message),
                     TRUST_NO_SIGNATURE);
    struct trust_key small = {{1}};
    assert_int_equal(trust_statement_verify(signature, &small, TRUST_PURPOSE_ORDER, message),
                     TRUST_NO_KEY);
    trust_secret_close(secret);
}

static void the_purpose_stands_in_front_of_the_message(void **state)
{
    (void)state;
    struct trust_key key;
    struct trust_secret *secret = open_secret(&key);
    uint8_t signature[64];
    static const char signed_bytes[] = "repute-order-v1\0hello";
    assert_int_equal(
        trust_statement_sign(signature, secret, TRUST_PURPOSE_ORDER, trust_bytes_text("hello")),
        TRUST_OK);
    struct trust_bytes bytes = {.data = (const uint8_t *)signed_bytes,
                                .size = sizeof signed_bytes - 1};
    assert_true(trust_signature_is_valid(signature, &key, bytes));
    trust_secret_close(secret);
}

static void a_message_has_a_bound(void **state)
{
    (void)state;
    static uint8_t message[TRUST_STATEMENT_SIZE_MAX + 1];
    struct trust_key key;
    struct trust_secret *secret = open_secret(&key);
    uint8_t signature[64];
    struct trust_bytes bytes = {.data = message, .size = TRUST_STATEMENT_SIZE_MAX};
    assert_int_equal(trust_statement_sign(signature, secret, TRUST_PURPOSE_PIN, bytes), TRUST_OK);
    assert_int_equal(trust_statement_verify(signature, &key, TRUST_PURPOSE_PIN, bytes), TRUST_OK);
    bytes.size++;
    assert_int_equal(trust_statement_sign(signature, secret, TRUST_PURPOSE_PIN, bytes),
                     TRUST_NO_SIZE);
    assert_int_equal(trust_statement_verify(signature, &key, TRUST_PURPOSE_PIN, bytes),
                     TRUST_NO_SIZE);
    trust_secret_close(secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_verifies_for_its_key_purpose_and_message_only),
        cmocka_unit_test(the_purpose_stands_in_front_of_the_message),
        cmocka_unit_test(a_message_has_a_bound),
    };
    return cmocka_run_group_tests_name("record/statement", tests, NULL, NULL);
}
