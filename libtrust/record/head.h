/*
 * The head of an author: what two nodes compare before they exchange records.
 *
 * The digest is the sum modulo 2^256 (little-endian) of BLAKE2b-256(id || signature) over the
 * stored records, the revocation and both halves of void pairs included: equal sets have equal
 * digests in whatever order they were stored, and one record more or less costs one hash.
 */
#ifndef TRUST_RECORD_HEAD_H
#define TRUST_RECORD_HEAD_H

#include <stdint.h>

#include "trust/record.h"

#include "record/claim.h"

struct trust_head {
    uint64_t seq;       /* greatest of the stored records; 0: none */
    uint32_t count;     /* stored records */
    uint8_t digest[32]; /* little-endian sum */
};

/* Takes a stored record into count and digest; seq is left to the caller. */
void trust_head_add(struct trust_head *head, const struct trust_id *id,
                    const struct trust_signature *signature);

/* Takes a record out again that was added before. */
void trust_head_remove(struct trust_head *head, const struct trust_id *id,
                       const struct trust_signature *signature);

#endif
