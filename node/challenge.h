/*
 * What loosens safety needs the operator key, which no daemon has: an order is signed together with
 * a nonce that this process gave out, so that nothing can be replayed, and an agent that runs as
 * the operator's own user still cannot give the order.
 */
#ifndef CHALLENGE_H
#define CHALLENGE_H

#include <stdint.h>

#include "trust/error.h"
#include "trust/key.h"
#include "trust/time.h"

#include "base/limits.h"

#define CHALLENGE_NONCE_SIZE 32
#define CHALLENGE_NONCE_TEXT_SIZE 65

struct challenge_nonce {
    uint8_t bytes[CHALLENGE_NONCE_SIZE];
    struct trust_mono until; /* 0: free */
};

/* The nonces that are out. Zeros: none. */
struct challenge {
    struct challenge_nonce nonces[TRUST_NONCES_MAX];
};

/* Puts random bytes out as a nonce. TRUST_NO_BUSY: as many as may be are out already. */
TRUST_MUST_USE enum trust_error challenge_add(struct challenge *challenge,
                                              const uint8_t bytes[CHALLENGE_NONCE_SIZE],
                                              struct trust_mono now);

/* An order as it is signed: VERB, SUBJECT, ARGUMENT and the nonce in hex, with line feeds between
 * them. */
struct challenge_order {
    const char *verb;
    const char *subject;
    const char *argument;     /* NULL: none, written "-" */
    const char *nonce;        /* NULL: missing */
    const uint8_t *signature; /* of TRUST_SIGNATURE_SIZE; NULL: missing */
};

/*
 * TRUST_OK: the holder of key ordered it just now. The nonce is used up in any case.
 * TRUST_NO_CHALLENGE: nonce or signature is missing or wrong.
 */
TRUST_MUST_USE enum trust_error challenge_check(struct challenge *challenge,
                                                const struct trust_key *key,
                                                const struct challenge_order *order,
                                                struct trust_mono now);

#endif
