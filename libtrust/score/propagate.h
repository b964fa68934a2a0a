/*
 * Weights of authors: personalised PageRank over the graph of vouches, linear and sub-stochastic.
 *
 * pi = alpha e_me + (1 - alpha) P' pi with P(u,v) = w(u,v) / max(W(u), 1). It is solved whole, by
 * Gauss-Seidel over the incoming edges, keys in the order of their out-degree: what many others
 * read lies together in the cache (Gleich, Gray, Greif, Lau, "An inner-outer iteration for
 * computing PageRank", 2010, section 5, use the same order). The incoming edges are packed into 4
 * bytes each: a 22-bit key and a 10-bit strength. Memory: 48 bytes a key and 4 an edge.
 *
 * Any change costs a full solve. A solver that repairs may replace this one behind this header.
 */
#ifndef TRUST_SCORE_PROPAGATE_H
#define TRUST_SCORE_PROPAGATE_H

#include "base/arena.h"
#include "base/limits.h"
#include "score/graph.h"

#define TRUST_ALPHA 0.30
#define TRUST_STAY 0.70 /* 1 - alpha */
/* Weights below are 0. */
#define TRUST_WEIGHT_MIN 1e-6

struct trust_propagation {
    double *pi;             /* by key */
    double *t;              /* by key: weight of ratings */
    double *t_scan;         /* by key: weight of flags */
    double *scratch;        /* one a key; free for others between solves: see has_best */
    float *delta;           /* by key: what third parties' distrust leaves */
    uint32_t *out_permille; /* by key: W */
    uint32_t *order;        /* by rank: the key */
    uint32_t *rank;         /* by key: its rank, or TRUST_GRAPH_NONE */
    uint32_t *row_end;      /* by rank: behind its last incoming edge in packed */
    uint32_t *packed;    /* incoming `introduces` edges: rank of the source << 10 | strength - 1 */
    uint32_t node_count; /* ranks in use */
    uint64_t generation; /* counts solves */
    uint32_t sweeps;     /* of the last solve */
    bool has_best;       /* scratch holds the best flows of paths.h; whoever writes there ends it */
    double unresolved;   /* bound of ||pi - exact||_1 */
};

void trust_propagation_init(struct trust_propagation *propagation, struct trust_arena *arena,
                            uint32_t keys, uint32_t edges);

/* Solves for a graph that was just refreshed. */
void trust_propagation_solve(struct trust_propagation *propagation,
                             const struct trust_graph *graph);

static inline uint32_t trust_packed_rank(uint32_t packed)
{
    return packed >> 10;
}

static inline uint32_t trust_packed_strength(uint32_t packed)
{
    return (packed & 1023) + 1;
}

/* max(W, C) in permille. */
static inline uint32_t trust_propagation_norm(const struct trust_propagation *propagation,
                                              uint32_t key)
{
    uint32_t out = propagation->out_permille[key];
    return out > 1000 ? out : 1000;
}

#endif
