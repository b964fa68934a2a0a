/*
 * The leases of a half-open generation: at most `probes` of them, each with an end. While a cell is
 * half-open its until_ms is the earliest of those ends, so that one comparison tells whether
 * anything is due, and its bucket_end_ms counts the leases given.
 *
 * A spare lease is one that its holder keeps only while nobody else wants its place: it settles
 * like any other, but when it ends unsettled that says nothing of the server.
 */
#ifndef TRUST_SHIELD_LEASE_H
#define TRUST_SHIELD_LEASE_H

#include "trust/breaker.h"

/* Leases outstanding. */
uint32_t trust_lease_count(const struct trust_breaker *breaker);

/* True if this agent holds one that is not spare. */
bool trust_lease_is_held(const struct trust_breaker *breaker, uint64_t agent);

/* True if the permit names a lease that is outstanding. */
bool trust_lease_is_live(const struct trust_breaker *breaker, const struct trust_permit *permit);

/* True if the permit names a lease that is outstanding and was given to this agent. */
bool trust_lease_is_of(const struct trust_breaker *breaker, const struct trust_permit *permit,
                       uint64_t agent);

/* Takes a free slot, of which there must be one, until end. */
struct trust_permit trust_lease_add(struct trust_breaker *breaker, uint64_t agent,
                                    struct trust_mono end);

/* Frees the slot of a live lease. */
void trust_lease_remove(struct trust_breaker *breaker, uint8_t slot);

/* Makes a live lease a spare one. */
void trust_lease_spare(struct trust_breaker *breaker, uint8_t slot);

bool trust_lease_is_spare(const struct trust_breaker *breaker, uint8_t slot);

/* Frees the slot of a spare lease that another agent than this one holds; false: there is none. */
bool trust_lease_remove_spare(struct trust_breaker *breaker, uint64_t agent);

/* Frees the slot of the lease that ends first; there must be one. True if it was spare. */
bool trust_lease_remove_first(struct trust_breaker *breaker);

/* Frees all slots of a cell in any state: what becomes of those calls settles nothing. */
void trust_lease_cancel_all(struct trust_breaker *breaker);

#endif
