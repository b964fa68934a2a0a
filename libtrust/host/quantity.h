/*
 * Numbers with units, as people write them in the configuration and on the command line: durations
 * ("250ms", "30s", "5m", "2h", "180d", "1y"), sizes ("512B", "64KiB", "8GiB") and ratios ("0.5").
 * A number without its unit is refused: nobody should have to guess what 30 means.
 */
#ifndef TRUST_HOST_QUANTITY_H
#define TRUST_HOST_QUANTITY_H

#include <stddef.h>
#include <stdint.h>

#include "trust/error.h"

/* Room for the text of any quantity, with its NUL. */
#define TRUST_QUANTITY_TEXT_SIZE 32

/* Milliseconds. Whole numbers with one unit of ms, s, m, h, d, w, y (365 d); "0" needs no unit.
 * TRUST_NO_SYNTAX: no number or unit; TRUST_NO_RANGE: over 2^53 ms. */
TRUST_MUST_USE enum trust_error trust_duration_parse(uint64_t *out_ms, const char *text);

/* Bytes. Whole numbers with one unit of B, KiB, MiB, GiB, TiB; "0" needs no unit.
 * TRUST_NO_SYNTAX; TRUST_NO_RANGE: over 2^53 bytes. */
TRUST_MUST_USE enum trust_error trust_size_parse(uint64_t *out_size, const char *text);

/* A decimal number without exponent: digits, optionally a point and digits, optionally a sign.
 * TRUST_NO_SYNTAX. The locale plays no part. */
TRUST_MUST_USE enum trust_error trust_number_parse(double *out_value, const char *text);

/* A whole number from 0 to 2^53. TRUST_NO_SYNTAX, TRUST_NO_RANGE. */
TRUST_MUST_USE enum trust_error trust_whole_parse(uint64_t *out_value, const char *text);

/* The largest unit that divides the value: 30000 is "30s", 1500 is "1500ms". */
void trust_duration_format(char out_text[TRUST_QUANTITY_TEXT_SIZE], uint64_t ms);
void trust_size_format(char out_text[TRUST_QUANTITY_TEXT_SIZE], uint64_t size);

#endif
