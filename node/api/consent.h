/*
 * The operator's consent to an order that loosens safety: members nonce and signature of a body,
 * and whether they are right (node/challenge.h).
 */
#ifndef API_CONSENT_H
#define API_CONSENT_H

#include "node/api/body.h"
#include "record/sign.h"

struct consent {
    char nonce[65];
    uint8_t signature[TRUST_SIGNATURE_SIZE];
    bool has_nonce;
    bool has_signature;
};

/* Reads the two members, both optional: an order that tightens needs neither. */
struct consent consent_read(struct api_body *body);

struct consent_order {
    const char *verb;
    const char *subject;
    uint64_t seconds; /* the order's argument; 0: none */
};

/* False: the call was refused, TRUST_NO_OPERATOR or TRUST_NO_CHALLENGE. To be asked last, when
 * nothing else is wrong with the order: it uses the nonce up. */
bool consent_check(struct api_call *call, const struct consent *consent,
                   const struct consent_order *order);

#endif
