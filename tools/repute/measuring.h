/* Drafts of what this host's own calls say of servers, as the node offers them. */
#ifndef REPUTE_MEASURING_H
#define REPUTE_MEASURING_H

#include "repute/context.h"
#include "repute/shelf.h"

/*
 * Asks the node, writes a draft for each server it offers, and opens these as a shelf; shelf_close
 * frees it. A draft about the same that is there already is replaced. A node that offers nothing
 * gives an empty shelf. TRUST_NO_NODE and what else the node answers.
 */
TRUST_MUST_USE enum trust_error measuring_open(struct context *context, struct shelf *out_shelf);

#endif
