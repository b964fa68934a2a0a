/*
 * The engine's own members, shared by the files of this folder and nobody else.
 *
 * Data goes one way: door.c (a record comes in) -> join.c (the ledger's effects go to scorer, store
 * and gossip) -> wants.c (weights decide whose records are wanted).
 */
#ifndef TRUST_ENGINE_STATE_H
#define TRUST_ENGINE_STATE_H

#include "engine/engine.h"
#include "engine/ignoring.h"
#include "engine/pending.h"
#include "engine/queue.h"
#include "engine/reads.h"
#include "engine/watchlist.h"
#include "gossip/gossip.h"
#include "record/effect.h"

struct trust_engine {
    size_t map_size;
    struct trust_network network;
    struct trust_keys keys;
    struct trust_ledger ledger;
    struct trust_scorer scorer;
    struct trust_gossip *gossip;
    struct trust_pending pending;
    struct trust_watchlist watchlist;
    struct trust_ignoring ignoring;
    struct trust_queue queue;   /* of records: waits for store and workers */
    struct trust_queue notices; /* of servers: BREAKER, QUARANTINE, UNBOARD */
    struct trust_reads reads;
    struct trust_effects effects; /* of the ledger's last change */
    uint32_t *targets;            /* by slot: key that a vouch speaks of, held; index + 1 */
    uint8_t *wants;               /* by key: what gossip was told, and marks of wants.c */
    uint32_t operator_key;        /* TRUST_SCORER_NONE: none */
    uint64_t next_number;         /* of store changes */
    uint64_t stored;              /* the disk has every change up to here */
    enum trust_error fault;       /* of the store */
    bool is_tight;                /* the store is close to its limit */
    bool keeps_all;               /* there is a former operator */
    bool is_in_batch;             /* interest stands still: see batch.h */
    bool has_new_weights;         /* gossip was not told yet what they want */
    struct trust_mono tick_due;
    struct trust_mono sweep_due;
    uint32_t sweep_cursor; /* of wants.c, over the ledger's authors */
    uint64_t accepted;
    uint64_t refused;
    uint64_t unscored;
    uint64_t evicted;
    uint64_t swept;        /* registers whose place ended */
    uint64_t unwanted;     /* authors that nobody wanted */
    bool holds_sweeps;     /* the wall clock is in doubt */
    uint64_t evict_number; /* of the store change that erases the last author evicted */
};

/* Places kept free for the operator's own records. */
#define TRUST_ENGINE_LOCAL_PLACES 64

/* Store changes of one sweep at most: a list of effects, and a few dropped authors. Beside those of
 * pending records nothing else is queued, and nothing while as many wait already. */
#define TRUST_ENGINE_SWEEP_ACTIONS 128

/* door.c: puts a peer's record that passed gossip's checks on its way to a verify worker. */
void trust_door_check(struct trust_engine *engine, const struct trust_gossip_action *action);

/* door.c: one record of a batch. TRUST_OK: a VERDICT follows, when it is joined or refused;
 * TRUST_NO_BUSY: there is no place, try again; else the cheap checks refuse it. */
TRUST_MUST_USE enum trust_error trust_door_import(struct trust_engine *engine, uint64_t ticket,
                                                  struct trust_bytes bytes, struct trust_now now);

/* engine.c: solves the graph and tells gossip whose records are wanted now. */
void trust_engine_settle(struct trust_engine *engine, struct trust_now now);

/* door.c: what became durable is answered; true if there was one more. */
bool trust_door_settle(struct trust_engine *engine, struct trust_now now);

/*
 * join.c: carries out the effects of the ledger's last change: the scorer at once, the store by
 * actions. record is the one that was applied, NULL after a sweep or drop; index its place among
 * the pending, or TRUST_JOIN_LOADED when it is on the disk already. Returns the number of the last
 * store change, 0 if there was none.
 */
#define TRUST_JOIN_LOADED UINT32_MAX
uint64_t trust_join_follow(struct trust_engine *engine, const struct trust_record *record,
                           uint32_t index, bool is_urgent);

/* wants.c: tells gossip whose records are wanted, after weights or names changed. */
void trust_wants_renew(struct trust_engine *engine, struct trust_now now);

/* wants.c: adds or takes back the mark that the operator named a key, which the caller holds.
 * TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error trust_wants_name(struct trust_engine *engine, uint32_t key,
                                                 bool named, struct trust_now now);

/* wants.c: true if the operator named the key, or it is a former operator's. */
bool trust_wants_is_kept(const struct trust_engine *engine, uint32_t key);

/* evict.c: drops the author of least weight whole, if it is below newcomer's (NULL: in any case).
 * False: nobody may leave. */
bool trust_evict_least(struct trust_engine *engine, const struct trust_key *newcomer);

/* Restart probability of the walk: scoring's alpha. */
#define TRUST_ENGINE_ALPHA .30

/* wants.c: drops a few authors that nobody has wanted for two rounds, and ended places. */
void trust_wants_sweep(struct trust_engine *engine, struct trust_now now);

/* engine.c: whether this many changes of servers can be told in this event. */
bool trust_engine_can_tell(const struct trust_engine *engine, uint32_t count);

/* calls.c: reports what time alone changed in a server's breaker. */
void trust_calls_advance(struct trust_engine *engine, uint32_t server, struct trust_now now);

/* withhold.c: lets the quarantine rules look at a server whose score was just computed. */
void trust_withhold_judge(struct trust_engine *engine, uint32_t server,
                          const struct trust_score *score, struct trust_now now);

/* withhold.c: the operator accepted a server's manifest. */
void trust_withhold_accept(struct trust_engine *engine, uint32_t server, struct trust_now now);

/* sighting.c: when a change of its manifest that nobody accepted was first told; 0: there is none.
 */
struct trust_wall trust_sighting_changed(const struct trust_engine *engine, uint32_t server);

/* cells.c: marks the servers of which agents should be shown something else. */
void trust_cells_tick(struct trust_engine *engine, struct trust_now now);

#endif
