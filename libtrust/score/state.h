/*
 * Everything the scorer knows, as its parts see it; scorer.h is the only door for others.
 */
#ifndef TRUST_SCORE_STATE_H
#define TRUST_SCORE_STATE_H

#include "record/keys.h"
#include "score/alias.h"
#include "score/facts.h"
#include "score/graph.h"
#include "score/hops.h"
#include "score/own.h"
#include "score/paths.h"
#include "score/propagate.h"
#include "score/servers.h"

/* A record that may count for a question. Sorting brings the best of an author and category last:
 * order holds category, level factor, level, seq, value, calls. */
struct trust_score_choice {
    uint32_t author;
    uint32_t slot;
    uint64_t order;
};

struct trust_score_state {
    struct trust_keys *keys;
    struct trust_graph graph;
    struct trust_propagation propagation;
    struct trust_hops hops;
    struct trust_servers servers;
    struct trust_facts facts;
    struct trust_own own;
    struct trust_aliases aliases;
    float *rho;                         /* by key: agreement with own calls */
    struct trust_score_choice *choices; /* scratch of one question */
    struct trust_path_search *search;
    bool is_agreement_due; /* a performance rating came or went since the last tick */
};

#define TRUST_SERVER_NONE UINT32_MAX

/* A question made ready: what it names, and the server that stands for the ring of joined ones. */
struct trust_case {
    struct trust_named named;
    uint32_t server; /* TRUST_SERVER_NONE: nothing is known about it */
    struct trust_wall now;
};

static inline uint32_t trust_case_seconds(const struct trust_case *question)
{
    return trust_seconds(question->now.ms / 1000);
}

#endif
