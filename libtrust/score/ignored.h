/* What is known about a server and counts for nothing, each with its reason. */
#ifndef TRUST_SCORE_IGNORED_H
#define TRUST_SCORE_IGNORED_H

#include "score/state.h"

/* Fills the ignored rows. state->choices are the count ratings that do count, ascending by
 * author. */
void trust_ignored_list(const struct trust_score_state *state,
                        struct trust_explanation *explanation, const struct trust_case *question,
                        uint32_t count);

#endif
