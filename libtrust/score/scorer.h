/*
 * The scorer: what the records that count mean for this operator.
 *
 * It is fed by ledger slots (a slot is one register of one author) and by the outcomes of this
 * node's own calls, and answers weights of authors, scores of servers and explanations. Weights
 * and agreement are those of the last tick; evidence and ages are those of the question. It
 * keeps no record bytes; all memory is cut at init.
 */
#ifndef TRUST_SCORE_SCORER_H
#define TRUST_SCORE_SCORER_H

#include "trust/record.h"
#include "trust/score.h"
#include "trust/time.h"

#include "base/arena.h"
#include "base/siphash.h"
#include "record/keys.h"
#include "score/state.h"

#define TRUST_SCORER_NONE UINT32_MAX

/* Every pool's capacity. A full pool answers TRUST_NO_ROOM. */
struct trust_scorer_limits {
    uint32_t keys;    /* indices of struct trust_keys: 0..keys-1; at most 2^22 */
    uint32_t slots;   /* ledger slots: 0..slots-1 */
    uint32_t vouches; /* live edges */
    uint32_t ratings;
    uint32_t flags;
    uint32_t aliases; /* of any author, and configured ones */
    uint32_t servers; /* distinct subjects without version */
    uint32_t targets; /* distinct (server, version, manifest) */
    uint32_t called;  /* servers with own calls */
};

struct trust_scorer {
    struct trust_score_state state;
    struct trust_scorer_limits limits;
    bool has_solved; /* since the last tick */
};

/* keys has room for limits->keys and outlives the scorer, which holds a reference to every key that
 * a held slot, a mute or a weight is about: an index that still weighs is never given away. While
 * the arena measures, the scorer must not be used. */
void trust_scorer_init(struct trust_scorer *scorer, struct trust_arena *arena,
                       const struct trust_scorer_limits *limits, struct trust_keys *keys,
                       const struct trust_siphash_key *seed);

/* ---- What counts ---- */

/* The key whose web of trust this is; TRUST_SCORER_NONE: none, then nobody has weight. */
void trust_scorer_set_operator(struct trust_scorer *scorer, uint32_t key);

/*
 * This slot counts from now on with this record, instead of what it had. author and target (of a
 * vouch, else TRUST_SCORER_NONE) are indices of record's keys, held by the caller during the call.
 * Nothing of record is kept by reference. A withdrawn or expired record may be held: it counts for
 * nothing and is explained. A revocation counts only if compromised: it cuts its author.
 * TRUST_NO_ROOM: a pool is full, the slot then counts with nothing.
 */
TRUST_MUST_USE enum trust_error trust_scorer_hold(struct trust_scorer *scorer, uint32_t slot,
                                                  const struct trust_record *record,
                                                  uint32_t author, uint32_t target);

/* The slot is gone: erased or superseded by nothing. Also right for a slot never held. */
void trust_scorer_drop(struct trust_scorer *scorer, uint32_t slot);

/* The slot keeps its place and counts for nothing until it is held again; explanations say why
 * (TRUST_IGNORED_VOID or TRUST_IGNORED_REVOKED). */
void trust_scorer_silence(struct trust_scorer *scorer, uint32_t slot,
                          enum trust_ignored_reason reason);

/* The operator's own `mute`: the key is cut, like by a distrust of 1. The operator itself is never
 * cut. */
void trust_scorer_mute(struct trust_scorer *scorer, uint32_t key, bool muted);

/* True if the slot says something now: it is held, not withdrawn, cleared, silenced or expired. */
bool trust_scorer_is_live(const struct trust_scorer *scorer, uint32_t slot, struct trust_wall now);

/* `repute flag ignore`: the flag of this slot counts for nothing, later ones of its register too,
 * until the slot is dropped or this is called with false. */
void trust_scorer_ignore_flag(struct trust_scorer *scorer, uint32_t slot, bool ignored);

/* The configuration says that two subjects are one server (or no longer says it), like an alias
 * signed by the operator. TRUST_NO_SUBJECT, TRUST_NO_ROOM; TRUST_NO_FOUND on removing what was
 * never added. */
TRUST_MUST_USE enum trust_error trust_scorer_alias(struct trust_scorer *scorer,
                                                   struct trust_bytes first,
                                                   struct trust_bytes second, bool joined);

/* ---- Own calls ---- */

/*
 * One outcome of a call to a watched server. latency_ms of a good one feeds the p95; others' is
 * ignored. Failures are held back for one window (TRUST_UPLINK_WINDOW_MS) and charged to nobody if
 * the uplink rule says that our own network failed. TRUST_NO_FOUND: the server is not watched.
 * TRUST_NO_ROOM: too many called servers.
 */
TRUST_MUST_USE enum trust_error trust_scorer_outcome(struct trust_scorer *scorer, uint32_t server,
                                                     enum trust_own_result result,
                                                     uint32_t latency_ms, struct trust_now now);

