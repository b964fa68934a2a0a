/* See face_seal.h. XSalsa20 with Poly1305 (libsodium's secretbox). */
#include "guard/face/face_seal.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"

#define PLAIN_SIZE 12
#define BOX_SIZE (crypto_secretbox_MACBYTES + PLAIN_SIZE)
#define SEALED_SIZE (FACE_SEAL_NONCE_SIZE + BOX_SIZE)

static_assert(FACE_SEAL_KEY_SIZE == crypto_secretbox_KEYBYTES, "the key fits");
static_assert(FACE_SEAL_NONCE_SIZE == crypto_secretbox_NONCEBYTES, "the nonce fits");
static_assert(FACE_SEAL_TEXT_SIZE ==
                  sodium_base64_ENCODED_LEN(SEALED_SIZE, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
              "the text fits");

void face_seal_make(char out_text[FACE_SEAL_TEXT_SIZE], const struct face_seal_place *place,
                    const uint8_t key[FACE_SEAL_KEY_SIZE],
                    const uint8_t nonce[FACE_SEAL_NONCE_SIZE])
{
    uint8_t plain[PLAIN_SIZE];
    uint8_t sealed[SEALED_SIZE];
    memcpy(plain, &place->slot, sizeof place->slot);
    memcpy(plain + sizeof place->slot, &place->generation, sizeof place->generation);
    memcpy(sealed, nonce, FACE_SEAL_NONCE_SIZE);
    (void)crypto_secretbox_easy(sealed + FACE_SEAL_NONCE_SIZE, plain, sizeof plain, nonce, key);
    (void)sodium_bin2base64(out_text, FACE_SEAL_TEXT_SIZE, sealed, sizeof sealed,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

enum trust_error face_seal_open(struct face_seal_place *out_place, struct trust_bytes text,
                                const uint8_t key[FACE_SEAL_KEY_SIZE])
{
    uint8_t plain[PLAIN_SIZE];
    uint8_t sealed[SEALED_SIZE];
    size_t size = 0;
    if (text.size != FACE_SEAL_TEXT_SIZE - 1 ||
        sodium_base642bin(sealed, sizeof sealed, (const char *)text.data, text.size, NULL, &size,
                          NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        size != sizeof sealed)
        return TRUST_NO_FOUND;
    if (crypto_secretbox_open_easy(plain, sealed + FACE_SEAL_NONCE_SIZE, BOX_SIZE, sealed, key) !=
        0)
        return TRUST_NO_FOUND;
    memcpy(&out_place->slot, plain, sizeof out_place->slot);
    memcpy(&out_place->generation, plain + sizeof out_place->slot, sizeof out_place->generation);
    return TRUST_OK;
}
