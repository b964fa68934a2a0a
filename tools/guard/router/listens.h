/*
 * What a legacy client hears without asking, from modern backends, which tell nobody who does not
 * listen: the guard listens in its place, to all lists and to the resources that the client has
 * subscribed to there.
 */
#ifndef GUARD_LISTENS_H
#define GUARD_LISTENS_H

#include "guard/router/state.h"

/* The backend is ready, or other resources are subscribed to: it is listened to, from now on. */
void listens_open(struct router *r, uint32_t backend);

/* resources/subscribe and unsubscribe for a modern backend are answered here. False: it is not
 * about that. */
bool listens_take(struct router *r, struct call *call, uint64_t now);

/* The notification came since the guard listens. */
bool listens_is_own(const struct router *r, uint32_t backend, const struct message *message);

/* The answer to the guard's subscriptions/listen, which ends it. False: it is not. */
bool listens_answer(struct router *r, uint32_t backend, uint64_t id, const struct message *message,
                    uint64_t now);

/* The message failed by itself. False: it was not the guard's subscriptions/listen. */
bool listens_failed(struct router *r, uint32_t backend, uint64_t number, uint64_t now);

/* The backend is gone. */
void listens_lost(struct backend *backend);

void listens_time(struct router *r, uint64_t now);

#endif
