/*
 * A peer: the node at the other end of a link, what it may cost and how it behaved.
 *
 * Standing is a small number that bad manners lower and time brings back to 0 within minutes. It
 * throttles and, for newcomers, ends connections; it is never mixed into trust: a peer brings
 * bytes, a vouch gives weight.
 */
#ifndef TRUST_GOSSIP_PEER_H
#define TRUST_GOSSIP_PEER_H

#include <stdbool.h>

#include "trust/error.h"
#include "trust/key.h"
#include "trust/time.h"

#include "base/bucket.h"
#include "base/limits.h"
#include "gossip/frame.h"

/* Where a record came from when no peer brought it: the operator's socket, an import, the disk. */
#define TRUST_PEER_LOCAL UINT32_MAX

/* Verdicts 0..15 of trust/error.h are counted one by one. */
#define TRUST_PEER_VERDICTS 16

enum trust_peer_state {
    TRUST_PEER_FREE,       /* no such peer */
    TRUST_PEER_CONNECTING, /* known, no link */
    TRUST_PEER_HELLO,      /* link, but no hello from it yet */
    TRUST_PEER_UP,
    TRUST_PEER_THROTTLED, /* up, and taken from at a quarter of its rates */
    TRUST_PEER_WAITING,   /* sent away until a time */
    TRUST_PEER_BANNED,
};

/* How a peer came to be one. */
enum trust_peer_origin {
    TRUST_PEER_CONFIGURED, /* by the operator: throttled, never forgotten; its wishes are relayed */
    TRUST_PEER_NEWCOMER,   /* let in by `newcomers: true` */
    TRUST_PEER_INVITED,    /* on a one-time key: names its own in hello, and is then sent away */
};

/* Manners that change standing. */
enum trust_manner {
    TRUST_MANNER_FIRST,      /* brought a record that was new and good */
    TRUST_MANNER_DUPLICATES, /* pushed copies beyond what a mesh explains */
    TRUST_MANNER_QUOTA,      /* over one of its buckets */
    TRUST_MANNER_RECORD,     /* a record that no honest node has: size, form, range, network */
    TRUST_MANNER_IDLE_SYNC,  /* a reconciliation that went nowhere */
};

struct trust_peer_counters {
    uint64_t records_in; /* in push, records and proof frames */
    uint64_t records_out;
    uint64_t bytes_in; /* of whole frames */
    uint64_t bytes_out;
    uint64_t firsts; /* accepted from it */
    uint64_t refused[TRUST_PEER_VERDICTS];
};

struct trust_peer {
    enum trust_peer_state state;
    enum trust_peer_origin origin;
    struct trust_key key; /* transport */
    bool dialled;         /* by us, in this connection */
    bool has_told;        /* our interest was told in this connection */
    bool has_heard;       /* its interest arrived whole in this connection */
    uint32_t version;     /* spoken with it; 0 before hello */
    struct trust_hello hello;
    int64_t skew_ms; /* its clock less ours at hello */
    struct trust_peer_counters counters;

    struct trust_bucket bytes;
    struct trust_bucket records;
    struct trust_bucket checks;
    struct trust_bucket sync;
    struct trust_bucket duplicates;
    struct trust_bucket bytes_out; /* answers to its pulls */

    int32_t standing; /* points x 1000 at standing_ms */
    uint64_t standing_ms;
    uint64_t bad_signature_ms[TRUST_BAN_SIGNATURES]; /* newest first; 0: none */
    uint32_t sent_away;                              /* times in a row */
    uint64_t until_ms;                               /* end of waiting or of the ban */

    uint64_t up_ms;      /* since when linked */
    uint64_t heard_ms;   /* last frame */
    uint64_t pinged_ms;  /* last ping sent; 0: none in this connection */
    uint64_t ping_nonce; /* 0: answered */
    uint32_t rtt_ms;     /* of the last answered ping; 0: none */

    uint64_t sync_due_ms;       /* next reconciliation that we open */
    uint64_t synced_ms;         /* last one that was completed, by either side; 0: never */
    uint64_t in_sync_ms;        /* last one that found no difference; 0: never */
    uint64_t reset_ms;          /* last whole list of interest told */
    uint64_t interest_ms;       /* last interest frame sent */
    struct trust_key sync_from; /* where a broken reconciliation goes on */
    bool has_sync_from;
    uint64_t relay_size; /* bytes kept for it alone, at most: records x 512 */
};

/* A peer in state CONNECTING. */
void trust_peer_init(struct trust_peer *peer, const struct trust_key *key,
                     enum trust_peer_origin origin, struct trust_mono now);

/* A new connection: state HELLO, the counters and the standing stay. */
void trust_peer_connect(struct trust_peer *peer, bool dialled, struct trust_mono now);

bool trust_peer_is_up(const struct trust_peer *peer);

/* Points, -1000..100, decayed to now. */
int32_t trust_peer_standing(const struct trust_peer *peer, struct trust_mono now);

/* Notes manners; true: it has gone too far and must be sent away (never for TRUST_MANNER_FIRST). */
bool trust_peer_note(struct trust_peer *peer, enum trust_manner manner, struct trust_mono now);

/* Notes a bad signature; true: it is banned now. */
bool trust_peer_note_signature(struct trust_peer *peer, struct trust_mono now);

/* Ends the connection from our side; returns how long to stay away. */
uint64_t trust_peer_send_away(struct trust_peer *peer, struct trust_mono now);

/* True if a new connection may come up now: no ban and no waiting time runs. */
bool trust_peer_may_connect(const struct trust_peer *peer, struct trust_mono now);

/* "connecting", "hello", "up", "throttled", "waiting", "banned"; "free" for an empty slot. */
const char *trust_peer_state_name(enum trust_peer_state state);

#endif
