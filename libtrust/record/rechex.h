/* A single record as hex digits: the other thing that `import` takes, and what people paste. */
#ifndef TRUST_RECORD_RECHEX_H
#define TRUST_RECORD_RECHEX_H

#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"

#include "base/limits.h"

/*
 * Reads one record in hex, upper or lower case; blanks, tabs and line ends around it are allowed.
 * TRUST_NO_SYNTAX: an odd number of digits, or another character. TRUST_NO_SIZE: under 65 or over
 * 512 bytes.
 */
TRUST_MUST_USE enum trust_error trust_rechex_read(uint8_t out_bytes[TRUST_RECORD_SIZE_MAX],
                                                  size_t *out_size, struct trust_bytes text);

#endif
