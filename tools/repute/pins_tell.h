/* What the operator accepted, shown to the node: suspicion that rests on it ends. Pins themselves
 * need no node, so one that does not run, or knows nothing of the server, is no failure. */
#ifndef REPUTE_PINS_TELL_H
#define REPUTE_PINS_TELL_H

#include <jansson.h>

#include "guard/offer/pins_book.h"
#include "repute/context.h"

/* Appends what POST /v1/pins/{id} takes, if nothing that the server offers is left open. */
TRUST_MUST_USE enum trust_error pins_tell_add(json_t *acceptances, const struct pins_entry *entry);

/* Tells the node, and says to people what came of it. */
void pins_tell_send(struct context *context, const json_t *acceptances);

#endif
