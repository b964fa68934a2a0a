/*
 * A circuit breaker as one fixed cell of 256 bytes: no thread, timer, clock or allocation.
 *
 * Every call brings the time; the state is a function of the cell and that time, so a breaker that
 * nobody looks at costs nothing, and a transition found late is still dated at the instant it was
 * due. A cell is not locked: calls on one cell exclude each other. Time that goes back is harmless:
 * it counts as no time passed. docs/reference/breaker.md has the state machine and every rule.
 */
#ifndef TRUST_BREAKER_H
#define TRUST_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/export.h"
#include "trust/outcome.h"
#include "trust/policy.h"
#include "trust/time.h"

#ifdef __cplusplus
extern "C" {
#endif

enum trust_breaker_state {
    TRUST_BREAKER_CLOSED = 0,
    TRUST_BREAKER_OPEN = 1,
    TRUST_BREAKER_HALF_OPEN = 2,
    TRUST_BREAKER_FORCED_OPEN = 3,
    TRUST_BREAKER_FORCED_CLOSED = 4,
    TRUST_BREAKER_METRICS_ONLY = 5,
};

/* Why a cell went where it is; threshold and observed of the event are in the unit given here. */
enum trust_breaker_reason {
    TRUST_BREAKER_BY_START = 0,         /* a new cell */
    TRUST_BREAKER_BY_STREAK = 1,        /* failures in a row */
    TRUST_BREAKER_BY_FAIL_RATE = 2,     /* permille of the window's calls */
    TRUST_BREAKER_BY_SLOW_RATE = 3,     /* permille of the window's calls */
    TRUST_BREAKER_BY_RETRY_AFTER = 4,   /* milliseconds the server asked for, at most one hour */
    TRUST_BREAKER_BY_PROBES_FAILED = 5, /* permille of the probes */
    TRUST_BREAKER_BY_PROBES_SLOW = 6,   /* permille of the probes */
    TRUST_BREAKER_BY_PROBES_PASSED = 7, /* permille of the probes that failed */
    TRUST_BREAKER_BY_WAIT_OVER = 8,     /* the open time ended */
    TRUST_BREAKER_BY_AGENTS = 9,        /* agents with an open cell (the node's shared cells) */
    TRUST_BREAKER_BY_OVERRIDE = 10,     /* an order */
    TRUST_BREAKER_BY_EXPIRY = 11,       /* an order's end */
    TRUST_BREAKER_BY_RESTART = 12,      /* reloaded from a snapshot */
    TRUST_BREAKER_BY_POLICY = 13,       /* given another policy */
};

enum trust_breaker_verb {
    TRUST_BREAKER_FORCE_OPEN = 0,   /* refuse everything */
    TRUST_BREAKER_FORCE_CLOSED = 1, /* permit everything, record nothing */
    TRUST_BREAKER_WATCH = 2,        /* metrics_only: permit everything, record, never open */
    TRUST_BREAKER_CLOSE = 3,        /* closed; the back-off stays where it is */
    TRUST_BREAKER_RESET = 4,        /* closed; the back-off starts anew */
};

/* No such time: an order without end, a state that ends by no clock. */
#define TRUST_MONO_NEVER UINT64_MAX

/* Most transitions that one call can find due or cause. */
#define TRUST_BREAKER_EVENTS_MAX 4
#define TRUST_BREAKER_PROBES_MAX 10
#define TRUST_BREAKER_WINDOW_CALLS_MAX 300
/* A Retry-After above one hour counts as one hour. */
#define TRUST_RETRY_AFTER_MS_MAX 3600000

/* One transition, dated when it became due. */
struct trust_breaker_event {
    uint64_t seq;           /* the generation it began: counts one up with each event of the cell */
    uint64_t key;           /* the context's key */
    struct trust_mono time; /* when it became due */
    struct trust_mono until; /* end of the new state, or TRUST_MONO_NEVER */
    enum trust_breaker_state from;
    enum trust_breaker_state to;
    enum trust_breaker_reason reason;
    uint32_t threshold; /* unit by reason */
    uint32_t observed;  /* unit by reason */
    uint32_t note;      /* the order's note; 0 */
};

/* A list takes no more than its size: what did not fit shows as a gap in seq. */
struct trust_breaker_events {
    uint32_t count; /* set to 0 by the caller, once it has read them */
    struct trust_breaker_event event[TRUST_BREAKER_EVENTS_MAX];
};

/* What every call needs beside the cell. Borrowed for the call. */
struct trust_breaker_context {
    const struct trust_breaker_policy *policy; /* checked; the same one over a cell's life */
    struct trust_mono now;
    struct trust_breaker_events *events; /* transitions are appended; NULL: nobody asks */
    uint64_t key;                        /* copied into events: the caller's name of the cell */
};

/* Leave to call. A lease, given in half_open alone, must be settled before its time to live. */
struct trust_permit {
    uint32_t generation; /* of the cell that gave it */
    uint16_t check;      /* tells a lease from an earlier one of its slot */
    uint8_t slot;        /* of a lease; TRUST_PERMIT_NO_SLOT otherwise */
};

#define TRUST_PERMIT_NO_SLOT 255

/* An order. Its reason and actor in words stay with the caller; note (any number) finds them. */
struct trust_breaker_order {
    enum trust_breaker_verb verb;
    struct trust_mono expires; /* of a forced state; ms = TRUST_MONO_NEVER: none */
    uint32_t note;
};

/* One of the window's ten buckets. */
struct trust_breaker_bucket {
    uint32_t calls;
    uint32_t half_failures;
    uint32_t slow;
};

/* An outstanding lease; all zero is a free slot. The end has 48 bits: nine thousand years. */
struct trust_breaker_lease {
    uint32_t agent; /* a hash of the asker's number */
    uint32_t end_low;
    uint16_t end_high;
    uint16_t check;
};

/* The cell. Its members are the library's own: read them through trust_breaker_read. */
struct trust_breaker {
    uint64_t until_ms;      /* when the next transition is due, or TRUST_MONO_NEVER */
    uint64_t bucket_end_ms; /* end of the window's current bucket; half_open: leases given */
    uint64_t since_ms;      /* in this state since */
    uint64_t mark_ms;       /* first of the row of failures; half_open: who asked first */
    uint64_t denied;
    uint64_t seed;
    uint32_t generation;
    uint32_t calls; /* of the window; half_open: results */
    uint32_t half_failures;
    uint32_t slow;
    uint32_t ewma; /* milliseconds x 256; 0: no sample */
    uint32_t note; /* of the order in force */
    uint16_t at;   /* the window's current bucket or next call; half_open: a bit a spare lease */
    uint16_t streak;
    uint16_t errors; /* moving share of isError among completed calls, x 65,535 */
    uint16_t block_max_ms;
    uint16_t latency_ms[20];    /* the last samples */
    uint16_t latency_max_ms[4]; /* the greatest of each of the last whole blocks of 20 */
    uint8_t state;
    uint8_t reason;
    uint8_t k;
    uint8_t flags;
    uint8_t error_run;
    uint8_t latency_count;
    uint8_t latency_at;
    uint8_t latency_block;
    union {
        struct trust_breaker_bucket bucket[10];
        uint32_t last_calls[30]; /* three bits a call: half failures, slow */
        struct trust_breaker_lease lease[10];
    } room; /* by policy and state one of the three */
};

/* A cell's figures at a given time. */
struct trust_breaker_view {
    enum trust_breaker_state state;
    enum trust_breaker_reason reason; /* of the last transition */
    uint32_t generation;
    uint32_t note;
    struct trust_mono since; /* in this state since */
    struct trust_mono until; /* open and forced states: their end; else TRUST_MONO_NEVER */
    uint32_t calls;          /* of the window; in half_open the results of probes */
    uint32_t half_failures;  /* two a failure */
    uint32_t slow;
    uint32_t streak;          /* failures in a row */
    uint32_t leases;          /* outstanding */
    uint32_t backoff_k;       /* openings that the next one is lengthened by */
    uint64_t denied;          /* permits refused since the cell began, over restarts */
    uint32_t latency_samples; /* 0..20: how many of the last samples there are */
    uint32_t ewma_ms;         /* failures enter with at least 5 s; 0 without a sample */
    uint32_t p50_ms;          /* of the last 20 completed calls; 0 without a sample */
    uint32_t p99_ms;          /* of the last 80 to 99 completed ones; 0 without a sample */
    uint32_t error_permille;  /* isError among completed calls: quality, not health */
    uint32_t error_run;       /* completed calls with isError in a row, up to 255 */
    bool is_auth_required;    /* the last answer was 401 or 403 */
};

/* A closed cell. seed drives its jitter and the checks of its leases: give each cell its own. */
TRUST_API void trust_breaker_init(struct trust_breaker *breaker, uint64_t seed,
                                  struct trust_mono now);

/*
 * Asks leave to call. True: out_permit is written and goes to trust_breaker_record with the
 * outcome. False: refused, and counted in denied. agent is any number that tells askers apart.
 */
TRUST_API TRUST_MUST_USE bool trust_breaker_permit(struct trust_breaker *breaker,
                                                   struct trust_permit *out_permit, uint64_t agent,
                                                   const struct trust_breaker_context *context);

/*
 * Tells how the call went. permit NULL: an outcome without a permit, which counts in closed and
 * metrics_only and never settles a half-open breaker. A permit of an earlier generation feeds the
 * latency alone; one that was settled before does nothing to the state.
 */
TRUST_API void trust_breaker_record(struct trust_breaker *breaker,
                                    const struct trust_permit *permit,
                                    const struct trust_outcome *outcome,
                                    const struct trust_breaker_context *context);

/* Carries out an order at context->now. Each order begins a generation, into the same state too. */
TRUST_API void trust_breaker_order(struct trust_breaker *breaker,
                                   const struct trust_breaker_order *order,
                                   const struct trust_breaker_context *context);

/* Makes the transitions that are due and reports them as events. No truth depends on this call. */
TRUST_API void trust_breaker_advance(struct trust_breaker *breaker,
                                     const struct trust_breaker_context *context);

/* Empties the counters because context->policy is another one; state, back-off and latencies stay,
 * leases are dropped. To be called before any other call with the new policy. */
TRUST_API void trust_breaker_adopt(struct trust_breaker *breaker,
                                   const struct trust_breaker_context *context);

/* The state at context->now; the cell is left as it is. */
TRUST_API enum trust_breaker_state trust_breaker_state(const struct trust_breaker *breaker,
                                                       const struct trust_breaker_context *context);

/* All figures at context->now; the cell is left as it is. */
TRUST_API void trust_breaker_read(const struct trust_breaker *breaker,
                                  struct trust_breaker_view *out_view,
                                  const struct trust_breaker_context *context);

/* "closed", "open", "half_open", "forced_open", "forced_closed", "metrics_only". Static. */
TRUST_API const char *trust_breaker_state_name(enum trust_breaker_state state);

/* "start", "streak", "fail_rate", "retry_after" and so on. Static. */
TRUST_API const char *trust_breaker_reason_name(enum trust_breaker_reason reason);

#ifdef __cplusplus
}
#endif

#endif
