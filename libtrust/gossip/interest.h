/*
 * Interest: whose records are wanted, by us and by each peer.
 *
 * One table from key to entry holds what we want ourselves, what each peer asks of us and what we
 * told each peer to ask for. Peers' wishes carry a distance, so that with relaying on a wish
 * crosses up to TRUST_RELAY_HOPS_MAX nodes whose operators do not care, and a wish that nobody
 * holds any more dies out instead of circling between relays for ever (split horizon and a bounded
 * distance, as in RIP, RFC 2453 section 3.4). The keys live here and not among the interned keys:
 * what peers ask for must not fill the ledger's tables.
 */
#ifndef TRUST_GOSSIP_INTEREST_H
#define TRUST_GOSSIP_INTEREST_H

#include <stdbool.h>

#include "trust/error.h"
#include "trust/key.h"
#include "trust/record.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/pool.h"
#include "base/siphash.h"
#include "base/table.h"
#include "gossip/frame.h"

/* Why we want an author ourselves; bits. */
enum trust_want {
    TRUST_WANT_WEIGHT = 1,  /* weight of at least 1e-6 */
    TRUST_WANT_NAMED = 2,   /* the operator's own key, or one the operator named */
    TRUST_WANT_REVOKED = 4, /* we keep its revocation: lesser revocations only */
};

/* Four bits a peer: 0 no, else distance + 1. */
struct trust_distances {
    uint8_t pairs[TRUST_PEERS_MAX / 2];
};

struct trust_interest_entry {
    struct trust_key key;
    struct trust_distances asked; /* by each peer, of us */
    struct trust_distances told;  /* to each peer, by us */
    uint16_t day;                 /* since 1970, of day_count; wraps */
    uint16_t day_count;           /* records sent to the verify pool on that day */
    uint8_t wants;                /* enum trust_want */
};

/* A set of (key, distance), summed up: equal sets have equal sums. */
struct trust_interest_sum {
    uint64_t epoch;
    uint64_t digest[2];
    uint32_t count;
};

struct trust_interest_peer {
    struct trust_interest_sum asked;
    struct trust_interest_sum told;
    uint32_t scan;     /* entry where telling goes on; 0: not begun */
    uint32_t told_max; /* what the peer is ready to keep */
    bool is_cut;       /* some of its wishes found no room: its digest cannot match */
};

struct trust_interest {
    struct trust_interest_entry *entries;
    struct trust_pool pool;
    struct trust_table table;
    struct trust_siphash_key seed;
    struct trust_interest_peer peers[TRUST_PEERS_MAX];
    uint64_t known;       /* set of peers */
    uint64_t configured;  /* set of peers whose wishes are relayed */
    uint64_t stale;       /* set of peers that were not told the newest */
    uint32_t peers_count; /* entries that only peers ask for */
    bool relays;
};

void trust_interest_init(struct trust_interest *interest, struct trust_arena *arena,
                         uint32_t capacity, struct trust_siphash_key seed, bool relays);

/* What we want of an author from now on: enum trust_want bits, 0 for nothing. TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error trust_interest_want(struct trust_interest *interest,
                                                    const struct trust_key *key, uint8_t wants);

/* Writes the entry of a key and returns true, or returns false: nobody asks for it. */
bool trust_interest_find(const struct trust_interest *interest, uint32_t *out_entry,
                         const struct trust_key *key);

/* True if a record of this kind is admitted: we want its author, or relay it. */
bool trust_interest_is_wanted(const struct trust_interest *interest, uint32_t entry,
                              enum trust_kind kind);

/* The configured peers that the author is kept for if we do not want it ourselves, else the empty
 * set: what it costs is charged to them. */
uint64_t trust_interest_relayed_for(const struct trust_interest *interest, uint32_t entry);

/* The peers that ask for the author. */
uint64_t trust_interest_askers(const struct trust_interest *interest, uint32_t entry);

/* What a peer asks of us and what it was told: 0 no, else distance + 1. */
uint8_t trust_interest_asked(const struct trust_interest *interest, uint32_t entry, uint32_t peer);
uint8_t trust_interest_told(const struct trust_interest *interest, uint32_t entry, uint32_t peer);

/* Takes one of the author's records of the day (in days since 1970, modulo 2^16); false: all
 * TRUST_AUTHOR_DAY_MAX are used up. */
bool trust_interest_take_day(struct trust_interest *interest, uint32_t entry, uint16_t day);
/* Gives one of the day's back. */
void trust_interest_give_day(struct trust_interest *interest, uint32_t entry);
bool trust_interest_is_day_used_up(const struct trust_interest *interest, uint32_t entry,
                                   uint16_t day);

/* Iterates the entries that a peer asks for: start with *cursor = 0, ends with false. */
bool trust_interest_next_asked(const struct trust_interest *interest, uint32_t *out_entry,
                               uint32_t *cursor, uint32_t peer);

/* A peer's slot is taken, changed and given back with all its wishes. */
void trust_interest_add_peer(struct trust_interest *interest, uint32_t peer, bool is_configured);
void trust_interest_configure_peer(struct trust_interest *interest, uint32_t peer,
                                   bool is_configured);
void trust_interest_remove_peer(struct trust_interest *interest, uint32_t peer);

/* Work of a change from this peer, in entries looked at: a new epoch clears the whole table. */
uint32_t trust_interest_hear_cost(const struct trust_interest *interest, uint32_t peer,
                                  const struct trust_interest_delta *delta);

/*
 * Takes what a peer asks for. TRUST_NO_CONFLICT: count or digest differ afterwards, a whole list is
 * needed. TRUST_NO_ROOM: some keys found no room; the rest is kept.
 */
TRUST_MUST_USE enum trust_error trust_interest_hear(struct trust_interest *interest, uint32_t peer,
                                                    const struct trust_interest_delta *delta);

/* Peers whose next trust_interest_tell has something to say. */
uint64_t trust_interest_stale(const struct trust_interest *interest);

/* Makes the next telling say something to the peer, if only the digest. */
void trust_interest_touch(struct trust_interest *interest, uint32_t peer);

/* Makes the next change to tell a peer, its keys in a buffer of at least 33 bytes, and returns
 * true; false: it was told everything. Call it until then. */
bool trust_interest_tell(struct trust_interest *interest, struct trust_interest_delta *out_delta,
                         uint32_t peer, struct trust_writer *buffer);

/* True if the next trust_interest_tell has something to say to this peer. */
bool trust_interest_has_more(const struct trust_interest *interest, uint32_t peer);

/* How many authors the peer is ready to keep of our interest. */
void trust_interest_limit(struct trust_interest *interest, uint32_t peer, uint32_t told_max);

/* The peer could not follow: everything is told again, in a new epoch. */
void trust_interest_retell(struct trust_interest *interest, uint32_t peer);

#endif
