/* See session.h. */
#include "gossip/session.h"

#include "base/assert.h"

void trust_sessions_init(struct trust_sessions *sessions, struct trust_arena *arena,
                         const struct trust_interest *interest, const struct trust_ledger *ledger,
                         uint32_t first_number)
{
    for (uint32_t i = 0; i < TRUST_SESSIONS_MAX; i++) {
        struct trust_session *session = &sessions->items[i];
        session->is_open = false;
        trust_walk_init(&session->walk, arena, interest, ledger);
        trust_pulls_init(&session->pulls, arena);
        trust_serve_init(&session->serve, arena);
    }
    sessions->next_number = first_number;
    sessions->next_ticket = 1;
}

struct trust_session *trust_sessions_find(struct trust_sessions *sessions, uint32_t peer,
                                          uint32_t number)
{
    for (uint32_t i = 0; i < TRUST_SESSIONS_MAX; i++) {
        struct trust_session *session = &sessions->items[i];
        if (session->is_open && session->peer == peer && session->number == number)
            return session;
    }
    return NULL;
}

struct trust_session *trust_sessions_find_read(struct trust_sessions *sessions, uint32_t ticket)
{
    for (uint32_t i = 0; i < TRUST_SESSIONS_MAX; i++) {
        struct trust_session *session = &sessions->items[i];
        if (session->is_open && session->ticket == ticket &&
            session->serve.state == TRUST_SERVE_READING)
            return session;
    }
    return NULL;
}

bool trust_sessions_has_ours(const struct trust_sessions *sessions, uint32_t peer)
{
    for (uint32_t i = 0; i < TRUST_SESSIONS_MAX; i++) {
        const struct trust_session *session = &sessions->items[i];
        if (session->is_open && session->is_ours && session->peer == peer)
            return true;
    }
    return false;
}

/* protocol: two sessions with one peer at a time, eight in all */
static struct trust_session *free_session(struct trust_sessions *sessions, uint32_t peer)
{
    struct trust_session *free = NULL;
    uint32_t of_peer = 0;
    for (uint32_t i = 0; i < TRUST_SESSIONS_MAX; i++) {
        struct trust_session *session = &sessions->items[i];
        if (!session->is_open)
            free = session;
        else if (session->peer == peer)
            of_peer++;
    }
    return of_peer < TRUST_SESSIONS_PEER_MAX ? free : NULL;
}

struct trust_session *trust_sessions_open(struct trust_sessions *sessions, uint32_t peer,
                                          uint32_t number, bool is_ours, struct trust_mono now)
{
    assert(trust_sessions_find(sessions, peer, number) == NULL);
    struct trust_session *session = free_session(sessions, peer);
    if (session == NULL)
        return NULL;
    struct trust_walk walk = session->walk;
    struct trust_pulls pulls = session->pulls;
    struct trust_serve serve = session->serve;
    *session = (struct trust_session){.is_open = true,
                                      .is_ours = is_ours,
                                      .peer = peer,
                                      .number = number,
                                      .progress_ms = now.ms,
                                      .walk = walk,
                                      .pulls = pulls,
                                      .serve = serve};
    session->ticket = sessions->next_ticket++;
    session->serve.state = TRUST_SERVE_IDLE;
    trust_walk_start(&session->walk, peer);
    trust_pulls_start(&session->pulls);
    return session;
}

uint32_t trust_sessions_number(struct trust_sessions *sessions, bool is_odd)
{
    return sessions->next_number++ << 1 | (is_odd ? 1 : 0);
}

/* protocol: Sync frames out are at most 4 times the sync frames in, and 4 KiB a round. */
size_t trust_session_allowance(const struct trust_session *session)
{
    size_t total = TRUST_SYNC_FACTOR * session->in_size +
                   TRUST_SYNC_BASE_SIZE * ((size_t)session->out_count + 1);
    assert(total >= session->out_size);
    return total - session->out_size;
}

void trust_session_close(struct trust_session *session)
{
    assert(session->is_open);
    session->is_open = false;
}
