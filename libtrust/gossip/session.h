/*
 * A reconciliation with one peer: a walk over heads, what we pull, what the peer pulls from us.
 *
 * Either side opens; numbers of sessions opened by the side with the lesser transport key are odd,
 * those of the other even, so that both may open one at the same time. The opener pages through its
 * heads; both sides pull what they lack as soon as they see it; each says when it lacks nothing
 * more.
 */
#ifndef TRUST_GOSSIP_SESSION_H
#define TRUST_GOSSIP_SESSION_H

#include <stdbool.h>

#include "trust/time.h"

#include "base/limits.h"
#include "gossip/pulls.h"
#include "gossip/serve.h"
#include "gossip/walk.h"

struct trust_session {
    bool is_open;
    bool is_ours;     /* we opened it */
    bool waits_reply; /* ours: a page is out */
    bool has_ended;   /* we said that we lack nothing more */
    bool peer_ended;  /* the peer did */
    bool has_lacked;  /* some of the peer's heads were not ours */
    bool has_news;    /* something pulled was worth a verification */
    bool has_missed;  /* a difference was left for the next time */
    uint32_t peer;
    uint32_t number;
    uint32_t ticket; /* of its reads; tells an old answer from a new one */
    uint32_t round;  /* ours: of the last frame sent; else of the last one answered */
    size_t in_size;  /* of sync frames */
    size_t out_size;
    uint32_t out_count;
    uint64_t progress_ms;
    uint64_t asked_ms; /* when the page or the pull that is out was sent last */
    uint64_t pull_ms;  /* when the next pull may be sent: the quota of checks */
    struct trust_walk walk;
    struct trust_pulls pulls;
    struct trust_serve serve;
};

struct trust_sessions {
    struct trust_session items[TRUST_SESSIONS_MAX];
    uint32_t next_number; /* of our own, before the parity */
    uint32_t next_ticket;
};

void trust_sessions_init(struct trust_sessions *sessions, struct trust_arena *arena,
                         const struct trust_interest *interest, const struct trust_ledger *ledger,
                         uint32_t first_number);

/* A session of this peer and number, or NULL. */
struct trust_session *trust_sessions_find(struct trust_sessions *sessions, uint32_t peer,
                                          uint32_t number);

/* The session that waits for a read of this ticket, or NULL. */
struct trust_session *trust_sessions_find_read(struct trust_sessions *sessions, uint32_t ticket);

/* True if we have one open that we opened with this peer. */
bool trust_sessions_has_ours(const struct trust_sessions *sessions, uint32_t peer);

/* Opens one and collects its heads; NULL: all are in use, or those of this peer are. */
struct trust_session *trust_sessions_open(struct trust_sessions *sessions, uint32_t peer,
                                          uint32_t number, bool is_ours, struct trust_mono now);

/* A number for our next session; is_odd says which parity is ours with the peer. */
uint32_t trust_sessions_number(struct trust_sessions *sessions, bool is_odd);

/* Bytes that the next sync frame may have. */
size_t trust_session_allowance(const struct trust_session *session);

void trust_session_close(struct trust_session *session);

#endif
