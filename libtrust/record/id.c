/*
 * Networks and ids. Every hash and signature of a record starts with a tag and the network's
 * bytes, so that nothing signed elsewhere, or for another network, is a record here.
 */
#include "record/id.h"

#include <sodium.h>

#include "base/assert.h"
#include "base/limits.h"
#include "record/charset.h"

#define NETWORK_TAG "repute-network-v1"
#define NETWORK_NAME_MAX 64u
#define NETWORK_NAME_SET                                                                           \
    (TRUST_CHARSET_LOWER | TRUST_CHARSET_DIGIT | TRUST_CHARSET_DOT | TRUST_CHARSET_HYPHEN)

static_assert(sizeof TRUST_RECORD_TAG == 17, "the tag counts its NUL");
static_assert(TRUST_PREIMAGE_SIZE_MAX ==
                  sizeof TRUST_RECORD_TAG + 8 + TRUST_RECORD_SIZE_MAX - TRUST_SIGNATURE_SIZE,
              "the longest preimage fits");

/* BLAKE2b fails only for sizes outside its bounds, which are constants here. */
static void hash(uint8_t out_hash[32], struct trust_bytes first, struct trust_bytes second)
{
    crypto_generichash_state state;
    int failed = crypto_generichash_init(&state, NULL, 0, 32);
    failed |= crypto_generichash_update(&state, first.data, first.size);
    failed |= crypto_generichash_update(&state, second.data, second.size);
    failed |= crypto_generichash_final(&state, out_hash, 32);
    assert(failed == 0);
}

enum trust_error trust_network_init(struct trust_network *out_network, const char *name)
{
    struct trust_bytes text = trust_bytes_text(name);
    if (text.size < 1 || text.size > NETWORK_NAME_MAX ||
        !trust_charset_covers(NETWORK_NAME_SET, text))
        return TRUST_NO_RANGE;
    static const uint8_t tag[] = NETWORK_TAG;
    uint8_t digest[32];
    hash(digest, (struct trust_bytes){.data = tag, .size = sizeof tag}, text);
    memcpy(out_network->bytes, digest, sizeof out_network->bytes);
    return TRUST_OK;
}

size_t trust_record_preimage(uint8_t out_preimage[TRUST_PREIMAGE_SIZE_MAX], struct trust_bytes body,
                             const struct trust_network *network)
{
    assert(body.size <= TRUST_RECORD_SIZE_MAX - TRUST_SIGNATURE_SIZE);
    size_t size = sizeof TRUST_RECORD_TAG;
    memcpy(out_preimage, TRUST_RECORD_TAG, size);
    memcpy(out_preimage + size, network->bytes, sizeof network->bytes);
    size += sizeof network->bytes;
    memcpy(out_preimage + size, body.data, body.size);
    return size + body.size;
}

void trust_record_id(struct trust_id *out_id, struct trust_bytes bytes,
                     const struct trust_network *network)
{
    assert(bytes.size >= TRUST_RECORD_SIZE_MIN);
    uint8_t preimage[TRUST_PREIMAGE_SIZE_MAX];
    struct trust_bytes body = {.data = bytes.data, .size = bytes.size - TRUST_SIGNATURE_SIZE};
    size_t size = trust_record_preimage(preimage, body, network);
    int failed = crypto_generichash(out_id->bytes, sizeof out_id->bytes, preimage, size, NULL, 0);
    assert(failed == 0);
}

void trust_record_digest(struct trust_id *out_digest, const struct trust_id *id,
                         const uint8_t signature[TRUST_SIGNATURE_SIZE])
{
    hash(out_digest->bytes, (struct trust_bytes){.data = id->bytes, .size = sizeof id->bytes},
         (struct trust_bytes){.data = signature, .size = TRUST_SIGNATURE_SIZE});
}
