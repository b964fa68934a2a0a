/*
 * SipHash-2-4 (Aumasson, Bernstein, INDOCRYPT 2012): the keyed hash of every table whose keys a
 * stranger may choose, of the board's placement and of the store's check per record.
 */
#ifndef TRUST_BASE_SIPHASH_H
#define TRUST_BASE_SIPHASH_H

#include <stdint.h>

#include "base/bytes.h"

struct trust_siphash_key {
    uint64_t low;
    uint64_t high;
};

uint64_t trust_siphash(const struct trust_siphash_key *key, struct trust_bytes bytes);

#endif
