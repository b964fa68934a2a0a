/* Links: hello, ping, bye, and how a connection ends. */
#include "base/assert.h"
#include "base/limits.h"
#include "gossip/machine.h"
#include "record/key.h"

/* What a bye may ask us to wait at most: an hour. */
#define BYE_RETRY_S_MAX 3600u

bool trust_greet_send(struct trust_gossip *gossip, uint32_t peer, const struct trust_frame *frame)
{
    assert(trust_peer_is_linked(&gossip->peers[peer]));
    return trust_gossip_actions_send(&gossip->actions, peer, frame);
}

void trust_greet_unlink(struct trust_gossip *gossip, uint32_t peer)
{
    struct trust_peer *at = &gossip->peers[peer];
    trust_push_forget(&gossip->push, peer);
    for (uint32_t i = 0; i < TRUST_SESSIONS_MAX; i++) {
        struct trust_session *session = &gossip->sessions.items[i];
        if (session->is_open && session->peer == peer)
            trust_reconcile_break(gossip, session);
    }
    if (trust_peer_is_linked(at))
        at->state = TRUST_PEER_CONNECTING;
    at->version = 0;
}

static void drop(struct trust_gossip *gossip, uint32_t peer, const struct trust_gossip_drop *drop)
{
    trust_gossip_actions_add(
        &gossip->actions,
        &(struct trust_gossip_action){.kind = TRUST_GOSSIP_DROP, .peer = peer, .drop = *drop});
}

/* Says bye, if there is room for it, and ends the connection; the state says what comes next. */
static void end(struct trust_gossip *gossip, uint32_t peer, const struct trust_gossip_drop *why)
{
    struct trust_frame frame = {
        .type = TRUST_FRAME_BYE,
        .bye = {.reason = why->reason, .retry_after_s = (uint32_t)(why->retry_after_ms / 1000)}};
    (void)trust_gossip_actions_send(&gossip->actions, peer, &frame);
    drop(gossip, peer, why);
}

void trust_greet_part(struct trust_gossip *gossip, uint32_t peer, enum trust_bye_reason reason)
{
    assert(trust_peer_is_linked(&gossip->peers[peer]));
    trust_greet_unlink(gossip, peer);
    end(gossip, peer,
        &(struct trust_gossip_drop){.reason = reason, .retry_after_ms = TRUST_RETRY_PLAIN_MS});
}

void trust_greet_send_away(struct trust_gossip *gossip, uint32_t peer, enum trust_bye_reason reason,
                           struct trust_now now)
{
    struct trust_peer *at = &gossip->peers[peer];
    assert(trust_peer_is_linked(at));
    uint64_t wait_ms = trust_peer_send_away(at, false, now.mono);
    trust_greet_unlink(gossip, peer);
    end(gossip, peer, &(struct trust_gossip_drop){.reason = reason, .retry_after_ms = wait_ms});
}

/* protocol: A bad signature ends the connection; the third within 24 hours bans its peer for 24
 * hours */
void trust_greet_forger(struct trust_gossip *gossip, uint32_t peer, struct trust_now now)
{
    struct trust_peer *at = &gossip->peers[peer];
    if (!trust_peer_is_linked(at))
        return;
    if (!trust_peer_note_signature(at, now.mono)) {
        trust_greet_send_away(gossip, peer, TRUST_BYE_SIGNATURE, now);
        return;
    }
    uint64_t wait_ms = trust_peer_send_away(at, true, now.mono);
    trust_greet_unlink(gossip, peer);
    end(gossip, peer,
        &(struct trust_gossip_drop){
            .reason = TRUST_BYE_BANNED, .banned = true, .retry_after_ms = wait_ms});
}

void trust_greet_note(struct trust_gossip *gossip, uint32_t peer, enum trust_manner manner,
                      struct trust_now now)
{
    struct trust_peer *at = &gossip->peers[peer];
    if (trust_peer_note(at, manner, now.mono) && trust_peer_is_linked(at))
        trust_greet_send_away(gossip, peer, TRUST_BYE_FLOOD, now);
}

static void send_hello(struct trust_gossip *gossip, uint32_t peer, struct trust_now now)
{
    struct trust_frame frame = {.type = TRUST_FRAME_HELLO};
    frame.hello = (struct trust_hello){.version_min = TRUST_GOSSIP_VERSION,
                                       .version_max = TRUST_GOSSIP_VERSION,
                                       .network = gossip->config.network,
                                       .frame_size_max = TRUST_FRAME_SIZE_MAX,
                                       .interest_max = TRUST_INTEREST_PEER_MAX,
                                       .clock = now.wall,
                                       .key = gossip->config.key};
    (void)trust_greet_send(gossip, peer, &frame);
}

void trust_greet_up(struct trust_gossip *gossip, uint32_t peer, bool dialled, struct trust_now now)
{
    struct trust_peer *at = &gossip->peers[peer];
    assert(at->state != TRUST_PEER_FREE);
    if (trust_peer_is_linked(at))
        trust_greet_unlink(gossip, peer);
    if (!trust_peer_may_connect(at, now.mono)) {
        drop(gossip, peer,
             &(struct trust_gossip_drop){.reason = TRUST_BYE_BANNED,
                                         .banned = at->state == TRUST_PEER_BANNED,
                                         .retry_after_ms = at->until_ms - now.mono.ms});
        return;
    }
    trust_peer_connect(at, dialled, now.mono);
    send_hello(gossip, peer, now);
}

