/* See queue.h. */
#include "engine/queue.h"

#include "base/assert.h"

void trust_queue_init(struct trust_queue *queue, struct trust_arena *arena, uint32_t capacity)
{
    *queue = (struct trust_queue){.capacity = capacity};
    queue->items = trust_arena_cut(arena, capacity, sizeof *queue->items);
}

struct trust_action *trust_queue_at(struct trust_queue *queue, uint32_t place)
{
    assert(place < queue->count);
    return &queue->items[(queue->first + place) % queue->capacity];
}

struct trust_action *trust_queue_push(struct trust_queue *queue, enum trust_action_kind kind)
{
    assert(queue->count < queue->capacity);
    queue->count++;
    struct trust_action *action = trust_queue_at(queue, queue->count - 1);
    *action = (struct trust_action){.kind = kind};
    return action;
}

bool trust_queue_take(struct trust_queue *queue, struct trust_action *out_action)
{
    if (queue->count == 0)
        return false;
    *out_action = queue->items[queue->first];
    queue->first = (queue->first + 1) % queue->capacity;
    queue->count--;
    return true;
}
