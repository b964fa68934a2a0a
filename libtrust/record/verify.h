/*
 * The accept rule for signatures. struct trust_verified is the one proof in the type system that
 * bytes of a stranger were checked: everything behind the verify pool takes it, nothing else.
 */
#ifndef TRUST_RECORD_VERIFY_H
#define TRUST_RECORD_VERIFY_H

#include <stdbool.h>

#include "trust/error.h"
#include "trust/record.h"

#include "record/id.h"

/* A record whose signature was verified. record borrows bytes, which the caller keeps. */
struct trust_verified {
    struct trust_record record;
    struct trust_id id;
    struct trust_bytes bytes; /* body and signature, as received */
};

/*
 * True if key is a canonical point of prime order. Costs about as much as a signature: ask once per
 * author and remember the answer. A record of an author for whom it is false is TRUST_NO_KEY.
 */
bool trust_key_is_prime_order(const struct trust_key *key);

/*
 * Decodes and verifies a whole record. The author's key is not asked for its order: the caller
 * does, once per author. TRUST_NO_SIGNATURE, and the verdicts of trust_record_decode.
 */
TRUST_MUST_USE enum trust_error trust_record_verify(struct trust_verified *out_verified,
                                                    struct trust_bytes bytes,
                                                    const struct trust_network *network);

/* The last 64 bytes of a whole record of at least TRUST_RECORD_SIZE_MIN bytes. */
const uint8_t *trust_record_signature(struct trust_bytes bytes);

/* One signature over message by the accept rule; the key's order is again the caller's to ask. */
bool trust_signature_is_valid(const uint8_t signature[TRUST_SIGNATURE_SIZE],
                              const struct trust_key *key, struct trust_bytes message);

#endif
