/* JSON pointers (RFC 6901) as a $ref within a schema has them. Schemas are in canonical form. */
#ifndef GUARD_COVER_POINTER_H
#define GUARD_COVER_POINTER_H

#include <stdbool.h>

#include "base/bytes.h"

/*
 * pointer: what stands between the quotes of a $ref. Only members of objects are gone into, and
 * names with an escape are given up, as is what leads into another document. False: nowhere.
 */
bool cover_pointer_follow(struct trust_bytes *out_schema, struct trust_bytes root,
                          struct trust_bytes pointer);

/* A keyword that leads elsewhere is, or may be, somewhere in value. */
bool cover_pointer_is_in(struct trust_bytes value);

#endif
