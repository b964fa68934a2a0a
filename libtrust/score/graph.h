/*
 * The graph of vouches: edges between key indices, and what the operator said about each key.
 *
 * Edges lie in no order; whoever needs one sorts them (propagate.h). An edge costs 16 bytes here.
 * Which edges carry flow depends on time and on who is cut: trust_graph_refresh settles that.
 */
#ifndef TRUST_SCORE_GRAPH_H
#define TRUST_SCORE_GRAPH_H

#include <stdbool.h>

#include "trust/vouch.h"

#include "base/arena.h"

#define TRUST_GRAPH_NONE UINT32_MAX

struct trust_edge {
    uint32_t from; /* of a free edge: the next free one + 1 */
    uint32_t to;
    uint32_t expires_s; /* saturated */
    int16_t strength;   /* permille, negative: distrust; 0: this edge is free */
    uint8_t scopes;
};

/* Bits of struct trust_mark beside the three of enum trust_scope. */
#define TRUST_MARK_MUTED 0x08u
#define TRUST_MARK_COMPROMISED 0x10u
#define TRUST_MARK_CUT 0x20u  /* muted, compromised or wholly distrusted by the operator */
#define TRUST_MARK_KEPT 0x40u /* it had weight at the last solve */

/* What the operator's own live statement and configuration say about a key. */
struct trust_mark {
    int16_t strength; /* of the operator's own live vouch or distrust; 0: none */
    uint8_t bits;     /* its scopes, and TRUST_MARK_* */
    uint8_t distance; /* vouches from the operator, saturated; see paths.h */
};

struct trust_graph {
    struct trust_edge *edges;
    struct trust_mark *marks; /* by key */
    uint32_t first_free;      /* index + 1 */
    uint32_t fresh;           /* edges ever in use: those behind are free */
    uint32_t count;
    uint32_t capacity;
    uint32_t key_capacity;
    uint32_t key_bound;      /* no key at or above it was ever spoken of */
    uint32_t operator_key;   /* TRUST_GRAPH_NONE: none */
    uint32_t next_expiry_s;  /* no live edge expires before */
    uint32_t refreshed_at_s; /* the time that the marks are true for */
    bool has_expired;        /* some edge was expired then */
    bool is_changed;         /* since the last refresh */
};

void trust_graph_init(struct trust_graph *graph, struct trust_arena *arena, uint32_t keys,
                      uint32_t edges);

void trust_graph_set_operator(struct trust_graph *graph, uint32_t key);

/* Adds an edge of a strength other than 0 and writes its index; false: no room. */
bool trust_graph_add(struct trust_graph *graph, uint32_t *out_edge, const struct trust_edge *edge);
void trust_graph_remove(struct trust_graph *graph, uint32_t edge);

/* bit is TRUST_MARK_MUTED or TRUST_MARK_COMPROMISED. */
void trust_graph_mark(struct trust_graph *graph, uint32_t key, uint8_t bit, bool is_set);

/* True if something changed, or an edge expired (or, after a step back of the clock, has not
 * expired any more) since the last refresh. */
bool trust_graph_is_due(const struct trust_graph *graph, uint32_t now_s);

/* Brings marks, cuts and next_expiry_s up to date with the edges that are live at now_s. */
void trust_graph_refresh(struct trust_graph *graph, uint32_t now_s);

static inline bool trust_graph_is_cut(const struct trust_graph *graph, uint32_t key)
{
    return (graph->marks[key].bits & TRUST_MARK_CUT) != 0;
}

/* True if the edge was live at the last refresh and neither end was cut. */
static inline bool trust_graph_is_live(const struct trust_graph *graph,
                                       const struct trust_edge *edge)
{
    return edge->strength != 0 && edge->expires_s > graph->refreshed_at_s &&
           !trust_graph_is_cut(graph, edge->from) && !trust_graph_is_cut(graph, edge->to);
}

/* What the operator's own partial distrust leaves of every flow into a key. */
static inline double trust_graph_keep(const struct trust_graph *graph, uint32_t key)
{
    int16_t strength = graph->marks[key].strength;
    return strength < 0 ? 1.0 + strength / 1000.0 : 1.0;
}

#endif
