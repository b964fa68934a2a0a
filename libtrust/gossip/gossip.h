/*
 * The gossip machine of one node: how signed records travel. Pure: events in, actions out.
 *
 * Each handle_* takes one event and may queue actions; the caller polls until there are none before
 * it brings the next event (asserted), and calls handle_time not later than next_deadline. Records
 * found in frames leave as VERIFY actions after every check that is cheaper than a signature; what
 * comes back as accepted is passed on to every link that asks for its author. Reconciliation makes
 * whole what pushing loses. docs/reference/protocol.md, "Gossip", is the rule.
 *
 * The ledger and the keys are only read here. Threads: one.
 */
#ifndef TRUST_GOSSIP_GOSSIP_H
#define TRUST_GOSSIP_GOSSIP_H

#include <stdbool.h>

#include "trust/error.h"
#include "trust/record.h"
#include "trust/time.h"

#include "base/arena.h"
#include "base/random.h"
#include "base/siphash.h"
#include "gossip/action.h"
#include "gossip/interest.h"
#include "gossip/peer.h"
#include "record/ledger.h"

struct trust_gossip;

struct trust_gossip_config {
    const struct trust_ledger *ledger;
    struct trust_network network;
    struct trust_key key;  /* our own transport key */
    uint64_t seed;         /* jitter and tables */
    bool relays;           /* link.relay: peers */
    uint32_t interest_max; /* entries of the interest table, TRUST_INTEREST_KEYS_MAX at most */
};

/* Cuts the machine from zeroed memory. NULL while the arena measures. The ledger outlives it. */
struct trust_gossip *trust_gossip_init(struct trust_arena *arena,
                                       const struct trust_gossip_config *config,
                                       struct trust_now now);

/* ---- peers ---- */

/*
 * Makes a peer known; its index (0..63) names it from now on. A key that is known gets its index
 * back, with the newer origin. TRUST_NO_ROOM: 64 peers that are all configured or connected; a
 * newcomer without link makes room.
 */
TRUST_MUST_USE enum trust_error
trust_gossip_add_peer(struct trust_gossip *gossip, uint32_t *out_peer, const struct trust_key *key,
                      enum trust_peer_origin origin, struct trust_now now);

/* Forgets a peer and its wishes; queues bye and DROP if it is linked. */
void trust_gossip_remove_peer(struct trust_gossip *gossip, uint32_t peer);

/* The peer with this transport key; false: none. */
bool trust_gossip_find_peer(const struct trust_gossip *gossip, uint32_t *out_peer,
                            const struct trust_key *key);

/* A known peer, for showing; NULL if the index is free. Valid until the next event. */
const struct trust_peer *trust_gossip_peer(const struct trust_gossip *gossip, uint32_t peer);

/* ---- events ---- */

/* The link to a peer came up, dialled by us or by it. A peer that must wait is dropped at once. A
 * second link to the same peer replaces the first. */
void trust_gossip_handle_up(struct trust_gossip *gossip, uint32_t peer, bool dialled,
                            struct trust_now now);

void trust_gossip_handle_down(struct trust_gossip *gossip, uint32_t peer);

/* One frame from a peer. Frames of a peer that is not linked are ignored. VERIFY actions borrow
 * bytes until the next event. */
void trust_gossip_handle_bytes(struct trust_gossip *gossip, uint32_t peer, struct trust_bytes bytes,
                               struct trust_now now);

/* The end of a VERIFY action: the bytes as they were given and the verdict of signature and ledger:
 * TRUST_OK, TRUST_NO_SIGNATURE, TRUST_NO_KEY, a verdict of the ledger, or TRUST_NO_ROOM when it was
 * not tried. Brings the peer its credit, or its end. */
void trust_gossip_handle_verdict(struct trust_gossip *gossip, uint32_t peer,
                                 struct trust_bytes bytes, enum trust_error verdict,
                                 struct trust_now now);

