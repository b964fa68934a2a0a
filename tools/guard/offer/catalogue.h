/*
 * What one session's router asks of contract and pins (offer.h), kept for the backends of a group.
 * The session owns it, as follows:
 *
 *   a line of the client     catalogue_hear, then router_client_line
 *   ROUTER_LEARNED           catalogue_judge, then router_judged
 *   about once a second      catalogue_refresh; if it is true, router_offer_changed
 *
 * Backend 0 is the group's primary, the others are its fallbacks in their order.
 */
#ifndef GUARD_CATALOGUE_H
#define GUARD_CATALOGUE_H

#include "guard/offer/contract.h"
#include "guard/offer/pins.h"
#include "guard/router/offer.h"

struct catalogue;

struct catalogue_config {
    const struct trust_group *group;      /* outlives the catalogue, as all below */
    struct pins *pins;                    /* may be shared by sessions of one thread */
    const struct trust_key *operator_key; /* of keys/operator.pub; NULL: there is none */
};

/* What judging a backend found, for the log and for the node. */
struct catalogue_news {
    struct pins_verdict verdict;
    enum trust_error stored;           /* not TRUST_OK: the pins are kept in memory alone */
    uint8_t manifest[DIGEST_SIZE];     /* of what it offers now... */
    uint8_t capabilities[DIGEST_SIZE]; /* ...to such a client */
};

TRUST_MUST_USE enum trust_error catalogue_new(struct catalogue **out_catalogue,
                                              const struct catalogue_config *config);
void catalogue_free(struct catalogue *catalogue); /* NULL does nothing */

/* The table for router_config; the catalogue outlives the router. */
struct offer catalogue_offer(struct catalogue *catalogue);

/* The client's capabilities, if this line says them: pins belong to them. */
void catalogue_hear(struct catalogue *catalogue, struct trust_bytes line);

/* All of a backend was learned. TRUST_FAIL_MEMORY: nothing of it is offered. */
TRUST_MUST_USE enum trust_error catalogue_judge(struct catalogue *catalogue,
                                                struct catalogue_news *out_news, uint32_t backend,
                                                uint64_t now_s);

/* Reads pins that others have changed; true: something may be offered otherwise. */
bool catalogue_refresh(struct catalogue *catalogue, uint64_t now_s);

/* Digest of what a backend offers, or else of what is pinned of it; NULL: nothing is known. */
const uint8_t *catalogue_manifest(const struct catalogue *catalogue, uint32_t backend);

/* The input schema that the client was promised for a tool, by its name, decoded. Empty: none. */
struct trust_bytes catalogue_input(const struct catalogue *catalogue, struct trust_bytes tool);

#endif