/* Why a hello ends the connection; TRUST_BYE_SHUTDOWN: it does not. */
static enum trust_bye_reason hello_fault(const struct trust_gossip *gossip,
                                         const struct trust_hello *hello)
{
    /* protocol: Another network id closes with bye */
    if (memcmp(hello->network.bytes, gossip->config.network.bytes, sizeof hello->network.bytes) !=
        0)
        return TRUST_BYE_NETWORK;
    /* protocol: The version spoken is the lesser of both maxima */
    if (hello->version_min > TRUST_GOSSIP_VERSION || hello->version_max < TRUST_GOSSIP_VERSION)
        return TRUST_BYE_VERSION;
    if (trust_key_is_same(&hello->key, &gossip->config.key))
        return TRUST_BYE_KEY;
    return TRUST_BYE_SHUTDOWN;
}

void trust_greet_hello(struct trust_gossip *gossip, uint32_t peer, const struct trust_hello *hello,
                       struct trust_now now)
{
    struct trust_peer *at = &gossip->peers[peer];
    assert(at->state == TRUST_PEER_HELLO);
    enum trust_bye_reason fault = hello_fault(gossip, hello);
    if (fault != TRUST_BYE_SHUTDOWN) {
        trust_greet_send_away(gossip, peer, fault, now);
        return;
    }
    if (at->origin == TRUST_PEER_INVITED) {
        trust_gossip_actions_add(&gossip->actions,
                                 &(struct trust_gossip_action){
                                     .kind = TRUST_GOSSIP_NAMED, .peer = peer, .key = hello->key});
        trust_greet_part(gossip, peer, TRUST_BYE_KEY);
        return;
    }
    /* A hello of another key than the link proved is somebody else's. */
    if (!trust_key_is_same(&hello->key, &at->key)) {
        trust_greet_send_away(gossip, peer, TRUST_BYE_KEY, now);
        return;
    }
    at->state = TRUST_PEER_UP;
    at->version = TRUST_GOSSIP_VERSION;
    at->hello = *hello;
    at->skew_ms = (int64_t)hello->clock.ms - (int64_t)now.wall.ms;
    trust_peer_settle(at, now.mono);
    trust_interest_limit(&gossip->interest, peer, hello->interest_max);
    trust_tell_peer(gossip, peer, now);
    bool is_first = trust_key_compare(&gossip->config.key, &at->key) < 0;
    trust_reconcile_soon(gossip, peer, is_first ? TRUST_SYNC_FIRST_MS : TRUST_SYNC_SECOND_MS, now);
}

void trust_greet_bye(struct trust_gossip *gossip, uint32_t peer, const struct trust_bye *bye)
{
    uint32_t retry_s = bye->retry_after_s < BYE_RETRY_S_MAX ? bye->retry_after_s : BYE_RETRY_S_MAX;
    trust_greet_unlink(gossip, peer);
    drop(gossip, peer,
         &(struct trust_gossip_drop){
             .reason = bye->reason, .by_peer = true, .retry_after_ms = (uint64_t)retry_s * 1000});
}

void trust_greet_pong(struct trust_gossip *gossip, uint32_t peer, uint64_t nonce,
                      struct trust_now now)
{
    struct trust_peer_link *link = &gossip->peers[peer].link;
    if (link->nonce == 0 || link->nonce != nonce)
        return;
    link->nonce = 0;
    uint64_t rtt_ms = now.mono.ms - link->ping_ms;
    link->rtt_ms = (uint32_t)(rtt_ms < UINT32_MAX ? rtt_ms : UINT32_MAX);
}

static void ping(struct trust_gossip *gossip, uint32_t peer, struct trust_now now)
{
    struct trust_peer_link *link = &gossip->peers[peer].link;
    uint64_t nonce = trust_random_next(&gossip->random) | 1;
    struct trust_frame frame = {.type = TRUST_FRAME_PING, .nonce = nonce};
    if (!trust_greet_send(gossip, peer, &frame))
        return;
    link->nonce = nonce;
    link->ping_ms = now.mono.ms;
}

bool trust_greet_ping(struct trust_gossip *gossip, uint32_t peer, struct trust_now now)
{
    if (!trust_peer_is_up(&gossip->peers[peer]))
        return false;
    ping(gossip, peer, now);
    return true;
}

static uint64_t ping_due_ms(const struct trust_peer_link *link)
{
    return (link->ping_ms != 0 ? link->ping_ms : link->up_ms) + TRUST_PING_MS;
}

uint64_t trust_greet_due_ms(const struct trust_gossip *gossip, uint32_t peer)
{
    const struct trust_peer *at = &gossip->peers[peer];
    if (at->state == TRUST_PEER_HELLO)
        return at->link.up_ms + TRUST_HELLO_MS;
    if (!trust_peer_is_up(at))
        return TRUST_NEVER_MS;
    uint64_t silence_ms = at->link.heard_ms + TRUST_SILENCE_MS;
    uint64_t due_ms = ping_due_ms(&at->link);
    return due_ms < silence_ms ? due_ms : silence_ms;
}

void trust_greet_time(struct trust_gossip *gossip, uint32_t peer, struct trust_now now)
{
    struct trust_peer *at = &gossip->peers[peer];
    if (!trust_peer_is_linked(at))
        return;
    trust_peer_settle(at, now.mono);
    uint64_t patience_ms =
        at->state == TRUST_PEER_HELLO ? TRUST_HELLO_MS : (uint64_t)TRUST_SILENCE_MS;
    uint64_t since_ms = at->state == TRUST_PEER_HELLO ? at->link.up_ms : at->link.heard_ms;
    if (now.mono.ms >= since_ms + patience_ms) {
        trust_greet_part(gossip, peer, TRUST_BYE_SILENT);
        return;
    }
    if (at->state != TRUST_PEER_HELLO && now.mono.ms >= ping_due_ms(&at->link))
        ping(gossip, peer, now);
}
