/*
 * What the operator orders about peers: adding, removing, inviting, joining. Peers come from the
 * configuration, which wins, and from the file `peers` of the home, where these orders are kept.
 * None of it gives trust: a peer brings bytes, a vouch gives weight.
 */
#ifndef PEERING_H
#define PEERING_H

#include <stdbool.h>

#include "trust/error.h"
#include "trust/key.h"

#include "host/invite.h"
#include "node/peer_book.h"

struct core;

#define PEERING_INVITE_USES_MAX 64
#define PEERING_INVITE_S_MIN 60u
#define PEERING_INVITE_S_MAX 2592000u /* 30 days */
#define PEERING_INVITE_S 86400u

/* Reads the file, and makes all peers and invites known to engine and link. TRUST_NO_VERSION,
 * TRUST_NO_SYNTAX, TRUST_NO_FILE (others may write it), TRUST_NO_ROOM, TRUST_FAIL_IO. */
TRUST_MUST_USE enum trust_error peering_open(struct core *core);

/*
 * Adds or updates a peer, at once and for every later start. TRUST_NO_ROOM; TRUST_NO_CONFLICT: the
 * configuration lists it; TRUST_NO_KEY: it is this node itself; or the file could not be written:
 * TRUST_NO_PERMISSION, TRUST_FAIL_IO. On any error nothing has changed.
 */
TRUST_MUST_USE enum trust_error peering_add(struct core *core, const struct peer_entry *entry);

/* Parts from a peer and forgets it. TRUST_NO_FOUND; TRUST_NO_CONFLICT: the configuration lists it;
 * else as peering_add. */
TRUST_MUST_USE enum trust_error peering_remove(struct core *core, const struct trust_key *key);

/* Opens a reconciliation now. TRUST_NO_FOUND; TRUST_NO_PEER: it is not connected. */
TRUST_MUST_USE enum trust_error peering_ping(struct core *core, const struct trust_key *key);

struct peering_terms {
    const char *endpoint; /* where others reach this node; NULL: where it listens */
    uint32_t uses;        /* 1 to PEERING_INVITE_USES_MAX */
    uint32_t lasts_s;     /* PEERING_INVITE_S_MIN to PEERING_INVITE_S_MAX */
};

/* Makes an invite. TRUST_NO_PEER: this node does not listen; TRUST_NO_OPTION: it listens on every
 * address, so that an endpoint must be given; TRUST_NO_ROOM; else as peering_add. */
TRUST_MUST_USE enum trust_error peering_invite(struct core *core, struct trust_invite *out_invite,
                                               const struct peering_terms *terms);

/* Adds the inviter as a peer, with the name that it may have already, and introduces this node to
 * it. As peering_add. */
TRUST_MUST_USE enum trust_error peering_join(struct core *core, const struct trust_invite *invite);

/* True if this key is an invite's that is still good. */
bool peering_is_invited(const struct core *core, const struct trust_key *key);

/* An invited peer named its own key: it is a peer from now on, and the invite has a use less. */
void peering_named(struct core *core, const struct trust_key *invited, const struct trust_key *key);

/* Ends invites that expired. */
void peering_tick(struct core *core);

/* The peer's name for people, and where it is dialled: "" where there is none. */
struct peering_label {
    const char *endpoint;
    const char *name;
    bool is_listed; /* in the configuration */
};
struct peering_label peering_label(const struct core *core, const struct trust_key *key);

/* Follows a new configuration: peers that left it are forgotten. before is the former one. */
void peering_follow(struct core *core, const struct trust_config_peers *before);

#endif
