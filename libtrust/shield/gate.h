/*
 * What stands between a candidate and a call now: its three breakers taken together, and its
 * quarantine. Both were written earlier, maybe by a node that is gone: what time has ended since
 * has ended here too.
 */
#ifndef TRUST_SHIELD_GATE_H
#define TRUST_SHIELD_GATE_H

#include "trust/select.h"

/* The stricter of what the board and the caller know, at this time. */
enum trust_quarantine_state trust_quarantine_effective(const struct trust_candidate *candidate,
                                                       struct trust_wall now);

/* The AND of a candidate's breakers. */
struct trust_gates {
    uint64_t opens_in_ms;             /* of a refusal */
    enum trust_why why;               /* the first that refused; meaningful with is_open */
    enum trust_candidate_state state; /* of that one, else half-open or closed */
    uint8_t leases;                   /* half-open ones, enum trust_lease_from */
    bool is_open;                     /* at least one refuses */
    bool is_forced;                   /* one of those by an order */
    bool is_rate_limited;             /* the first that refused: the server asked to wait */
    bool is_held;                     /* closed by probes less than two windows ago */
};

void trust_gates_read(struct trust_gates *out_gates, const struct trust_candidate *candidate,
                      const struct trust_request *request);

#endif
