/*
 * POST /v1/leases: leave to call a server from its shared breaker, and the text that stands for a
 * lease: GENERATION-SLOT-CHECK-HOLDER. It is a bearer's: whoever brings it back settles it, over
 * whatever connection, for only its holder was ever told the holder's number. When the connection
 * that it was given over ends, others may have its place.
 */
#ifndef API_LEASES_H
#define API_LEASES_H

#include "trust/breaker.h"

#include "base/limits.h"
#include "node/api/body.h"
#include "node/api/route.h"

#define LEASES_TEXT_SIZE 40

struct api;

struct leases_lease {
    struct trust_permit permit;
    uint64_t holder; /* the agent that it was given to */
};

/* The leases that were given over each connection; of more the eldest is forgotten, and then has
 * to end by itself. */
struct leases_given {
    uint64_t connection; /* 0: none */
    uint32_t server;
    struct leases_lease lease;
};

struct leases_book {
    struct leases_given given[TRUST_API_LEASES_KEPT];
    uint32_t next;
};

api_handle leases_ask;

/* Notes that the caller was given a lease; to be called for each. */
void leases_note(const struct api_call *call, uint32_t server, const struct leases_lease *lease);

/* A connection ended: who was given leases over it is taken for gone. */
void leases_end(struct api *api, uint64_t connection);

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
