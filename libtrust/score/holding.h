/*
 * What each kind of record becomes when a ledger slot counts with it: an edge, a fact, an alias or
 * a cut; and how it is undone. Every key that a slot is about is held meanwhile.
 */
#ifndef TRUST_SCORE_HOLDING_H
#define TRUST_SCORE_HOLDING_H

#include "trust/record.h"

#include "score/state.h"

/* See trust_scorer_hold. */
TRUST_MUST_USE enum trust_error trust_holding_set(struct trust_score_state *state, uint32_t slot,
                                                  const struct trust_record *record,
                                                  uint32_t author, uint32_t target);

/* See trust_scorer_drop. */
void trust_holding_drop(struct trust_score_state *state, uint32_t slot);

/* See trust_scorer_silence. */
void trust_holding_silence(struct trust_score_state *state, uint32_t slot,
                           enum trust_silence silence);

/* See trust_scorer_is_live. */
bool trust_holding_is_live(const struct trust_score_state *state, uint32_t slot, uint32_t now_s);

#endif
