/*
 * Modern clients that listen to legacy backends: those tell everybody everything, so the guard
 * keeps the stream, subscribes to the resources that are named, and passes on what was asked for.
 */
#ifndef GUARD_LISTENERS_H
#define GUARD_LISTENERS_H

#include "guard/router/state.h"

/* subscriptions/listen for a legacy backend is begun here. False: it is not about that. */
bool listeners_take(struct router *r, struct call *call, uint64_t now);

/* A call that was begun so ends while its backend lives. */
void listeners_end(struct router *r, const struct call *call);

/* A legacy backend says that a resource has changed. False: its client hears that by itself. */
bool listeners_updated(struct router *r, uint32_t backend, const struct message *message);

#endif
