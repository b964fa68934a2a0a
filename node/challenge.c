/* See challenge.h. */
#include "node/challenge.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "base/line.h"
#include "record/statement.h"

enum trust_error challenge_add(struct challenge *challenge,
                               const uint8_t bytes[CHALLENGE_NONCE_SIZE], struct trust_mono now)
{
    for (uint32_t i = 0; i < TRUST_NONCES_MAX; i++) {
        struct challenge_nonce *nonce = &challenge->nonces[i];
        if (nonce->until.ms > now.ms)
            continue;
        memcpy(nonce->bytes, bytes, sizeof nonce->bytes);
        nonce->until.ms = now.ms + TRUST_NONCE_MS;
        return TRUST_OK;
    }
    return TRUST_NO_BUSY;
}

/* True if it was out; it is not any more. */
static bool take(struct challenge *challenge, const char *text, struct trust_mono now)
{
    uint8_t bytes[CHALLENGE_NONCE_SIZE];
    if (!trust_line_hex(bytes, sizeof bytes, trust_bytes_text(text)))
        return false;
    for (uint32_t i = 0; i < TRUST_NONCES_MAX; i++) {
        struct challenge_nonce *nonce = &challenge->nonces[i];
        if (nonce->until.ms > now.ms && sodium_memcmp(nonce->bytes, bytes, sizeof bytes) == 0) {
            *nonce = (struct challenge_nonce){0};
            return true;
        }
    }
    return false;
}

enum trust_error challenge_check(struct challenge *challenge, const struct trust_key *key,
                                 const struct challenge_order *order, struct trust_mono now)
{
    if (order->nonce == NULL || !take(challenge, order->nonce, now))
        return TRUST_NO_CHALLENGE;
    if (order->signature == NULL)
        return TRUST_NO_CHALLENGE;
    uint8_t message[TRUST_STATEMENT_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(message, sizeof message);
    trust_line_put_text(&writer, order->verb);
    trust_line_put_text(&writer, "\n");
    trust_line_put_text(&writer, order->subject);
    trust_line_put_text(&writer, "\n");
    trust_line_put_text(&writer, order->argument == NULL ? "-" : order->argument);
    trust_line_put_text(&writer, "\n");
    trust_line_put_text(&writer, order->nonce);
    if (trust_writer_has_overflowed(&writer))
        return TRUST_NO_CHALLENGE;
    enum trust_error error = trust_statement_verify(order->signature, key, TRUST_PURPOSE_ORDER,
                                                    trust_writer_bytes(&writer));
    return error == TRUST_OK ? TRUST_OK : TRUST_NO_CHALLENGE;
}
