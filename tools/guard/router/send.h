/* What leaves the router: each puts one action into its queue. Texts that are given are taken. */
#ifndef GUARD_SEND_H
#define GUARD_SEND_H

#include "guard/router/state.h"
#include "wire/splice.h"

/* The answer to a line of the client. */
void send_client(struct router *r, struct text text, uint64_t tag);

/* There is no answer. */
void send_silence(struct router *r, uint64_t tag);

/* What is no answer: a notification, or a request of a backend. */
void send_aside(struct router *r, struct text text, uint64_t tag);

/* Its number. */
uint64_t send_backend(struct router *r, uint32_t backend, struct text text);

/* What the splice makes of its message. */
struct text send_spliced(const struct splice *splice);

/* Ends the permit of the call, if it has one. */
void send_settle(struct router *r, struct call *call, enum trust_outcome_class class_,
                 uint64_t now);

/* The permit of a choice that nobody waits for any more. */
void send_settle_stale(struct router *r, uint64_t id, uint32_t backend);

void send_start(struct router *r, uint32_t backend);
void send_stop(struct router *r, uint32_t backend);
void send_note(struct router *r, enum router_note note, uint32_t backend);

/* An error of the guard itself. id empty: null. */
void send_error(struct router *r, struct trust_bytes id, int code, const char *message,
                uint64_t tag);

/* A result for a request of the client. */
void send_result(struct router *r, struct trust_bytes id, struct trust_bytes result, uint64_t tag);

/* {"jsonrpc":"2.0","method":method} */
void send_notice(struct router *r, const char *method);

/* A request of the guard itself, whose answer nobody reads; params are those of method. */
void send_own(struct router *r, uint32_t backend, const char *method, const char *key,
              struct trust_bytes value);

/* The backend is told that the call's answer is wanted no more. */
void send_cancel(struct router *r, const struct call *call, const char *reason);

#endif
