/*
 * Which of the operator's own vouches carries the most of a server's evidence: if that one was a
 * mistake, this much of the score is.
 */
#ifndef TRUST_SCORE_SOURCES_H
#define TRUST_SCORE_SOURCES_H

#include "score/hops.h"

/* One rater's evidence: ascending by author, each author once. */
struct trust_source {
    uint32_t author;
    double evidence;
};

struct trust_heaviest {
    uint32_t key;    /* TRUST_GRAPH_NONE: no evidence came through a first hop */
    double evidence; /* what came through it */
};

/*
 * Evidence is linear in the weights, so it is sent back along the walk: what a key passes on to
 * raters, and to those who pass it on, is gathered from the raters' end, and the part that crosses
 * each edge out of the operator is read off (the adjoint of the system in propagate.h). hops are
 * those of the last solve.
 */
struct trust_heaviest trust_sources_heaviest(struct trust_propagation *propagation,
                                             const struct trust_graph *graph,
                                             const struct trust_hops *hops,
                                             const struct trust_source *sources, uint32_t count);

#endif
