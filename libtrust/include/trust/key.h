/*
 * Public keys and their text form.
 *
 * Operator keys are Ed25519 (RFC 8032) and are written as bech32m (BIP-350) with prefix "rpt", 62
 * characters; transport keys of nodes are X25519 and have prefix "rpn". bech32m refuses every
 * single typing error and every swap of neighbours locally.
 */
#ifndef TRUST_KEY_H
#define TRUST_KEY_H

#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TRUST_KEY_SIZE 32
#define TRUST_KEY_TEXT_SIZE 63 /* 62 characters and the final NUL */
#define TRUST_KEY_SHORT_SIZE 8 /* 7 characters and the final NUL */

struct trust_key {
    uint8_t bytes[TRUST_KEY_SIZE];
};

enum trust_key_use {
    TRUST_KEY_OPERATOR, /* "rpt": signs records */
    TRUST_KEY_NODE,     /* "rpn": authenticates a node to its peers */
};

/* Writes the text form, NUL-terminated. Any 32 bytes can be written. */
TRUST_API void trust_key_encode(char out_text[TRUST_KEY_TEXT_SIZE], const struct trust_key *key,
                                enum trust_key_use use);

/*
 * Reads the text form; upper and lower case are both accepted, mixed case is not.
 * TRUST_NO_KEY: wrong length, prefix, alphabet or checksum. out_key is written only on success.
 * The point itself is not checked here: see record/verify.h.
 */
TRUST_API TRUST_MUST_USE enum trust_error
trust_key_decode(struct trust_key *out_key, struct trust_bytes text, enum trust_key_use use);

/* The short id shown to people beside a pet name: the first 7 characters after the prefix "rpt1" or
 * "rpn1". It names nothing safely: only people read it. */
TRUST_API void trust_key_short(char out_text[TRUST_KEY_SHORT_SIZE], const struct trust_key *key);

#ifdef __cplusplus
}
#endif

#endif
