/*
 * What a fallback must have earned to be called vetted. Merit is what others and the node know of
 * it; whether its breaker is closed and it lately answered is asked apart, because that passes.
 */
#ifndef TRUST_SHIELD_VETTED_H
#define TRUST_SHIELD_VETTED_H

#include "trust/select.h"

/* Score, independent raters, no grave flag, no suspicion, tools that cover the primary's. */
bool trust_vetted_has_merit(const struct trust_candidate *candidate,
                            const struct trust_request *request);

/* A call or a canary was answered within the last ten minutes. */
bool trust_vetted_is_active(const struct trust_candidate *candidate, struct trust_mono now);

#endif
