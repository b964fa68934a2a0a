/*
 * A bounded queue of messages of any size between threads, in one buffer.
 *
 * A single consumer may read ahead (ring_peek) and give the room back later (ring_drop): the store
 * thread drops only what is durable, so the ring itself is the batch that survives a failed commit.
 * Several consumers take whole messages (ring_take). A mutex guards it: its holders copy a few
 * hundred bytes, and a commit or a signature costs a thousand times as much.
 */
#ifndef RING_H
#define RING_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"

struct ring;

/* Up to this many parts make one message, copied one after another. */
#define RING_PARTS_MAX 4

/* capacity: bytes in all; reserve: the part of it that only RING_RESERVE may use. Pages
 * are touched as far as the ring was ever filled. with_fd: an eventfd is readable while messages
 * wait. TRUST_FAIL_MEMORY, TRUST_FAIL_SYSTEM. */
TRUST_MUST_USE enum trust_error ring_open(struct ring **out_ring, uint32_t capacity,
                                          uint32_t reserve, bool with_fd);
void ring_close(struct ring *ring);

/* The eventfd of a ring opened with one. */
int ring_fd(const struct ring *ring);

enum ring_push_flags {
    RING_PLAIN = 0,
    RING_URGENT = 1,  /* wakes a consumer that waits for more than one message */
    RING_RESERVE = 2, /* may use the reserve */
};

/* Appends the parts as one message and wakes a consumer. TRUST_NO_BUSY: no room. */
TRUST_MUST_USE enum trust_error ring_push(struct ring *ring, const struct trust_bytes *parts,
                                          uint32_t part_count, unsigned flags);

/* What waits now is urgent, whatever it was pushed as. */
void ring_hurry(struct ring *ring);

/* Wakes every waiter for good: waits return at once from now on. */
void ring_stop(struct ring *ring);
bool ring_is_stopped(struct ring *ring);

/*
 * Waits until at least size (1: any message) bytes stand at or behind position (0: anywhere), an
 * urgent message does, the ring is stopped, or timeout_ms have passed (below 0: no limit). True if
 * there is any message behind position.
 */
bool ring_wait(struct ring *ring, uint64_t position, uint32_t size, int64_t timeout_ms);

/*
 * One consumer: a view of the message at *position (0: the oldest), and moves position behind it;
 * false if there is none. The view stays valid until ring_drop of a position behind it.
 */
bool ring_peek(struct ring *ring, uint64_t *position, struct trust_bytes *out_message);

/* Gives back the room of everything before position, which ring_peek wrote. */
void ring_drop(struct ring *ring, uint64_t position);

/* Any consumer: copies the oldest message out and drops it; its size must fit. False: none. */
bool ring_take(struct ring *ring, void *out_message, size_t *out_size, size_t capacity);

/* Bytes in use. */
uint32_t ring_used(struct ring *ring);

#endif
