/*
 * Digests of JSON: SHA-256 over the words of a purpose and the canonical form (RFC 8785) of a
 * value, so that key order and white space change nothing, and nothing hashed for one purpose can
 * be shown for another. The words end where the form begins: with { [ " or a literal.
 */
#ifndef GUARD_DIGEST_H
#define GUARD_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/export.h"

#include "base/bytes.h"

#define DIGEST_SIZE 32
#define DIGEST_HEX_SIZE 65 /* 64 digits and the final NUL */

/* The canonical form of a value in memory of its own, which the caller frees. TRUST_NO_SYNTAX,
 * TRUST_NO_RANGE, TRUST_NO_DUPLICATE: as jcs_write. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error digest_canonical(uint8_t **out_form, size_t *out_size,
                                                 struct trust_bytes value);

/* Of the bytes as they are. */
void digest_bytes(uint8_t out_digest[DIGEST_SIZE], const char *purpose, struct trust_bytes bytes);

/* Of the canonical form; errors as above. */
TRUST_MUST_USE enum trust_error digest_json(uint8_t out_digest[DIGEST_SIZE], const char *purpose,
                                            struct trust_bytes value);

/* Of an object of those members of value, an object, that are named and there. TRUST_NO_DUPLICATE,
 * too, if one of them stands there twice; TRUST_NO_TYPE: value is no object. */
TRUST_MUST_USE enum trust_error digest_members(uint8_t out_digest[DIGEST_SIZE], const char *purpose,
                                               struct trust_bytes value, const char *const *names);

/* Of digests, whatever their order, and of what follows them. They are sorted in place. */
void digest_set(uint8_t out_digest[DIGEST_SIZE], const char *purpose,
                uint8_t (*digests)[DIGEST_SIZE], size_t count, struct trust_bytes tail);

void digest_hex(char out_hex[DIGEST_HEX_SIZE], const uint8_t digest[DIGEST_SIZE]);

#endif
