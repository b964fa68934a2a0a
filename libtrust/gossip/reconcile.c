/* Reconciliation: when sessions open, how their pages go to and fro, when they end. */
#include "base/assert.h"
#include "base/limits.h"
#include "gossip/machine.h"
#include "record/key.h"

/* Entries of the interest table passed over in the time of one head. */
#define WALK_ENTRIES_PER_HEAD 16
/* Work of any sync frame, in heads. */
#define FRAME_COST 16

/* protocol: Sessions opened by the side with the lesser transport key have odd numbers */
static bool is_odd_ours(const struct trust_gossip *gossip, uint32_t peer)
{
    const struct trust_key *theirs = &gossip->peers[peer].key;
    return trust_key_compare(&gossip->config.key, theirs) < 0;
}

void trust_reconcile_soon(struct trust_gossip *gossip, uint32_t peer, uint64_t delay_ms,
                          struct trust_now now)
{
    struct trust_peer *at = &gossip->peers[peer];
    if (!trust_peer_is_up(at))
        return;
    uint64_t due_ms = now.mono.ms + delay_ms;
    if (at->opened_ms != 0 && at->opened_ms + TRUST_SYNC_GAP_MS > due_ms)
        due_ms = at->opened_ms + TRUST_SYNC_GAP_MS;
    trust_machine_sooner(&at->link.sync_ms, due_ms);
}

/* ---- frames out ---- */

static bool send_sync(struct trust_gossip *gossip, struct trust_session *session,
                      const struct trust_sync *sync)
{
    size_t before = gossip->actions.size;
    struct trust_frame frame = {.type = TRUST_FRAME_SYNC, .sync = *sync};
    if (!trust_greet_send(gossip, session->peer, &frame))
        return false;
    session->out_size += gossip->actions.size - before;
    session->out_count++;
    return true;
}

/* A buffer for heads, within what the session may send. */
static struct trust_writer heads_buffer(struct trust_gossip *gossip,
                                        const struct trust_session *session)
{
    struct trust_writer buffer = trust_machine_buffer(gossip, session->peer);
    size_t allowance = trust_session_allowance(session) - TRUST_FRAME_HEADER_SIZE_MAX;
    if (buffer.capacity > allowance)
        buffer.capacity = allowance;
    return buffer;
}

static void send_page(struct trust_gossip *gossip, struct trust_session *session, uint32_t round,
                      struct trust_now now)
{
    if (!trust_gossip_actions_has_room(&gossip->actions))
        return;
    struct trust_writer buffer = heads_buffer(gossip, session);
    struct trust_sync page = {.session = session->number, .round = round};
    trust_walk_page(&session->walk, &page, &buffer);
    bool sent = send_sync(gossip, session, &page);
    assert(sent);
    session->round = round;
    session->waits_reply = true;
    session->asked_ms = now.mono.ms;
}

/* Says that we lack nothing more. */
static void send_end(struct trust_gossip *gossip, struct trust_session *session, uint32_t round,
                     struct trust_now now)
{
    struct trust_sync end = {.session = session->number, .round = round};
    if (!send_sync(gossip, session, &end))
        return;
    session->round = session->is_ours ? round : session->round;
    session->has_ended = true;
    session->asked_ms = now.mono.ms;
}

/* Answers for a session that is not: it is over, or there is no room for it. */
static void refuse(struct trust_gossip *gossip, uint32_t peer, const struct trust_sync *sync)
{
    struct trust_frame frame = {.type = TRUST_FRAME_SYNC};
    frame.sync = (struct trust_sync){.session = sync->session, .round = sync->round + 1};
    (void)trust_greet_send(gossip, peer, &frame);
}

/* ---- ends ---- */

void trust_reconcile_break(struct trust_gossip *gossip, struct trust_session *session)
{
    struct trust_peer *at = &gossip->peers[session->peer];
    if (session->is_ours && session->walk.has_from) {
        at->has_sync_from = true;
        at->sync_from = session->walk.from;
    }
    trust_session_close(session);
}

/* Ends a session from our side before its time; the peer hears it, and waits for nothing more. */
static void give_up(struct trust_gossip *gossip, struct trust_session *session)
{
    struct trust_sync end = {.session = session->number,
                             .round = session->round + (session->is_ours ? 2 : 1)};
    (void)send_sync(gossip, session, &end);
    gossip->peers[session->peer].given_up++;
    trust_reconcile_break(gossip, session);
}

static struct trust_session_terms terms_of(const struct trust_gossip *gossip, uint32_t peer,
                                           uint32_t number)
{
    const struct trust_peer *at = &gossip->peers[peer];
    return (struct trust_session_terms){.peer = peer,
                                        .number = number,
                                        .is_listed = at->origin == TRUST_PEER_CONFIGURED,
                                        .given_up = at->given_up};
}

