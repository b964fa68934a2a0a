/*
 * The start of libsodium, with a self-test of the three properties that the accept rule for
 * signatures rests on. A library that fails it is not used: nodes that accept different records
 * could never agree again.
 */
#ifndef TRUST_RECORD_SODIUM_H
#define TRUST_RECORD_SODIUM_H

#include "trust/error.h"

/*
 * Call once before anything else of record/, in every process; calling it again is harmless.
 * TRUST_FAIL_CRYPTO: the library does not start, calls a point of order 2L prime-order
 * (CVE-2025-69277), or verifies a signature that the rule refuses.
 */
TRUST_MUST_USE enum trust_error trust_sodium_start(void);

#endif
