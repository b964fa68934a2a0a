/* From a backend to the client: answers, each once, with the id that its request came with. */
#ifndef GUARD_ANSWER_H
#define GUARD_ANSWER_H

#include "guard/router/state.h"

/* A response or an error of a backend. */
void answer_line(struct router *r, uint32_t backend, const struct message *message, uint64_t now);

#endif
