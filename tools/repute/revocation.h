/* The record that ends the operator key: made, kept in keys/revocation.rec and read again. */
#ifndef REPUTE_REVOCATION_H
#define REPUTE_REVOCATION_H

#include "record/sign.h"
#include "repute/context.h"

/* Signs one with seq. last_seq is 0 if and only if the reason is compromised; successor may be
 * NULL. The verdicts of trust_record_sign. */
TRUST_MUST_USE enum trust_error revocation_sign(struct trust_signed *out_signed,
                                                const struct trust_secret *secret,
                                                const struct trust_network *network, uint64_t seq,
                                                const struct trust_revocation *revocation);

/* Writes it to keys/revocation.rec, a record file of its own that `import` and `verify` take, 0600.
 * TRUST_NO_CONFLICT: one is there, which stands. */
TRUST_MUST_USE enum trust_error revocation_store(struct context *context,
                                                 const struct trust_signed *record,
                                                 const struct trust_network *network);

/* Reads it back, whole and verified. TRUST_NO_FOUND: there is none; TRUST_NO_FILE: others may read
 * or write it; TRUST_NO_NETWORK: it was made for another network; and those of record/verify.h. */
TRUST_MUST_USE enum trust_error revocation_load(struct context *context,
                                                struct trust_signed *out_record,
                                                const struct trust_network *network);

#endif