/* Opens a session, if need be in the place of another; NULL: there is no room. */
static struct trust_session *open_session(struct trust_gossip *gossip,
                                          const struct trust_session_terms *terms,
                                          struct trust_now now)
{
    struct trust_sessions *sessions = &gossip->sessions;
    struct trust_session *session = trust_sessions_open(sessions, terms, now.mono);
    if (session == NULL) {
        struct trust_session *yielding = trust_sessions_yielding(sessions, terms, now.mono);
        if (yielding == NULL)
            return NULL;
        uint32_t peer = yielding->peer;
        give_up(gossip, yielding);
        trust_reconcile_soon(gossip, peer, TRUST_SYNC_GAP_MS, now);
        session = trust_sessions_open(sessions, terms, now.mono);
    }
    assert(session != NULL);
    trust_admission_measure(&gossip->admission, terms->peer);
    return session;
}

static void finish(struct trust_gossip *gossip, struct trust_session *session, struct trust_now now)
{
    struct trust_peer *at = &gossip->peers[session->peer];
    at->synced_ms = now.mono.ms;
    at->given_up = 0;
    if (!session->has_lacked && !session->has_missed)
        at->in_sync_ms = now.mono.ms;
    if (session->is_ours)
        at->has_sync_from = false;
    /* Once more, to see whether it was enough, and to get what a cheap pull could not. */
    if (session->has_missed || session->has_news)
        trust_reconcile_soon(gossip, session->peer, TRUST_SYNC_SOON_MS, now);
    trust_session_close(session);
}

void trust_reconcile_advance(struct trust_gossip *gossip, struct trust_session *session,
                             struct trust_now now)
{
    struct trust_pulls *pulls = &session->pulls;
    if (pulls->count > 0 && pulls->asked == 0)
        (void)trust_exchange_ask(gossip, session, now);
    bool may_page = session->is_ours && !session->walk.is_over && !session->waits_reply;
    if (may_page && pulls->count <= TRUST_SESSION_PULLS_LOW)
        send_page(gossip, session, session->out_count == 0 ? 0 : session->round + 2, now);
    bool is_over = session->is_ours ? session->walk.is_over : session->peer_ended;
    if (is_over && pulls->count == 0 && !session->has_ended)
        send_end(gossip, session, session->round + (session->is_ours ? 2 : 1), now);
    bool serves = session->serve.state != TRUST_SERVE_IDLE;
    if (session->has_ended && session->peer_ended && !serves)
        finish(gossip, session, now);
}

/* ---- frames in ---- */

/* A frame moved its session on, or it did not, as a copy does: of those a few may come. The session
 * may be closed afterwards. */
static void note_move(struct trust_gossip *gossip, struct trust_session *session, bool is_move,
                      struct trust_now now)
{
    session->repeats = is_move ? 0 : session->repeats + 1;
    if (is_move)
        session->progress_ms = now.mono.ms;
    if (session->repeats > TRUST_SESSION_REPEATS_MAX)
        trust_greet_note(gossip, session->peer, TRUST_MANNER_IDLE_SYNC, now);
}

/* An answer to our page, or the other side's end. */
static void handle_answer(struct trust_gossip *gossip, struct trust_session *session,
                          const struct trust_sync *sync, struct trust_now now)
{
    if (sync->round != session->round + 1)
        return;
    if (!sync->has_range) {
        if (session->has_ended) {
            note_move(gossip, session, !session->peer_ended, now);
            session->peer_ended = true;
            if (session->is_open)
                trust_reconcile_advance(gossip, session, now);
            return;
        }
        uint32_t peer = session->peer;
        trust_reconcile_break(gossip, session);
        trust_reconcile_soon(gossip, peer, TRUST_SYNC_GAP_MS, now);
        return;
    }
    bool is_behind = sync->has_from == session->walk.has_from &&
                     (!sync->has_from || trust_key_is_same(&sync->from, &session->walk.from));
    bool is_move = session->waits_reply && is_behind;
    note_move(gossip, session, is_move, now);
    if (!is_move)
        return;
    session->waits_reply = false;
    trust_exchange_compare(gossip, session, &sync->heads, now);
    trust_walk_advance(&session->walk, sync);
    trust_reconcile_advance(gossip, session, now);
}

/* True if a page begins behind the last one, or says for the first time that it was the last. */
static bool moves_on(const struct trust_session *session, const struct trust_sync *sync)
{
    const struct trust_walk *walk = &session->walk;
    if (!sync->has_range)
        return !session->peer_ended;
    if (!session->has_paged)
        return true;
    return sync->has_from && (!walk->has_from || trust_key_compare(&sync->from, &walk->from) > 0);
}

