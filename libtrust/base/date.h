/*
 * Times as people and documents write them: RFC 3339 in UTC with whole seconds,
 * "2026-11-20T09:42:12Z". The calendar is the proleptic Gregorian one, by the days_from_civil of
 * H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013).
 */
#ifndef TRUST_BASE_DATE_H
#define TRUST_BASE_DATE_H

#include <stdbool.h>

#include "base/bytes.h"

#define TRUST_DATE_SIZE 21 /* 20 characters and the final NUL */
/* 9999-12-31T23:59:59Z: a later one has no four-digit year. */
#define TRUST_DATE_S_MAX UINT64_C(253402300799)

/* Writes the date of a unix time in seconds; times above TRUST_DATE_S_MAX are written as that. */
void trust_date_encode(char out_text[TRUST_DATE_SIZE], uint64_t unix_s);

/* Reads exactly what trust_date_encode writes, from 1970 on. False: anything else. */
bool trust_date_decode(uint64_t *out_unix_s, struct trust_bytes text);

#endif
