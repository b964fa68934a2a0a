/*
 * A graph with its solver, for tests that need no records: keys are numbers, key 0 is the operator.
 * Beside it stands the same system solved plainly from its definition.
 */
#ifndef SCORE_WEB_H
#define SCORE_WEB_H

#include "base/random.h"
#include "score/hops.h"

#define WEB_NOW_S 1000u

struct web {
    struct trust_graph graph;
    struct trust_propagation propagation;
    struct trust_hops hops;
    uint8_t *memory;
};

void web_open(struct web *web, uint32_t keys, uint32_t edges);
void web_close(struct web *web);

/* An edge that never expires; returns its index. */
uint32_t web_edge(struct web *web, uint32_t from, uint32_t to, int permille, uint8_t scopes);

/* Refreshes, solves, and brings hops up to date. */
void web_solve(struct web *web);

/* count edges between random keys out of the first `keys`, with all scopes. */
void web_scatter(struct web *web, struct trust_random *random, uint32_t keys, uint32_t count);

/* pi by 200 steps of the definition over the list of edges. Nothing small is dropped. out_pi has
 * room for every key of the graph. */
void web_solve_plainly(const struct web *web, double *out_pi);

#endif
