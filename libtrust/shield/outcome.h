/* The table behind trust_outcome_effect, for callers that look at it on every call. */
#ifndef TRUST_SHIELD_OUTCOME_H
#define TRUST_SHIELD_OUTCOME_H

#include "trust/outcome.h"

/* Indexed by class; the last row is a session lost twice in a row. */
extern const struct trust_outcome_effect trust_outcome_effects[TRUST_OUTCOME_CLASS_COUNT + 1];

static inline const struct trust_outcome_effect *
trust_outcome_effect_row(enum trust_outcome_class class_, bool was_session_lost)
{
    if (class_ == TRUST_OUTCOME_SESSION_LOST && was_session_lost)
        return &trust_outcome_effects[TRUST_OUTCOME_CLASS_COUNT];
    return &trust_outcome_effects[class_];
}

#endif
