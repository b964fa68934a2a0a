/* Decoding a body alone; whole records go through trust_record_decode (trust/record.h). */
#ifndef TRUST_RECORD_DECODE_H
#define TRUST_RECORD_DECODE_H

#include "trust/error.h"
#include "trust/record.h"

/* Reads a body without its signature: at most 448 bytes. The verdicts of trust_record_decode. */
TRUST_MUST_USE enum trust_error trust_body_decode(struct trust_record *out_record,
                                                  struct trust_bytes body);

#endif
