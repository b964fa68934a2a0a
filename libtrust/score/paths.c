/* See paths.h. */
#include "score/paths.h"

#include <string.h>

#include "base/assert.h"

/* A strongest path has at most 39 hops, and a sweep settles at least one more hop of each. */
#define SWEEPS_MAX 40u
/* Rounds of the search: three paths of 39 hops, and what loops waste. */
#define ROUNDS_MAX 400u
/* A path that carries less explains nothing. */
#define FLOW_MIN 1e-9

/* Best flow of each rank divided by max(W, C) in permille, in the solver's scratch memory. */
static bool sweep_best(const struct trust_propagation *p, const struct trust_graph *graph)
{
    double *best = p->scratch;
    bool grew = false;
    uint32_t at = 0;
    for (uint32_t rank = 0; rank < p->node_count; rank++) {
        double most = 0;
        for (; at < p->row_end[rank]; at++) {
            uint32_t packed = p->packed[at];
            double flow = best[trust_packed_rank(packed)] * trust_packed_strength(packed);
            most = flow > most ? flow : most;
        }
        uint32_t key = p->order[rank];
        if (key == graph->operator_key)
            continue;
        most *= TRUST_STAY * trust_graph_keep(graph, key) / trust_propagation_norm(p, key);
        if (most > best[rank]) {
            best[rank] = most;
            grew = true;
        }
    }
    return grew;
}

static void refresh_best(struct trust_propagation *p, const struct trust_graph *graph)
{
    if (p->has_best)
        return;
    memset(p->scratch, 0, p->node_count * sizeof *p->scratch);
    p->scratch[p->rank[graph->operator_key]] = 1.0 / trust_propagation_norm(p, graph->operator_key);
    uint32_t sweeps = 0;
    while (sweep_best(p, graph) && sweeps < SWEEPS_MAX)
        sweeps++;
    p->has_best = true;
}

static double best_of(const struct trust_propagation *p, uint32_t key)
{
    uint32_t rank = p->rank[key];
    return rank == TRUST_GRAPH_NONE ? 0 : p->scratch[rank] * trust_propagation_norm(p, key);
}

static bool is_on_path(const struct trust_path_search *search, uint32_t node, uint32_t key)
{
    for (uint32_t at = node + 1; at != 0; at = search->nodes[at - 1].next) {
        if (search->nodes[at - 1].key == key)
            return true;
    }
    return false;
}

/* The open node with the least bound, to make room; count if none is open. */
static uint32_t weakest(const struct trust_path_search *search)
{
    uint32_t found = search->count;
    for (uint32_t i = 0; i < search->count; i++) {
        if (search->nodes[i].is_open &&
            (found == search->count || search->nodes[i].bound < search->nodes[found].bound))
            found = i;
    }
    return found;
}

static void push(struct trust_path_search *search, const struct trust_path_node *node)
{
    if (node->bound < FLOW_MIN || node->length > TRUST_PATH_KEYS_MAX)
        return;
    if (search->count < TRUST_PATH_NODES_MAX) {
        search->nodes[search->count++] = *node;
        return;
    }
    uint32_t at = weakest(search);
    if (at < search->count && search->nodes[at].bound < node->bound)
        search->nodes[at] = *node;
}

static bool pop(struct trust_path_search *search, uint32_t *out_node)
{
    bool found = false;
    for (uint32_t i = 0; i < search->count; i++) {
        if (search->nodes[i].is_open &&
            (!found || search->nodes[i].bound > search->nodes[*out_node].bound)) {
            *out_node = i;
            found = true;
        }
    }
    if (found)
        search->nodes[*out_node].is_open = false;
    return found;
}

static void extend(struct trust_path_search *search, const struct trust_propagation *p, uint32_t at,
                   uint32_t key, double factor)
{
    const struct trust_path_node *node = &search->nodes[at];
    if (is_on_path(search, at, key))
        return;
    double flow = node->flow * factor / trust_propagation_norm(p, key);
    push(search, &(struct trust_path_node){.bound = flow * best_of(p, key),
                                           .flow = flow,
                                           .key = key,
                                           .next = at + 1,
                                           .length = node->length + 1,
                                           .is_open = true});
}

/* The last edge of a path: any `rates well` edge into the rater. */
static void open_rater(struct trust_path_search *search, const struct trust_propagation *p,
                       const struct trust_graph *graph, uint32_t rater)
{
    search->nodes[0] = (struct trust_path_node){.flow = 1, .key = rater, .length = 1};
    search->count = 1;
    for (uint32_t i = 0; i < graph->fresh; i++) {
        const struct trust_edge *edge = &graph->edges[i];
        if (edge->to != rater || edge->strength <= 0 || (edge->scopes & TRUST_SCOPE_RATES) == 0 ||
            !trust_graph_is_live(graph, edge))
            continue;
        extend(search, p, 0, edge->from,
               TRUST_STAY * trust_graph_keep(graph, rater) * edge->strength);
    }
}

static void open_sources(struct trust_path_search *search, const struct trust_propagation *p,
                         const struct trust_graph *graph, uint32_t at)
{
    uint32_t key = search->nodes[at].key;
    uint32_t rank = p->rank[key];
    if (rank == TRUST_GRAPH_NONE)
        return;
    double factor = TRUST_STAY * trust_graph_keep(graph, key);
    for (uint32_t i = rank == 0 ? 0 : p->row_end[rank - 1]; i < p->row_end[rank]; i++)
        extend(search, p, at, p->order[trust_packed_rank(p->packed[i])],
               factor * trust_packed_strength(p->packed[i]));
}

static void write_path(const struct trust_path_search *search, struct trust_path *out_path,
                       uint32_t node)
{
    out_path->flow = search->nodes[node].flow;
    out_path->length = 0;
    for (uint32_t at = node + 1; at != 0; at = search->nodes[at - 1].next) {
        assert(out_path->length < TRUST_PATH_KEYS_MAX);
        out_path->keys[out_path->length++] = search->nodes[at - 1].key;
    }
}

uint32_t trust_paths_strongest(struct trust_path_search *search,
                               struct trust_path out_paths[TRUST_PATHS_MAX],
                               struct trust_propagation *propagation,
                               const struct trust_graph *graph, uint32_t rater)
{
    uint32_t me = graph->operator_key;
    if (me == TRUST_GRAPH_NONE)
        return 0;
    if (rater == me) {
        out_paths[0] = (struct trust_path){.flow = 1, .length = 1, .keys = {me}};
        return 1;
    }
    refresh_best(propagation, graph);
    open_rater(search, propagation, graph, rater);
    uint32_t count = 0;
    uint32_t node = 0;
    for (uint32_t i = 0; i < ROUNDS_MAX && count < TRUST_PATHS_MAX && pop(search, &node); i++) {
        if (search->nodes[node].key == me)
            write_path(search, &out_paths[count++], node);
        else
            open_sources(search, propagation, graph, node);
    }
    return count;
}
