/* What a record's id and signature are computed over, and what it adds to its author's head. */
#ifndef TRUST_RECORD_ID_H
#define TRUST_RECORD_ID_H

#include "trust/record.h"

#include "base/bytes.h"
#include "base/limits.h"

#define TRUST_RECORD_TAG "repute-record-v1" /* 17 bytes with its NUL */
#define TRUST_PREIMAGE_SIZE_MAX (17 + 8 + TRUST_RECORD_SIZE_MAX - TRUST_SIGNATURE_SIZE)

/* Writes tag || network || body and returns its size; body is at most 448 bytes. */
size_t trust_record_preimage(uint8_t out_preimage[TRUST_PREIMAGE_SIZE_MAX], struct trust_bytes body,
                             const struct trust_network *network);

/* What a record adds to its author's head: BLAKE2b-256(id || signature). */
void trust_record_digest(struct trust_id *out_digest, const struct trust_id *id,
                         const uint8_t signature[TRUST_SIGNATURE_SIZE]);

#endif
