/*
 * The outcomes that were told already, by the id that the agent gave them: one told twice, because
 * its answer was lost, counts once. The last TRUST_MCP_TOLD_MAX are remembered.
 */
#ifndef MCP_TOLD_H
#define MCP_TOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/export.h"

#include "base/limits.h"
#include "base/siphash.h"

/* Zeros: nothing was told. */
struct told {
    struct trust_siphash_key seeds[2]; /* keeps collisions out of an agent's hands */
    uint64_t ids[TRUST_MCP_TOLD_MAX][2];
    uint32_t next;  /* the one told the longest ago */
    uint32_t count; /* in use */
};

/* True if id was not told before; it is now. */
bool told_is_new(struct told *told, struct trust_bytes id);

#endif
