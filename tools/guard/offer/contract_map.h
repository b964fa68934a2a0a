/*
 * Arguments of a call as another server wants them, by the `args` of a map:
 *
 *   q: query        the argument q is called query there
 *   verbose: "-"    the argument verbose is left out
 *   limit: "=10"    the server's argument limit is always 10, a JSON value
 *
 * What is not named goes through as it is.
 */
#ifndef GUARD_CONTRACT_MAP_H
#define GUARD_CONTRACT_MAP_H

#include "trust/error.h"
#include "trust/export.h"

#include "base/writer.h"
#include "host/group.h"

/* So much room is enough for contract_map_write. */
size_t contract_map_room(const struct trust_group_pairs *pairs, struct trust_bytes arguments);

/*
 * arguments: an object, raw; empty: none. TRUST_NO_RANGE: no object, a name that cannot be read,
 * two arguments that would have one name, over TRUST_MAP_ARGUMENTS_MAX of them, or a constant that
 * is no JSON.
 */
TRUST_MUST_USE enum trust_error contract_map_write(struct trust_writer *writer,
                                                   const struct trust_group_pairs *pairs,
                                                   struct trust_bytes arguments);

#endif
