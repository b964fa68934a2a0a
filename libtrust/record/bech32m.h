/*
 * bech32m (BIP-350) for 32-byte payloads: a prefix, "1", 52 characters of 5 bits, 6 of checksum.
 * Any wrong character, swap of neighbours or up to 4 wrong characters are detected for certain.
 */
#ifndef TRUST_RECORD_BECH32M_H
#define TRUST_RECORD_BECH32M_H

#include <stdbool.h>

#include "base/bytes.h"

/* Without the prefix: "1", 52 data characters, 6 checksum characters. */
#define TRUST_BECH32M_TAIL_SIZE 59

/* The greatest length of a bech32m string, and of a decoded payload within it. */
#define TRUST_BECH32M_SIZE_MAX 90

/* The parts of a checked string. */
struct trust_bech32m {
    char prefix[TRUST_BECH32M_SIZE_MAX];    /* lower-case, NUL-terminated */
    uint8_t values[TRUST_BECH32M_SIZE_MAX]; /* 5 bits each, without the checksum */
    size_t count;                           /* of values */
};

/* Checks and splits any bech32m string of at most 90 characters, lower or upper case, not mixed.
 * False: it is none; out_parts is then unspecified. */
bool trust_bech32m_split(struct trust_bech32m *out_parts, struct trust_bytes text);

/* Writes prefix, "1", payload and checksum, NUL-terminated, in lower case:
 * strlen(prefix) + TRUST_BECH32M_TAIL_SIZE characters. */
void trust_bech32m_encode(char *out_text, const char *prefix, const uint8_t payload[32]);

/* Reads a string of this prefix with a payload of exactly 32 bytes and zero padding. */
bool trust_bech32m_decode(uint8_t out_payload[32], const char *prefix, struct trust_bytes text);

#endif