/* Puts a watched server into a configured group of interchangeable ones (0..255): its latency is
 * judged against their median. Again with joined false to take it out. */
TRUST_MUST_USE enum trust_error trust_scorer_group(struct trust_scorer *scorer, uint32_t server,
                                                   uint32_t group, bool joined);

/* True while more than 70 % of at least 5 unrelated servers fail at once: our own uplink. Nothing
 * measured is drafted then. */
bool trust_scorer_uplink_is_down(const struct trust_scorer *scorer);

/* The decayed counters of one server now, for a measured rating (offered from 20 calls on) and for
 * keeping them over a restart. False if the server has no own calls. */
bool trust_scorer_own_calls(const struct trust_scorer *scorer, struct trust_own_calls *out_calls,
                            uint32_t server, struct trust_wall now);

/* Sets the counters of a watched server that has none yet, as they were at `now`. */
TRUST_MUST_USE enum trust_error trust_scorer_restore_calls(struct trust_scorer *scorer,
                                                           uint32_t server,
                                                           const struct trust_own_calls *calls,
                                                           struct trust_wall now);

/* Forgets the garbage that counts against a watched server, and against those joined to it. */
void trust_scorer_forgive(struct trust_scorer *scorer, uint32_t server);

/* ---- Time ---- */

/* Ends what is due (a window, a vouch, an alias), solves the graph if it changed, renews agreement,
 * and marks the watched servers that may have changed. Returns true if weights changed. */
bool trust_scorer_tick(struct trust_scorer *scorer, struct trust_now now);

/* True if the next tick has a graph to solve. */
bool trust_scorer_is_unsolved(const struct trust_scorer *scorer);

/* ---- Weights of authors ---- */

struct trust_weight {
    double pi;         /* share of the walk; its vouches count by it */
    double t;          /* weight of its ratings; the operator's own: 1 (more if vouched for) */
    double t_scan;     /* weight of its flags */
    double delta;      /* what third parties' distrust leaves of its ratings */
    double rho;        /* what disagreement with own calls leaves of its performance ratings */
    uint32_t distance; /* vouches from the operator; TRUST_SCORER_NONE: not reached */
    bool is_cut;       /* distrusted wholly, muted or compromised */
    bool is_kept;      /* the greatest of pi/.3, t and t_scan is at least 1e-6 */
};

struct trust_weight trust_scorer_weight(const struct trust_scorer *scorer, uint32_t key);

/* Bound of the error of all weights together: 0 after a full solve. */
double trust_scorer_unresolved(const struct trust_scorer *scorer);

/* is_kept of the weight alone: whether the author's records are wanted. */
bool trust_scorer_is_kept(const struct trust_scorer *scorer, uint32_t key);

/* Walks the keys that are kept, in order of index: start with *cursor = 0; false at the end. */
bool trust_scorer_next_rater(const struct trust_scorer *scorer, uint32_t *cursor,
                             uint32_t *out_key);

/* ---- Servers ---- */

/* The index of the server that this subject (with or without version) belongs to, alive until it is
 * unwatched as often as it was watched. TRUST_NO_SUBJECT, TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error
trust_scorer_watch(struct trust_scorer *scorer, uint32_t *out_server, struct trust_bytes subject);
void trust_scorer_unwatch(struct trust_scorer *scorer, uint32_t server);

/* Takes a watched server whose score may have changed since it was last taken; false: none. Several
 * watched servers may be joined by aliases: each comes on its own. */
bool trust_scorer_take_changed(struct trust_scorer *scorer, uint32_t *out_server);

/* Walks the servers that records, calls or watches refer to: start with *cursor = 0. */
bool trust_scorer_next_server(const struct trust_scorer *scorer, uint32_t *cursor,
                              uint32_t *out_server);

/* The server's subject without version, NUL-terminated; returns its length. */
uint32_t trust_scorer_subject(const struct trust_scorer *scorer, char out_text[201],
                              uint32_t server);

/* The first of the servers that aliases join into one with this one: equal for all of them. */
uint32_t trust_scorer_joined(const struct trust_scorer *scorer, uint32_t server);

/* ---- Answers ---- */

struct trust_question {
    struct trust_bytes subject;  /* canonical, with or without version */
    struct trust_bytes manifest; /* asked for or pinned; size 0 or 32 */
};

/* TRUST_NO_SUBJECT; TRUST_NO_RANGE: the manifest's size. A server that nothing is known about is
 * answered: unknown. */
TRUST_MUST_USE enum trust_error trust_scorer_score(struct trust_scorer *scorer,
                                                   struct trust_score *out_score,
                                                   const struct trust_question *question,
                                                   struct trust_wall now);

/* The same with its reasons; a changed graph is solved first. out_explanation is about 40 KiB: keep
 * it off small stacks. */
TRUST_MUST_USE enum trust_error trust_scorer_explain(struct trust_scorer *scorer,
                                                     struct trust_explanation *out_explanation,
                                                     const struct trust_question *question,
                                                     struct trust_wall now);

#endif
