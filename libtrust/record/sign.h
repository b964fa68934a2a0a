/*
 * The secret half of an operator key, and signing with it. Only the command line and tests hold
 * one: no daemon does. libtrust makes no randomness, so the seed is the caller's.
 */
#ifndef TRUST_RECORD_SIGN_H
#define TRUST_RECORD_SIGN_H

#include "trust/error.h"
#include "trust/record.h"

#include "base/limits.h"

#define TRUST_SEED_SIZE 32

/* Lives in sodium_malloc'd memory: guarded, locked where the system lets it, wiped at close. */
struct trust_secret;

/* Derives the key pair from a seed (RFC 8032); the caller wipes its own copy of the seed.
 * TRUST_FAIL_MEMORY. Close it with trust_secret_close. */
TRUST_MUST_USE enum trust_error trust_secret_open(struct trust_secret **out_secret,
                                                  const uint8_t seed[TRUST_SEED_SIZE]);

/* Wipes and frees. NULL is allowed. */
void trust_secret_close(struct trust_secret *secret);

/* The public half. */
void trust_secret_key(struct trust_key *out_key, const struct trust_secret *secret);

/* The seed, borrowed until the secret is closed: for sealing it into a key file. */
const uint8_t *trust_secret_seed(const struct trust_secret *secret);

/* Signs bare bytes: only for callers that put a tag of their own in front (record/statement.h). */
void trust_secret_sign(uint8_t out_signature[TRUST_SIGNATURE_SIZE],
                       const struct trust_secret *secret, struct trust_bytes message);

/* A record as it is sent: body and signature. */
struct trust_signed {
    uint8_t data[TRUST_RECORD_SIZE_MAX];
    size_t size;
};

/*
 * Encodes record and signs it for network. Its author must be the secret's key: TRUST_NO_KEY
 * otherwise. Further the verdicts of trust_record_encode.
 */
TRUST_MUST_USE enum trust_error trust_record_sign(struct trust_signed *out_signed,
                                                  const struct trust_record *record,
                                                  const struct trust_secret *secret,
                                                  const struct trust_network *network);

#endif
