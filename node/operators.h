/*
 * Whose node this is, and whose it was.
 *
 * An operator's own records are wanted because they are the operator's. With another key, or
 * without one since a file was not there at one start, they would be dropped as anybody's whom
 * nobody wants. So the store remembers every operator of its node; as long as there is a former one
 * nobody's records are dropped for want of interest and its own are not pushed out, until a start
 * with --new-operator says that it is meant.
 */
#ifndef OPERATORS_H
#define OPERATORS_H

#include <stdint.h>

#include "trust/error.h"

struct core;

/* The operator of the configuration, else of keys/operator.pub, else none. */
TRUST_MUST_USE enum trust_error operators_find(struct core *core);

/*
 * Notes the operator in the store and keeps the former ones; to be called before records come.
 * TRUST_NO_ROOM: more than TRUST_OPERATORS_MAX; TRUST_NO_CONFLICT: there is no operator to be the
 * only one; TRUST_FAIL_CORRUPT: the row does not read.
 */
TRUST_MUST_USE enum trust_error operators_open(struct core *core);

#endif
