/* Peers' events on their way to gossip, whose rules they meet there. */
#include "base/assert.h"
#include "engine/engine.h"
#include "engine/state.h"

enum trust_error trust_engine_add_peer(struct trust_engine *engine, uint32_t *out_peer,
                                       const struct trust_key *key, enum trust_peer_origin origin,
                                       struct trust_now now)
{
    return trust_gossip_add_peer(engine->gossip, out_peer, key, origin, now);
}

void trust_engine_remove_peer(struct trust_engine *engine, uint32_t peer)
{
    trust_gossip_remove_peer(engine->gossip, peer);
}

void trust_engine_handle_peer_up(struct trust_engine *engine, uint32_t peer, bool dialled,
                                 struct trust_now now)
{
    trust_gossip_handle_up(engine->gossip, peer, dialled, now);
}

void trust_engine_handle_peer_down(struct trust_engine *engine, uint32_t peer)
{
    trust_gossip_handle_down(engine->gossip, peer);
}

void trust_engine_handle_bytes(struct trust_engine *engine, uint32_t peer, struct trust_bytes bytes,
                               struct trust_now now)
{
    assert(trust_engine_has_room(engine));
    trust_gossip_handle_bytes(engine->gossip, peer, bytes, now);
}

void trust_engine_handle_loaded(struct trust_engine *engine, const struct trust_loaded *loaded,
                                struct trust_now now)
{
    trust_gossip_handle_loaded(engine->gossip, loaded, now);
}

void trust_engine_sync_soon(struct trust_engine *engine, uint32_t peer, struct trust_now now)
{
    trust_gossip_sync_soon(engine->gossip, peer, now);
}

bool trust_engine_ping(struct trust_engine *engine, uint32_t peer, struct trust_now now)
{
    return trust_gossip_ping(engine->gossip, peer, now);
}

void trust_engine_close_peers(struct trust_engine *engine)
{
    trust_gossip_close(engine->gossip);
}
