/*
 * The engine: one node's whole state machine, without a socket, file, thread or clock.
 *
 * Events go in (handle_*, publish, load), actions come out (poll_action, drained after each event),
 * next_deadline says when handle_time is due, getters answer questions. The daemon, the simulator,
 * the tests and the fuzzers drive this very machine (after the sans-I/O QUIC cores). It composes
 * ledger, scorer and gossip and holds no rule of its own that one of them could hold.
 *
 * Memory is reserved once, as one lazily touched map; nothing is allocated afterwards.
 * Threads: one.
 */
#ifndef TRUST_ENGINE_ENGINE_H
#define TRUST_ENGINE_ENGINE_H

#include "trust/policy.h"
#include "trust/time.h"

#include "engine/action.h"
#include "gossip/gossip.h"
#include "record/ledger.h"
#include "score/scorer.h"

struct trust_engine;

struct trust_engine_limits {
    uint32_t keys;      /* keys known: authors and those they vouch for */
    uint32_t authors;   /* kept */
    uint32_t registers; /* kept, of all authors */
    uint32_t servers;   /* spoken about */
    uint32_t watched;   /* of them in groups or asked for: slots of the board */
    uint32_t interest;  /* authors that we or peers ask for */
    uint32_t pending;   /* records between arrival and disk, 576 bytes each */
    uint32_t author_vouches;
    uint32_t author_others;
};

/* The limits of a node; tests take smaller ones. */
struct trust_engine_limits trust_engine_limits_default(void);

struct trust_engine_config {
    struct trust_engine_limits limits;
    struct trust_network network;
    struct trust_key node_key; /* transport */
    bool relays;               /* link.relay: peers */
    uint8_t seed[32];          /* secret: hash tables, jitter */
};

/* Bytes of address space that an engine of this configuration reserves. */
size_t trust_engine_size(const struct trust_engine_config *config);

/* TRUST_FAIL_MEMORY. Free it with trust_engine_free. */
TRUST_MUST_USE enum trust_error trust_engine_new(struct trust_engine **out_engine,
                                                 const struct trust_engine_config *config,
                                                 struct trust_now now);
void trust_engine_free(struct trust_engine *engine);

/* ---- events ---- */

/* Whose web of trust this is; key NULL: nobody's. TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error trust_engine_set_operator(struct trust_engine *engine,
                                                          const struct trust_key *key,
                                                          struct trust_now now);

/* Keeps an author whatever its weight (names, `peers why`), or no longer. TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error trust_engine_name(struct trust_engine *engine,
                                                  const struct trust_key *key, bool named,
                                                  struct trust_now now);

/* Keeps what is stored of a former operator: nobody is dropped for want of interest from now on,
 * and this author for want of room neither. TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error trust_engine_keep(struct trust_engine *engine,
                                                  const struct trust_key *key);

/* The operator's local mute of a key: cut like by a distrust of 1, unsigned. TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error trust_engine_mute(struct trust_engine *engine,
                                                  const struct trust_key *key, bool muted);

/* The flag of this register counts for nothing, whichever record sets it now or later (false: it
 * counts again). It needs not be held: the flags of a register that is ignored before the records
 * are loaded never count. TRUST_NO_ROOM: TRUST_IGNORED_FLAGS_MAX are ignored. */
TRUST_MUST_USE enum trust_error trust_engine_ignore_flag(struct trust_engine *engine,
                                                         const struct trust_register *place,
                                                         bool ignored);

/*
 * A record from our own disk, whose keyed hash stands for the signature: joined without a check,
 * without asking interest. TRUST_NO_OLDER, TRUST_NO_REVOKED: what was loaded before leaves no place
 * for it, and the store is told to erase it, unless it is far behind. TRUST_NO_ROOM and the
 * verdicts of decoding: it stays on the disk and counts for nothing.
 */
TRUST_MUST_USE enum trust_error trust_engine_load(struct trust_engine *engine,
                                                  struct trust_bytes bytes);

/* The store found a record of the author damaged and set it aside: what was held at its seq is let
 * go of, so that a peer can bring it again. A revocation is kept. */
void trust_engine_handle_damaged(struct trust_engine *engine, const struct trust_key *author,
                                 uint64_t seq);

/* A record from the operator's socket or a file. It is answered by exactly one VERDICT with this
 * ticket: at once if it is refused, or when it is durable. */
void trust_engine_publish(struct trust_engine *engine, uint64_t ticket, struct trust_bytes bytes,
                          struct trust_now now);

/* The end of a VERIFY action; id is read with TRUST_OK. */
void trust_engine_handle_verified(struct trust_engine *engine, uint64_t token,
                                  enum trust_error error, struct trust_now now);

/* Every store change numbered up to here is on disk. */
void trust_engine_handle_stored(struct trust_engine *engine, uint64_t upto, struct trust_now now);

