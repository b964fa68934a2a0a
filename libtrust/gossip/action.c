/* See action.h. */
#include "gossip/action.h"

#include "base/assert.h"
#include "base/limits.h"

void trust_gossip_actions_init(struct trust_gossip_actions *actions, struct trust_arena *arena)
{
    *actions = (struct trust_gossip_actions){0};
    actions->items =
        trust_arena_cut(arena, TRUST_GOSSIP_ACTIONS_MAX, sizeof(struct trust_gossip_action));
    actions->bytes = trust_arena_cut(arena, TRUST_GOSSIP_BYTES_MAX, 1);
}

void trust_gossip_actions_start(struct trust_gossip_actions *actions)
{
    assert(actions->first == actions->count);
    actions->first = 0;
    actions->count = 0;
    actions->size = 0;
}

bool trust_gossip_actions_has_room(const struct trust_gossip_actions *actions)
{
    return actions->count < TRUST_GOSSIP_ACTIONS_MAX - TRUST_GOSSIP_ACTIONS_SPARE &&
           TRUST_GOSSIP_BYTES_MAX - actions->size >= TRUST_FRAME_SIZE_MAX;
}

void trust_gossip_actions_add(struct trust_gossip_actions *actions,
                              const struct trust_gossip_action *action)
{
    assert(actions->count < TRUST_GOSSIP_ACTIONS_MAX);
    actions->items[actions->count++] = *action;
}

bool trust_gossip_actions_send(struct trust_gossip_actions *actions, uint32_t peer,
                               const struct trust_frame *frame)
{
    if (!trust_gossip_actions_has_room(actions))
        return false;
    struct trust_writer writer =
        trust_writer_init(actions->bytes + actions->size, TRUST_FRAME_SIZE_MAX);
    trust_frame_encode(&writer, frame);
    assert(!trust_writer_has_overflowed(&writer));
    actions->size += writer.size;
    trust_gossip_actions_add(actions,
                             &(struct trust_gossip_action){.kind = TRUST_GOSSIP_SEND,
                                                           .peer = peer,
                                                           .bytes = trust_writer_bytes(&writer)});
    return true;
}

bool trust_gossip_actions_poll(struct trust_gossip_actions *actions,
                               struct trust_gossip_action *out_action)
{
    if (actions->first == actions->count)
        return false;
    *out_action = actions->items[actions->first++];
    return true;
}
