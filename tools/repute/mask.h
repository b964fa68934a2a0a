/*
 * A client's configuration as it may be shown: line for line the same, with every value taken out
 * that is not known to be harmless. Names stay, and what starts or addresses a server as far as
 * mask_word.h lets it; comments, values of env and headers, numbers and all other texts do not.
 */
#ifndef REPUTE_MASK_H
#define REPUTE_MASK_H

#include <stddef.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"

/* Of a text that jsonc_read takes, or an empty one: of others the lines are right, and what is
 * shown is not. The caller frees out_shown. TRUST_NO_RANGE: it is nested too deeply;
 * TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error mask_jsonc(char **out_shown, size_t *out_size,
                                           struct trust_bytes text);

#endif
