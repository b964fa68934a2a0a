/* See reads.h. */
#include "engine/reads.h"

#include <string.h>

#include "base/assert.h"

void trust_reads_add(struct trust_reads *reads, const struct trust_gossip_read *read,
                     uint64_t number)
{
    assert(reads->count < TRUST_ENGINE_READS_MAX);
    reads->items[reads->count++] = (struct trust_read_waiting){.read = *read, .number = number};
}

/* The place of the read that may go; count: none. */
static uint32_t find_due(const struct trust_reads *reads, uint64_t stored)
{
    for (uint32_t at = 0; at < reads->count; at++) {
        if (reads->items[at].number <= stored)
            return at;
    }
    return reads->count == TRUST_ENGINE_READS_MAX ? 0 : reads->count;
}

bool trust_reads_take(struct trust_reads *reads, struct trust_gossip_read *out_read,
                      uint64_t stored)
{
    uint32_t at = find_due(reads, stored);
    if (at == reads->count)
        return false;
    *out_read = reads->items[at].read;
    reads->count--;
    memmove(reads->items + at, reads->items + at + 1, (reads->count - at) * sizeof *reads->items);
    return true;
}
