/*
 * From evidence to a score: the arithmetic alone, without any record.
 */
#ifndef TRUST_SCORE_CONCLUDE_H
#define TRUST_SCORE_CONCLUDE_H

#include "trust/score.h"

/* The evidence of a question; categories stand at enum trust_category - 1. */
struct trust_sums {
    double good[TRUST_SCORE_CATEGORIES]; /* sum of omega x, and own good calls */
    double all[TRUST_SCORE_CATEGORIES];  /* sum of omega, own calls and garbage */
};

/* Fills what follows from the sums and from score->factor: everything but flags, raters, first
 * hops and manifest_changed. */
void trust_conclude(struct trust_score *score, const struct trust_sums *sums);

/* Below: unknown. Below the second: weak. */
#define TRUST_EVIDENCE_WEAK 1.0
#define TRUST_EVIDENCE_OK 5.0

#endif
