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

struct census {
    struct trust_session *free; /* NULL: none */
    uint32_t of_peer;
    uint32_t theirs;
};

static struct census count_sessions(struct trust_sessions *sessions, uint32_t peer)
{
    struct census census = {0};
    for (uint32_t i = 0; i < TRUST_SESSIONS_MAX; i++) {
        struct trust_session *session = &sessions->items[i];
        if (!session->is_open) {
            census.free = session;
            continue;
        }
        census.of_peer += session->peer == peer;
        census.theirs += !session->is_ours;
    }
    return census;
}

/* protocol: two sessions with one peer at a time, eight in all, of which peers open at most six */
static struct trust_session *free_session(struct trust_sessions *sessions,
                                          const struct trust_session_terms *terms)
{
    struct census census = count_sessions(sessions, terms->peer);
    if (census.of_peer >= TRUST_SESSIONS_PEER_MAX)
        return NULL;
    if (!terms->is_ours && census.theirs >= TRUST_SESSIONS_THEIRS_MAX)
        return NULL;
    return census.free;
}

/* protocol: a newcomer's makes room for a configured peer's at once, so does that of a peer whose
 * last sessions had to be ended for that of one with fewer such */
static bool may_yield(const struct trust_session *session, const struct trust_session_terms *terms,
                      struct trust_mono now)
{
    if (!session->is_open || session->peer == terms->peer)
        return false;
    if (session->is_listed != terms->is_listed)
        return terms->is_listed;
    if (session->given_up > terms->given_up)
        return true;
    return now.ms >= session->news_ms + TRUST_SESSION_YIELD_MS;
}

/* True if a has less right to its place than b. */
static bool is_worth_less(const struct trust_session *a, const struct trust_session *b)
{
    if (a->is_listed != b->is_listed)
        return b->is_listed;
    if (a->given_up != b->given_up)
        return a->given_up > b->given_up;
    if (a->brought != b->brought)
        return a->brought < b->brought;
    return a->news_ms < b->news_ms;
}

struct trust_session *trust_sessions_yielding(struct trust_sessions *sessions,
                                              const struct trust_session_terms *terms,
                                              struct trust_mono now)
{
    struct census census = count_sessions(sessions, terms->peer);
    if (census.of_peer >= TRUST_SESSIONS_PEER_MAX)
        return NULL;
    bool spares_ours = !terms->is_ours && census.theirs >= TRUST_SESSIONS_THEIRS_MAX;
    struct trust_session *least = NULL;
    for (uint32_t i = 0; i < TRUST_SESSIONS_MAX; i++) {
        struct trust_session *session = &sessions->items[i];
        if (!may_yield(session, terms, now) || (spares_ours && session->is_ours))
            continue;
        if (least == NULL || is_worth_less(session, least))
            least = session;
    }
    return least;
}

struct trust_session *trust_sessions_open(struct trust_sessions *sessions,
                                          const struct trust_session_terms *terms,
                                          struct trust_mono now)
{
    assert(trust_sessions_find(sessions, terms->peer, terms->number) == NULL);
    struct trust_session *session = free_session(sessions, terms);
    if (session == NULL)
        return NULL;
    struct trust_walk walk = session->walk;
    struct trust_pulls pulls = session->pulls;
    struct trust_serve serve = session->serve;
    *session = (struct trust_session){.is_open = true,
                                      .is_ours = terms->is_ours,
                                      .is_listed = terms->is_listed,
                                      .peer = terms->peer,
                                      .number = terms->number,
                                      .given_up = terms->given_up,
                                      .news_ms = now.ms,
                                      .used_ms = now.ms,
                                      .progress_ms = now.ms,
                                      .walk = walk,
                                      .pulls = pulls,
                                      .serve = serve};
    session->ticket = sessions->next_ticket++;
    session->serve.state = TRUST_SERVE_IDLE;
    trust_walk_start(&session->walk, terms->peer);
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
