/* See peers.h. */
#include "node/peers.h"

#include "base/assert.h"
#include "node/core.h"

void peers_init(struct peers *peers)
{
    for (int i = 0; i < TRUST_PEERS_MAX; i++)
        peers->handles[i] = PEERS_NO_HANDLE;
}

enum trust_error peers_add(struct core *core, const struct trust_key *key, const char *endpoint)
{
    uint32_t peer = 0;
    enum trust_error error =
        trust_engine_add_peer(core->engine, &peer, key, TRUST_PEER_CONFIGURED, core->now);
    if (error == TRUST_OK)
        error = link_allow(core->link, key, endpoint);
    pump_run(core);
    return error;
}

enum trust_error peers_remove(struct core *core, const struct trust_key *key)
{
    uint32_t peer = 0;
    if (!trust_gossip_find_peer(trust_engine_gossip(core->engine), &peer, key))
        return TRUST_NO_FOUND;
    link_forget(core->link, key);
    trust_engine_remove_peer(core->engine, peer);
    pump_run(core);
    core->peers.handles[peer] = PEERS_NO_HANDLE;
    return TRUST_OK;
}

enum trust_error peers_configure(struct core *core)
{
    const struct trust_config_peers *peers = &core->config.link.peers;
    enum trust_error error = TRUST_OK;
    for (size_t i = 0; error == TRUST_OK && i < peers->count; i++)
        error = peers_add(core, &peers->peers[i].key.key, peers->peers[i].endpoint);
    return error;
}

/* The peer that speaks over a connection; false: none. */
static bool find(const struct peers *peers, uint32_t *out_peer, uint32_t handle)
{
    for (uint32_t i = 0; i < TRUST_PEERS_MAX; i++) {
        if (peers->handles[i] == handle) {
            *out_peer = i;
            return true;
        }
    }
    return false;
}

/* A key that nobody listed got in: the link lets newcomers in only where they are allowed. */
static void come_up(struct core *core, const struct link_event *event)
{
    uint32_t peer = 0;
    if (!trust_gossip_find_peer(trust_engine_gossip(core->engine), &peer, &event->key) &&
        trust_engine_add_peer(core->engine, &peer, &event->key, TRUST_PEER_NEWCOMER, core->now) !=
            TRUST_OK) {
        link_drop(core->link, event->handle);
        return;
    }
    uint32_t before = core->peers.handles[peer];
    core->peers.handles[peer] = event->handle;
    trust_engine_handle_peer_up(core->engine, peer, event->dialled, core->now);
    if (before != PEERS_NO_HANDLE)
        link_drop(core->link, before);
}

static void all_down(struct core *core)
{
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++) {
        if (core->peers.handles[peer] == PEERS_NO_HANDLE)
            continue;
        core->peers.handles[peer] = PEERS_NO_HANDLE;
        trust_engine_handle_peer_down(core->engine, peer);
        pump_run(core);
    }
}

void peers_handle_link(struct core *core, const struct link_event *event)
{
    uint32_t peer = 0;
    switch (event->kind) {
    case LINK_STARTED:
    case LINK_REFUSED:
        return;
    case LINK_LOST:
        all_down(core);
        return;
    case LINK_UP:
        come_up(core, event);
        break;
    case LINK_DOWN:
        if (!find(&core->peers, &peer, event->handle))
            return;
        core->peers.handles[peer] = PEERS_NO_HANDLE;
        trust_engine_handle_peer_down(core->engine, peer);
        break;
    case LINK_BYTES:
        if (!find(&core->peers, &peer, event->handle))
            return;
        trust_engine_handle_bytes(core->engine, peer, event->bytes, core->now);
        break;
    }
    pump_run(core);
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
    core->peers.handles[peer] = PEERS_NO_HANDLE;
    log_write(&core->log, LOG_INFO, "peer_drop",
              LOG_FIELDS(log_number("peer", peer), log_number("reason", (int64_t)drop->reason),
                         log_number("by_peer", drop->by_peer),
                         log_number("retry_after_ms", (int64_t)drop->retry_after_ms)));
}

/* The joiner of an invite spoke its own key: it is a configured peer from now on. */
void peers_named(struct core *core, uint32_t peer, const struct trust_key *key)
{
    (void)peer;
    enum trust_error error = link_allow(core->link, key, NULL);
    uint32_t added = 0;
    if (error == TRUST_OK)
        error = trust_engine_add_peer(core->engine, &added, key, TRUST_PEER_CONFIGURED, core->now);
    if (error != TRUST_OK)
        log_write(&core->log, LOG_WARN, "invite", LOG_FIELDS(log_code("error", error)));
}
