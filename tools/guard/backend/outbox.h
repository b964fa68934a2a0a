/*
 * Messages on their way to a descriptor that does not block, a line each, in order.
 *
 * A message goes straight to the descriptor as long as nothing waits; what does not fit there is
 * copied. The number of the last message of which a byte has left is known, since one that was not
 * written at all may be sent elsewhere without asking.
 */
#ifndef GUARD_OUTBOX_H
#define GUARD_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"

/* Bytes that may wait for one reader: two of the longest messages. */
#define OUTBOX_SIZE_MAX (UINT32_C(8) << 20)

/* Where a message that waits begins, counted from the first byte ever put. */
struct outbox_mark {
    uint64_t begin;
    uint64_t number;
};

/* Zeros: nothing waits. */
struct outbox {
    uint8_t *data;
    size_t capacity;
    size_t start; /* of what waits */
    size_t end;
    struct outbox_mark *marks;
    uint32_t mark_capacity;
    uint32_t mark_start;
    uint32_t mark_end;
    uint64_t put;     /* bytes ever put */
    uint64_t left;    /* bytes that left */
    uint64_t written; /* number of the last message of which at least a byte left; 0: none */
};

void outbox_close(struct outbox *outbox);

/* As new: a new reader begins with nothing. */
void outbox_reset(struct outbox *outbox);

/*
 * Sends a message and a newline to fd, or lets them wait. numbers ascend from 1.
 * TRUST_NO_ROOM: OUTBOX_SIZE_MAX would wait: nothing of it was sent; TRUST_FAIL_MEMORY: likewise;
 * TRUST_NO_PEER: nobody reads any more, and what waits never leaves.
 */
TRUST_MUST_USE enum trust_error outbox_send(struct outbox *outbox, int fd, struct trust_bytes text,
                                            uint64_t number);

/* Sends what waits, as far as it goes. TRUST_NO_PEER as above. */
TRUST_MUST_USE enum trust_error outbox_flush(struct outbox *outbox, int fd);

/* True while something waits for fd to be writable. */
bool outbox_waits(const struct outbox *outbox);

/* True if a message of this size would find room. */
bool outbox_has_room(const struct outbox *outbox, size_t size);

#endif
