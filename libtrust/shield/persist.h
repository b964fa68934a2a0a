/*
 * A breaker as fixed bytes that outlive the process: big-endian, in remaining times, never an
 * absolute one, because the monotonic clock starts anew with the machine.
 *
 * Kept: state, reason, k, note, denied, the time in the state and what is left of it. Counters,
 * latencies and leases begin empty. half_open is kept as open with nothing left.
 */
#ifndef TRUST_SHIELD_PERSIST_H
#define TRUST_SHIELD_PERSIST_H

#include "trust/breaker.h"
#include "trust/bytes.h"

#define TRUST_BREAKER_SNAPSHOT_SIZE 40

/* Writes the cell as it is at context->now; the cell is left as it is. */
void trust_breaker_save(const struct trust_breaker *breaker,
                        uint8_t out_bytes[TRUST_BREAKER_SNAPSHOT_SIZE],
                        const struct trust_breaker_context *context);

/*
 * Makes a cell of a snapshot at context->now, in a new generation, with an event. seed is a fresh
 * one, so that a lease of the earlier life fits no slot.
 * TRUST_NO_SIZE, TRUST_NO_VERSION; TRUST_NO_RANGE: a state, reason or time that is never written.
 * The cell is written only on success.
 */
TRUST_MUST_USE enum trust_error trust_breaker_load(struct trust_breaker *out_breaker,
                                                   struct trust_bytes bytes, uint64_t seed,
                                                   const struct trust_breaker_context *context);

#endif
