/*
 * A record: a signed statement of an operator, body || signature(64), at most 512 bytes.
 *
 * The body is one canonical msgpack array [1, kind, author, seq, expires, fields...]. Decoding
 * gives views into the bytes and says nothing about the signature: struct trust_record is what was
 * written, struct trust_verified (record/verify.h) is what was proved.
 */
#ifndef TRUST_RECORD_H
#define TRUST_RECORD_H

#include <stdint.h>

#include "trust/flag.h"
#include "trust/key.h"
#include "trust/rating.h"
#include "trust/vouch.h"

#ifdef __cplusplus
extern "C" {
#endif

enum trust_kind {
    TRUST_KIND_VOUCH = 1,
    TRUST_KIND_RATING = 2,
    TRUST_KIND_FLAG = 3,
    TRUST_KIND_ALIAS = 4,
    TRUST_KIND_REVOCATION = 5,
};

enum trust_revocation_reason {
    TRUST_REVOKED_COMPROMISED = 1,
    TRUST_REVOKED_RETIRED = 2,
    TRUST_REVOKED_SUPERSEDED = 3,
};

/* Two subjects that the author says are one server. */
struct trust_alias {
    struct trust_bytes first; /* first < second by bytes; at most 190 bytes each */
    struct trust_bytes second;
    uint8_t state; /* 1: one server, 0: withdrawn */
};

struct trust_revocation {
    enum trust_revocation_reason reason;
    uint64_t last_seq;            /* the last seq that counts; 0 if and only if compromised */
    struct trust_bytes successor; /* size 0 or 32; a hint */
};

/* 8 bytes that keep the records of one network out of another. */
struct trust_network {
    uint8_t bytes[8];
};

struct trust_id {
    uint8_t bytes[32];
};

struct trust_record {
    enum trust_kind kind;
    struct trust_key author;
    uint64_t seq;     /* unix milliseconds; the record's time in seconds is seq / 1000 */
    uint64_t expires; /* unix seconds; 0 for a revocation: never */
    union {
        struct trust_vouch vouch;
        struct trust_rating rating;
        struct trust_flag flag;
        struct trust_alias alias;
        struct trust_revocation revocation;
    };
};

/* The network's bytes: the first 8 of BLAKE2b-256("repute-network-v1\0" || name). name is 1 to 64
 * characters of [a-z0-9.-]; TRUST_NO_RANGE otherwise. */
TRUST_API TRUST_MUST_USE enum trust_error trust_network_init(struct trust_network *out_network,
                                                             const char *name);

/*
 * Decodes a whole record (body and signature, 65..512 bytes) without allocating or copying strings:
 * out_record borrows bytes. The signature is not looked at.
 * TRUST_NO_SIZE, TRUST_NO_CANONICAL, TRUST_NO_RANGE, TRUST_NO_SUBJECT: the first that applies in
 * the order of docs/reference/protocol.md. out_record is written only on success.
 */
TRUST_API TRUST_MUST_USE enum trust_error trust_record_decode(struct trust_record *out_record,
                                                              struct trust_bytes bytes);

/* The id of a whole record, of 65..512 bytes as they decoded:
 * BLAKE2b-256("repute-record-v1\0" || network || body). */
TRUST_API void trust_record_id(struct trust_id *out_id, struct trust_bytes bytes,
                               const struct trust_network *network);

#ifdef __cplusplus
}
#endif

#endif
