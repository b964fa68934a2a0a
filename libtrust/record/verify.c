/*
 * See verify.h.
 *
 * Until 1.0.18 libsodium compares R byte for byte; later versions multiply by the cofactor and so
 * let an R pass that has a component of small order. Both accept the same signatures once R must
 * be of prime order itself, which the older equation proves for nothing.
 */
#include "record/verify.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"

/* SODIUM_LIBRARY_VERSION_MAJOR of 1.0.18; 1.0.19 has 26. */
#define LAST_MAJOR_WITHOUT_COFACTOR 10

bool trust_key_is_prime_order(const struct trust_key *key)
{
    return crypto_core_ed25519_is_valid_point(key->bytes) == 1;
}

bool trust_signature_is_valid(const uint8_t signature[TRUST_SIGNATURE_SIZE],
                              const struct trust_key *key, struct trust_bytes message)
{
    /* protocol: with those the reader checks that R is a point of prime order as well, which is the
     * same set. */
    if (sodium_library_version_major() > LAST_MAJOR_WITHOUT_COFACTOR &&
        crypto_core_ed25519_is_valid_point(signature) != 1)
        return false;
    return crypto_sign_verify_detached(signature, message.data, message.size, key->bytes) == 0;
}

enum trust_error trust_record_verify(struct trust_verified *out_verified, struct trust_bytes bytes,
                                     const struct trust_network *network)
{
    struct trust_verified verified = {.bytes = bytes};
    enum trust_error error = trust_record_decode(&verified.record, bytes);
    if (error != TRUST_OK)
        return error;
    uint8_t preimage[TRUST_PREIMAGE_SIZE_MAX];
    struct trust_bytes body = {.data = bytes.data, .size = bytes.size - TRUST_SIGNATURE_SIZE};
    size_t size = trust_record_preimage(preimage, body, network);
    struct trust_bytes message = {.data = preimage, .size = size};
    if (!trust_signature_is_valid(trust_record_signature(bytes), &verified.record.author, message))
        return TRUST_NO_SIGNATURE;
    trust_record_id(&verified.id, bytes, network);
    *out_verified = verified;
    return TRUST_OK;
}

const uint8_t *trust_record_signature(struct trust_bytes bytes)
{
    assert(bytes.size >= TRUST_RECORD_SIZE_MIN);
    return bytes.data + bytes.size - TRUST_SIGNATURE_SIZE;
}