/* A page of the peer's session, or its end. */
static void handle_page(struct trust_gossip *gossip, struct trust_session *session,
                        const struct trust_sync *sync, struct trust_now now)
{
    if (sync->round < session->round || session->has_ended)
        return;
    session->round = sync->round;
    note_move(gossip, session, moves_on(session, sync), now);
    if (!session->is_open)
        return;
    if (!sync->has_range) {
        session->peer_ended = true;
        trust_reconcile_advance(gossip, session, now);
        return;
    }
    session->has_paged = true;
    session->walk.has_from = sync->has_from;
    session->walk.from = sync->from;
    trust_exchange_compare(gossip, session, &sync->heads, now);
    if (trust_gossip_actions_has_room(&gossip->actions)) {
        struct trust_writer buffer = heads_buffer(gossip, session);
        struct trust_sync answer = {.session = session->number, .round = sync->round + 1};
        trust_walk_answer(&session->walk, &answer, sync, &buffer);
        bool sent = send_sync(gossip, session, &answer);
        assert(sent);
    }
    trust_reconcile_advance(gossip, session, now);
}

static bool take_cost(struct trust_gossip *gossip, uint32_t peer, uint32_t cost,
                      struct trust_now now)
{
    struct trust_peer *from = &gossip->peers[peer];
    if (trust_peer_take(from, &from->buckets.sync, cost, now.mono))
        return true;
    trust_greet_note(gossip, peer, TRUST_MANNER_QUOTA, now);
    return false;
}

/* The session of a frame that no session is known for, if it may open one. */
static struct trust_session *open_theirs(struct trust_gossip *gossip, uint32_t peer,
                                         const struct trust_sync *sync, struct trust_now now)
{
    bool is_even_round = sync->round % 2 == 0;
    bool is_odd_number = sync->session % 2 == 1;
    if (!is_even_round || is_odd_number == is_odd_ours(gossip, peer))
        return NULL;
    uint32_t cost = gossip->interest.pool.fresh / WALK_ENTRIES_PER_HEAD;
    if (!take_cost(gossip, peer, cost, now))
        return NULL;
    struct trust_session *session = NULL;
    struct trust_session_terms terms = terms_of(gossip, peer, sync->session);
    if (sync->has_range)
        session = open_session(gossip, &terms, now);
    if (session == NULL)
        refuse(gossip, peer, sync);
    return session;
}

void trust_reconcile_sync(struct trust_gossip *gossip, uint32_t peer, const struct trust_sync *sync,
                          size_t size, struct trust_now now)
{
    if (!take_cost(gossip, peer, sync->heads.count + FRAME_COST, now))
        return;
    struct trust_session *session = trust_sessions_find(&gossip->sessions, peer, sync->session);
    if (session == NULL)
        session = open_theirs(gossip, peer, sync, now);
    if (session == NULL)
        return;
    session->in_size += size;
    if (session->is_ours)
        handle_answer(gossip, session, sync, now);
    else
        handle_page(gossip, session, sync, now);
}

/* ---- time ---- */

static void open_ours(struct trust_gossip *gossip, uint32_t peer, struct trust_now now)
{
    struct trust_peer *at = &gossip->peers[peer];
    at->link.syncs = false;
    at->opened_ms = now.mono.ms;
    uint32_t number = trust_sessions_number(&gossip->sessions, is_odd_ours(gossip, peer));
    struct trust_session_terms terms = terms_of(gossip, peer, number);
    terms.is_ours = true;
    struct trust_session *session = open_session(gossip, &terms, now);
    if (session == NULL) {
        trust_reconcile_soon(gossip, peer, TRUST_SYNC_GAP_MS, now);
        return;
    }
    if (at->has_sync_from) {
        session->walk.has_from = true;
        session->walk.from = at->sync_from;
        session->has_missed = true;
    }
    trust_reconcile_advance(gossip, session, now);
}

/* When a session that is to open may: our interest is told, and the peer's is known. */
static uint64_t open_due_ms(const struct trust_peer *at)
{
    if (!at->link.syncs || at->link.tell_ms != TRUST_NEVER_MS ||
        at->link.retell_ms != TRUST_NEVER_MS)
        return TRUST_NEVER_MS;
    return at->link.has_heard ? 0 : at->link.up_ms + TRUST_SYNC_WAIT_MS;
}

