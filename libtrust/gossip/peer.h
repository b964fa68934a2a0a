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

/* A time that does not come. */
#define TRUST_NEVER_MS UINT64_MAX

enum trust_peer_state {
    TRUST_PEER_FREE,       /* no such peer */
    TRUST_PEER_CONNECTING, /* known, no link */
    TRUST_PEER_HELLO,      /* link, but no hello from it yet */
    TRUST_PEER_UP,
    TRUST_PEER_THROTTLED, /* up, and all it does costs it four times as much */
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
    TRUST_MANNER_RECORD, /* a record that no honest node passes on: its form or a field is wrong */
    TRUST_MANNER_IDLE_SYNC, /* a reconciliation that went nowhere */
};
#define TRUST_MANNERS 5

struct trust_peer_counters {
    uint64_t records_in; /* in push, records and proof frames */
    uint64_t records_out;
    uint64_t bytes_in; /* of whole frames */
    uint64_t bytes_out;
    uint64_t firsts; /* accepted from it */
    uint64_t refused[TRUST_PEER_VERDICTS];
};

/* What a peer may cost. */
struct trust_peer_buckets {
    struct trust_bucket bytes;      /* of its frames */
    struct trust_bucket records;    /* looked at */
    struct trust_bucket checks;     /* signatures */
    struct trust_bucket sync;       /* heads and interest looked at */
    struct trust_bucket duplicates; /* without losing standing */
    struct trust_bucket served;     /* bytes of answers to its pulls */
};

/* What belongs to one connection and is forgotten with it. Times are monotonic, in ms. */
struct trust_peer_link {
    uint64_t up_ms;
    uint64_t heard_ms;  /* last frame from it */
    uint64_t ping_ms;   /* last ping to it; 0: none */
    uint64_t nonce;     /* of the ping that is not answered yet; 0: none */
    uint64_t tell_ms;   /* when its next interest frame is due */
    uint64_t told_ms;   /* last interest frame to it; 0: none */
    uint64_t retell_ms; /* when a whole list is due that it asked for */
    uint64_t retold_ms; /* last time that one was begun; 0: never */
    uint64_t reset_ms;  /* last time that we asked for a whole list; 0: never */
    uint64_t sync_ms;   /* when the next reconciliation is due that is not the periodic one */
    bool dialled;       /* by us */
    bool has_heard;     /* its interest arrived whole */
    bool syncs;         /* a reconciliation opens once our interest is told */
    uint32_t rtt_ms;    /* of the last answered ping */
};

struct trust_peer {
    enum trust_peer_state state;
    enum trust_peer_origin origin;
    struct trust_key key; /* transport */
    uint32_t version;     /* spoken with it; 0: none yet */
    struct trust_hello hello;
    int64_t skew_ms; /* its clock less ours, at its last hello */
    struct trust_peer_counters counters;
    struct trust_peer_buckets buckets;
    struct trust_peer_link link;
    uint32_t checking;    /* its records at the verify pool: the slot is not given to another */
    int32_t standing;     /* points x 1000, at standing_ms */
    uint64_t standing_ms; /* monotonic, as all times here */
    uint64_t signature_ms[TRUST_BAN_SIGNATURES - 1]; /* bad ones, newest first; 0: none */
    uint32_t sent_away;                              /* times in a row */
    uint64_t until_ms;                               /* end of waiting or of the ban */
    uint64_t opened_ms;  /* last reconciliation that we opened; 0: never */
    uint32_t given_up;   /* reconciliations that we ended, in a row without a good one */
    uint64_t synced_ms;  /* last reconciliation completed; 0: never */
    uint64_t in_sync_ms; /* last one in which we lacked nothing; 0: never */
    uint64_t relay_size; /* bytes kept for its wishes alone, counted as 512 a record */
    bool has_sync_from;  /* a broken reconciliation goes on behind sync_from */
    struct trust_key sync_from;
};

/* A peer in state CONNECTING. */
void trust_peer_init(struct trust_peer *peer, const struct trust_key *key,
                     enum trust_peer_origin origin, struct trust_mono now);

/* A new connection: state HELLO. Counters, buckets and standing stay. */
void trust_peer_connect(struct trust_peer *peer, bool dialled, struct trust_mono now);

/* True in state HELLO, UP or THROTTLED. */
bool trust_peer_is_linked(const struct trust_peer *peer);

/* True in state UP or THROTTLED. */
bool trust_peer_is_up(const struct trust_peer *peer);

/* Takes from one of its own buckets; a throttled peer pays four times. */
bool trust_peer_take(const struct trust_peer *peer, struct trust_bucket *bucket, uint32_t amount,
                     struct trust_mono now);

/* Points, -1000..100, decayed to now. */
int32_t trust_peer_standing(const struct trust_peer *peer, struct trust_mono now);

/* Notes manners; true: it went too far and is to be sent away (a configured one never). */
bool trust_peer_note(struct trust_peer *peer, enum trust_manner manner, struct trust_mono now);

/* Brings the state of a linked peer in line with its standing. */
void trust_peer_settle(struct trust_peer *peer, struct trust_mono now);

/* Notes a bad signature; true: it is the third within a day. */
bool trust_peer_note_signature(struct trust_peer *peer, struct trust_mono now);

/* Ends the connection from our side and returns for how many ms. */
uint64_t trust_peer_send_away(struct trust_peer *peer, bool bans, struct trust_mono now);

/* Ends waiting and bans that are over; true: a connection may come up now. */
bool trust_peer_may_connect(struct trust_peer *peer, struct trust_mono now);

/* "connecting", "hello", "up", "throttled", "waiting", "banned"; "free" for an empty slot. */
const char *trust_peer_state_name(enum trust_peer_state state);

#endif
