/* See gossip.h. This file only wires: machine.h lists the parts. */
#include "gossip/gossip.h"

#include "base/assert.h"
#include "base/limits.h"
#include "gossip/machine.h"
#include "record/key.h"

static uint32_t first_free_bit(uint64_t set)
{
    for (uint32_t i = 0; i < 64; i++)
        if ((set >> i & 1) == 0)
            return i;
    return 64;
}

uint64_t trust_machine_jitter(struct trust_gossip *gossip, uint64_t mean_ms)
{
    return mean_ms / 2 + trust_random_below(&gossip->random, mean_ms + 1);
}

struct trust_writer trust_machine_buffer(struct trust_gossip *gossip, uint32_t peer)
{
    size_t size_max = gossip->peers[peer].hello.frame_size_max;
    if (size_max > TRUST_FRAME_SIZE_MAX)
        size_max = TRUST_FRAME_SIZE_MAX;
    assert(size_max > TRUST_FRAME_HEADER_SIZE_MAX);
    return trust_writer_init(gossip->scratch, size_max - TRUST_FRAME_HEADER_SIZE_MAX);
}

static struct trust_siphash_key next_seed(struct trust_random *random)
{
    uint64_t low = trust_random_next(random);
    return (struct trust_siphash_key){.low = low, .high = trust_random_next(random)};
}

/* Cuts and fills the parts; gossip is a stand-in while the arena measures. */
static void init_parts(struct trust_gossip *gossip, struct trust_arena *arena, struct trust_now now)
{
    const struct trust_gossip_config *config = &gossip->config;
    gossip->random = trust_random_init(config->seed);
    gossip->tell_ms = TRUST_NEVER_MS;
    gossip->sync_ms = now.mono.ms + trust_machine_jitter(gossip, TRUST_SYNC_PERIOD_MS);
    gossip->scratch = trust_arena_cut(arena, TRUST_FRAME_SIZE_MAX, 1);
    trust_gossip_actions_init(&gossip->actions, arena);
    trust_interest_init(&gossip->interest, arena, config->interest_max, next_seed(&gossip->random),
                        config->relays);
    gossip->admission = (struct trust_admission){.ledger = config->ledger,
                                                 .network = config->network,
                                                 .interest = &gossip->interest,
                                                 .peers = gossip->peers};
    trust_memo_init(&gossip->admission.tried, arena, TRUST_MEMO_COUNT, next_seed(&gossip->random));
    trust_memo_init(&gossip->futile, arena, TRUST_MEMO_COUNT, next_seed(&gossip->random));
    trust_push_init(&gossip->push, arena, next_seed(&gossip->random));
    trust_sessions_init(&gossip->sessions, arena, &gossip->interest, config->ledger,
                        (uint32_t)trust_random_below(&gossip->random, UINT32_C(1) << 30));
}

struct trust_gossip *trust_gossip_init(struct trust_arena *arena,
                                       const struct trust_gossip_config *config,
                                       struct trust_now now)
{
    struct trust_gossip *gossip = trust_arena_cut(arena, 1, sizeof *gossip);
    if (gossip != NULL) {
        gossip->config = *config;
        init_parts(gossip, arena, now);
        return gossip;
    }
    struct trust_gossip stand_in = {.config = *config};
    init_parts(&stand_in, arena, now);
    return NULL;
}

/* ---- peers ---- */

bool trust_gossip_find_peer(const struct trust_gossip *gossip, uint32_t *out_peer,
                            const struct trust_key *key)
{
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++) {
        const struct trust_peer *at = &gossip->peers[peer];
        if (at->state != TRUST_PEER_FREE && trust_key_is_same(&at->key, key)) {
            *out_peer = peer;
            return true;
        }
    }
    return false;
}

/* When a slot may be given to another peer, the soonest first: 0 at once, TRUST_NEVER_MS never.
 * Slots whose records are still being verified keep their peer: the verdicts are its own. Whoever
 * waits loses its slot, not the wait, which the link keeps for its key. */
static uint64_t release_ms(const struct trust_peer *at)
{
    if (at->checking > 0 || at->origin == TRUST_PEER_CONFIGURED || trust_peer_is_linked(at))
        return TRUST_NEVER_MS;
    return at->state == TRUST_PEER_CONNECTING ? 0 : at->until_ms;
}

