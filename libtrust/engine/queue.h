/* Actions that wait to be polled, oldest first. Who adds to it knows a bound of what it holds, or
 * asks for room before. */
#ifndef TRUST_ENGINE_QUEUE_H
#define TRUST_ENGINE_QUEUE_H

#include "base/arena.h"
#include "engine/action.h"

struct trust_queue {
    struct trust_action *items;
    uint32_t first;
    uint32_t count;
    uint32_t capacity;
};

void trust_queue_init(struct trust_queue *queue, struct trust_arena *arena, uint32_t capacity);

/* Appends an action of this kind for the caller to fill; a full queue is our own bug. */
struct trust_action *trust_queue_push(struct trust_queue *queue, enum trust_action_kind kind);

/* The action at a place counted from the oldest; below count. */
struct trust_action *trust_queue_at(struct trust_queue *queue, uint32_t place);

/* Takes the oldest; false: none. */
bool trust_queue_take(struct trust_queue *queue, struct trust_action *out_action);

#endif
