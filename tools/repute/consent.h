/*
 * Orders to the node that may loosen safety: release a server, close its breaker. The node wants
 * the operator's signature over them with a nonce of its own, so that an agent that runs as the
 * operator's user cannot give them.
 */
#ifndef REPUTE_CONSENT_H
#define REPUTE_CONSENT_H

#include <jansson.h>

#include "repute/context.h"

struct consent_order {
    enum trust_request_method method;
    const char *path;            /* of the API: "/v1/quarantine" */
    json_t *body;                /* nonce and signature are added to it */
    const char *verb;            /* "release" */
    const char *subject;         /* canonical, or the whole id of a record */
    uint64_t seconds;            /* the order's argument; 0: none */
    const char *passphrase_file; /* NULL: the terminal is asked */
};

/*
 * Sends the order as it is and, if the node asks for the operator's consent, once more, signed. The
 * key is opened, and a passphrase asked for, only then.
 */
TRUST_MUST_USE enum trust_error consent_send(struct context *context, json_t **out_answer,
                                             const struct consent_order *order);

#endif
