/*
 * Registers: what a record sets, as bytes and as the 16-byte digest that everything else uses.
 *
 * The bytes are author (32), kind (1) and the fields of the register table in
 * docs/reference/protocol.md, each string and manifest behind one byte of length. The digest is
 * BLAKE2b-128 of them behind a domain prefix. It is not keyed, because floors order by it and every
 * node must order alike; tables hash it again with their own secret seed.
 */
#ifndef TRUST_RECORD_REGISTER_H
#define TRUST_RECORD_REGISTER_H

#include <stdint.h>

#include "trust/record.h"

#include "base/limits.h"

/* The longest is an alias: author, kind and two subjects of 190 bytes with their lengths. */
#define TRUST_REGISTER_SIZE_MAX (32 + 1 + 2 * (1 + TRUST_ALIAS_SUBJECT_SIZE_MAX))

struct trust_register {
    uint8_t digest[16];
};

/* Registers of which an author keeps a limited number each; a revocation takes no place. */
enum trust_register_class {
    TRUST_REGISTER_VOUCHES,
    TRUST_REGISTER_OTHERS,
};
#define TRUST_REGISTER_CLASSES 2

/* Writes the register bytes of a decoded record and returns their number. */
size_t trust_register_bytes(uint8_t out_bytes[TRUST_REGISTER_SIZE_MAX],
                            const struct trust_record *record);

/* The digest of a decoded record's register. */
void trust_register_init(struct trust_register *out_register, const struct trust_record *record);

/* Order of digests as byte strings: below, equal or above zero. */
int trust_register_compare(const struct trust_register *a, const struct trust_register *b);

/* The class of a kind that is no revocation. */
enum trust_register_class trust_register_class(enum trust_kind kind);

#endif
