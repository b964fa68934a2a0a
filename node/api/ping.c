/* See ping.h. */
#include "node/api/ping.h"

#include "base/assert.h"
#include "node/api/api.h"
#include "node/api/peers.h"
#include "node/api/peers_doc.h"
#include "node/core.h"
#include "node/peering.h"

/* What is ended elsewhere (the node stops) is forgotten here. */
static void release(struct api_call *call)
{
    struct ping *ping = call->state;
    ping->call = NULL;
}

static struct ping *find_free(struct pings *pings)
{
    for (int i = 0; i < API_PINGS_MAX; i++) {
        if (pings->waiting[i].call == NULL)
            return &pings->waiting[i];
    }
    return NULL;
}

static void wait(struct api_call *call, struct ping *ping, uint32_t peer)
{
    struct core *core = call->core;
    *ping = (struct ping){
        .call = call, .peer = peer, .until = {.ms = core->now.mono.ms + TRUST_API_PING_MS}};
    call->state = ping;
    call->release = release;
    bool is_sent = trust_engine_ping(core->engine, peer, core->now);
    assert(is_sent); /* it is up: peering_ping said so */
    pump_run(core);
}

/* A ping also opens a reconciliation: whoever asks wants to know that records flow. */
void ping_peer(struct api_call *call)
{
    struct trust_key key;
    uint32_t peer = 0;
    if (!peers_find(call, &peer, &key))
        return;
    struct ping *ping = find_free(&call->api->pings);
    enum trust_error error = peering_ping(call->core, &key);
    if (ping == NULL) {
        api_refuse(call, TRUST_NO_BUSY, NULL, "too many pings at once");
    } else if (error != TRUST_OK) {
        const struct trust_peer *known =
            trust_gossip_peer(trust_engine_gossip(call->core->engine), peer);
        api_refuse(call, TRUST_NO_PEER, "look at its state with repute peers show",
                   "the peer is not connected: %s", trust_peer_state_name(known->state));
    } else if (api_hold(call)) {
        wait(call, ping, peer);
    }
}

/* A newer ping to the same peer takes the place of this one: its pong answers both. */
static void look_at(struct core *core, struct ping *ping)
{
    struct api_call *call = ping->call;
    const struct trust_peer *peer =
        trust_gossip_peer(trust_engine_gossip(core->engine), ping->peer);
    if (peer == NULL || !trust_peer_is_up(peer)) {
        api_refuse(call, TRUST_NO_PEER, NULL, "the connection ended");
    } else if (peer->link.nonce == 0) {
        struct api_doc doc = api_doc_init();
        peers_doc_put(&doc, core, ping->peer, NULL);
        api_answer(call, &doc);
    } else if (core->now.mono.ms >= ping->until.ms) {
        api_refuse(call, TRUST_NO_PEER, NULL, "no answer within %d ms", TRUST_API_PING_MS);
    } else {
        return;
    }
    api_wake(call);
}

void ping_turn(struct core *core)
{
    for (int i = 0; i < API_PINGS_MAX; i++) {
        struct ping *ping = &core->api->pings.waiting[i];
        if (ping->call != NULL && !api_is_answered(ping->call))
            look_at(core, ping);
    }
}

struct trust_mono ping_deadline(const struct core *core)
{
    struct trust_mono due = {.ms = UINT64_MAX};
    for (int i = 0; i < API_PINGS_MAX; i++) {
        const struct ping *ping = &core->api->pings.waiting[i];
        if (ping->call != NULL && !api_is_answered(ping->call) && ping->until.ms < due.ms)
            due = ping->until;
    }
    return due;
}
