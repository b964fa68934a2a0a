/*
 * /v1/pins: what agents of this host were offered by servers, next to what the operator approved.
 * Pins themselves are the guards' (docs/reference/pins.md); the node hears what came of comparing.
 *
 * Whoever may call an agent's server may tell of it, and may lie: the worst that comes of it is
 * suspicion of a few servers at a time (docs/decisions/0024-a-changed-manifest-is-suspicion.md).
 */
#ifndef API_PINS_H
#define API_PINS_H

#include "base/bucket.h"
#include "base/limits.h"
#include "node/api/route.h"

/* What each connection may still tell. */
struct pins_teller {
    uint64_t connection; /* 0: none */
    struct trust_bucket bucket;
};

struct pins_tellers {
    struct pins_teller tellers[TRUST_API_TELLERS_MAX];
};

api_handle pins_list;
api_handle pins_show;
api_handle pins_tell;
api_handle pins_accept;

#endif
