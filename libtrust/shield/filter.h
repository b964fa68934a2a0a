/* The first three stages of a selection, for one candidate: tools, hard rules, breakers. */
#ifndef TRUST_SHIELD_FILTER_H
#define TRUST_SHIELD_FILTER_H

#include "shield/gate.h"

/*
 * Fills all of out_choice but index. True: it may serve, and why is its place under primary_first
 * (PRIMARY, VETTED, NAMED, KNOWN, HELD_BACK or STARTING). False: why is the rule that refused it.
 * out_gates is written in either case.
 */
bool trust_filter(struct trust_choice *out_choice, struct trust_gates *out_gates,
                  const struct trust_candidate *candidate, const struct trust_request *request);

/* How long a starting primary is still waited for; 0: no longer. */
uint32_t trust_filter_wait_ms(const struct trust_candidate *candidate,
                              const struct trust_request *request);

#endif
