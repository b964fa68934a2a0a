/*
 * Notifications, both ways, and what is remembered so that a backend that comes back or steps in
 * goes on where the last one stopped: subscriptions and the log level.
 */
#ifndef GUARD_NOTICES_H
#define GUARD_NOTICES_H

#include "guard/router/state.h"

/* A notification of the client. */
void notices_client(struct router *r, const struct message *message, uint64_t now);

/* A notification of a backend. */
void notices_backend(struct router *r, uint32_t backend, const struct message *message,
                     uint64_t now);

/* The tools that the client may see or use may have changed. */
void notices_offer(struct router *r, uint64_t now);

void notices_time(struct router *r, uint64_t now);

/* A backend has become ready: it hears what was said before it was there. */
void notices_ready(struct router *r, uint32_t backend);

/* A backend is gone: another one that is ready takes over its subscriptions. */
void notices_lost(struct router *r, uint32_t backend);

/* A call was answered with a result: a subscription or its end is remembered. */
void notices_answered(struct router *r, const struct call *call);

/* The backend, as a mask, that was told of this subscription; all: none was. */
uint32_t notices_owner(const struct router *r, struct trust_bytes uri);

/* Some subscription is that backend's. */
bool notices_has_owner(const struct router *r, uint32_t backend);

void notices_close(struct router *r);

#endif