/* The store cannot write for now (TRUST_OK: it can again): who waits is told, and new records are
 * refused with this error until then. */
void trust_engine_handle_store_fault(struct trust_engine *engine, enum trust_error fault,
                                     struct trust_now now);

/* Whether the store is close to its limit: the author of least weight goes at each call with true,
 * unless as many erasures as a sweep makes still wait to be polled, and until one with false only
 * the operator's own records are taken. */
void trust_engine_handle_store_tight(struct trust_engine *engine, bool is_tight,
                                     struct trust_now now);

/* The answer to a READ action; see trust_gossip_handle_loaded. */
void trust_engine_handle_loaded(struct trust_engine *engine, const struct trust_loaded *loaded,
                                struct trust_now now);

/* The policy of the shared breakers, from the configuration; checked by the caller. They take it at
 * once and in silence: no BREAKER actions follow. */
void trust_engine_set_policy(struct trust_engine *engine, const struct trust_breaker_policy *policy,
                             struct trust_now now);

/* Peers: see gossip/gossip.h for the rules. */
TRUST_MUST_USE enum trust_error
trust_engine_add_peer(struct trust_engine *engine, uint32_t *out_peer, const struct trust_key *key,
                      enum trust_peer_origin origin, struct trust_now now);
void trust_engine_remove_peer(struct trust_engine *engine, uint32_t peer);
void trust_engine_handle_peer_up(struct trust_engine *engine, uint32_t peer, bool dialled,
                                 struct trust_now now);
void trust_engine_handle_peer_down(struct trust_engine *engine, uint32_t peer);
void trust_engine_handle_bytes(struct trust_engine *engine, uint32_t peer, struct trust_bytes bytes,
                               struct trust_now now);

/* Opens a reconciliation with a peer as soon as its rates allow. */
void trust_engine_sync_soon(struct trust_engine *engine, uint32_t peer, struct trust_now now);

/* Asks a peer whether it is there; see trust_gossip_ping. */
bool trust_engine_ping(struct trust_engine *engine, uint32_t peer, struct trust_now now);

void trust_engine_handle_time(struct trust_engine *engine, struct trust_now now);

/* Whether nothing is dropped for its age or for want of interest: the wall clock is in doubt. */
void trust_engine_hold_sweeps(struct trust_engine *engine, bool held);

/* Says goodbye to the peers before the process stops. */
void trust_engine_close_peers(struct trust_engine *engine);

/* ---- actions and deadline ---- */

/*
 * The next action, or false. With is_open false neither VERIFY, STORE nor VERDICT come: what needs
 * the store, the workers or whoever waits for a verdict keeps its order and stays. Events may be
 * brought in meanwhile, but no frames (see has_room), and no verdicts of workers while it is the
 * store that is behind.
 */
bool trust_engine_poll_action(struct trust_engine *engine, struct trust_action *out_action,
                              bool is_open, struct trust_now now);
struct trust_mono trust_engine_next_deadline(const struct trust_engine *engine);

/* True while another record has a place to wait in; false: stop reading sources of records. */
bool trust_engine_has_room(const struct trust_engine *engine);

/* ---- getters ---- */

/* The parts, for reading: what they answer is theirs to document. The scorer is solved first if the
 * graph has changed. */
const struct trust_keys *trust_engine_keys(const struct trust_engine *engine);
const struct trust_ledger *trust_engine_ledger(const struct trust_engine *engine);
struct trust_scorer *trust_engine_scorer(struct trust_engine *engine, struct trust_now now);
const struct trust_gossip *trust_engine_gossip(const struct trust_engine *engine);

/* True if a register's record says something now; see trust_scorer_is_live. */
bool trust_engine_is_live(const struct trust_engine *engine, uint32_t slot, struct trust_wall now);

/* The slot of the flag whose record's id begins with these hex digits: digits of them, written as
 * in an id. TRUST_NO_FOUND: the scorer has none; TRUST_NO_CONFLICT: several begin so. It looks at
 * every slot: for orders of people. */
TRUST_MUST_USE enum trust_error trust_engine_find_flag(const struct trust_engine *engine,
                                                       uint32_t *out_slot,
                                                       const struct trust_id *prefix,
                                                       uint32_t digits);

struct trust_engine_stats {
    uint32_t authors;
    uint32_t registers;
    uint32_t pending;       /* records on their way to the disk */
    uint64_t accepted;      /* since start */
    uint64_t refused;       /* since start, duplicates not counted */
    uint64_t unscored;      /* records that found no room in the scorer, since start */
    uint64_t evicted;       /* authors dropped for want of room, since start */
    uint64_t swept;         /* registers dropped because their place ended, since start */
    uint64_t unwanted;      /* authors dropped for want of interest, since start */
    uint64_t verifying;     /* signatures being checked */
    enum trust_error fault; /* of the store */
};
void trust_engine_stats(const struct trust_engine *engine, struct trust_engine_stats *out_stats);

#endif
