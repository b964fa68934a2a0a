/*
 * The flags of a server: how much they take from its score, and which of them count.
 *
 * Each scanner counts at its worst. Scanners that the operator does not know share one voice, so
 * that splitting a key gains nothing.
 */
#ifndef TRUST_SCORE_FLAGGING_H
#define TRUST_SCORE_FLAGGING_H

#include "score/state.h"

/* Fills factor, flag_count, flags_shown and flags of a score. Flags above worst are left out: what
 * would the score be without them? */
void trust_flagging_judge(struct trust_score_state *state, struct trust_score *score,
                          const struct trust_case *question, enum trust_severity worst);

/* Why a flag does not count for the question; false: nothing is against it. */
bool trust_flagging_ignores(const struct trust_score_state *state,
                            enum trust_ignored_reason *out_reason,
                            const struct trust_case *question, uint32_t slot);

#endif
