/*
 * Signatures of an operator key over things that are not records: an order to the node that loosens
 * safety, a pin that the operator accepted. The purpose is part of the signed bytes, so that
 * nothing signed for one purpose, or as a record, can be shown for another.
 */
#ifndef TRUST_RECORD_STATEMENT_H
#define TRUST_RECORD_STATEMENT_H

#include "record/sign.h"

/* Letters, digits and hyphens, 1..32: it becomes "repute-<purpose>-v1\0" before the message. */
#define TRUST_PURPOSE_ORDER "order"
#define TRUST_PURPOSE_PIN "pin"

/* TRUST_NO_SIZE: the message is over TRUST_STATEMENT_SIZE_MAX. */
TRUST_MUST_USE enum trust_error trust_statement_sign(uint8_t out_signature[TRUST_SIGNATURE_SIZE],
                                                     const struct trust_secret *secret,
                                                     const char *purpose,
                                                     struct trust_bytes message);

/* TRUST_NO_SIZE, TRUST_NO_KEY (not a prime-order point), TRUST_NO_SIGNATURE. */
TRUST_MUST_USE enum trust_error
trust_statement_verify(const uint8_t signature[TRUST_SIGNATURE_SIZE], const struct trust_key *key,
                       const char *purpose, struct trust_bytes message);

#endif
