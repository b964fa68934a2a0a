/* The end of an attempt without the answer that its client gets, and what follows from it by the
 * re-send rule: another attempt, or one of our own answers. */
#ifndef GUARD_SETTLE_H
#define GUARD_SETTLE_H

#include "guard/router/state.h"

struct settle_cause {
    enum trust_outcome_class class_;
    bool is_sent;
    uint64_t retry_after_ms; /* TRUST_NEVER_MS: not known */
};

/* The call was given to its backend, and this came of it. */
void settle_attempt(struct router *r, struct call *call, const struct settle_cause *cause,
                    uint64_t now);

/* Likewise, of a call that is there, if its client may be away. */
void settle_there(struct router *r, struct call *call, const struct settle_cause *cause,
                  uint64_t now);

/* Every call in flight at this backend, of which messages up to written left. */
void settle_backend(struct router *r, uint32_t backend, const struct router_loss *loss,
                    uint64_t now);

/* Every call there has class_, after something that was no answer to any of them. */
void settle_garbage(struct router *r, uint32_t backend, uint64_t now);

/* Nothing can serve it. choice: what was said of all backends; NULL: nobody was asked. */
void settle_refused(struct router *r, struct call *call, const struct router_choice *choice,
                    enum trust_reason reason, uint64_t now);

/* Nobody knows whether it took effect: the same call is not made again for a while. */
void settle_remember(struct router *r, const struct call *call, uint64_t now);

/* The client wants its answer no more. */
void settle_cancelled(struct router *r, struct call *call, uint64_t now);

/* Calls whose time is over. */
void settle_time(struct router *r, uint64_t now);

#endif
