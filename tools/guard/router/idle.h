/*
 * Backends that are used no more: after the group's idle_timeout without a call they are stopped,
 * and started again by the next call that wants them. That is no failure: no call is settled by it,
 * and no back-off counts.
 */
#ifndef GUARD_IDLE_H
#define GUARD_IDLE_H

#include "guard/router/state.h"

/* It has become ready, was given a call, or is rid of one. */
void idle_used(struct router *r, uint32_t backend, uint64_t now);

/* Stops those whose time is over. */
void idle_time(struct router *r, uint64_t now);

/* Stops one without waiting, if nothing goes on there. */
void idle_spare(struct router *r, uint32_t backend);

/* It has stopped as it was told to: wanted again if a call waits for it. */
void idle_stopped(struct router *r, uint32_t backend);

#endif