/* The slot of an unlisted peer without link that is given up first; TRUST_PEERS_MAX: none is. */
static uint32_t idle_peer(const struct trust_gossip *gossip, bool of_newcomers)
{
    uint32_t idle = TRUST_PEERS_MAX;
    uint64_t least_ms = TRUST_NEVER_MS;
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++) {
        const struct trust_peer *at = &gossip->peers[peer];
        if (at->state == TRUST_PEER_FREE || (of_newcomers && at->origin != TRUST_PEER_NEWCOMER))
            continue;
        if (release_ms(at) < least_ms) {
            least_ms = release_ms(at);
            idle = peer;
        }
    }
    return idle;
}

/* A slot that nobody has or that is given up, newcomers keeping to their share; TRUST_PEERS_MAX:
 * there is none. */
static uint32_t free_peer(const struct trust_gossip *gossip, enum trust_peer_origin origin)
{
    uint32_t newcomers = 0;
    uint64_t free_set = 0;
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++) {
        const struct trust_peer *at = &gossip->peers[peer];
        bool is_free = at->state == TRUST_PEER_FREE;
        newcomers += !is_free && at->origin == TRUST_PEER_NEWCOMER;
        free_set |= (uint64_t)(is_free && at->checking == 0) << peer;
    }
    if (origin == TRUST_PEER_NEWCOMER && newcomers >= TRUST_PEERS_NEWCOMERS_MAX)
        return idle_peer(gossip, true);
    if (free_set != 0)
        return first_free_bit(~free_set);
    uint32_t newcomer = idle_peer(gossip, true);
    return newcomer < TRUST_PEERS_MAX ? newcomer : idle_peer(gossip, false);
}

static void forget_peer(struct trust_gossip *gossip, uint32_t peer)
{
    struct trust_peer *at = &gossip->peers[peer];
    trust_interest_remove_peer(&gossip->interest, peer);
    *at = (struct trust_peer){.state = TRUST_PEER_FREE, .checking = at->checking};
}

enum trust_error trust_gossip_add_peer(struct trust_gossip *gossip, uint32_t *out_peer,
                                       const struct trust_key *key, enum trust_peer_origin origin,
                                       struct trust_now now)
{
    uint32_t peer;
    bool is_configured = origin == TRUST_PEER_CONFIGURED;
    if (trust_gossip_find_peer(gossip, &peer, key)) {
        gossip->peers[peer].origin = origin;
        trust_interest_configure_peer(&gossip->interest, peer, is_configured);
        *out_peer = peer;
        return TRUST_OK;
    }
    peer = free_peer(gossip, origin);
    if (peer == TRUST_PEERS_MAX)
        return TRUST_NO_ROOM;
    if (gossip->peers[peer].state != TRUST_PEER_FREE)
        forget_peer(gossip, peer);
    trust_peer_init(&gossip->peers[peer], key, origin, now.mono);
    trust_interest_add_peer(&gossip->interest, peer, is_configured);
    *out_peer = peer;
    return TRUST_OK;
}

void trust_gossip_remove_peer(struct trust_gossip *gossip, uint32_t peer)
{
    trust_gossip_actions_start(&gossip->actions);
    assert(trust_gossip_peer(gossip, peer) != NULL);
    if (trust_peer_is_linked(&gossip->peers[peer]))
        trust_greet_part(gossip, peer, TRUST_BYE_SHUTDOWN);
    forget_peer(gossip, peer);
}

const struct trust_peer *trust_gossip_peer(const struct trust_gossip *gossip, uint32_t peer)
{
    assert(peer < TRUST_PEERS_MAX);
    const struct trust_peer *at = &gossip->peers[peer];
    return at->state == TRUST_PEER_FREE ? NULL : at;
}

/* ---- events ---- */

void trust_gossip_handle_up(struct trust_gossip *gossip, uint32_t peer, bool dialled,
                            struct trust_now now)
{
    trust_gossip_actions_start(&gossip->actions);
    assert(trust_gossip_peer(gossip, peer) != NULL);
    trust_greet_up(gossip, peer, dialled, now);
}

void trust_gossip_handle_down(struct trust_gossip *gossip, uint32_t peer)
{
    trust_gossip_actions_start(&gossip->actions);
    assert(peer < TRUST_PEERS_MAX);
    if (trust_peer_is_linked(&gossip->peers[peer]))
        trust_greet_unlink(gossip, peer);
}

