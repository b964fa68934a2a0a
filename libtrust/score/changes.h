/* What would change a server's status: the rows at the end of an explanation. */
#ifndef TRUST_SCORE_CHANGES_H
#define TRUST_SCORE_CHANGES_H

#include "score/assess.h"

/* Writes up to TRUST_EXPLAIN_CHANGES_MAX rows and returns how many. It asks the state other
 * questions, so state->choices are no longer the assessment's. */
uint32_t trust_changes_find(struct trust_score_state *state, struct trust_change *out_changes,
                            const struct trust_score *score,
                            const struct trust_assessment *assessment,
                            const struct trust_case *question);

#endif
