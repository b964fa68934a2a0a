/* See consent.h. */
#include "node/api/consent.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

#include "node/api/api.h"
#include "node/core.h"

struct consent consent_read(struct api_body *body)
{
    struct consent consent = {.has_nonce = false};
    uint8_t nonce[CHALLENGE_NONCE_SIZE];
    if (api_body_has(body, "nonce"))
        consent.has_nonce = api_body_hex(body, "nonce", nonce, sizeof nonce);
    if (api_body_has(body, "signature"))
        consent.has_signature =
            api_body_hex(body, "signature", consent.signature, sizeof consent.signature);
    if (consent.has_nonce)
        (void)sodium_bin2hex(consent.nonce, sizeof consent.nonce, nonce, sizeof nonce);
    return consent;
}

bool consent_check(struct api_call *call, const struct consent *consent,
                   const struct consent_order *order)
{
    struct core *core = call->core;
    if (!core->has_operator) {
        api_refuse(call, TRUST_NO_OPERATOR, NULL,
                   "this order needs an operator's signature, and the node has no operator");
        return false;
    }
    char argument[24];
    (void)snprintf(argument, sizeof argument, "%" PRIu64, order->seconds);
    const struct challenge_order signed_order = {
        .verb = order->verb,
        .subject = order->subject,
        .argument = order->seconds == 0 ? NULL : argument,
        .nonce = consent->has_nonce ? consent->nonce : NULL,
        .signature = consent->has_signature ? consent->signature : NULL,
    };
    if (challenge_check(&call->api->challenge, &core->operator_key, &signed_order,
                        core->now.mono) == TRUST_OK)
        return true;
    api_refuse(call, TRUST_NO_CHALLENGE, NULL, "%s",
               consent->has_nonce && consent->has_signature
                   ? "the nonce is not out any more, or the signature is not the operator's"
                   : "this order loosens safety: it needs a nonce and the operator's signature");
    return false;
}
