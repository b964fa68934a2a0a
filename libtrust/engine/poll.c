/* The one way out: what gossip wants, what happened to servers and what agents should be shown of
 * them, what waits in the queue, what became durable, in this order. Servers come before the queue
 * since they wait for nothing: a store that is behind must not keep an order from the agents, nor
 * let what their calls bring about pile up. */
#include "engine/engine.h"
#include "engine/state.h"

/* Turns one action of gossip into ours. False: it was taken in. */
static bool convert(struct trust_engine *engine, const struct trust_gossip_action *action,
                    struct trust_action *out_action)
{
    *out_action = (struct trust_action){.peer = action->peer, .bytes = action->bytes};
    switch (action->kind) {
    case TRUST_GOSSIP_VERIFY:
        trust_door_check(engine, action);
        return false;
    case TRUST_GOSSIP_SEND:
        out_action->kind = TRUST_ACTION_SEND;
        return true;
    case TRUST_GOSSIP_READ:
        trust_reads_add(&engine->reads, &action->read,
                        trust_pending_last_of(&engine->pending, &action->read.range.author));
        return false;
    case TRUST_GOSSIP_DROP:
        out_action->kind = TRUST_ACTION_DROP;
        out_action->drop = action->drop;
        return true;
    case TRUST_GOSSIP_NAMED:
        out_action->kind = TRUST_ACTION_NAMED;
        out_action->key = action->key;
        return true;
    }
    return false;
}

/* A store that writes nothing is not waited for. */
static bool take_read(struct trust_engine *engine, struct trust_action *out_action)
{
    uint64_t stored = engine->fault == TRUST_OK ? engine->stored : UINT64_MAX;
    *out_action = (struct trust_action){.kind = TRUST_ACTION_READ};
    return trust_reads_take(&engine->reads, &out_action->read, stored);
}

static bool take_of_servers(struct trust_engine *engine, struct trust_action *out_action)
{
    uint32_t server = 0;
    if (trust_queue_take(&engine->notices, out_action))
        return true;
    if (!trust_watchlist_take_dirty(&engine->watchlist, &server))
        return false;
    *out_action = (struct trust_action){.kind = TRUST_ACTION_BOARD, .server = server};
    return true;
}

/* Gossip first, with the reads that it asked for: what it wants sent borrows the frame of the
 * event. Settling is an event for gossip, so it waits until gossip has nothing more. */
bool trust_engine_poll_action(struct trust_engine *engine, struct trust_action *out_action,
                              bool is_open, struct trust_now now)
{
    for (;;) {
        if (take_read(engine, out_action))
            return true;
        struct trust_gossip_action action;
        if (trust_gossip_poll(engine->gossip, &action)) {
            if (convert(engine, &action, out_action))
                return true;
            continue;
        }
        if (take_of_servers(engine, out_action))
            return true;
        if (!is_open)
            return false;
        if (trust_queue_take(&engine->queue, out_action))
            return true;
        if (!trust_door_settle(engine, now))
            return false;
    }
}
