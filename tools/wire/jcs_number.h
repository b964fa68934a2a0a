/*
 * A number of JSON as RFC 8785 writes it (section 3.2.2.3): the double nearest to it in the fewest
 * digits that mean it and nothing else, laid out as ECMAScript's Number::toString does.
 */
#ifndef WIRE_JCS_NUMBER_H
#define WIRE_JCS_NUMBER_H

#include "trust/error.h"
#include "trust/export.h"

#include "base/bytes.h"
#include "base/writer.h"

/*
 * raw is a number of a checked text, of any length. Beyond 2^53 whole numbers round to doubles too,
 * so that two of them can have one form; -0 is 0, and what is nearest to 0 is 0. TRUST_NO_RANGE: no
 * finite double is near.
 */
enum trust_error jcs_put_number(struct trust_writer *writer, struct trust_bytes raw) TRUST_MUST_USE;

#endif
