/*
 * POST /v1/leases: leave to call a server from its shared breaker, and the text that stands for a
 * lease: GENERATION-SLOT-CHECK.
 */
#ifndef API_LEASES_H
#define API_LEASES_H

#include "trust/breaker.h"

#include "node/api/body.h"
#include "node/api/route.h"

#define LEASES_TEXT_SIZE 24

api_handle leases_ask;

/* A permit that is a lease as text. */
void leases_format(char out_text[LEASES_TEXT_SIZE], const struct trust_permit *permit);

/* TRUST_NO_SYNTAX: anything but what leases_format writes. */
TRUST_MUST_USE enum trust_error leases_parse(struct trust_permit *out_permit, const char *text);

/* The number of the agent who calls, by the member "agent" of the body if there is one. */
uint64_t leases_agent(struct api_body *body);

/*
 * Milliseconds until a server may be asked for again by what its breaker says: 0: now;
 * TRUST_NEVER_MS: time alone does not bring it.
 */
uint64_t leases_wait_ms(const struct trust_breaker_view *view, struct trust_mono now);

/* Writes such a time; never is null. */
void leases_put_ms(struct api_doc *doc, const char *key, uint64_t ms);

#endif
