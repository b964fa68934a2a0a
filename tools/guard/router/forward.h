/* From the client to a backend: which may take a request, and the request as it gets there. */
#ifndef GUARD_FORWARD_H
#define GUARD_FORWARD_H

#include "guard/router/state.h"

/* A request that is not the guard's own to answer; line is taken, message lies in it. */
void forward_request(struct router *r, uint8_t *line, const struct message *message, uint64_t tag,
                     uint64_t now);

/* Asks for a backend, a new attempt of the call. */
void forward_choose(struct router *r, struct call *call);

/* What its backend did with it does not count, and the attempt ends as class_: another one is asked
 * for, elsewhere. */
void forward_skip(struct router *r, struct call *call, enum trust_outcome_class class_,
                  uint64_t now);

void forward_chosen(struct router *r, uint64_t id, const struct router_choice *choice,
                    uint64_t now);

/* Sends what waits for this backend, which has become ready. */
void forward_ready(struct router *r, uint32_t backend, uint64_t now);

#endif
