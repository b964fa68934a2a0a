/*
 * The life of a record in time: from its seq to the end of its place. Pure functions of the record
 * and the wall clock that the caller brings.
 */
#ifndef TRUST_RECORD_LIFE_H
#define TRUST_RECORD_LIFE_H

#include <stdbool.h>

#include "trust/record.h"
#include "trust/time.h"

/* The record's time in unix seconds. */
uint64_t trust_record_time_s(const struct trust_record *record);

/* True if its value has ended: expires <= now. Never for a revocation. */
bool trust_record_is_expired(const struct trust_record *record, struct trust_wall now);

/* True if it is more than TRUST_SKEW_S ahead of our clock: refused for now (TRUST_NO_TIME). */
bool trust_record_is_ahead(const struct trust_record *record, struct trust_wall now);

/* When its register's place ends, unix seconds: the first 00:00 UTC at or after time + 2 years +
 * 30 days. UINT64_MAX for a revocation, which is never erased. */
uint64_t trust_record_place_end_s(const struct trust_record *record);

/* True if its place has ended (TRUST_NO_OLDER). */
bool trust_record_is_past_place(const struct trust_record *record, struct trust_wall now);

#endif
