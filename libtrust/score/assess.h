/*
 * A question judged: flags, the ratings that count, own calls, and the score that follows.
 */
#ifndef TRUST_SCORE_ASSESS_H
#define TRUST_SCORE_ASSESS_H

#include "score/conclude.h"
#include "score/evidence.h"

struct trust_assessment {
    struct trust_sums sums;
    struct trust_own_evidence own;
    uint32_t count; /* state->choices: the ratings that count, ascending by author, order holding
                       the bits of each omega */
};

/* hops are those of the last solve. */
void trust_assess(struct trust_score_state *state, struct trust_score *score,
                  struct trust_assessment *out_assessment, const struct trust_case *question);

/* omega of a choice of an assessment. Bits of doubles that are not negative sort as they do. */
double trust_choice_omega(const struct trust_score_choice *choice);

/* The evidence of a question alone, at its time. */
double trust_assess_evidence(struct trust_score_state *state, const struct trust_case *question);

#endif
