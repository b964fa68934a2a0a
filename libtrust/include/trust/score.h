/*
 * What one node concludes about a server for its own operator, and why.
 *
 * Scores are local: two nodes may rightly differ. All ratios are 0..1. The formulae stand in
 * docs/explanation/scoring.md. These are plain values; nothing in them is borrowed.
 */
#ifndef TRUST_SCORE_H
#define TRUST_SCORE_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/export.h"
#include "trust/flag.h"
#include "trust/key.h"
#include "trust/rating.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TRUST_SCORE_CATEGORIES 3
#define TRUST_SCORE_FLAGS_MAX 16
#define TRUST_SCORE_RULE_SIZE 49 /* 48 characters and the final NUL */

/* Unknown is not bad and not neutral: it has no score. The first that holds, in the order flagged,
 * unknown, contested, weak, ok. */
enum trust_score_status {
    TRUST_SCORE_UNKNOWN = 0,   /* evidence below 1 */
    TRUST_SCORE_WEAK = 1,      /* evidence below 5 */
    TRUST_SCORE_OK = 2,        /* enough evidence, and it agrees */
    TRUST_SCORE_CONTESTED = 3, /* much praise and much blame, score from .35 to .65 */
    TRUST_SCORE_FLAGGED = 4,   /* the flags' factor is below .5 */
};

/* One category on its own. Without evidence mean is .5 and the interval is the prior's. */
struct trust_score_category {
    double mean;
    double lower;
    double upper;
    double evidence; /* weight of ratings and own calls, in calls */
};

/* A flag that counts: each scanner's worst. */
struct trust_score_flag {
    struct trust_key scanner;
    double q;         /* how far the scanner is believed, before the flag's age */
    double own_vouch; /* strength of my own vouch for it as a scanner, 1 for me; 0: a third party */
    uint64_t time_s;  /* unix seconds */
    uint32_t slot;    /* the ledger's */
    enum trust_severity severity; /* after the cap of exposure and other at medium */
    enum trust_class class_;
    char rule[TRUST_SCORE_RULE_SIZE];
};

struct trust_score {
    enum trust_score_status status;
    bool has_score;        /* score, mean and upper mean something */
    bool has_lower;        /* lower means something: has_score, or flagged (then it is 0) */
    bool manifest_changed; /* the question names a manifest that no counting record names, while
                              others are named */
    uint8_t first_hops; /* independent first vouches of mine behind the raters: 0, 1, or 2 for two
                           or more; my own live rating counts as 2 */
    uint32_t raters;    /* authors whose ratings count */
    double score;       /* factor x min(mean, cap) */
    double lower;       /* of an 80 % interval; selection uses it */
    double upper;
    double mean;       /* of performance and overall, before cap and factor */
    double evidence;   /* of all categories */
    double factor;     /* of the flags: 1 without any */
    double cap;        /* of the security evidence: 1 without blame */
    double unresolved; /* bound of the error of all weights together, 0 after a full solve */
    struct trust_score_category categories[TRUST_SCORE_CATEGORIES]; /* at enum trust_category - 1 */
    uint32_t flag_count;                                            /* that count, shown or not */
    uint32_t flags_shown;
    struct trust_score_flag flags[TRUST_SCORE_FLAGS_MAX]; /* worst first, then greatest q */
};

/* Rows of an explanation. */
#define TRUST_EXPLAIN_CONTRIBUTIONS_MAX 64
#define TRUST_EXPLAIN_IGNORED_MAX 64
#define TRUST_EXPLAIN_RATERS_MAX 8
#define TRUST_EXPLAIN_PATHS_EACH 3
#define TRUST_EXPLAIN_PATHS_MAX (TRUST_EXPLAIN_RATERS_MAX * TRUST_EXPLAIN_PATHS_EACH)
#define TRUST_EXPLAIN_CHANGES_MAX 6
/* A hop keeps at most .7 of the flow: behind 39 hops nothing of 1e-6 is left. */
#define TRUST_EXPLAIN_PATH_KEYS_MAX 40

enum trust_contribution_kind {
    TRUST_CONTRIBUTION_PRIOR = 0,     /* what every server starts with */
    TRUST_CONTRIBUTION_OWN_CALLS = 1, /* outcomes of this node's own agents */
    TRUST_CONTRIBUTION_RATING = 2,    /* one author's rating */
    TRUST_CONTRIBUTION_REST = 3,      /* the ratings that a limit cut off */
};

