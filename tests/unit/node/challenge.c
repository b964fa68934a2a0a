/* node/challenge: nonces and signed orders. */
#include "node/challenge.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "record/sodium.h"
#include "record/statement.h"

#define SUBJECT "mcp:io.example/a"

static const struct trust_mono now = {.ms = 5000};

struct desk {
    struct challenge challenge;
    struct trust_secret *secret;
    struct trust_key key;
    char nonce[CHALLENGE_NONCE_TEXT_SIZE];
    uint8_t signature[TRUST_SIGNATURE_SIZE];
};

static void add_nonce(struct desk *desk, uint8_t fill)
{
    uint8_t bytes[CHALLENGE_NONCE_SIZE];
    memset(bytes, fill, sizeof bytes);
    assert_int_equal(challenge_add(&desk->challenge, bytes, now), TRUST_OK);
    (void)sodium_bin2hex(desk->nonce, sizeof desk->nonce, bytes, sizeof bytes);
}

static void sign(struct desk *desk, const char *argument)
{
    char text[256];
    (void)snprintf(text, sizeof text, "release\n" SUBJECT "\n%s\n%s", argument, desk->nonce);
    assert_int_equal(trust_statement_sign(desk->signature, desk->secret, TRUST_PURPOSE_ORDER,
                                          trust_bytes_text(text)),
                     TRUST_OK);
}

static int set_up(void **state)
{
    static struct desk desk;
    const uint8_t seed[32] = {9};
    memset(&desk, 0, sizeof desk);
    if (trust_sodium_start() != TRUST_OK || trust_secret_open(&desk.secret, seed) != TRUST_OK)
        return -1;
    trust_secret_key(&desk.key, desk.secret);
    add_nonce(&desk, 1);
    *state = &desk;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;
    trust_secret_close(desk->secret);
    return 0;
}

static struct challenge_order order_of(const struct desk *desk)
{
    return (struct challenge_order){
        .verb = "release", .subject = SUBJECT, .nonce = desk->nonce, .signature = desk->signature};
}

static enum trust_error check(struct desk *desk, const struct challenge_order *order, uint64_t ms)
{
    return challenge_check(&desk->challenge, &desk->key, order, (struct trust_mono){.ms = ms});
}

static void what_the_operator_signed_is_good_once(void **state)
{
    struct desk *desk = *state;
    struct challenge_order order = order_of(desk);
    sign(desk, "-");
    assert_int_equal(check(desk, &order, 5001), TRUST_OK);
    assert_int_equal(check(desk, &order, 5001), TRUST_NO_CHALLENGE);
}

static void an_argument_is_signed_too(void **state)
{
    struct desk *desk = *state;
    struct challenge_order order = order_of(desk);
    order.argument = "3600";
    sign(desk, "3600");
    assert_int_equal(check(desk, &order, 5001), TRUST_OK);
}

static void nothing_else_than_what_was_signed_passes(void **state)
{
    struct desk *desk = *state;
    const struct challenge_order good = order_of(desk);
    for (uint8_t i = 0; i < 7; i++) {
        add_nonce(desk, (uint8_t)(i + 2));
        sign(desk, "-");
        struct challenge_order order = good;
        uint64_t ms = 5001;
        if (i == 0)
            order.verb = "close";
        else if (i == 1)
            order.subject = "mcp:io.example/b";
        else if (i == 2)
            order.argument = "1";
        else if (i == 3)
            desk->signature[5] ^= 1;
        else if (i == 4)
            order.signature = NULL;
        else if (i == 5)
            order.nonce = NULL;
        else
            ms = 5000 + TRUST_NONCE_MS;
        assert_int_equal(check(desk, &order, ms), TRUST_NO_CHALLENGE);
    }
}

static void a_nonce_is_used_up_by_a_wrong_signature(void **state)
{
    struct desk *desk = *state;
    struct challenge_order order = order_of(desk);
    sign(desk, "-");
    desk->signature[0] ^= 1;
    assert_int_equal(check(desk, &order, 5001), TRUST_NO_CHALLENGE);
    desk->signature[0] ^= 1;
    assert_int_equal(check(desk, &order, 5001), TRUST_NO_CHALLENGE);
}

static void a_nonce_that_was_never_out_is_none(void **state)
{
    struct desk *desk = *state;
    struct challenge_order order = order_of(desk);
    static const char zeros[] = "00000000000000000000000000000000"
                                "00000000000000000000000000000000";
    static const char *const nonces[] = {"", "01", "zz", zeros};
    for (size_t i = 0; i < sizeof nonces / sizeof nonces[0]; i++) {
        (void)snprintf(desk->nonce, sizeof desk->nonce, "%s", nonces[i]);
        sign(desk, "-");
        assert_int_equal(check(desk, &order, 5001), TRUST_NO_CHALLENGE);
    }
}

static void their_number_is_bounded_until_they_end(void **state)
{
    struct desk *desk = *state;
    for (uint8_t i = 1; i < TRUST_NONCES_MAX; i++)
        add_nonce(desk, (uint8_t)(i + 1));
    const uint8_t bytes[CHALLENGE_NONCE_SIZE] = {77};
    assert_int_equal(challenge_add(&desk->challenge, bytes, now), TRUST_NO_BUSY);
    struct trust_mono later = {.ms = now.ms + TRUST_NONCE_MS - 1};
    assert_int_equal(challenge_add(&desk->challenge, bytes, later), TRUST_NO_BUSY);
    later.ms++;
    assert_int_equal(challenge_add(&desk->challenge, bytes, later), TRUST_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_the_operator_signed_is_good_once),
        TEST(an_argument_is_signed_too),
        TEST(nothing_else_than_what_was_signed_passes),
        TEST(a_nonce_is_used_up_by_a_wrong_signature),
        TEST(a_nonce_that_was_never_out_is_none),
        TEST(their_number_is_bounded_until_they_end),
    };
    return cmocka_run_group_tests_name("challenge", tests, NULL, NULL);
}
