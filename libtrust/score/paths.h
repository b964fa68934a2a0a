/*
 * The strongest paths of vouches from the operator to a rater, for explanations.
 *
 * The flow of a path is the product of .7 P over its edges (and of what own distrust leaves); the
 * flows of all walks to a rater sum to its weight t. The best flow of every key is worked out once
 * a solve; a best-first search from the rater backwards, bounded by it, then meets the paths in
 * order of their flow (Hershberger, Maxel, Suri, "Finding the k shortest simple paths", 2007, treat
 * the same question).
 */
#ifndef TRUST_SCORE_PATHS_H
#define TRUST_SCORE_PATHS_H

#include "base/limits.h"
#include "score/propagate.h"

/* Paths shown of one rater. */
#define TRUST_PATHS_MAX 3u

struct trust_path {
    double flow;                        /* of the rater's weight t */
    uint32_t length;                    /* keys */
    uint32_t keys[TRUST_PATH_KEYS_MAX]; /* operator first */
};

struct trust_path_node {
    double bound; /* no path that ends in this way flows stronger */
    double flow;  /* from key to the rater */
    uint32_t key;
    uint32_t next; /* node + 1 towards the rater; 0: this is the rater */
    uint32_t length;
    bool is_open;
};

struct trust_path_search {
    struct trust_path_node nodes[TRUST_PATH_NODES_MAX];
    uint32_t count;
};

/* Paths without a loop to a rater's rating weight, strongest first; returns how many were
 * written. */
uint32_t trust_paths_strongest(struct trust_path_search *search,
                               struct trust_path out_paths[TRUST_PATHS_MAX],
                               struct trust_propagation *propagation,
                               const struct trust_graph *graph, uint32_t rater);

#endif
