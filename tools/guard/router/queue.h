/* Actions that wait for router_poll, first in first out. The bytes of each are the queue's own and
 * live until the next one is taken. */
#ifndef GUARD_QUEUE_H
#define GUARD_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guard/router/router.h"

struct queue {
    struct router_action *items; /* a ring */
    size_t capacity;             /* a power of two, or 0 */
    size_t first;
    size_t count;
    const uint8_t *taken; /* bytes of the action that was taken last */
};

/* action->bytes was allocated, or is empty, and belongs to the queue from here. */
void queue_put(struct queue *queue, const struct router_action *action);

bool queue_take(struct queue *queue, struct router_action *out_action);

void queue_close(struct queue *queue);

#endif
