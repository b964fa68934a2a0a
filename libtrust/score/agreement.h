/*
 * First-hand agreement: a rater whose performance ratings contradict what this node measured
 * itself is believed less about performance.
 */
#ifndef TRUST_SCORE_AGREEMENT_H
#define TRUST_SCORE_AGREEMENT_H

#include "score/state.h"

/* Works out rho of every key; returns true if one moved visibly. */
bool trust_agreement_refresh(struct trust_score_state *state, struct trust_wall now);

#endif
