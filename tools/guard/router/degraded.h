/*
 * What the client gets when no server answers: for tools/call a result with isError and one fixed
 * sentence, since that is what reaches the model, for all else a JSON-RPC error; with both goes the
 * same object, as _meta["io.repute/guard"] or as data. docs/reference/meta.md lists its members.
 * Nothing in it was written by a server.
 */
#ifndef GUARD_DEGRADED_H
#define GUARD_DEGRADED_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/answer.h"
#include "trust/bytes.h"

#include "guard/router/calls.h"
#include "guard/router/era.h"
#include "guard/router/text.h"

struct degraded {
    enum trust_reason reason;
    uint64_t retry_after_ms; /* TRUST_NEVER_MS: time alone brings nothing */
    struct trust_basis basis;
    const char *candidates;   /* JSON arrays; NULL: [] */
    const char *alternatives; /* likewise */
    bool is_executed;         /* it may have been */
    const struct call_try *tries;
    uint32_t try_count;
    const char *group;
    const char *const *subjects; /* of the backends */
    enum era era;
};

/* The whole response to this request. */
struct text degraded_answer(const struct message *request, const struct degraded *facts);

/* 5030, 5040, 4030, 4040, 4090 or 4290. */
int degraded_code(enum trust_reason reason);

/* {"reason":"failed_over","from":...,"to":...} */
struct text degraded_failover(const char *from, const char *to);

#endif
