/*
 * The canonical form of a JSON value, RFC 8785 (JCS): what a pin hashes, and what tells whether two
 * calls have the same arguments. No white space, members sorted by the UTF-16 units of their keys,
 * strings with the least escapes, numbers as doubles (jcs_number.h).
 */
#ifndef WIRE_JCS_H
#define WIRE_JCS_H

#include <stddef.h>

#include "trust/error.h"
#include "trust/export.h"

#include "base/bytes.h"
#include "base/writer.h"

/* Memory for the members of all objects that are open at a time, the caller's. */
struct jcs_member {
    struct trust_bytes key;
    struct trust_bytes value;
};

/* So many members are enough for this text: its colons. */
size_t jcs_count_members(struct trust_bytes text);

/*
 * Writes value, which need not have been checked. The canonical form can be longer than the value:
 * 1e20 has 21 digits. TRUST_NO_SYNTAX: no JSON. TRUST_NO_RANGE: deeper than TRUST_WIRE_DEPTH_MAX, a
 * lone surrogate, or a number that is no double. TRUST_NO_DUPLICATE: a key stands twice in an
 * object. TRUST_NO_ROOM: the writer or the members are full. After a refusal what was written is of
 * no use.
 *
 * Every value is scanned once for each level around it.
 */
enum trust_error jcs_write(struct trust_writer *writer, struct jcs_member *members,
                           size_t members_count, struct trust_bytes value) TRUST_MUST_USE;

#endif
