/*
 * Requests of backends to the client (sampling, elicitation, roots): each gets an id of the guard's
 * own, since two backends may well use the same, and is cancelled when its backend dies.
 */
#ifndef GUARD_REQUESTS_H
#define GUARD_REQUESTS_H

#include "guard/router/state.h"

/* A request of a backend. */
void requests_ask(struct router *r, uint32_t backend, const struct message *message, uint64_t now);

/* The line of the client that something a backend says belongs to, if there is only one that it can
 * be; else 0. */
uint64_t requests_tag(const struct router *r, uint32_t backend);

/* A question of a call itself, which goes to the client as a request of the guard. */
struct requests_question {
    const struct call *call;
    uint32_t item; /* of its round */
    enum message_method method;
    struct trust_bytes params; /* an object; empty: none */
};

/* False: too many are open. */
bool requests_question(struct router *r, const struct requests_question *question);

/* Those of this call that are open are cancelled at the client. */
void requests_drop_call(struct router *r, uint64_t call);

/* The client's answer to one. */
void requests_answer(struct router *r, const struct message *message, uint64_t now);

/* The backend wants no answer any more; message is its notification. */
void requests_cancel(struct router *r, uint32_t backend, const struct message *message);

/* What the client says of its progress with one. */
void requests_progress(struct router *r, const struct message *message);

/* The backend is gone: its requests are cancelled at the client. */
void requests_drop(struct router *r, uint32_t backend);

void requests_close(struct router *r);

#endif
