/*
 * Records on their way in: from the bytes of a peer or the operator to the disk.
 *
 * A place holds the bytes while a worker checks the signature and until the store has them, so that
 * nothing else has to copy. Places waiting for the disk form a queue in the order of their numbers.
 */
#ifndef TRUST_ENGINE_PENDING_H
#define TRUST_ENGINE_PENDING_H

#include <stdbool.h>

#include "trust/error.h"
#include "trust/record.h"

#include "base/limits.h"
#include "base/pool.h"
#include "record/claim.h"

struct trust_pending_record {
    struct trust_claim claim;
    uint64_t ticket; /* of a local record */
    uint64_t number; /* of its store change; 0: not stored yet */
    uint32_t peer;   /* TRUST_PEER_LOCAL: ticket is set */
    uint32_t next;   /* in the queue of those waiting for the disk: index + 1 */
    uint16_t size;
    bool is_told;  /* its ticket was answered before the disk was done */
    bool is_batch; /* of a file: see batch.h */
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
};

struct trust_pending {
    struct trust_pending_record *records;
    struct trust_pool pool;
    uint32_t first; /* index + 1 */
    uint32_t last;
    uint32_t verifying;
};

void trust_pending_init(struct trust_pending *pending, struct trust_arena *arena,
                        uint32_t capacity);

/* Copies a record in; false: no place is free. */
bool trust_pending_add(struct trust_pending *pending, uint32_t *out_index,
                       struct trust_bytes bytes);

struct trust_bytes trust_pending_bytes(const struct trust_pending *pending, uint32_t index);

/* Frees a place that is not in the queue. */
void trust_pending_remove(struct trust_pending *pending, uint32_t index);

/* Puts a place behind all others that wait for the disk; numbers ascend. */
void trust_pending_wait(struct trust_pending *pending, uint32_t index, uint64_t number);

/* Takes the first place of the queue whose number is at most upto; false: none. It stays taken
 * until trust_pending_remove. */
bool trust_pending_next_stored(struct trust_pending *pending, uint32_t *out_index, uint64_t upto);

/* The number of an author's last store change that waits for the disk; 0: none does. */
uint64_t trust_pending_last_of(const struct trust_pending *pending, const struct trust_key *author);

#endif
