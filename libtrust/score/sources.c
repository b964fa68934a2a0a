/* See sources.h. */
#include "score/sources.h"

#include <string.h>

#include "base/assert.h"

#define SWEEPS_MAX 100u
/* Of the first amount: what is left to send back when it stops. */
#define REST_MAX 1e-7

struct backward {
    const struct trust_propagation *propagation;
    const struct trust_graph *graph;
    const struct trust_hops *hops;
    double *rest; /* by rank: what is still to be sent back, times max(W, C) of the key */
    uint32_t operator_rank;
    double through[TRUST_AUTHOR_VOUCHES_MAX]; /* by first hop, times the operator's max(W, C) */
};

static double evidence_of(const struct trust_source *sources, uint32_t count, uint32_t author)
{
    uint32_t low = 0;
    uint32_t high = count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (sources[middle].author < author)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && sources[low].author == author ? sources[low].evidence : 0;
}

/* Evidence crosses an edge out of the key at this rank backwards. */
static void cross(struct backward *b, uint32_t rank, uint32_t to, double amount)
{
    b->rest[rank] += amount;
    if (rank != b->operator_rank)
        return;
    uint32_t hop = trust_hops_find(b->hops, to);
    if (hop != TRUST_GRAPH_NONE)
        b->through[hop] += amount;
}

static void start(struct backward *b, const struct trust_source *sources, uint32_t count)
{
    const struct trust_graph *graph = b->graph;
    for (uint32_t i = 0; i < graph->fresh; i++) {
        const struct trust_edge *edge = &graph->edges[i];
        if (edge->strength <= 0 || edge->from == edge->to ||
            (edge->scopes & TRUST_SCOPE_RATES) == 0 || !trust_graph_is_live(graph, edge))
            continue;
        uint32_t rank = b->propagation->rank[edge->from];
        double weight = b->propagation->t[edge->to];
        if (rank == TRUST_GRAPH_NONE || weight <= 0)
            continue;
        double evidence = evidence_of(sources, count, edge->to) / weight;
        cross(b, rank, edge->to,
              evidence * TRUST_STAY * trust_graph_keep(graph, edge->to) * edge->strength);
    }
}

/* Sends back what lies at each rank; returns the greatest amount that was found. */
static double sweep(struct backward *b)
{
    const struct trust_propagation *p = b->propagation;
    double most = 0;
    uint32_t begin = 0;
    for (uint32_t rank = 0; rank < p->node_count; rank++) {
        uint32_t end = p->row_end[rank];
        uint32_t key = p->order[rank];
        double rest = b->rest[rank] / trust_propagation_norm(p, key);
        double sent = rest * TRUST_STAY * trust_graph_keep(b->graph, key);
        b->rest[rank] = 0;
        most = rest > most ? rest : most;
        for (uint32_t at = begin; sent > 0 && at < end; at++)
            cross(b, trust_packed_rank(p->packed[at]), key,
                  sent * trust_packed_strength(p->packed[at]));
        begin = end;
    }
    return most;
}

struct trust_heaviest trust_sources_heaviest(struct trust_propagation *propagation,
                                             const struct trust_graph *graph,
                                             const struct trust_hops *hops,
                                             const struct trust_source *sources, uint32_t count)
{
    assert(hops->generation == propagation->generation);
    struct trust_heaviest heaviest = {.key = TRUST_GRAPH_NONE};
    if (graph->operator_key == TRUST_GRAPH_NONE)
        return heaviest;
    struct backward backward = {.propagation = propagation,
                                .graph = graph,
                                .hops = hops,
                                .rest = propagation->scratch,
                                .operator_rank = propagation->rank[graph->operator_key]};
    propagation->has_best = false;
    memset(backward.rest, 0, propagation->node_count * sizeof *backward.rest);
    start(&backward, sources, count);
    double first = sweep(&backward);
    for (uint32_t i = 1; i < SWEEPS_MAX && sweep(&backward) > REST_MAX * first;)
        i++;
    double norm = trust_propagation_norm(propagation, graph->operator_key);
    for (uint32_t i = 0; i < hops->first_hop_count; i++) {
        double evidence = backward.through[i] / norm;
        if (evidence > heaviest.evidence)
            heaviest = (struct trust_heaviest){.key = hops->first_hops[i], .evidence = evidence};
    }
    return heaviest;
}
