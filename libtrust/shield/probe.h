/* The half-open state: who may probe, what a result does, and the verdict once it is certain. */
#ifndef TRUST_SHIELD_PROBE_H
#define TRUST_SHIELD_PROBE_H

#include "trust/breaker.h"

#include "shield/window.h"

/* Asks for a lease in half_open; false if none is free or the agent has its share. The place of
 * somebody else's spare lease is free. */
bool trust_probe_ask(struct trust_breaker *breaker, struct trust_permit *out_permit, uint64_t agent,
                     const struct trust_breaker_context *context);

/* Counts a result dated at_ms, and closes or opens the breaker if that settles it. */
void trust_probe_count(struct trust_breaker *breaker, struct trust_window_call call, uint64_t at_ms,
                       const struct trust_breaker_context *context);

/* The lease that ends at breaker->until_ms is lost: a failure dated at its end, or nothing if it
 * was spare. */
void trust_probe_lose(struct trust_breaker *breaker, const struct trust_breaker_context *context);

#endif
