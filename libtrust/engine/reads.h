/*
 * Reads of stored records that wait for the disk.
 *
 * A head counts records as soon as they are accepted, the disk has them a moment later. A pull that
 * was answered in between would lack them, and its peer would remember that asking for this head
 * brings nothing. So a read waits for what its author has on the way.
 */
#ifndef TRUST_ENGINE_READS_H
#define TRUST_ENGINE_READS_H

#include <stdbool.h>
#include <stdint.h>

#include "gossip/action.h"

/* Those of all open sessions, and of some that ended meanwhile. */
#define TRUST_ENGINE_READS_MAX 32

struct trust_read_waiting {
    struct trust_gossip_read read;
    uint64_t number; /* of the store change that must be durable first; 0: none */
};

struct trust_reads {
    struct trust_read_waiting items[TRUST_ENGINE_READS_MAX]; /* oldest first */
    uint32_t count;
};

/* Adds a read, which waits for a store change. Nothing may be left to take from full reads. */
void trust_reads_add(struct trust_reads *reads, const struct trust_gossip_read *read,
                     uint64_t number);

/* Takes the oldest read whose change is durable, all being durable up to stored. When there is no
 * room for another one, the oldest of all goes: it is better answered in part than not at all. */
bool trust_reads_take(struct trust_reads *reads, struct trust_gossip_read *out_read,
                      uint64_t stored);

#endif
