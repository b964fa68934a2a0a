/* base/siphash: the authors' vectors, and libsodium's implementation at every length. */
#include "base/siphash.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"

static void the_published_vectors_hold(void **state)
{
    (void)state;
    /* vectors.h of the reference implementation: key 00..0f, message 00..n-1; the one of 15 bytes
     * is appendix A of the paper. */
    const struct {
        size_t size;
        uint64_t hash;
    } vectors[] = {
        {0, UINT64_C(0x726fdb47dd0e0e31)}, {1, UINT64_C(0x74f839c593dc67fd)},
        {2, UINT64_C(0x0d6c8009d9a94f5a)}, {3, UINT64_C(0x85676696d7fb7e2d)},
        {4, UINT64_C(0xcf2794e0277187b7)}, {5, UINT64_C(0x18765564cd99a68d)},
        {6, UINT64_C(0xcbc9466e58fee3ce)}, {7, UINT64_C(0xab0200f58b01d137)},
        {8, UINT64_C(0x93f5f5799a932462)}, {15, UINT64_C(0xa129ca6149be45e5)},
    };
    const struct trust_siphash_key key = {.low = UINT64_C(0x0706050403020100),
                                          .high = UINT64_C(0x0f0e0d0c0b0a0908)};
    uint8_t message[16];
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        struct trust_bytes bytes = {.data = message, .size = vectors[i].size};
        assert_true(trust_siphash(&key, bytes) == vectors[i].hash);
    }
}

static void store_le(uint8_t *out, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

static void it_agrees_with_libsodium_at_every_length_and_key(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(11);
    uint8_t message[300];
    for (size_t size = 0; size <= sizeof message; size++) {
        struct trust_siphash_key key = {.low = trust_random_next(&random),
                                        .high = trust_random_next(&random)};
        uint8_t key_bytes[crypto_shorthash_KEYBYTES];
        store_le(key_bytes, key.low);
        store_le(key_bytes + 8, key.high);
        for (size_t i = 0; i < size; i++)
            message[i] = (uint8_t)trust_random_next(&random);
        uint8_t expected[crypto_shorthash_BYTES];
        crypto_shorthash(expected, message, size, key_bytes);
        uint8_t hash[8];
        store_le(hash, trust_siphash(&key, (struct trust_bytes){.data = message, .size = size}));
        assert_memory_equal(hash, expected, sizeof hash);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_vectors_hold),
        cmocka_unit_test(it_agrees_with_libsodium_at_every_length_and_key),
    };
    return cmocka_run_group_tests_name("base/siphash", tests, NULL, NULL);
}
