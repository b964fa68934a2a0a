/*
 * See trust/answer.h. The sentences say what is the matter, forbid the detour that a language model
 * would look for, and leave the number to retry_after_ms, so that they stay the same for ever.
 */
#include "shield/answer.h"

#include <stddef.h>

#define HOW_TO_GO_ON                                                                               \
    " Do not try to reach the same effect by other means; continue without it or tell the user."
#define WHEN " Ask again after retry_after_ms."

struct row {
    const char *name;
    const char *message;
    uint32_t rank;
};

static const struct row rows[] = {
    [TRUST_REASON_NONE] = {"none", "A server is available.", 9},
    [TRUST_REASON_NO_PROVIDER] = {"no_provider", "No server for this is running." WHEN HOW_TO_GO_ON,
                                  2},
    [TRUST_REASON_ALL_OPEN] = {"all_open",
                               "Every server for this has been failing and is being given time to "
                               "recover." WHEN HOW_TO_GO_ON,
                               1},
    [TRUST_REASON_QUARANTINED] = {"quarantined",
                                  "The server for this is withheld for security reasons until the "
                                  "operator decides." HOW_TO_GO_ON,
                                  3},
    [TRUST_REASON_POLICY] = {"policy",
                             "The operator's policy allows none of the servers for "
                             "this." HOW_TO_GO_ON,
                             5},
    [TRUST_REASON_TIMEOUT] = {"timeout", "The server did not answer in time." WHEN HOW_TO_GO_ON, 7},
    [TRUST_REASON_NOT_COVERED] = {"not_covered",
                                  "No available server offers this tool." HOW_TO_GO_ON, 6},
    [TRUST_REASON_TOOL_CHANGED] = {"tool_changed",
                                   "This tool has changed since it was approved and is withheld "
                                   "until the operator accepts it." HOW_TO_GO_ON,
                                   4},
    [TRUST_REASON_RATE_LIMITED] = {"rate_limited",
                                   "The server asked for fewer calls." WHEN HOW_TO_GO_ON, 0},
    [TRUST_REASON_OUTCOME_UNKNOWN] =
        {"outcome_unknown",
         "The connection broke while the call was under way: it may or may not have taken effect. "
         "Do not repeat it; check its effect or tell the user.",
         8},
};

static const char *const statuses[] = {
    [TRUST_ANSWER_OK] = "ok",
    [TRUST_ANSWER_DEGRADED] = "degraded",
    [TRUST_ANSWER_UNAVAILABLE] = "unavailable",
};

static const char *const bases[] = {
    [TRUST_BASIS_FRESH] = "fresh",
    [TRUST_BASIS_STALE] = "stale",
    [TRUST_BASIS_OWN] = "own",
    [TRUST_BASIS_NONE] = "none",
};

static const char degraded[] =
    "A server is available, but this choice rests on old or incomplete knowledge of it.";

uint32_t trust_reason_rank(enum trust_reason reason)
{
    return rows[reason].rank;
}

const char *trust_answer_message(enum trust_answer_status status, enum trust_reason reason)
{
    return status == TRUST_ANSWER_DEGRADED ? degraded : rows[reason].message;
}

struct trust_answer trust_answer_make(enum trust_reason reason, uint64_t retry_after_ms,
                                      struct trust_basis basis)
{
    return (struct trust_answer){
        .status = TRUST_ANSWER_UNAVAILABLE,
        .reason = reason,
        .retry_after_ms = retry_after_ms,
        .basis = basis,
        .message = trust_answer_message(TRUST_ANSWER_UNAVAILABLE, reason),
    };
}

const char *trust_reason_name(enum trust_reason reason)
{
    return (size_t)reason < sizeof rows / sizeof *rows ? rows[reason].name : "?";
}

const char *trust_answer_status_name(enum trust_answer_status status)
{
    return (size_t)status < sizeof statuses / sizeof *statuses ? statuses[status] : "?";
}

const char *trust_basis_kind_name(enum trust_basis_kind kind)
{
    return (size_t)kind < sizeof bases / sizeof *bases ? bases[kind] : "?";
}
