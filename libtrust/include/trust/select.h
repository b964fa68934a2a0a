/*
 * Selection: which of the candidates may serve, in which order, and why not the others.
 *
 * Pure: the same input gives the same answer, wherever the candidates stand in their array. There
 * is always an answer: when nothing can serve, it says so, why, and when to try again.
 * docs/reference/selection.md gives the rules.
 */
#ifndef TRUST_SELECT_H
#define TRUST_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/answer.h"
#include "trust/breaker.h"
#include "trust/bytes.h"
#include "trust/cell.h"
#include "trust/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Candidates of one selection, and tools that one selection can ask for (bits of a mask). */
#define TRUST_SELECT_MAX 1024
#define TRUST_SELECT_TOOLS_MAX 64

enum trust_strategy {
    TRUST_STRATEGY_PRIMARY_FIRST = 0, /* the primary, vetted fallbacks, named ones in their order */
    TRUST_STRATEGY_BEST = 1,          /* by lower bound, then by cost among near equals */
};

enum trust_risk {
    TRUST_RISK_LOW = 0,
    TRUST_RISK_HIGH = 1, /* no unknown or suspect server, vetted fallbacks, fresh basis only */
};

enum trust_when_all_open {
    TRUST_WHEN_ALL_OPEN_UNAVAILABLE = 0,
    TRUST_WHEN_ALL_OPEN_TRY_LEAST_BAD = 1,
};

/* Bits of trust_candidate.transport and trust_request.transports. */
enum trust_transport {
    TRUST_TRANSPORT_STDIO = 1,
    TRUST_TRANSPORT_HTTP = 2,
};

/* How a candidate's process or connection is. */
enum trust_life {
    TRUST_LIFE_READY = 0,
    TRUST_LIFE_STARTING = 1,   /* its first start: the primary is waited for */
    TRUST_LIFE_RESTARTING = 2, /* waits for its back-off */
    TRUST_LIFE_DOWN = 3,       /* cannot be started */
};

/* One breaker as selection sees it; zeros: closed, and never opened. */
struct trust_gate {
    struct trust_mono until;        /* end of open or forced, or TRUST_MONO_NEVER */
    struct trust_mono closed_since; /* when probes last closed it; 0: they never did */
    uint8_t state;                  /* enum trust_breaker_state */
    uint8_t rate_limited;           /* 1: open because the server asked to wait */
};

/* Bits of trust_candidate.marks. */
enum trust_candidate_mark {
    TRUST_CANDIDATE_PRIMARY = 1, /* at most one candidate; implies named */
    TRUST_CANDIDATE_NAMED = 2,   /* the operator named it in the group: usable while unknown */
    TRUST_CANDIDATE_COVERS = 4,  /* its tools cover the primary's */
    TRUST_CANDIDATE_EXCLUDED = 8 /* the caller asked to leave it out */
};

struct trust_candidate {
    struct trust_bytes subject;          /* its text; borrowed during the call */
    const struct trust_board_cell *cell; /* NULL: the board does not have it; borrowed */
    struct trust_gate own;               /* the agent's cell of this server */
    struct trust_gate tool;              /* the agent's cell of this server and tool */
    struct trust_mono life_since;        /* STARTING: when the start began */
    struct trust_mono life_until; /* RESTARTING, DOWN: when it is tried again; 0: not known */
    uint64_t tools;               /* bits of request.need that it covers */
    uint64_t changed;             /* bits of request.need withheld by its pin */
    uint32_t ewma_us;             /* the agent's own latency; 0: take the board's */
    uint32_t fail_ppm;            /* the agent's own failures; read if ewma_us is not 0 */
    uint16_t position;            /* its place in the group's order */
    uint8_t marks;                /* enum trust_candidate_mark */
    uint8_t transport;            /* enum trust_transport; 0: not known */
    uint8_t life;                 /* enum trust_life */
    uint8_t withheld; /* enum trust_quarantine_state known without the board: the stricter counts */
};

struct trust_request {
    struct trust_bytes group; /* its name; borrowed during the call, as is agent */
    struct trust_bytes agent; /* who asks */
    uint64_t seed;            /* of the tie rule: one value a host */
    struct trust_now now;
    struct trust_basis basis;
    uint64_t need;           /* tools that are asked for: bits of candidate.tools */
    uint32_t min_score_ppm;  /* .5 where nothing else is configured */
    uint32_t max_latency_ms; /* 0: any */
    uint32_t window_ms;      /* of the group's breakers: the primary returns after two */
    uint8_t strategy;        /* enum trust_strategy */
    uint8_t risk;            /* enum trust_risk */
    uint8_t when_all_open;   /* enum trust_when_all_open */
    uint8_t transports;      /* those allowed; 0: all */
    bool vetted_only;        /* of the fallbacks; high risk implies it */
    bool no_probe;           /* the call must not test a half-open server: a write */
};

