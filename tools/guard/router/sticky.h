/*
 * What only one server can go on with: a task that it began, and a request whose first half it
 * answered with a question (resultType "input_required"). Both come back with a text of the
 * server's own making; here it is remembered whose it is.
 */
#ifndef GUARD_STICKY_H
#define GUARD_STICKY_H

#include "guard/router/state.h"

/* A result that is passed to the client. */
void sticky_answered(struct router *r, const struct call *call, const struct message *message);

/* Keeps a new call that goes on with something to the server that has it. */
void sticky_bind(struct router *r, struct call *call);

#endif
