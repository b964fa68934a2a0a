/* guard/digest: digests that another program can make: python3 hashlib over the text shown. */
#include "guard/offer/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const names[] = {"b", "a", NULL};

static void check_members(const char *value, const char *expected)
{
    uint8_t digest[DIGEST_SIZE], other[DIGEST_SIZE];
    assert_int_equal(digest_members(digest, "p", trust_bytes_text(value), names), TRUST_OK);
    digest_bytes(other, "p", trust_bytes_text(expected));
    assert_memory_equal(digest, other, DIGEST_SIZE);
}

static void a_digest_is_sha_256_of_purpose_and_form(void **state)
{
    (void)state;
    uint8_t digest[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];
    digest_bytes(digest, "", trust_bytes_text("abc"));
    digest_hex(hex, digest);
    /* FIPS 180-4, example of one block. */
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(digest_json(digest, "a", trust_bytes_text(" \"b\" ")), TRUST_OK);
    uint8_t other[DIGEST_SIZE];
    digest_bytes(other, "", trust_bytes_text("a\"b\""));
    assert_memory_equal(digest, other, DIGEST_SIZE);
}

static void only_the_named_members_count(void **state)
{
    (void)state;
    check_members("{}", "{}");
    check_members("{\"c\":1}", "{}");
    check_members("{\"b\":2,\"c\":1,\"a\":1.0}", "{\"a\":1,\"b\":2}");
    check_members("{\"\\u0061\":[ ]}", "{\"a\":[]}");
}

static void what_has_no_form_is_refused(void **state)
{
    (void)state;
    uint8_t digest[DIGEST_SIZE];
    static const struct {
        const char *value;
        enum trust_error error;
    } rows[] = {
        {"{\"a\":1,\"a\":1}", TRUST_NO_DUPLICATE},
        {"{\"a\":{\"x\":1,\"x\":1}}", TRUST_NO_DUPLICATE},
        {"{\"a\":\"\\ud800\"}", TRUST_NO_RANGE},
        {"{\"a\":1e400}", TRUST_NO_RANGE},
        {"[]", TRUST_NO_TYPE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(digest_members(digest, "p", trust_bytes_text(rows[i].value), names),
                         rows[i].error);
}

static void a_form_may_be_longer_than_its_value(void **state)
{
    (void)state;
    uint8_t *form = NULL;
    size_t size = 0;
    char value[512] = "[", expected[4096] = "[";
    for (int i = 0; i < 90; i++) {
        strcat(value, i > 0 ? ",1e20" : "1e20");
        strcat(expected, i > 0 ? ",100000000000000000000" : "100000000000000000000");
    }
    strcat(value, "]");
    strcat(expected, "]");
    assert_int_equal(digest_canonical(&form, &size, trust_bytes_text(value)), TRUST_OK);
    assert_int_equal(size, strlen(expected));
    assert_memory_equal(form, expected, size);
    free(form);
}

static void a_set_has_no_order(void **state)
{
    (void)state;
    uint8_t forward[2][DIGEST_SIZE] = {{1}, {2}}, backward[2][DIGEST_SIZE] = {{2}, {1}};
    uint8_t first[DIGEST_SIZE], second[DIGEST_SIZE], other[DIGEST_SIZE];
    digest_set(first, "p", forward, 2, trust_bytes_text("t"));
    digest_set(second, "p", backward, 2, trust_bytes_text("t"));
    assert_memory_equal(first, second, DIGEST_SIZE);
    uint8_t bytes[2 * DIGEST_SIZE + 1] = {1};
    bytes[DIGEST_SIZE] = 2;
    bytes[2 * DIGEST_SIZE] = 't';
    digest_bytes(other, "p", (struct trust_bytes){.data = bytes, .size = sizeof bytes});
    assert_memory_equal(first, other, DIGEST_SIZE);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_digest_is_sha_256_of_purpose_and_form),
        cmocka_unit_test(only_the_named_members_count),
        cmocka_unit_test(what_has_no_form_is_refused),
        cmocka_unit_test(a_form_may_be_longer_than_its_value),
        cmocka_unit_test(a_set_has_no_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