static void handle_frame(struct trust_gossip *gossip, uint32_t peer,
                         const struct trust_frame *frame, size_t size, struct trust_now now)
{
    switch (frame->type) {
    case TRUST_FRAME_HELLO:
        trust_greet_hello(gossip, peer, &frame->hello, now);
        break;
    case TRUST_FRAME_PUSH:
        trust_deliver_push(gossip, peer, &frame->push, now);
        break;
    case TRUST_FRAME_INTEREST:
        trust_tell_hear(gossip, peer, &frame->interest, now);
        break;
    case TRUST_FRAME_INTEREST_RESET:
        trust_tell_reset(gossip, peer, now);
        break;
    case TRUST_FRAME_SYNC:
        trust_reconcile_sync(gossip, peer, &frame->sync, size, now);
        break;
    case TRUST_FRAME_PULL:
        trust_exchange_pull(gossip, peer, &frame->pull, now);
        break;
    case TRUST_FRAME_RECORDS:
        trust_exchange_records(gossip, peer, &frame->records, now);
        break;
    case TRUST_FRAME_PROOF:
        trust_deliver_proof(gossip, peer, frame->proof, now);
        break;
    case TRUST_FRAME_PING: {
        struct trust_frame pong = {.type = TRUST_FRAME_PONG, .nonce = frame->nonce};
        (void)trust_greet_send(gossip, peer, &pong);
        break;
    }
    case TRUST_FRAME_PONG:
        trust_greet_pong(gossip, peer, frame->nonce, now);
        break;
    case TRUST_FRAME_BYE:
        trust_greet_bye(gossip, peer, &frame->bye);
        break;
    }
}

/* protocol: hello is the first frame of each side and comes once */
static bool is_in_turn(const struct trust_peer *from, enum trust_frame_type type)
{
    if (type == TRUST_FRAME_BYE)
        return true;
    return (from->state == TRUST_PEER_HELLO) == (type == TRUST_FRAME_HELLO);
}

void trust_gossip_handle_bytes(struct trust_gossip *gossip, uint32_t peer, struct trust_bytes bytes,
                               struct trust_now now)
{
    trust_gossip_actions_start(&gossip->actions);
    assert(peer < TRUST_PEERS_MAX);
    struct trust_peer *from = &gossip->peers[peer];
    if (!trust_peer_is_linked(from))
        return;
    from->counters.bytes_in += bytes.size;
    from->link.heard_ms = now.mono.ms;
    uint32_t cost = bytes.size < UINT32_MAX / 8 ? (uint32_t)bytes.size : UINT32_MAX / 8;
    if (!trust_peer_take(from, &from->buckets.bytes, cost, now.mono)) {
        trust_greet_note(gossip, peer, TRUST_MANNER_QUOTA, now);
        return;
    }
    struct trust_frame frame;
    enum trust_error error = trust_frame_decode(&frame, bytes);
    if (error != TRUST_OK)
        trust_deliver_count(from, error);
    /* protocol: A frame that is malformed or out of turn ends the connection */
    if (error != TRUST_OK || !is_in_turn(from, frame.type))
        trust_greet_send_away(gossip, peer, TRUST_BYE_MALFORMED, now);
    else
        handle_frame(gossip, peer, &frame, bytes.size, now);
}

void trust_gossip_handle_verdict(struct trust_gossip *gossip, uint32_t peer,
                                 struct trust_bytes bytes, enum trust_error verdict,
                                 struct trust_now now)
{
    trust_gossip_actions_start(&gossip->actions);
    trust_deliver_verdict(gossip, peer, bytes, verdict, now);
}

void trust_gossip_handle_accepted(struct trust_gossip *gossip,
                                  const struct trust_accepted *accepted, struct trust_now now)
{
    trust_gossip_actions_start(&gossip->actions);
    trust_deliver_accepted(gossip, accepted, now);
}

void trust_gossip_handle_loaded(struct trust_gossip *gossip, const struct trust_loaded *loaded,
                                struct trust_now now)
{
    trust_gossip_actions_start(&gossip->actions);
    trust_exchange_loaded(gossip, loaded, now);
}

void trust_gossip_handle_time(struct trust_gossip *gossip, struct trust_now now)
{
    trust_gossip_actions_start(&gossip->actions);
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++)
        trust_greet_time(gossip, peer, now);
    trust_push_flush(&gossip->push, &gossip->actions, gossip->peers, now.mono);
    trust_tell_time(gossip, now);
    trust_reconcile_time(gossip, now);
}

enum trust_error trust_gossip_want(struct trust_gossip *gossip, const struct trust_key *author,
                                   uint8_t wants, struct trust_now now)
{
    enum trust_error error = trust_interest_want(&gossip->interest, author, wants);
    if (trust_interest_stale(&gossip->interest) != 0)
        trust_tell_soon(gossip, now);
    return error;
}

