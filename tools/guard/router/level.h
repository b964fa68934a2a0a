/*
 * Which entries of their logs backends tell: a legacy client says it once and for all, a modern one
 * in each request. Legacy backends are told when it changes, modern ones with each request.
 */
#ifndef GUARD_LEVEL_H
#define GUARD_LEVEL_H

#include "guard/router/state.h"

/* A JSON string. */
void level_set(struct router *r, struct trust_bytes level);

/* A modern client says it with a call for a legacy backend. */
void level_hear(struct router *r, const struct call *call);

/* The backend has become ready. */
void level_tell(struct router *r, uint32_t backend);

/* The client wants entries of that backend's log: a modern one that has not said so does not. */
bool level_is_wanted(const struct router *r, uint32_t backend);

#endif
