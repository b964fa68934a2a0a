/* Which file of a client a command changes, and under which names its servers stand there. */
#ifndef REPUTE_INSTALL_PLACE_H
#define REPUTE_INSTALL_PLACE_H

#include "repute/clients.h"
#include "repute/command.h"
#include "repute/context.h"

/* The environment's; here has room for CLIENTS_PATH_SIZE bytes. */
struct clients_inputs install_place_inputs(char *here);

/*
 * The file that was named, or the client's own: the first one of the user's that is there, else the
 * first one of the user's. Either may be NULL, not both: refused with what to type.
 */
TRUST_MUST_USE enum trust_error install_place_find(struct context *context,
                                                   struct clients_place *out_place,
                                                   const char *client, const char *file);

/*
 * The names that lead to the servers in a file of this place, as its document, which may be NULL,
 * has them: {"mcpServers"}, {"servers"} or {"mcp", "servers"}. Static; returns how many.
 */
size_t install_place_names(const char *out_names[2], const struct clients_place *place,
                           const json_t *document);

#endif