/* Why a candidate stands where it stands, or what refused it: the first rule that did. */
enum trust_why {
    /* places */
    TRUST_WHY_PRIMARY = 0,
    TRUST_WHY_VETTED,    /* a fallback that earned it */
    TRUST_WHY_NAMED,     /* a fallback, in the operator's order */
    TRUST_WHY_KNOWN,     /* not named, but with a score at or above the threshold */
    TRUST_WHY_SCORE,     /* best: its lower bound put it here */
    TRUST_WHY_COST,      /* best: latency and failures, among near equals */
    TRUST_WHY_TIE,       /* best: equal in all: the rendezvous hash decided */
    TRUST_WHY_UNSCORED,  /* best: named, without a score, behind those that have one */
    TRUST_WHY_HELD_BACK, /* the primary, closed for less than two windows */
    TRUST_WHY_STARTING,  /* the primary in its first start; also a refusal */
    TRUST_WHY_LEAST_BAD, /* every breaker is open: one careful attempt */

    /* refusals */
    TRUST_WHY_NOT_COVERED,
    TRUST_WHY_TOOL_CHANGED,
    TRUST_WHY_QUARANTINED,
    TRUST_WHY_INVESTIGATING,
    TRUST_WHY_BANNED,
    TRUST_WHY_EXCLUDED,
    TRUST_WHY_STALE_BASIS, /* high risk asks for a live node */
    TRUST_WHY_TRANSPORT,
    TRUST_WHY_UNKNOWN, /* no score, and not named or high risk */
    TRUST_WHY_MIN_SCORE,
    TRUST_WHY_SUSPECT, /* at high risk */
    TRUST_WHY_TOO_SLOW,
    TRUST_WHY_NOT_VETTED,
    TRUST_WHY_RESTARTING,
    TRUST_WHY_DOWN,
    TRUST_WHY_TOOL_BREAKER,
    TRUST_WHY_OWN_BREAKER,
    TRUST_WHY_SHARED_BREAKER,
    TRUST_WHY_PROBE, /* half-open, and the call must not be a probe */

    /* refusals of the servers themselves, which only who calls them sees: the guard */
    TRUST_WHY_AUTH_REQUIRED, /* it wants other credentials than it was sent */
    TRUST_WHY_RATE_LIMITED,  /* it asked for a pause */
};

/* What the caller is told of a candidate's condition. */
enum trust_candidate_state {
    TRUST_CANDIDATE_STATE_CLOSED = 0,
    TRUST_CANDIDATE_STATE_OPEN,
    TRUST_CANDIDATE_STATE_HALF_OPEN,
    TRUST_CANDIDATE_STATE_FORCED_OPEN,
    TRUST_CANDIDATE_STATE_STARTING,
    TRUST_CANDIDATE_STATE_DOWN,
    TRUST_CANDIDATE_STATE_WITHHELD,
};

/* Bits of trust_choice.leases: whose half-open permit the attempt needs first. */
enum trust_lease_from {
    TRUST_LEASE_TOOL = 1,
    TRUST_LEASE_OWN = 2,
    TRUST_LEASE_SHARED = 4, /* from the node; without a live one, from the own cell */
};

/* What became of one candidate. */
struct trust_choice {
    uint64_t opens_in_ms; /* when it may be asked for again; 0: now, TRUST_NEVER_MS */
    uint16_t index;       /* into the candidates */
    uint8_t why;          /* enum trust_why */
    uint8_t state;        /* enum trust_candidate_state */
    uint8_t reason;       /* enum trust_reason; NONE if it may serve */
    uint8_t leases;       /* enum trust_lease_from; an attempt without them is not allowed */
    bool vetted;
};

/* A breaker's gate, out of what trust_breaker_read tells of it. */
TRUST_API void trust_gate_init(struct trust_gate *out_gate, const struct trust_breaker_view *view);

/*
 * Fills out_choices[0..count), which must not overlap the candidates: those that may serve first,
 * then the refused ones, by position and text. Nothing is allocated or kept.
 * TRUST_NO_SIZE: more than TRUST_SELECT_MAX candidates; nothing is written.
 */
TRUST_API TRUST_MUST_USE enum trust_error trust_select(struct trust_answer *out_answer,
                                                       struct trust_choice *out_choices,
                                                       const struct trust_candidate *candidates,
                                                       size_t count,
                                                       const struct trust_request *request);

/* The words of documents and logs, "primary_first", "all_open"... Static; "?" outside the enum. */
TRUST_API const char *trust_strategy_name(enum trust_strategy strategy);
TRUST_API const char *trust_risk_name(enum trust_risk risk);
TRUST_API const char *trust_when_all_open_name(enum trust_when_all_open when);
TRUST_API const char *trust_why_name(enum trust_why why);
TRUST_API const char *trust_candidate_state_name(enum trust_candidate_state state);

#ifdef __cplusplus
}
#endif

#endif
