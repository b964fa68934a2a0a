/* The entry of a client's configuration that starts the guard in a server's place, and back. What
 * it has besides what starts the server (whether it is off, which tools are allowed) stays. */
#ifndef REPUTE_GUARD_ENTRY_H
#define REPUTE_GUARD_ENTRY_H

#include "repute/change.h"
#include "repute/guard_server.h"

/* The server's entry starts `repute guard --group GROUP`. Refusals are noted. */
TRUST_MUST_USE enum trust_error guard_entry_put(struct context *context, struct change *change,
                                                const struct guard_server *server,
                                                const char *group);

/* The server's entry starts, or leads to, primary itself. */
TRUST_MUST_USE enum trust_error guard_entry_restore(struct context *context, struct change *change,
                                                    const struct guard_server *server,
                                                    const struct trust_group_server *primary);

#endif
