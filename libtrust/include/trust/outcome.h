/*
 * How one call to an MCP server went, in the classes that breakers, failover and evidence share.
 *
 * A completed call is a healthy call: a result with isError says that the tool did not do what was
 * asked, and that the server works. Only what the transport, the protocol or the clock says about
 * the server itself counts against it.
 */
#ifndef TRUST_OUTCOME_H
#define TRUST_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum trust_outcome_class {
    TRUST_OUTCOME_OK = 0,      /* "ok": any completed call, isError included: success */
    TRUST_OUTCOME_REFUSED = 1, /* "refused": connect, DNS, TLS, exit, EOF, broken pipe: failure */
    TRUST_OUTCOME_TIMEOUT = 2, /* "timeout": no answer: failure and slow */
    TRUST_OUTCOME_HTTP5XX = 3, /* "http5xx": failure */
    TRUST_OUTCOME_GARBAGE = 4, /* "garbage": unparsable, wrong id, against its schema: failure */
    TRUST_OUTCOME_RATE_LIMITED =
        5,                  /* "rate_limited": 429: failure in the rate, not in the streak */
    TRUST_OUTCOME_AUTH = 6, /* "auth": 401, 403: neutral; this agent needs credentials */
    TRUST_OUTCOME_SESSION_LOST = 7, /* "session_lost": neutral once, a second in a row: failure */
    TRUST_OUTCOME_INTERNAL = 8,     /* "internal": -32603, -32000..-32099: half a failure */
    TRUST_OUTCOME_CALLER = 9,       /* "caller": -32700, -32600..-32602: the caller's: neutral */
    TRUST_OUTCOME_CANCELLED = 10,   /* "cancelled": neutral */
};

#define TRUST_OUTCOME_CLASS_COUNT 11

/* Nobody measured how long the call took. */
#define TRUST_LATENCY_UNKNOWN UINT32_MAX

struct trust_outcome {
    enum trust_outcome_class class_;
    bool is_slow;        /* slow whatever the latency says */
    bool is_error;       /* with TRUST_OUTCOME_OK: the result had isError: true */
    uint32_t latency_ms; /* or TRUST_LATENCY_UNKNOWN */
    uint32_t
        retry_after_ms; /* with TRUST_OUTCOME_RATE_LIMITED: what the server asked for; 0: none */
};

/* What a class does to a breaker, apart from slowness. */
struct trust_outcome_effect {
    bool is_neutral;       /* no call at all for the window: a lease's slot is given back */
    bool counts_in_streak; /* one more failure in a row */
    bool breaks_streak;    /* a success: the row ends */
    bool is_slow;          /* slow by itself */
    uint8_t half_failures; /* 0, 1 or 2 */
};

/*
 * The effect of an outcome of class_. was_session_lost says that the outcome before it was a
 * session_lost too; it matters for that class alone.
 */
TRUST_API struct trust_outcome_effect trust_outcome_effect(enum trust_outcome_class class_,
                                                           bool was_session_lost);

/* The class's name as documents carry it, for example "rate_limited". Static. */
TRUST_API const char *trust_outcome_name(enum trust_outcome_class class_);

/* The class of a name, exactly as written above. TRUST_NO_RANGE: there is no such class. */
TRUST_API TRUST_MUST_USE enum trust_error trust_outcome_parse(enum trust_outcome_class *out_class,
                                                              struct trust_bytes name);

#ifdef __cplusplus
}
#endif

#endif
