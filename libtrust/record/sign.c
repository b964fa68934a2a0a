/* See sign.h. */
#include "record/sign.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "record/encode.h"
#include "record/id.h"

/* libsodium's form: the seed, then the public key. */
struct trust_secret {
    uint8_t bytes[crypto_sign_SECRETKEYBYTES];
};

static_assert(TRUST_SEED_SIZE == crypto_sign_SEEDBYTES, "the seed is RFC 8032's private key");
static_assert(TRUST_SIGNATURE_SIZE == crypto_sign_BYTES, "a signature is R and S");

enum trust_error trust_secret_open(struct trust_secret **out_secret,
                                   const uint8_t seed[TRUST_SEED_SIZE])
{
    struct trust_secret *secret = sodium_malloc(sizeof *secret);
    if (secret == NULL)
        return TRUST_FAIL_MEMORY;
    struct trust_key key;
    int failed = crypto_sign_seed_keypair(key.bytes, secret->bytes, seed);
    assert(failed == 0);
    *out_secret = secret;
    return TRUST_OK;
}

void trust_secret_close(struct trust_secret *secret)
{
    sodium_free(secret);
}

void trust_secret_key(struct trust_key *out_key, const struct trust_secret *secret)
{
    memcpy(out_key->bytes, secret->bytes + TRUST_SEED_SIZE, sizeof out_key->bytes);
}

const uint8_t *trust_secret_seed(const struct trust_secret *secret)
{
    return secret->bytes;
}

void trust_secret_sign(uint8_t out_signature[TRUST_SIGNATURE_SIZE],
                       const struct trust_secret *secret, struct trust_bytes message)
{
    int failed =
        crypto_sign_detached(out_signature, NULL, message.data, message.size, secret->bytes);
    assert(failed == 0);
}

enum trust_error trust_record_sign(struct trust_signed *out_signed,
                                   const struct trust_record *record,
                                   const struct trust_secret *secret,
                                   const struct trust_network *network)
{
    struct trust_key key;
    trust_secret_key(&key, secret);
    if (memcmp(key.bytes, record->author.bytes, sizeof key.bytes) != 0)
        return TRUST_NO_KEY;
    struct trust_signed result;
    struct trust_writer writer =
        trust_writer_init(result.data, sizeof result.data - TRUST_SIGNATURE_SIZE);
    enum trust_error error = trust_record_encode(&writer, record);
    if (error != TRUST_OK)
        return error;
    uint8_t preimage[TRUST_PREIMAGE_SIZE_MAX];
    size_t size = trust_record_preimage(preimage, trust_writer_bytes(&writer), network);
    trust_secret_sign(result.data + writer.size, secret,
                      (struct trust_bytes){.data = preimage, .size = size});
    result.size = writer.size + TRUST_SIGNATURE_SIZE;
    *out_signed = result;
    return TRUST_OK;
}
