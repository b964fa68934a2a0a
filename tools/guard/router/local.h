/*
 * Requests that the guard answers itself, out of what is pinned and without asking anybody:
 * initialize, server/discover, ping, tools/list, logging/setLevel. Only while nothing at all is
 * pinned yet, the first of them waits for what the first backend says of itself.
 */
#ifndef GUARD_LOCAL_H
#define GUARD_LOCAL_H

#include "guard/router/state.h"

/* False: the request is not the guard's own. True: it was, and line was taken. */
bool local_request(struct router *r, uint8_t *line, const struct message *message, uint64_t tag,
                   uint64_t now);

/* Something was learned: answers what waited for it. */
void local_learned(struct router *r);

/* A backend is of no use: if all are, nothing is waited for. */
void local_hopeless(struct router *r);

/* It has waited long enough: it is answered with what there is. */
void local_late(struct router *r, struct call *call);

#endif
