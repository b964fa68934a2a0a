/*
 * The answer to one pull: records read from the store range by range into one frame.
 *
 * Revocations of the asked authors go first, then void pairs, then the ranges in order, so that
 * what makes other records worthless arrives before them. The side that asked keeps the place where
 * an answer was cut; here nothing is kept from one pull to the next.
 */
#ifndef TRUST_GOSSIP_SERVE_H
#define TRUST_GOSSIP_SERVE_H

#include <stdbool.h>

#include "base/arena.h"
#include "gossip/frame.h"
#include "record/ledger.h"

/* Void pairs that go first, of one author and in one answer; further ones come in their order. */
#define TRUST_SERVE_VOIDS_MAX 4
#define TRUST_SERVE_FIRSTS_MAX (TRUST_PULL_RANGES_MAX * (1 + TRUST_SERVE_VOIDS_MAX))

enum trust_serve_state {
    TRUST_SERVE_IDLE,
    TRUST_SERVE_READING, /* a read is out */
    TRUST_SERVE_READY,   /* the frame is whole */
};

/* A single seq of an author that goes first. */
struct trust_serve_first {
    uint32_t range;
    uint64_t seq;
};

struct trust_serve {
    enum trust_serve_state state;
    struct trust_pull_range ranges[TRUST_PULL_RANGES_MAX];
    struct trust_serve_first firsts[TRUST_SERVE_FIRSTS_MAX];
    uint32_t range_count;
    uint32_t first_count;
    uint32_t at; /* firsts, then ranges */
    uint8_t *bytes;
    struct trust_writer packed;
    uint32_t count; /* records in packed */
    bool more;
    uint64_t due_ms; /* READY: not before, by the peer's byte bucket */
};

void trust_serve_init(struct trust_serve *serve, struct trust_arena *arena);

/* Begins an answer of at most size_max bytes of records. */
void trust_serve_start(struct trust_serve *serve, const struct trust_ledger *ledger,
                       const struct trust_pull *pull, size_t size_max);

/* Writes the next read and returns true, or returns false: the answer is whole. */
bool trust_serve_next(struct trust_serve *serve, struct trust_pull_range *out_range,
                      uint32_t *out_size_max);

/* Takes what the read gave: each record as u16 big-endian length and bytes; more: it was cut. */
void trust_serve_take(struct trust_serve *serve, struct trust_bytes records, bool more);

#endif
