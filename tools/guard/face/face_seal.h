/*
 * Names of sessions as clients see them: sealed, so that nobody can make one, read how many there
 * were, or find another's by counting. What is sealed is a place and how often it was taken; it
 * says nothing of the servers behind, and stays the same whichever of them serves.
 */
#ifndef GUARD_FACE_SEAL_H
#define GUARD_FACE_SEAL_H

#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"

#define FACE_SEAL_KEY_SIZE 32
#define FACE_SEAL_NONCE_SIZE 24
/* Nonce, tag of 16 bytes, place and generation, in base64url; with a NUL. */
#define FACE_SEAL_TEXT_SIZE 71

struct face_seal_place {
    uint32_t slot;
    uint64_t generation;
};

/* nonce: random, and used once. */
void face_seal_make(char out_text[FACE_SEAL_TEXT_SIZE], const struct face_seal_place *place,
                    const uint8_t key[FACE_SEAL_KEY_SIZE],
                    const uint8_t nonce[FACE_SEAL_NONCE_SIZE]);

/* TRUST_NO_FOUND: it was not sealed with that key. */
TRUST_MUST_USE enum trust_error face_seal_open(struct face_seal_place *out_place,
                                               struct trust_bytes text,
                                               const uint8_t key[FACE_SEAL_KEY_SIZE]);

#endif
