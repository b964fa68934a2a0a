/*
 * The push queue: accepted records on their way to the links that ask for their authors.
 *
 * A record waits 200 ms, so that records leave in batches and a value superseded meanwhile is never
 * sent; revocations and proofs wait for nobody and go first. The queue is lossy: when it is full
 * the oldest leave early, and what finds no room is dropped, since reconciliation makes pushing
 * whole.
 */
#ifndef TRUST_GOSSIP_PUSH_H
#define TRUST_GOSSIP_PUSH_H

#include <stdbool.h>

#include "trust/time.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/siphash.h"
#include "base/table.h"
#include "gossip/action.h"
#include "gossip/peer.h"
#include "record/register.h"

struct trust_push_item {
    struct trust_register place;
    uint64_t targets; /* peers that it still goes to; none: done */
    uint64_t due_ms;
    bool is_urgent;
    uint16_t sizes[2]; /* the second is 0 unless the item is a proof */
    uint8_t bytes[2][TRUST_RECORD_SIZE_MAX];
};

struct trust_push {
    struct trust_push_item *items; /* a ring of TRUST_PUSH_QUEUE_MAX */
    struct trust_table table;      /* by place; proofs are not in it */
    struct trust_siphash_key seed;
    uint8_t *packed; /* one frame under construction */
    uint32_t first;
    uint32_t count;
    uint32_t urgent_count;
};

/* A record to push. */
struct trust_push_record {
    struct trust_bytes bytes;
    struct trust_bytes rival; /* size 0, or the other half of a proof */
    struct trust_register place;
    uint64_t targets;
    bool is_urgent;
};

void trust_push_init(struct trust_push *push, struct trust_arena *arena,
                     struct trust_siphash_key seed);

/* Queues a copy; it replaces a queued record of the same place. On a full queue the oldest is
 * dropped. */
void trust_push_add(struct trust_push *push, const struct trust_push_record *record,
                    struct trust_mono now);

/* True if the next trust_push_add would drop something. */
bool trust_push_is_full(const struct trust_push *push);

/* Makes the oldest count records due. */
void trust_push_hurry(struct trust_push *push, uint32_t count, struct trust_mono now);

/* Sends what is due as far as there is room for actions, and counts it to the peers. */
void trust_push_flush(struct trust_push *push, struct trust_gossip_actions *actions,
                      struct trust_peer *peers, struct trust_mono now);

/* Forgets what was to go to a peer. */
void trust_push_forget(struct trust_push *push, uint32_t peer);

/* When flush has something to do; TRUST_NEVER_MS: never. */
uint64_t trust_push_due_ms(const struct trust_push *push);

#endif
