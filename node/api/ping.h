/* POST /v1/peers/{key}/ping: whether a peer is there now, and how far away. */
#ifndef API_PING_H
#define API_PING_H

#include "node/api/route.h"

struct core;

/* A ping that waits for its answer. */
struct ping {
    struct api_call *call; /* NULL: free */
    uint32_t peer;
    struct trust_mono until;
};

#define API_PINGS_MAX 8

struct pings {
    struct ping waiting[API_PINGS_MAX];
};

api_handle ping_peer;

/* Answers the pings whose pong came, whose peer left or whose time is over. */
void ping_turn(struct core *core);
struct trust_mono ping_deadline(const struct core *core);

#endif
