/* See nonces.h. */
#include "node/api/nonces.h"

#include <sodium.h>

#include "node/api/api.h"
#include "node/api/body.h"
#include "node/core.h"

void nonces_make(struct api_call *call)
{
    struct api_body body = api_body_open(call);
    if (!api_body_end(&body))
        return;
    uint8_t nonce[CHALLENGE_NONCE_SIZE];
    randombytes_buf(nonce, sizeof nonce);
    if (challenge_add(&call->api->challenge, nonce, call->core->now.mono) != TRUST_OK) {
        api_refuse(call, TRUST_NO_BUSY, "use those that are out, or wait a minute",
                   "%d nonces are out already", TRUST_NONCES_MAX);
        return;
    }
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    api_doc_hex(&doc, "nonce", (struct trust_bytes){.data = nonce, .size = sizeof nonce});
    api_doc_count(&doc, "expires_s", TRUST_NONCE_MS / 1000);
    api_doc_close_object(&doc);
    api_answer(call, &doc);
}
