/*
 * Peers on this side of the engine: which engine index speaks over which connection of the link.
 * Who is to be a peer is peering.h's.
 */
#ifndef PEERS_H
#define PEERS_H

#include <stdbool.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/key.h"

#include "base/limits.h"
#include "gossip/action.h"
#include "node/link.h"
#include "node/peer_book.h"

struct core;

#define PEERS_NO_HANDLE UINT32_MAX

struct peers {
    uint32_t handles[TRUST_PEERS_MAX]; /* by engine index; PEERS_NO_HANDLE: not connected */
    bool dialled[TRUST_PEERS_MAX];     /* by us */
    /* The joiner of an invite spoke its own key: kept until the engine's actions are drained. */
    bool is_named;
    struct trust_key invited; /* the one-time key it came with */
    struct trust_key named;
    struct peer_book book; /* what the operator added to the configuration */
};

void peers_init(struct peers *peers);

/* Makes a configured peer known to engine and link, or changes where it is dialled; endpoint NULL
 * or empty: it dials us. TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error peers_connect(struct core *core, const struct trust_key *key,
                                              const char *endpoint);

/* Says goodbye to a peer, hangs up and forgets it. TRUST_NO_FOUND. */
TRUST_MUST_USE enum trust_error peers_part(struct core *core, const struct trust_key *key);

/* What the link reports. */
void peers_handle_link(struct core *core, const struct link_event *event);

/* Actions of the engine. False: the peer has no connection. */
bool peers_send(struct core *core, uint32_t peer, struct trust_bytes frame);
void peers_drop(struct core *core, uint32_t peer, const struct trust_gossip_drop *drop);
void peers_named(struct core *core, uint32_t peer, const struct trust_key *key);

#endif
