/* See queue.h. */
#include "guard/router/queue.h"

#include <stdint.h>
#include <stdlib.h>

#include "guard/router/text.h"

#define ITEMS_FIRST 16

static void release(const uint8_t *bytes)
{
    free((void *)(uintptr_t)bytes);
}

static void grow(struct queue *queue)
{
    size_t capacity = queue->capacity == 0 ? ITEMS_FIRST : 2 * queue->capacity;
    struct router_action *items = (struct router_action *)text_memory(capacity * sizeof *items);
    for (size_t i = 0; i < queue->count; i++)
        items[i] = queue->items[(queue->first + i) & (queue->capacity - 1)];
    free(queue->items);
    queue->items = items;
    queue->capacity = capacity;
    queue->first = 0;
}

void queue_put(struct queue *queue, const struct router_action *action)
{
    if (queue->count == queue->capacity)
        grow(queue);
    queue->items[(queue->first + queue->count++) & (queue->capacity - 1)] = *action;
}

bool queue_take(struct queue *queue, struct router_action *out_action)
{
    release(queue->taken);
    queue->taken = NULL;
    if (queue->count == 0)
        return false;
    *out_action = queue->items[queue->first];
    queue->first = (queue->first + 1) & (queue->capacity - 1);
    queue->count--;
    queue->taken = out_action->bytes.data;
    return true;
}

void queue_close(struct queue *queue)
{
    struct router_action action;
    while (queue_take(queue, &action))
        continue;
    free(queue->items);
    *queue = (struct queue){0};
}
