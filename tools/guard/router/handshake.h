/*
 * How the guard gets to know a backend: greeting, then its lists, page by page, one request at a
 * time; the same again, without the greeting, when it says that its lists have changed. Requests of
 * the client wait until what was learned has been judged.
 */
#ifndef GUARD_HANDSHAKE_H
#define GUARD_HANDSHAKE_H

#include "guard/router/state.h"

/* The backend can be written to. */
void handshake_begin(struct router *r, uint32_t backend, uint64_t now);

/* An answer to a request of the guard's own. */
void handshake_answer(struct router *r, uint32_t backend, const struct message *message,
                      uint64_t now);

/* The message that asked failed by itself, in this class. */
void handshake_failed(struct router *r, uint32_t backend, enum trust_outcome_class class_,
                      uint64_t now);

/* A list of it has changed: it is learned anew, soon. */
void handshake_stale(struct router *r, uint32_t backend, uint64_t now);

/* It is gone; messages up to written left. A greeting that ends a server may be of the wrong era.
 */
void handshake_lost(struct router *r, uint32_t backend, uint64_t written);

void handshake_time(struct router *r, uint64_t now);

/* Forgets what was out to a backend that is gone. */
void handshake_reset(struct backend *backend);

#endif
