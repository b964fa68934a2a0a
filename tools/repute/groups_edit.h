/*
 * Groups of one server written into reputed.yaml where its groups stand, or behind everything: the
 * rest of the file, its comments too, stays byte for byte.
 */
#ifndef REPUTE_GROUPS_EDIT_H
#define REPUTE_GROUPS_EDIT_H

#include "trust/bytes.h"
#include "trust/error.h"

#include "host/group.h"
#include "repute/patch.h"

struct groups_edit_group {
    const char *name;
    const struct trust_group_server *primary;
};

/*
 * Adds the groups, which the text does not have, to patch; and to shown, line for line the same,
 * with an ellipsis for what may be a secret. TRUST_NO_SYNTAX: the text is no configuration;
 * TRUST_NO_TYPE: its groups, or all of it, are written in a way that is not edited: aliases, or
 * braces around everything; TRUST_NO_SIZE, TRUST_FAIL_MEMORY.
 */
TRUST_MUST_USE enum trust_error groups_edit_add(struct patch *patch, struct patch *shown,
                                                struct trust_bytes text,
                                                const struct groups_edit_group *groups,
                                                size_t count);

#endif
