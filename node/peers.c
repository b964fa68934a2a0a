/* See peers.h. */
#include "node/peers.h"

#include <string.h>

#include "base/assert.h"
#include "node/announce.h"
#include "node/core.h"
#include "node/peering.h"
#include "record/key.h"

void peers_init(struct peers *peers)
{
    for (int i = 0; i < TRUST_PEERS_MAX; i++)
        peers->handles[i] = PEERS_NO_HANDLE;
}

static void tell(struct core *core, uint32_t peer, bool is_up)
{
    const struct trust_peer *known = trust_gossip_peer(trust_engine_gossip(core->engine), peer);
    if (known != NULL)
        announce_peer(core, &known->key, is_up);
}

static void lose(struct core *core, uint32_t peer)
{
    core->peers.handles[peer] = PEERS_NO_HANDLE;
    tell(core, peer, false);
}

enum trust_error peers_connect(struct core *core, const struct trust_key *key, const char *endpoint)
{
    uint32_t peer = 0;
    enum trust_error error =
        trust_engine_add_peer(core->engine, &peer, key, TRUST_PEER_CONFIGURED, core->now);
    if (error == TRUST_OK)
        error = link_allow(core->link, key, endpoint);
    pump_run(core);
    return error;
}

enum trust_error peers_part(struct core *core, const struct trust_key *key)
{
    uint32_t peer = 0;
    if (!trust_gossip_find_peer(trust_engine_gossip(core->engine), &peer, key))
        return TRUST_NO_FOUND;
    /* The bye first: the link closes what it forgets. */
    if (core->peers.handles[peer] != PEERS_NO_HANDLE)
        tell(core, peer, false);
    trust_engine_remove_peer(core->engine, peer);
    pump_run(core);
    core->peers.handles[peer] = PEERS_NO_HANDLE;
    link_forget(core->link, key);
    return TRUST_OK;
}

/* The peer that speaks over a connection; false: none. */
static bool find(const struct peers *peers, uint32_t *out_peer, uint32_t handle)
{
    for (uint32_t i = 0; i < TRUST_PEERS_MAX && handle != PEERS_NO_HANDLE; i++) {
        if (peers->handles[i] == handle) {
            *out_peer = i;
            return true;
        }
    }
    return false;
}

/*
 * Two nodes may dial each other at the same time. Both keep the connection that the node with the
 * lesser key dialled: without a rule that both know, each would end what the other keeps. Of two
 * that took the same way the newer one is alive.
 */
static bool is_kept(const struct core *core, uint32_t peer, const struct link_event *newer)
{
    if (core->peers.handles[peer] == PEERS_NO_HANDLE || core->peers.dialled[peer] == newer->dialled)
        return false;
    bool is_ours = trust_key_compare(&core->node_key.key, &newer->key) < 0;
    return core->peers.dialled[peer] == is_ours;
}

/* A key that nobody listed got in: the key of an invite, or a newcomer's where newcomers are let
 * in. */
static enum trust_error find_or_add(struct core *core, uint32_t *out_peer,
                                    const struct trust_key *key)
{
    if (trust_gossip_find_peer(trust_engine_gossip(core->engine), out_peer, key))
        return TRUST_OK;
    enum trust_peer_origin origin =
        peering_is_invited(core, key) ? TRUST_PEER_INVITED : TRUST_PEER_NEWCOMER;
    return trust_engine_add_peer(core->engine, out_peer, key, origin, core->now);
}

static void come_up(struct core *core, const struct link_event *event)
{
    uint32_t peer = 0;
    if (find_or_add(core, &peer, &event->key) != TRUST_OK) {
        link_drop(core->link, event->handle);
        return;
    }
    if (is_kept(core, peer, event)) {
        link_drop(core->link, event->handle);
        return;
    }
    uint32_t before = core->peers.handles[peer];
    core->peers.handles[peer] = event->handle;
    core->peers.dialled[peer] = event->dialled;
    if (before == PEERS_NO_HANDLE)
        tell(core, peer, true);
    trust_engine_handle_peer_up(core->engine, peer, event->dialled, core->now);
    if (before != PEERS_NO_HANDLE)
        link_drop(core->link, before);
}

static void all_down(struct core *core)
{
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++) {
        if (core->peers.handles[peer] == PEERS_NO_HANDLE)
            continue;
        lose(core, peer);
        trust_engine_handle_peer_down(core->engine, peer);
        pump_run(core);
    }
}

static void log_refused(struct core *core, const struct trust_key *key)
{
    char text[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(text, key, TRUST_KEY_NODE);
    log_write(&core->log, LOG_INFO, "caller_refused", LOG_FIELDS(log_text("key", text)));
}

/* The engine has forgotten what it had queued for others by the time a place is given away. */
static void take_named(struct core *core)
{
    if (!core->peers.is_named)
        return;
    core->peers.is_named = false;
    peering_named(core, &core->peers.invited, &core->peers.named);
}

void peers_handle_link(struct core *core, const struct link_event *event)
{
    uint32_t peer = 0;
    switch (event->kind) {
    case LINK_STARTED:
        log_write(&core->log, LOG_INFO, "link", LOG_FIELDS(log_text("state", "restarted")));
        return;
    case LINK_REFUSED:
        log_refused(core, &event->key);
        return;
    case LINK_LOST:
        log_write(&core->log, LOG_WARN, "link", LOG_FIELDS(log_text("state", "lost")));
        all_down(core);
        return;
    case LINK_UP:
        come_up(core, event);
        break;
    case LINK_DOWN:
        if (!find(&core->peers, &peer, event->handle))
            return;
        lose(core, peer);
        trust_engine_handle_peer_down(core->engine, peer);
        break;
    case LINK_BYTES:
        if (!find(&core->peers, &peer, event->handle))
            return;
        trust_engine_handle_bytes(core->engine, peer, event->bytes, core->now);
        break;
    }
    pump_run(core);
    take_named(core);
}

bool peers_send(struct core *core, uint32_t peer, struct trust_bytes frame)
{
    assert(peer < TRUST_PEERS_MAX);
    if (core->peers.handles[peer] == PEERS_NO_HANDLE)
        return false;
    link_send(core->link, core->peers.handles[peer], frame);
    return true;
}

void peers_drop(struct core *core, uint32_t peer, const struct trust_gossip_drop *drop)
{
    const struct trust_peer *known = trust_gossip_peer(trust_engine_gossip(core->engine), peer);
    if (known != NULL && drop->retry_after_ms > 0)
        link_hold_off(core->link, &known->key, drop->retry_after_ms, drop->banned);
    if (core->peers.handles[peer] == PEERS_NO_HANDLE)
        return;
    link_drop(core->link, core->peers.handles[peer]);
    lose(core, peer);
    log_write(&core->log, LOG_INFO, "peer_drop",
              LOG_FIELDS(log_number("peer", peer), log_number("reason", (int64_t)drop->reason),
                         log_number("by_peer", drop->by_peer),
                         log_number("retry_after_ms", (int64_t)drop->retry_after_ms)));
}

void peers_named(struct core *core, uint32_t peer, const struct trust_key *key)
{
    const struct trust_peer *from = trust_gossip_peer(trust_engine_gossip(core->engine), peer);
    assert(!core->peers.is_named);
    assert(from != NULL);
    core->peers.is_named = true;
    core->peers.invited = from->key;
    core->peers.named = *key;
}
