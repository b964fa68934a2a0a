/*
 * How far each key is from the operator, and through which of the operator's own vouches its rating
 * weight comes. Two raters behind one vouch are one voice when that vouch was a mistake.
 *
 * Of a key's first hops only two are kept: whether evidence has at least two is all that is asked.
 */
#ifndef TRUST_SCORE_HOPS_H
#define TRUST_SCORE_HOPS_H

#include "base/limits.h"
#include "score/propagate.h"

/* A first hop as its index in first_hops + 1; 0: none. */
struct trust_hop_pair {
    uint16_t hops[2];
};

struct trust_hops {
    struct trust_hop_pair *pairs; /* by key */
    uint32_t *first_hops;         /* keys that the operator vouches for, ascending */
    uint32_t first_hop_count;
    uint64_t generation; /* the solve that this belongs to */
};

void trust_hops_init(struct trust_hops *hops, struct trust_arena *arena, uint32_t keys);

/* Brings the pairs, and the distances in the graph's marks, up to the last solve. */
void trust_hops_refresh(struct trust_hops *hops, struct trust_propagation *propagation,
                        struct trust_graph *graph);

/* The index of a key in first_hops, or TRUST_GRAPH_NONE. */
uint32_t trust_hops_find(const struct trust_hops *hops, uint32_t key);

/* Adds the first hops of one pair to another that has room. Returns true if it grew. */
bool trust_hops_merge(struct trust_hop_pair *into, struct trust_hop_pair from);

#endif
