/*
 * POST /v1/leases: leave to call a server from its shared breaker, and the text that stands for a
 * lease: GENERATION-SLOT-CHECK-HOLDER. It is a bearer's: whoever brings it back settles it, over
 * whatever connection, for only its holder was ever told the holder's number.
 */
#ifndef API_LEASES_H
#define API_LEASES_H

#include "trust/breaker.h"

#include "node/api/body.h"
#include "node/api/route.h"

#define LEASES_TEXT_SIZE 40

struct leases_lease {
    struct trust_permit permit;
    uint64_t holder; /* the agent that it was given to */
};

api_handle leases_ask;

void leases_format(char out_text[LEASES_TEXT_SIZE], const struct leases_lease *lease);

/* TRUST_NO_SYNTAX: anything but what leases_format writes. */
TRUST_MUST_USE enum trust_error leases_parse(struct leases_lease *out_lease, const char *text);

/* The number of the agent who calls. The operator's socket is one agent's: its user. */
uint64_t leases_agent(const struct api_call *call);

/*
 * Milliseconds until a server may be asked for again by what its breaker says: 0: now;
 * TRUST_NEVER_MS: time alone does not bring it.
 */
uint64_t leases_wait_ms(const struct trust_breaker_view *view, struct trust_mono now);

/* Writes such a time; never is null. */
void leases_put_ms(struct api_doc *doc, const char *key, uint64_t ms);

#endif