/* share = weight x value / (2 + evidence of the category); the shares of a category sum to its
 * mean. */
struct trust_contribution {
    enum trust_contribution_kind kind;
    enum trust_category category;
    struct trust_key from; /* of a rating */
    double value;          /* the good part of it, 0..1 */
    double weight;
    double share;
    uint64_t age_s;      /* of a rating */
    uint32_t slot;       /* of a rating: the ledger's */
    uint32_t first_path; /* its paths are paths[first_path .. + path_count] */
    uint32_t path_count;
};

/* One path of vouches from the operator to a rater. */
struct trust_explain_path {
    double flow; /* of the rater's weight */
    uint32_t key_count;
    struct trust_key keys[TRUST_EXPLAIN_PATH_KEYS_MAX]; /* operator first, rater last */
};

enum trust_ignored_reason {
    TRUST_IGNORED_NO_WEIGHT = 0, /* no vouch leads to its author */
    TRUST_IGNORED_MUTED = 1,     /* its author is cut off by this operator */
    TRUST_IGNORED_EXPIRED = 2,
    TRUST_IGNORED_WITHDRAWN = 3,
    TRUST_IGNORED_VOID = 4,     /* its author signed two different ones with one seq */
    TRUST_IGNORED_REVOKED = 5,  /* made after its author's last valid one */
    TRUST_IGNORED_LEVEL = 6,    /* another record of the same author fits the question better */
    TRUST_IGNORED_OTHER = 7,    /* a flag for another version or manifest */
    TRUST_IGNORED_OPERATOR = 8, /* a flag that this operator ignores */
};

struct trust_ignored {
    uint32_t slot; /* the ledger's */
    enum trust_ignored_reason reason;
    struct trust_key from;
};

enum trust_change_kind {
    TRUST_CHANGE_EVIDENCE = 0, /* amount: evidence that is missing */
    TRUST_CHANGE_PRAISE = 1,   /* amount: evidence of good overall ratings */
    TRUST_CHANGE_BLAME = 2,    /* amount: evidence of bad overall ratings */
    TRUST_CHANGE_FLAGS = 3,    /* amount: flags that would have to end, worst first */
    TRUST_CHANGE_AGE = 4,      /* amount: seconds until the evidence has aged so far */
    TRUST_CHANGE_MANIFEST = 5, /* amount: the evidence there is for other manifests */
};

struct trust_change {
    enum trust_change_kind kind;
    enum trust_score_status status; /* what it would become */
    double amount;
};

struct trust_explanation {
    struct trust_score score;
    uint32_t contribution_count;
    uint32_t ignored_count; /* in all, listed or not */
    uint32_t ignored_shown;
    uint32_t path_count;
    uint32_t change_count;
    bool single_source;         /* first_hop_share above .8 and no own calls */
    bool has_first_hop;         /* first_hop means something */
    struct trust_key first_hop; /* the heaviest of my own vouches */
    double first_hop_share;     /* of the ratings' evidence that came through it */
    struct trust_contribution contributions[TRUST_EXPLAIN_CONTRIBUTIONS_MAX];
    struct trust_explain_path paths[TRUST_EXPLAIN_PATHS_MAX];
    struct trust_ignored ignored[TRUST_EXPLAIN_IGNORED_MAX];
    struct trust_change changes[TRUST_EXPLAIN_CHANGES_MAX];
};

/* The words of the local API: "unknown", "weak", "ok", "contested", "flagged". Static, never NULL;
 * "?" for a value outside the enum, here and below. */
TRUST_API const char *trust_score_status_name(enum trust_score_status status);

/* "prior", "own_calls", "rating", "rest". */
TRUST_API const char *trust_contribution_kind_name(enum trust_contribution_kind kind);

/* "no_weight", "muted", "expired", "withdrawn", "void", "revoked", "other_level_used",
 * "other_version", "ignored_by_operator". */
TRUST_API const char *trust_ignored_reason_name(enum trust_ignored_reason reason);

/* "more_evidence", "more_praise", "more_blame", "flags_end", "evidence_ages",
 * "ratings_of_manifest". */
TRUST_API const char *trust_change_kind_name(enum trust_change_kind kind);

#ifdef __cplusplus
}
#endif

#endif