/* A record that the ledger took as new. */
struct trust_accepted {
    struct trust_bytes bytes;
    struct trust_key author;
    enum trust_kind kind;
    struct trust_register place; /* a newer record of the same place replaces it in the queue */
    uint32_t peer;               /* that brought it, or TRUST_PEER_LOCAL */
    struct trust_bytes rival;    /* the other half of the void pair it made; size 0: none */
};

/* Queues a record for pushing. The bytes are copied. */
void trust_gossip_handle_accepted(struct trust_gossip *gossip,
                                  const struct trust_accepted *accepted, struct trust_now now);

/* What a READ action gave. */
struct trust_loaded {
    uint32_t ticket;            /* of the action */
    struct trust_bytes records; /* each as u16 big-endian length and bytes, ordered by (seq, id) */
    bool more;                  /* cut at size_max: the range holds further records */
};

void trust_gossip_handle_loaded(struct trust_gossip *gossip, const struct trust_loaded *loaded,
                                struct trust_now now);

void trust_gossip_handle_time(struct trust_gossip *gossip, struct trust_now now);

/* Tells what we want of an author: enum trust_want bits, 0 for nothing. Peers hear of the change
 * within a second and reconcile soon after. TRUST_NO_ROOM: the table is full. */
TRUST_MUST_USE enum trust_error trust_gossip_want(struct trust_gossip *gossip,
                                                  const struct trust_key *author, uint8_t wants,
                                                  struct trust_now now);

/* Opens a reconciliation with a peer as soon as its rates allow (`peers ping`, tests). */
void trust_gossip_sync_soon(struct trust_gossip *gossip, uint32_t peer, struct trust_now now);

/* Asks a peer now whether it is there; the answer sets link.nonce to 0 and link.rtt_ms. False: it
 * is not up. */
bool trust_gossip_ping(struct trust_gossip *gossip, uint32_t peer, struct trust_now now);

/* Says bye to all, before the process stops. */
void trust_gossip_close(struct trust_gossip *gossip);

/* ---- actions and deadline ---- */

bool trust_gossip_poll(struct trust_gossip *gossip, struct trust_gossip_action *out_action);

/* When handle_time has something to do; UINT64_MAX: never. */
struct trust_mono trust_gossip_deadline(const struct trust_gossip *gossip);

/* ---- the same door for local records ---- */

/*
 * Everything cheaper than a signature, for a record of the operator or of a file: size, canonical
 * form, skew, interest, duplicate. TRUST_OK: verify and apply the claim. out_claim is also written
 * with TRUST_NO_DUPLICATE.
 */
TRUST_MUST_USE enum trust_error trust_gossip_admit(const struct trust_gossip *gossip,
                                                   struct trust_claim *out_claim,
                                                   struct trust_bytes bytes, struct trust_now now);

/* ---- getters ---- */

/* True if records of the author are wanted by us or relayed for a peer. */
bool trust_gossip_is_wanted(const struct trust_gossip *gossip, const struct trust_key *author);

/* Walks the authors that peers ask for, whether we keep them or not: start with *cursor = 0, ends
 * with false. */
struct trust_gossip_asked {
    struct trust_key key;
    uint32_t peer_count; /* that ask */
};
bool trust_gossip_next_asked(const struct trust_gossip *gossip, uint32_t *cursor,
                             struct trust_gossip_asked *out_asked);

/* Why an author's records do or do not come from and go to a peer (`peers show --why`). */
struct trust_gossip_why {
    uint8_t wants;       /* our own, enum trust_want */
    uint8_t asked;       /* by the peer of us: 0 no, else distance + 1 */
    uint8_t told;        /* by us to the peer: likewise */
    bool is_relayed;     /* only peers ask for it */
    bool is_day_used_up; /* the author's records of today */
};
struct trust_gossip_why trust_gossip_why(const struct trust_gossip *gossip, uint32_t peer,
                                         const struct trust_key *author, struct trust_now now);

/* Milliseconds since we knew that we hold what the peer holds of the common interest; UINT64_MAX:
 * never known. */
uint64_t trust_gossip_lag_ms(const struct trust_gossip *gossip, uint32_t peer,
                             struct trust_now now);

#endif
