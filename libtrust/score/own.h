/*
 * What this node's own agents saw of servers: decaying counts of good and bad calls, of garbage,
 * and a histogram of latencies.
 *
 * What failed is pending for one window (uplink.h) and charged to nobody if the uplink was down at
 * the end of it. A cell costs about 430 bytes and belongs to one server; a cell whose evidence has
 * decayed and whose server nobody watches is given back. When all are taken, one whose server
 * nobody watches goes to the next that is called, whatever it holds: names that somebody made up
 * must not keep a real server from being judged.
 */
#ifndef TRUST_SCORE_OWN_H
#define TRUST_SCORE_OWN_H

#include "trust/time.h"

#include "base/arena.h"
#include "base/limits.h"
#include "score/servers.h"
#include "score/uplink.h"

/* Latencies in steps of 2^(1/4), from 1 ms to 17 minutes. */
#define TRUST_OWN_LATENCY_BUCKETS 80u
/* Members with fewer calls have no say in the group's median. */
#define TRUST_OWN_CALLS_MIN 20.0

/* What a call was, for evidence: any completed call is good. */
enum trust_own_result {
    TRUST_OWN_GOOD = 0,
    TRUST_OWN_BAD = 1,      /* refused, timeout, http5xx, ... */
    TRUST_OWN_HALF_BAD = 2, /* internal: half a failure */
    TRUST_OWN_GARBAGE = 3,  /* a failure, and evidence against its security */
};

/* The decayed counters of one server as they were at some time. */
struct trust_own_calls {
    double good;
    double bad;
    double garbage;
    uint32_t p95_ms; /* of good calls; 0: none known */
    float
        latencies[TRUST_OWN_LATENCY_BUCKETS]; /* good calls by latency, bucket i from 2^(i/4) ms */
};

struct trust_own_cell {
    double good; /* at decayed_ms, here and below */
    double bad;
    double garbage;
    uint64_t decayed_ms; /* wall */
    uint32_t server;
    uint32_t next_pending;     /* cell + 1 */
    uint32_t pending_half_bad; /* failures of this window, in halves */
    uint32_t pending_garbage;
    float factor; /* L of the last refresh */
    bool is_used;
    bool is_pending; /* in the window's list: it was called */
    bool has_failed; /* its last call of the window was not good */
    float latencies[TRUST_OWN_LATENCY_BUCKETS];
};

struct trust_own_member {
    uint32_t group;
    uint32_t server;
};

struct trust_own {
    struct trust_own_cell *cells;
    struct trust_pool pool;
    struct trust_own_member *members; /* ordered by group */
    double *medians;                  /* scratch for one group */
    uint32_t member_count;
    uint32_t first_pending; /* cell + 1 */
    uint32_t next_swept;
    uint32_t next_taken;
    uint64_t window_ends_ms;  /* monotonic; 0: no window is open */
    uint64_t judged_until_ms; /* is_uplink_down holds until then if nobody calls */
    bool is_uplink_down;
    bool is_changed; /* since the last refresh */
};

void trust_own_init(struct trust_own *own, struct trust_arena *arena, uint32_t cells);

/* One outcome. latency_ms of a good one feeds the p95; others' is ignored. */
struct trust_own_call {
    enum trust_own_result result;
    uint32_t latency_ms;
};

/* TRUST_NO_ROOM: every cell belongs to a watched server. */
TRUST_MUST_USE enum trust_error trust_own_add(struct trust_own *own, struct trust_servers *servers,
                                              uint32_t server, const struct trust_own_call *call,
                                              struct trust_now now);

TRUST_MUST_USE enum trust_error trust_own_restore(struct trust_own *own,
                                                  struct trust_servers *servers, uint32_t server,
                                                  const struct trust_own_calls *calls,
                                                  struct trust_wall now);

/* Forgets the garbage of a cell, what waits for its window included. */
void trust_own_forgive(struct trust_own *own, uint32_t cell);

/* The counters of a cell now, pending failures included unless the uplink is down. */
struct trust_own_calls trust_own_read(const struct trust_own *own, uint32_t cell,
                                      struct trust_wall now);

/* TRUST_NO_ROOM; TRUST_NO_RANGE: the group's number; TRUST_NO_FOUND on taking out what is not in.
 */
TRUST_MUST_USE enum trust_error trust_own_group(struct trust_own *own,
                                                struct trust_servers *servers, uint32_t server,
                                                uint32_t group, bool joined);

/* Ends a window that is over, judges the uplink, renews the latency factors and gives idle cells
 * back. Returns true if any server's evidence may have changed since the last tick. */
bool trust_own_tick(struct trust_own *own, struct trust_servers *servers, struct trust_now now);

#endif
