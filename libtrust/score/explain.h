/* The reasons behind a score: contributions, paths, what was ignored and what would change it. */
#ifndef TRUST_SCORE_EXPLAIN_H
#define TRUST_SCORE_EXPLAIN_H

#include "score/assess.h"

/* hops are those of the last solve. */
void trust_explain(struct trust_score_state *state, struct trust_explanation *out_explanation,
                   const struct trust_case *question);

#endif
