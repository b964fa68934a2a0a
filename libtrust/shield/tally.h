/* What the node's shared cells do to a breaker beyond its public calls. */
#ifndef TRUST_SHIELD_TALLY_H
#define TRUST_SHIELD_TALLY_H

#include "trust/breaker.h"

/* Counts an outcome into a closed or metrics_only cell without judging it; in other states, or with
 * a permit of an earlier generation, it feeds latency and quality alone. permit may be NULL. */
void trust_breaker_tally(struct trust_breaker *breaker, const struct trust_permit *permit,
                         const struct trust_outcome *outcome,
                         const struct trust_breaker_context *context);

#endif
