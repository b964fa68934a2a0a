/* The members of an object as they stand in a file, comments within their values and all. */
#ifndef REPUTE_JSONC_MEMBERS_H
#define REPUTE_JSONC_MEMBERS_H

#include "trust/bytes.h"
#include "trust/error.h"

/* key is raw, as between its quotes; both are of the text. */
typedef void jsonc_members_sink(void *context, struct trust_bytes key, struct trust_bytes value);

/* text: a value that jsonc_site_find found. TRUST_NO_TYPE: no object; TRUST_NO_SYNTAX,
 * TRUST_NO_RANGE, TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error jsonc_members_walk(struct trust_bytes text,
                                                   jsonc_members_sink *sink, void *context);

#endif