void trust_gossip_sync_soon(struct trust_gossip *gossip, uint32_t peer, struct trust_now now)
{
    assert(peer < TRUST_PEERS_MAX);
    trust_reconcile_soon(gossip, peer, 0, now);
}

bool trust_gossip_ping(struct trust_gossip *gossip, uint32_t peer, struct trust_now now)
{
    assert(peer < TRUST_PEERS_MAX);
    trust_gossip_actions_start(&gossip->actions);
    return trust_greet_ping(gossip, peer, now);
}

void trust_gossip_close(struct trust_gossip *gossip)
{
    trust_gossip_actions_start(&gossip->actions);
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++)
        if (trust_peer_is_linked(&gossip->peers[peer]))
            trust_greet_part(gossip, peer, TRUST_BYE_SHUTDOWN);
}

/* ---- actions and deadline ---- */

bool trust_gossip_poll(struct trust_gossip *gossip, struct trust_gossip_action *out_action)
{
    if (!trust_gossip_actions_poll(&gossip->actions, out_action))
        return false;
    if (out_action->kind == TRUST_GOSSIP_SEND)
        gossip->peers[out_action->peer].counters.bytes_out += out_action->bytes.size;
    return true;
}

struct trust_mono trust_gossip_deadline(const struct trust_gossip *gossip)
{
    uint64_t due_ms = trust_push_due_ms(&gossip->push);
    uint64_t tell_ms = trust_tell_due_ms(gossip);
    uint64_t reconcile_ms = trust_reconcile_due_ms(gossip);
    due_ms = tell_ms < due_ms ? tell_ms : due_ms;
    due_ms = reconcile_ms < due_ms ? reconcile_ms : due_ms;
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++) {
        uint64_t greet_ms = trust_greet_due_ms(gossip, peer);
        due_ms = greet_ms < due_ms ? greet_ms : due_ms;
    }
    return (struct trust_mono){.ms = due_ms};
}

/* ---- local records and getters ---- */

enum trust_error trust_gossip_admit(const struct trust_gossip *gossip,
                                    struct trust_claim *out_claim, struct trust_bytes bytes,
                                    struct trust_now now)
{
    struct trust_applicant applicant;
    enum trust_error error = trust_admission_judge(&gossip->admission, &applicant, bytes, now);
    if (error == TRUST_OK || error == TRUST_NO_DUPLICATE)
        *out_claim = applicant.claim;
    return error;
}

bool trust_gossip_is_wanted(const struct trust_gossip *gossip, const struct trust_key *author)
{
    uint32_t entry;
    return trust_interest_find(&gossip->interest, &entry, author) &&
           trust_interest_is_wanted(&gossip->interest, entry, TRUST_KIND_VOUCH);
}

bool trust_gossip_next_asked(const struct trust_gossip *gossip, uint32_t *cursor,
                             struct trust_gossip_asked *out_asked)
{
    const struct trust_interest *interest = &gossip->interest;
    for (; *cursor < interest->pool.fresh; ++*cursor) {
        uint64_t askers = trust_interest_askers(interest, *cursor);
        if (askers == 0)
            continue;
        out_asked->key = interest->entries[*cursor].key;
        out_asked->peer_count = 0;
        for (; askers != 0; askers &= askers - 1)
            out_asked->peer_count++;
        ++*cursor;
        return true;
    }
    return false;
}

struct trust_gossip_why trust_gossip_why(const struct trust_gossip *gossip, uint32_t peer,
                                         const struct trust_key *author, struct trust_now now)
{
    struct trust_gossip_why why = {0};
    const struct trust_interest *interest = &gossip->interest;
    uint32_t entry;
    assert(peer < TRUST_PEERS_MAX);
    if (!trust_interest_find(interest, &entry, author))
        return why;
    why.wants = interest->entries[entry].wants;
    why.asked = trust_interest_asked(interest, entry, peer);
    why.told = trust_interest_told(interest, entry, peer);
    why.is_relayed = trust_interest_relayed_for(interest, entry) != 0;
    why.is_day_used_up =
        trust_interest_is_day_used_up(interest, entry, trust_admission_day(now.wall));
    return why;
}

uint64_t trust_gossip_lag_ms(const struct trust_gossip *gossip, uint32_t peer, struct trust_now now)
{
    assert(peer < TRUST_PEERS_MAX);
    uint64_t in_sync_ms = gossip->peers[peer].in_sync_ms;
    return in_sync_ms == 0 ? UINT64_MAX : now.mono.ms - in_sync_ms;
}
