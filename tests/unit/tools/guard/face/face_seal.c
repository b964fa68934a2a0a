/* guard/face_seal: names of sessions that nobody else can make. */
#include "guard/face/face_seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static const uint8_t key[FACE_SEAL_KEY_SIZE] = {1};
static const uint8_t nonce[FACE_SEAL_NONCE_SIZE] = {2};

static void what_was_sealed_is_opened(void **state)
{
    (void)state;
    const struct face_seal_place place = {.slot = 31, .generation = UINT64_MAX};
    struct face_seal_place found = {0};
    char text[FACE_SEAL_TEXT_SIZE];
    face_seal_make(text, &place, key, nonce);
    assert_int_equal(strlen(text), FACE_SEAL_TEXT_SIZE - 1);
    for (size_t i = 0; text[i] != '\0'; i++)
        assert_true(text[i] > 0x20 && text[i] < 0x7f);
    assert_int_equal(face_seal_open(&found, trust_bytes_text(text), key), TRUST_OK);
    assert_int_equal(found.slot, 31);
    assert_true(found.generation == UINT64_MAX);
}

static void two_names_of_one_place_have_nothing_in_common(void **state)
{
    (void)state;
    const struct face_seal_place place = {.slot = 1, .generation = 1};
    static const uint8_t other[FACE_SEAL_NONCE_SIZE] = {3};
    char one[FACE_SEAL_TEXT_SIZE];
    char two[FACE_SEAL_TEXT_SIZE];
    face_seal_make(one, &place, key, nonce);
    face_seal_make(two, &place, key, other);
    /* Behind the nonce: what is sealed. */
    assert_memory_not_equal(one + 32, two + 32, FACE_SEAL_TEXT_SIZE - 1 - 32);
}

static void what_was_changed_anywhere_is_not(void **state)
{
    (void)state;
    const struct face_seal_place place = {.slot = 5, .generation = 6};
    struct face_seal_place found = {.slot = 99};
    char text[FACE_SEAL_TEXT_SIZE];
    for (size_t i = 0; i < FACE_SEAL_TEXT_SIZE - 1; i++) {
        face_seal_make(text, &place, key, nonce);
        text[i] = text[i] == 'A' ? 'Q' : 'A';
        assert_int_equal(face_seal_open(&found, trust_bytes_text(text), key), TRUST_NO_FOUND);
    }
    static const uint8_t other[FACE_SEAL_KEY_SIZE] = {9};
    face_seal_make(text, &place, key, nonce);
    assert_int_equal(face_seal_open(&found, trust_bytes_text(text), other), TRUST_NO_FOUND);
    text[FACE_SEAL_TEXT_SIZE - 2] = '\0';
    assert_int_equal(face_seal_open(&found, trust_bytes_text(text), key), TRUST_NO_FOUND);
    assert_int_equal(face_seal_open(&found, trust_bytes_text(""), key), TRUST_NO_FOUND);
    assert_int_equal(face_seal_open(&found, (struct trust_bytes){0}, key), TRUST_NO_FOUND);
    assert_int_equal(found.slot, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sealed_is_opened),
        cmocka_unit_test(two_names_of_one_place_have_nothing_in_common),
        cmocka_unit_test(what_was_changed_anywhere_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