static void peer_time(struct trust_gossip *gossip, uint32_t peer, struct trust_now now)
{
    struct trust_peer *at = &gossip->peers[peer];
    if (!trust_peer_is_up(at))
        return;
    if (now.mono.ms >= at->link.sync_ms) {
        at->link.sync_ms = TRUST_NEVER_MS;
        if (trust_sessions_has_ours(&gossip->sessions, peer)) {
            trust_reconcile_soon(gossip, peer, TRUST_SYNC_GAP_MS, now);
        } else {
            at->link.syncs = true;
            trust_tell_peer(gossip, peer, now);
        }
    }
    if (now.mono.ms >= open_due_ms(at))
        open_ours(gossip, peer, now);
}

/* The link whose last reconciliation is longest ago; TRUST_PEERS_MAX: no link is up. */
static uint32_t stalest_peer(const struct trust_gossip *gossip)
{
    uint32_t stalest = TRUST_PEERS_MAX;
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++) {
        const struct trust_peer *at = &gossip->peers[peer];
        if (trust_peer_is_up(at) &&
            (stalest == TRUST_PEERS_MAX || at->opened_ms < gossip->peers[stalest].opened_ms))
            stalest = peer;
    }
    return stalest;
}

/* What a session waits for: TRUST_NEVER_MS when for its peer's next move alone. */
static uint64_t session_due_ms(const struct trust_session *session)
{
    uint64_t due_ms = session->progress_ms + TRUST_SESSION_IDLE_MS;
    trust_machine_sooner(&due_ms, session->used_ms + TRUST_SESSION_BARREN_MS);
    bool is_ending = session->is_ours && session->has_ended && !session->peer_ended;
    if (session->waits_reply || session->pulls.asked > 0 || is_ending)
        trust_machine_sooner(&due_ms, session->asked_ms + TRUST_SESSION_RETRY_MS);
    if (session->pulls.count > 0 && session->pulls.asked == 0)
        trust_machine_sooner(&due_ms, session->pull_ms);
    if (session->serve.state == TRUST_SERVE_READY)
        trust_machine_sooner(&due_ms, session->serve.due_ms);
    return due_ms;
}

/* Sends again what was not answered. */
static void retry(struct trust_gossip *gossip, struct trust_session *session, struct trust_now now)
{
    if (session->waits_reply)
        send_page(gossip, session, session->round, now);
    if (session->pulls.asked > 0)
        (void)trust_exchange_ask(gossip, session, now);
    if (session->is_ours && session->has_ended && !session->peer_ended)
        send_end(gossip, session, session->round, now);
}

static void session_time(struct trust_gossip *gossip, struct trust_session *session,
                         struct trust_now now)
{
    uint32_t peer = session->peer;
    if (now.mono.ms >= session->progress_ms + TRUST_SESSION_IDLE_MS ||
        now.mono.ms >= session->used_ms + TRUST_SESSION_BARREN_MS) {
        give_up(gossip, session);
        trust_reconcile_soon(gossip, peer, TRUST_SYNC_GAP_MS, now);
        trust_greet_note(gossip, peer, TRUST_MANNER_IDLE_SYNC, now);
        return;
    }
    if (session->serve.state == TRUST_SERVE_READY && now.mono.ms >= session->serve.due_ms)
        trust_exchange_serve(gossip, session, now);
    if (session->is_open && now.mono.ms >= session->asked_ms + TRUST_SESSION_RETRY_MS)
        retry(gossip, session, now);
    if (session->is_open)
        trust_reconcile_advance(gossip, session, now);
}

void trust_reconcile_time(struct trust_gossip *gossip, struct trust_now now)
{
    if (now.mono.ms >= gossip->sync_ms) {
        gossip->sync_ms = now.mono.ms + trust_machine_jitter(gossip, TRUST_SYNC_PERIOD_MS);
        uint32_t peer = stalest_peer(gossip);
        if (peer < TRUST_PEERS_MAX)
            trust_reconcile_soon(gossip, peer, 0, now);
    }
    for (uint32_t i = 0; i < TRUST_SESSIONS_MAX; i++)
        if (gossip->sessions.items[i].is_open)
            session_time(gossip, &gossip->sessions.items[i], now);
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++)
        peer_time(gossip, peer, now);
}

uint64_t trust_reconcile_due_ms(const struct trust_gossip *gossip)
{
    uint64_t due_ms = gossip->sync_ms;
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++) {
        const struct trust_peer *at = &gossip->peers[peer];
        if (!trust_peer_is_up(at))
            continue;
        trust_machine_sooner(&due_ms, at->link.sync_ms);
        trust_machine_sooner(&due_ms, open_due_ms(at));
    }
    for (uint32_t i = 0; i < TRUST_SESSIONS_MAX; i++)
        if (gossip->sessions.items[i].is_open)
            trust_machine_sooner(&due_ms, session_due_ms(&gossip->sessions.items[i]));
    return due_ms;
}
