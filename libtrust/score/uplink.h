/*
 * Is it them or us? When most of the servers that have nothing to do with each other fail at once,
 * the network on this side failed, and nobody is charged for it.
 */
#ifndef TRUST_SCORE_UPLINK_H
#define TRUST_SCORE_UPLINK_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"

#define TRUST_UPLINK_SERVERS_MIN 5u
#define TRUST_UPLINK_FAIL_PCT 70u

/* True if failing of total unrelated servers say that our own uplink is down: more than 70 % of at
 * least 5. */
static inline bool trust_uplink_is_down(uint32_t failing, uint32_t total)
{
    return total >= TRUST_UPLINK_SERVERS_MIN &&
           (uint64_t)failing * 100 > (uint64_t)total * TRUST_UPLINK_FAIL_PCT;
}

/*
 * The part of a server's subject that related servers share: the last two labels of a URL's host, a
 * registry name's namespace, a package's type and namespace (a package without one is its own kin).
 * Size 0: a loopback server, which no uplink stands before.
 */
struct trust_bytes trust_uplink_kin(struct trust_bytes server);

#endif
