/*
 * A reconciliation with one peer: a walk over heads, what we pull, what the peer pulls from us.
 *
 * Either side opens; numbers of sessions opened by the side with the lesser transport key are odd,
 * those of the other even, so that both may open one at the same time. The opener pages through its
 * heads; both sides pull what they lack as soon as they see it; each says when it lacks nothing
 * more.
 *
 * Sessions are few, so none is anybody's for long: some are kept for those that we open, and where
 * all are taken the one that brought least makes room.
 */
#ifndef TRUST_GOSSIP_SESSION_H
#define TRUST_GOSSIP_SESSION_H

#include <stdbool.h>

#include "trust/time.h"

#include "base/limits.h"
#include "gossip/pulls.h"
#include "gossip/serve.h"
#include "gossip/walk.h"

/* Who opens a session. */
struct trust_session_terms {
    uint32_t peer;
    uint32_t number;
    bool is_ours;      /* we open it */
    bool is_listed;    /* the operator configured the peer */
    uint32_t given_up; /* sessions of the peer that we ended, in a row without a good one */
};

struct trust_session {
    bool is_open;
    bool is_ours;     /* we opened it */
    bool is_listed;   /* the operator configured the peer */
    bool has_paged;   /* not ours: its first page is here, and walk.from is where the last began */
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
    uint32_t given_up; /* as in its terms */
    uint32_t repeats;  /* frames in a row that did not move it on */
    uint32_t brought;  /* records that were worth a verification */
    uint64_t news_ms;  /* when it brought one last, or was opened */
    uint64_t used_ms;  /* when records went either way last, or it was opened */
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

/* Opens one and collects its heads; NULL: all that may be are in use, or those of this peer are. */
struct trust_session *trust_sessions_open(struct trust_sessions *sessions,
                                          const struct trust_session_terms *terms,
                                          struct trust_mono now);

/* The session that makes room for one on these terms, when closed; NULL: none has to. */
struct trust_session *trust_sessions_yielding(struct trust_sessions *sessions,
                                              const struct trust_session_terms *terms,
                                              struct trust_mono now);

/* A number for our next session; is_odd says which parity is ours with the peer. */
uint32_t trust_sessions_number(struct trust_sessions *sessions, bool is_odd);

/* Bytes that the next sync frame may have. */
size_t trust_session_allowance(const struct trust_session *session);

void trust_session_close(struct trust_session *session);

#endif
