/* See tickets.h. The high half of a ticket names its holder, the low half the record. */
#include "node/api/tickets.h"

#include <stddef.h>

#include "base/assert.h"

static struct ticket_holder *holder_of(struct tickets *tickets, uint64_t ticket)
{
    uint64_t index = (ticket >> 32) - 1;
    assert(index < TRUST_API_HELD_MAX);
    return &tickets->holders[index];
}

bool tickets_take(struct tickets *tickets, uint64_t *out_first, ticket_told *told, void *context)
{
    for (uint64_t i = 0; i < TRUST_API_HELD_MAX; i++) {
        if (tickets->holders[i].told != NULL)
            continue;
        tickets->holders[i] = (struct ticket_holder){.told = told, .context = context};
        *out_first = (i + 1) << 32;
        return true;
    }
    return false;
}

void tickets_give(struct tickets *tickets, uint64_t first)
{
    struct ticket_holder *holder = holder_of(tickets, first);
    assert(holder->told != NULL);
    *holder = (struct ticket_holder){0};
}

void tickets_tell(struct tickets *tickets, const struct trust_verdict_action *verdict)
{
    const struct ticket_holder *holder = holder_of(tickets, verdict->ticket);
    if (holder->told != NULL)
        holder->told(holder->context, (uint32_t)verdict->ticket, verdict);
}
