/* Peers as the command line shows them. */
#ifndef REPUTE_PEERS_TABLE_H
#define REPUTE_PEERS_TABLE_H

#include <jansson.h>

#include "trust/error.h"

#include "repute/context.h"

/* An array of peer objects. */
TRUST_MUST_USE enum trust_error peers_table_list(struct context *context, json_t *peers);

/* One peer object in full, with what was refused of it and why. */
TRUST_MUST_USE enum trust_error peers_table_one(struct context *context, json_t *peer);

#endif
