/*
 * Requests of a legacy backend to a modern client, which can only be asked as the answer to a call.
 * The call that is under way there is answered with input_required, and held: the backend goes on
 * working at it. The client makes it again with what it was asked for, and with the state that
 * names the held call: the backend gets its answers, and the call goes on where it stood.
 *
 * What happens meanwhile waits for the client: an answer of the backend, or its death. A client
 * that does not come back has until the deadline of the call.
 */
#ifndef GUARD_HOLDS_H
#define GUARD_HOLDS_H

#include "guard/router/settle.h"
#include "guard/router/state.h"

/* A request of a backend. False: it is not between the eras. */
bool holds_ask(struct router *r, uint32_t backend, const struct message *message, uint64_t now);

/* The backend wants no answer any more; message is its notification. */
void holds_cancel(struct router *r, uint32_t backend, const struct message *message);

/* A request of the client that names a held call. False: it does not; true: line is taken. */
bool holds_retry(struct router *r, uint8_t *line, const struct message *message, uint64_t tag,
                 uint64_t now);

/* The backend's answer to a held call. */
void holds_answer(struct router *r, struct call *call, const struct message *message, uint64_t now);

/* The attempt of a held call has ended without one. */
void holds_lost(struct router *r, struct call *call, const struct settle_cause *cause,
                uint64_t now);

/* The client has not come back, or is gone: the backend is told, and the call ends. */
void holds_end(struct router *r, struct call *call, const char *reason, uint64_t now);

#endif
