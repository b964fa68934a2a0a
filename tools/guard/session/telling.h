/* What the node is told of a backend that was judged: other agents of this host, and the operator,
 * are to hear of tools that are not as they were approved. */
#ifndef GUARD_TELLING_H
#define GUARD_TELLING_H

#include "trust/client.h"

#include "guard/offer/catalogue.h"

/* Changed before pending before pinned; *out_tools: how many are not as approved. Tools without one
 * meaning were never approved, and are no change. */
enum trust_manifest_state telling_state(uint32_t *out_tools, const struct pins_verdict *verdict);

/* Queues it; never waits. */
void telling_tell(struct trust_client *client, const char *subject,
                  const struct catalogue_news *news);

#endif
