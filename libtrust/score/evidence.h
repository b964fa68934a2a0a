/*
 * Which ratings count for a question, and how much: one of each author and category, weighed by
 * its author, its age and how exactly it names what was asked.
 */
#ifndef TRUST_SCORE_EVIDENCE_H
#define TRUST_SCORE_EVIDENCE_H

#include "score/state.h"

/* omega = 10 t delta rho c v 2^(-age/T). */
struct trust_weighed {
    enum trust_category category;
    double value; /* 0..1 */
    double omega;
    uint64_t age_s;
};

/* What the walk over a server's ratings also saw. */
struct trust_choosing {
    uint32_t count;            /* choices, ascending by author and category */
    bool names_manifest;       /* one names the question's manifest */
    bool names_other_manifest; /* one names another */
};

/* Fills state->choices with the records that count. */
struct trust_choosing trust_evidence_choose(struct trust_score_state *state,
                                            const struct trust_case *question);

struct trust_weighed trust_evidence_weigh(const struct trust_score_state *state,
                                          const struct trust_case *question, uint32_t slot);

/* The category that a choice counts in. */
enum trust_category trust_choice_category(const struct trust_score_choice *choice);

/* Own calls of a server and those joined with it. */
struct trust_own_evidence {
    double good; /* performance, after the latency factor, at most 200 in all */
    double bad;
    double garbage;   /* security, at most 20 */
    double successes; /* plain */
    double calls;     /* plain */
};

struct trust_own_evidence trust_evidence_own(const struct trust_score_state *state,
                                             const struct trust_case *question);

#endif
