/*
 * The answer to a question for a server: always a value.
 *
 * It says whether something serves, what the answer rests on and, when nothing serves, why and
 * when to try again. Its message is one of our own fixed sentences: nothing that a stranger wrote
 * reaches a language model. docs/reference/selection.md lists them.
 */
#ifndef TRUST_ANSWER_H
#define TRUST_ANSWER_H

#include <stdint.h>

#include "trust/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A retry_after_ms or opens_in_ms that time alone will not bring. */
#define TRUST_NEVER_MS UINT64_MAX

/* What the answer rests on. */
enum trust_basis_kind {
    TRUST_BASIS_FRESH = 0, /* a live node's board */
    TRUST_BASIS_STALE = 1, /* the last board of a node that is away */
    TRUST_BASIS_OWN = 2,   /* the caller's own cells alone */
    TRUST_BASIS_NONE = 3,
};

struct trust_basis {
    enum trust_basis_kind kind;
    uint32_t age_s; /* of the board; 0 when fresh, own or none */
};

enum trust_answer_status {
    TRUST_ANSWER_OK = 0,
    TRUST_ANSWER_DEGRADED = 1, /* something serves, but on an old basis or as a last attempt */
    TRUST_ANSWER_UNAVAILABLE = 2,
};

/* Why nothing serves. Timeout and outcome_unknown speak of a call that was made: selection never
 * gives them, trust_answer_make does. */
enum trust_reason {
    TRUST_REASON_NONE = 0,
    TRUST_REASON_NO_PROVIDER,
    TRUST_REASON_ALL_OPEN,
    TRUST_REASON_QUARANTINED,
    TRUST_REASON_POLICY,
    TRUST_REASON_TIMEOUT,
    TRUST_REASON_NOT_COVERED,
    TRUST_REASON_TOOL_CHANGED,
    TRUST_REASON_RATE_LIMITED,
    TRUST_REASON_OUTCOME_UNKNOWN,
};

struct trust_answer {
    enum trust_answer_status status;
    enum trust_reason reason; /* NONE while something serves */
    uint64_t retry_after_ms;  /* least over the refused; 0 while something serves */
    uint64_t missing;         /* bits of request.need that no candidate covers */
    uint32_t wait_ms;         /* not 0: the first place is the starting primary, wait for it */
    uint16_t count;           /* choices[0..count) may serve, in this order */
    uint16_t refused_count;   /* choices[count..count + refused_count) may not */
    struct trust_basis basis;
    const char *message; /* one fixed sentence of ours; static, never NULL */
};

/* The answer to a call that selection did not refuse but that failed: timeout, outcome_unknown,
 * rate_limited and the like. Always unavailable; no choices. */
TRUST_API struct trust_answer trust_answer_make(enum trust_reason reason, uint64_t retry_after_ms,
                                                struct trust_basis basis);

/* The words of documents and logs, "stale", "all_open"... Static; "?" outside the enum. */
TRUST_API const char *trust_basis_kind_name(enum trust_basis_kind kind);
TRUST_API const char *trust_answer_status_name(enum trust_answer_status status);
TRUST_API const char *trust_reason_name(enum trust_reason reason);

#ifdef __cplusplus
}
#endif

#endif
