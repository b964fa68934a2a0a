/*
 * What a policy would have done: a list of events is led through one breaker with the times it
 * carries, and each event gives the state after it. Operators tune thresholds with it, and it is
 * the plainest way to test that one's own outcomes mean what one thinks.
 */
#ifndef TRUST_SHIELD_REPLAY_H
#define TRUST_SHIELD_REPLAY_H

#include <stdint.h>

#include "trust/breaker.h"
#include "trust/bytes.h"

#include "base/limits.h"

enum trust_replay_op {
    TRUST_REPLAY_PERMIT = 0, /* asks leave to call */
    TRUST_REPLAY_SUCCESS = 1,
    TRUST_REPLAY_FAILURE = 2,
    TRUST_REPLAY_SLOW = 3,         /* a success that was slow */
    TRUST_REPLAY_SLOW_FAILURE = 4, /* a timeout */
    TRUST_REPLAY_SOFT_FAILURE = 5, /* half a failure */
    TRUST_REPLAY_RATE_LIMITED = 6,
    TRUST_REPLAY_NEUTRAL = 7,
    TRUST_REPLAY_FORCE_OPEN = 8,
    TRUST_REPLAY_FORCE_CLOSED = 9,
    TRUST_REPLAY_CLOSE = 10,
    TRUST_REPLAY_RESET = 11,
    TRUST_REPLAY_METRICS_ONLY = 12,
    TRUST_REPLAY_RESTART = 13, /* saved, and loaded again at the same instant */
    TRUST_REPLAY_STATE = 14,   /* only looks */
};

#define TRUST_REPLAY_OP_COUNT 15

/* An event. Without a lease name an outcome takes a permit and settles it at once; with one it
 * settles the permit that was taken under this name. */
struct trust_replay_event {
    uint64_t t_ms;            /* up to 10^14; one that goes back counts as the last one */
    uint32_t n;               /* 1..1,000,000: how often */
    uint32_t latency_ms;      /* or TRUST_LATENCY_UNKNOWN */
    uint64_t agent;           /* any number */
    struct trust_bytes lease; /* up to 64 bytes; size 0: none */
    uint32_t retry_after_ms;  /* with TRUST_REPLAY_RATE_LIMITED; 0: none */
    enum trust_replay_op op;
};

enum trust_replay_permit {
    TRUST_REPLAY_NOT_ASKED = 0,
    TRUST_REPLAY_GRANTED = 1,
    TRUST_REPLAY_REFUSED = 2,
};

/* The state after an event, or after the last of its repeats. */
struct trust_replay_line {
    uint64_t t_ms; /* the time that counted */
    enum trust_replay_op op;
    enum trust_replay_permit permit;
    struct trust_breaker_view view;
};

/* A permit that a later event settles by this name. */
struct trust_replay_lease {
    uint8_t name[TRUST_REPLAY_NAME_SIZE_MAX];
    uint32_t name_size;
    struct trust_permit permit;
};

/* A run under way; too large for most stacks. */
struct trust_replay {
    struct trust_breaker_policy policy;
    struct trust_breaker breaker;
    uint64_t now_ms;
    uint32_t lease_count;
    struct trust_replay_lease leases[TRUST_REPLAY_LEASES_MAX];
};

/* Begins a run at time 0 with a closed breaker. policy is checked, copied, and gives the seed. */
void trust_replay_init(struct trust_replay *replay, const struct trust_breaker_policy *policy);

/*
 * Leads one event through. TRUST_NO_RANGE: a time or a repeat outside its range; TRUST_NO_SIZE: a
 * lease's name is too long; TRUST_NO_ROOM: 4,096 leases have names already. Nothing happened then.
 */
TRUST_MUST_USE enum trust_error trust_replay_step(struct trust_replay *replay,
                                                  struct trust_replay_line *out_line,
                                                  const struct trust_replay_event *event);

/* "permit", "success" and so on, as event lists write them. Static. */
const char *trust_replay_op_name(enum trust_replay_op op);

/* TRUST_NO_RANGE: there is no such op. */
TRUST_MUST_USE enum trust_error trust_replay_op_parse(enum trust_replay_op *out_op,
                                                      struct trust_bytes name);

#endif
