/*
 * A claim: a record reduced to what merging needs. It owns all its bytes, so that it can wait for
 * its signature check while the buffer it came from is used again. 208 bytes.
 */
#ifndef TRUST_RECORD_CLAIM_H
#define TRUST_RECORD_CLAIM_H

#include <stdint.h>

#include "trust/record.h"

#include "base/limits.h"
#include "record/register.h"

struct trust_signature {
    uint8_t bytes[TRUST_SIGNATURE_SIZE];
};

struct trust_claim {
    struct trust_key author;
    struct trust_register place; /* the register it sets */
    struct trust_id id;
    struct trust_signature signature;
    uint64_t seq;
    uint64_t expires;
    uint64_t last_seq; /* of a revocation, else 0 */
    enum trust_kind kind;
    enum trust_revocation_reason reason; /* of a revocation only */
};

/* Reduces a decoded record; signature is the last 64 of its bytes. */
void trust_claim_init(struct trust_claim *out_claim, const struct trust_record *record,
                      const struct trust_id *id, const uint8_t signature[TRUST_SIGNATURE_SIZE]);

#endif
