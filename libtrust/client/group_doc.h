/*
 * A group as the node tells of it to an agent that may not read the configuration: the member
 * `policy` of its answer to a selection.
 */
#ifndef TRUST_CLIENT_GROUP_DOC_H
#define TRUST_CLIENT_GROUP_DOC_H

#include <jansson.h>

#include "client/groups.h"

/* TRUST_NO_TYPE: not what the node writes; TRUST_NO_SIZE: more servers than a group has. */
TRUST_MUST_USE enum trust_error trust_group_doc_read(struct trust_client_group *out_group,
                                                     const char *name, const json_t *doc);

#endif
