/* The words for the enums of trust/score.h: JSON, the command line and logs use them. */
#include <stddef.h>

#include "trust/score.h"

static const char *const statuses[] = {"unknown", "weak", "ok", "contested", "flagged"};
static const char *const contributions[] = {"prior", "own_calls", "rating", "rest"};
static const char *const reasons[] = {
    "no_weight",        "muted",         "expired",
    "withdrawn",        "void",          "revoked",
    "other_level_used", "other_version", "ignored_by_operator",
};
static const char *const changes[] = {
    "more_evidence", "more_praise",   "more_blame",
    "flags_end",     "evidence_ages", "ratings_of_manifest",
};

#define NAME(names, value)                                                                         \
    ((size_t)(value) < sizeof(names) / sizeof *(names) ? (names)[(size_t)(value)] : "?")

const char *trust_score_status_name(enum trust_score_status status)
{
    return NAME(statuses, status);
}

const char *trust_contribution_kind_name(enum trust_contribution_kind kind)
{
    return NAME(contributions, kind);
}

const char *trust_ignored_reason_name(enum trust_ignored_reason reason)
{
    return NAME(reasons, reason);
}

const char *trust_change_kind_name(enum trust_change_kind kind)
{
    return NAME(changes, kind);
}
