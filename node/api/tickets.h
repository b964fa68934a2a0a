/*
 * Tickets: the engine answers each local record by a number, and here it is known whose it was. A
 * holder takes a block of tickets, one for each of its records, and hears each verdict once.
 */
#ifndef API_TICKETS_H
#define API_TICKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "engine/action.h"

/* index: of the record within the holder's block. */
typedef void ticket_told(void *context, uint32_t index, const struct trust_verdict_action *verdict);

struct ticket_holder {
    ticket_told *told; /* NULL: free */
    void *context;
};

struct tickets {
    struct ticket_holder holders[TRUST_API_HELD_MAX];
};

/* Takes a block; the ticket of record i is *out_first + i. False: none is free. */
bool tickets_take(struct tickets *tickets, uint64_t *out_first, ticket_told *told, void *context);

/* Gives a block back; verdicts that are still to come are heard by nobody, so all of them must be
 * in, unless the node is stopping. */
void tickets_give(struct tickets *tickets, uint64_t first);

void tickets_tell(struct tickets *tickets, const struct trust_verdict_action *verdict);

#endif
