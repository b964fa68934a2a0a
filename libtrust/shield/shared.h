/*
 * The node's cell of a server, shared by its agents: one agent's trouble alone does not close a
 * server to the others, and one agent's word alone does not open it again.
 *
 * Per agent it keeps a cell fed by that agent's outcomes. It opens when at least half of the agents
 * that sent outcomes in the last window have an open cell, and at least two of them unless only one
 * sent any. It closes by the verdict of leases that go to distinct agents first; the agents' cells
 * here then begin anew. An agent that is not alone has one lease at a time, and none any more in a
 * generation in which its probe failed or was lost: no agent reopens the gate by itself, and none
 * keeps the others from probing. An agent is whatever number its caller gives it: its user, where
 * several users call, else its connection.
 */
#ifndef TRUST_SHIELD_SHARED_H
#define TRUST_SHIELD_SHARED_H

#include "trust/breaker.h"

#include "base/limits.h"

struct trust_shared_agent {
    struct trust_breaker cell;
    uint64_t agent;
    uint64_t heard_ms;         /* its last outcome that says something of the server */
    uint64_t seen_ms;          /* its last request or outcome of any kind */
    uint64_t asked_ms;         /* its last request for a lease */
    uint32_t asked_generation; /* of the gate, when it asked */
    uint32_t lease_count;      /* leases it had in that generation */
    uint64_t garbled_ms;       /* the last answer of the server that was garbage to it */
    bool is_out;               /* it had a lease in that generation that never came back */
    bool has_failed;           /* a probe of it failed in that generation */
    bool has_spoken;           /* heard_ms counts */
    bool has_garbled;          /* garbled_ms counts */
};

struct trust_shared {
    struct trust_breaker gate; /* read, save and load this cell; order it through the call below */
    uint32_t agent_count;
    struct trust_shared_agent agents[TRUST_SHARED_AGENTS_MAX];
};

/* An outcome as an agent sent it. */
struct trust_shared_report {
    uint64_t agent;                    /* who speaks */
    uint64_t holder;                   /* whom the permit was given to */
    const struct trust_permit *permit; /* a lease of this gate, or NULL */
    struct trust_outcome outcome;
};

/* A closed gate and no agent. Each server has its own seed. */
void trust_shared_init(struct trust_shared *shared, uint64_t seed, struct trust_mono now);

/*
 * Leave to call, for an agent: in half_open a lease. An agent is refused while another one that
 * asked in this generation within the last TRUST_SHARED_ASK_MS had fewer leases and may have one;
 * and, while another was heard of in the last window, if it holds one or had one that failed or was
 * lost. Who is alone may hold several: those beyond the first are spare.
 */
TRUST_MUST_USE bool trust_shared_permit(struct trust_shared *shared,
                                        struct trust_permit *out_permit, uint64_t agent,
                                        const struct trust_breaker_context *context);

/* The agent that holds this lease is gone: it may still be settled, but is spare from now on. */
void trust_shared_return(struct trust_shared *shared, const struct trust_permit *permit,
                         uint64_t holder, const struct trust_breaker_context *context);

/* Takes an outcome in. A lease that is not its holder's settles nothing. A Retry-After opens the
 * agent's cell, never the gate. Events are the gate's. */
void trust_shared_record(struct trust_shared *shared, const struct trust_shared_report *report,
                         const struct trust_breaker_context *context);

/*
 * True if at least half of the agents that were heard within TRUST_SHARED_GARBAGE_MS, and never
 * fewer than two, got garbage from the server in that time. Evidence that outlasts a window takes
 * two voices, where an opening takes one that is alone.
 */
TRUST_MUST_USE bool trust_shared_agrees_on_garbage(const struct trust_shared *shared,
                                                   struct trust_mono now);

/* Carries out an order on the gate; close and reset close the agents' cells too, and reset forgets
 * who got garbage. */
void trust_shared_order(struct trust_shared *shared, const struct trust_breaker_order *order,
                        const struct trust_breaker_context *context);

#endif
