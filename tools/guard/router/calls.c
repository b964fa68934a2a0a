/* See calls.h. */
#include "guard/router/calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

#define OWN_SLOT TRUST_GUARD_CALLS_MAX
#define SLOT_MASK ((UINT64_C(1) << CALLS_SLOT_BITS) - 1)

static_assert(TRUST_GUARD_CALLS_MAX == SLOT_MASK, "every slot but the guard's own");

void calls_init(struct calls *calls)
{
    *calls = (struct calls){0};
    /* Untouched memory of unused slots is never resident. */
    calls->slots = calloc(TRUST_GUARD_CALLS_MAX, sizeof *calls->slots);
    assert(calls->slots != NULL);
    calls->active = (uint16_t *)text_memory(TRUST_GUARD_CALLS_MAX * sizeof *calls->active);
    calls->unused = (uint16_t *)text_memory(TRUST_GUARD_CALLS_MAX * sizeof *calls->unused);
    for (uint32_t i = 0; i < TRUST_GUARD_CALLS_MAX; i++)
        calls->unused[i] = (uint16_t)(TRUST_GUARD_CALLS_MAX - 1 - i);
}

void calls_close(struct calls *calls)
{
    while (calls->count > 0)
        calls_end(calls, calls_at(calls, 0));
    free(calls->slots);
    free(calls->active);
    free(calls->unused);
    *calls = (struct calls){0};
}

static uint32_t slot_of(const struct calls *calls, const struct call *call)
{
    return (uint32_t)(call - calls->slots);
}

struct call *calls_take(struct calls *calls, uint8_t *held, size_t held_size)
{
    if (calls->count == TRUST_GUARD_CALLS_MAX)
        return NULL;
    uint16_t slot = calls->unused[TRUST_GUARD_CALLS_MAX - 1 - calls->count];
    struct call *call = &calls->slots[slot];
    *call = (struct call){.held = held,
                          .held_size = held_size,
                          .place = calls->count,
                          .retry_after_ms = TRUST_NEVER_MS};
    calls->active[calls->count++] = slot;
    calls->held_size += held_size;
    calls_renew(calls, call);
    return call;
}

void calls_replace(struct calls *calls, struct call *call, uint8_t *held,
                   const struct message *message)
{
    size_t size = message->whole.size;
    calls->held_size = calls->held_size - call->message.whole.size + size;
    call->held_size = call->held_size - call->message.whole.size + size;
    free(call->held);
    call->held = held;
    call->message = *message;
}

bool calls_keep(struct calls *calls, struct call *call, size_t size)
{
    if (calls->held_size + size > TRUST_GUARD_HELD_SIZE_MAX)
        return false;
    calls->held_size += size;
    call->held_size += size;
    return true;
}

void calls_renew(struct calls *calls, struct call *call)
{
    call->id = ++calls->generation << CALLS_SLOT_BITS | slot_of(calls, call);
}

struct call *calls_find(const struct calls *calls, uint64_t id)
{
    uint64_t slot = id & SLOT_MASK;
    if (id == 0 || slot == OWN_SLOT)
        return NULL;
    struct call *call = &calls->slots[slot];
    return call->id == id && call->state != CALL_FREE ? call : NULL;
}

void calls_end(struct calls *calls, struct call *call)
{
    uint32_t slot = slot_of(calls, call);
    uint16_t moved = calls->active[--calls->count];
    calls->active[call->place] = moved;
    calls->slots[moved].place = call->place;
    calls->unused[TRUST_GUARD_CALLS_MAX - 1 - calls->count] = (uint16_t)slot;
    calls->held_size -= call->held_size;
    free(call->held);
    free(call->tool);
    free(call->error.data);
    hold_free(call->hold);
    round_free(call->round);
    call->state = CALL_FREE;
    call->id = 0;
}

uint64_t calls_own_id(struct calls *calls)
{
    return ++calls->generation << CALLS_SLOT_BITS | OWN_SLOT;
}

bool calls_was_given(const struct calls *calls, uint64_t id)
{
    uint64_t generation = id >> CALLS_SLOT_BITS;
    return generation > 0 && generation <= calls->generation;
}

bool calls_are_full(const struct calls *calls, size_t size)
{
    return calls->count == TRUST_GUARD_CALLS_MAX ||
           calls->held_size + size > TRUST_GUARD_HELD_SIZE_MAX;
}
