/*
 * Questions of a modern backend to a legacy client. The backend's answer to a call is that it has
 * to know something first: each question becomes a request to the client, and when all are answered
 * the call goes to the same backend again, with the answers. Meanwhile no backend has the call: it
 * may die and come back, since the state of the round travels with the call.
 */
#ifndef GUARD_ROUNDS_H
#define GUARD_ROUNDS_H

#include "guard/router/state.h"
#include "wire/splice.h"

/* The backend has answered the call with input_required. */
void rounds_begin(struct router *r, struct call *call, const struct message *message, uint64_t now);

/* The client has answered one of them; asked is given back afterwards. */
void rounds_answer(struct router *r, const struct state_asked *asked,
                   const struct message *message);

/* The answers, into the params of the call that is made again. */
void rounds_put(const struct call *call, struct splice *splice, struct text *room);

#endif
