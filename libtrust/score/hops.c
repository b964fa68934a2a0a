/* See hops.h. */
#include "score/hops.h"

#include <string.h>

#include "base/assert.h"

/* Behind so many vouches no weight is left: .7^39 < 1e-6. */
#define DEPTH_MAX 40u
#define FAR 255u

/* What is known of a rank while sweeping, in the solver's scratch memory. */
struct reach {
    struct trust_hop_pair pair;
    uint32_t distance;
};

static_assert(sizeof(struct reach) == sizeof(double), "a reach takes the place of one double");

void trust_hops_init(struct trust_hops *hops, struct trust_arena *arena, uint32_t keys)
{
    *hops = (struct trust_hops){0};
    hops->pairs = trust_arena_cut(arena, keys, sizeof *hops->pairs);
    hops->first_hops = trust_arena_cut(arena, TRUST_AUTHOR_VOUCHES_MAX, sizeof *hops->first_hops);
}

uint32_t trust_hops_find(const struct trust_hops *hops, uint32_t key)
{
    uint32_t low = 0;
    uint32_t high = hops->first_hop_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (hops->first_hops[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < hops->first_hop_count && hops->first_hops[low] == key ? low : TRUST_GRAPH_NONE;
}

static bool add_hop(struct trust_hop_pair *into, uint16_t hop)
{
    if (hop == 0 || hop == into->hops[0] || hop == into->hops[1] || into->hops[1] != 0)
        return false;
    into->hops[into->hops[0] == 0 ? 0 : 1] = hop;
    return true;
}

bool trust_hops_merge(struct trust_hop_pair *into, struct trust_hop_pair from)
{
    bool grew = add_hop(into, from.hops[0]);
    return add_hop(into, from.hops[1]) || grew;
}

/* The marks know whom the operator vouches for, in order of key. */
static void list_first_hops(struct trust_hops *hops, const struct trust_graph *graph)
{
    hops->first_hop_count = 0;
    for (uint32_t key = 0; key < graph->key_bound; key++) {
        if (graph->marks[key].strength <= 0 || trust_graph_is_cut(graph, key))
            continue;
        if (hops->first_hop_count == TRUST_AUTHOR_VOUCHES_MAX)
            return;
        hops->first_hops[hops->first_hop_count++] = key;
    }
}

/* One step of the walk along an edge whose source is reached. Returns whether `to` learnt
 * anything. */
static bool step(const struct trust_hops *hops, struct reach *to, uint32_t to_key,
                 const struct reach *from, bool from_operator)
{
    bool grew = false;
    if (from->distance + 1 < to->distance) {
        to->distance = from->distance + 1;
        grew = true;
    }
    if (!from_operator)
        return trust_hops_merge(&to->pair, from->pair) || grew;
    uint32_t hop = trust_hops_find(hops, to_key);
    return (hop != TRUST_GRAPH_NONE && add_hop(&to->pair, (uint16_t)(hop + 1))) || grew;
}

/* One sweep, the round-th from 1 on. What is within round - 1 steps has its distance already, so a
 * distance of up to round is the least; with both hops known too, such a key is done. */
static bool sweep(const struct trust_hops *hops, const struct trust_propagation *p,
                  struct reach *reach, uint32_t operator_rank, uint32_t round)
{
    bool grew = false;
    uint32_t begin = 0;
    for (uint32_t rank = 0; rank < p->node_count; rank++) {
        uint32_t end = p->row_end[rank];
        uint32_t key = p->order[rank];
        struct reach known = reach[rank];
        bool is_done = known.distance <= round && known.pair.hops[1] != 0;
        for (uint32_t at = begin; !is_done && p->pi[key] > 0 && at < end; at++) {
            uint32_t source = trust_packed_rank(p->packed[at]);
            if (reach[source].distance != UINT32_MAX)
                grew |= step(hops, &known, key, &reach[source], source == operator_rank);
        }
        reach[rank] = known;
        begin = end;
    }
    return grew;
}

static void spread(const struct trust_hops *hops, const struct trust_propagation *p,
                   struct reach *reach, uint32_t operator_rank)
{
    for (uint32_t rank = 0; rank < p->node_count; rank++)
        reach[rank] = (struct reach){.distance = UINT32_MAX};
    reach[operator_rank].distance = 0;
    for (uint32_t round = 1; round <= DEPTH_MAX; round++) {
        if (!sweep(hops, p, reach, operator_rank, round))
            return;
    }
}

/* The last step may take any edge for the distance, and a `rates well` edge for the hops. */
static void take_last_step(struct trust_hops *hops, const struct trust_propagation *p,
                           struct trust_graph *graph, const struct reach *reach)
{
    for (uint32_t i = 0; i < graph->fresh; i++) {
        const struct trust_edge *edge = &graph->edges[i];
        if (edge->strength <= 0 || edge->from == edge->to || !trust_graph_is_live(graph, edge))
            continue;
        uint32_t rank = p->rank[edge->from];
        if (rank == TRUST_GRAPH_NONE || reach[rank].distance == UINT32_MAX)
            continue;
        struct trust_hop_pair *pair = &hops->pairs[edge->to];
        struct trust_mark *mark = &graph->marks[edge->to];
        bool has_hops = pair->hops[1] != 0 || (edge->scopes & TRUST_SCOPE_RATES) == 0;
        if (has_hops && mark->distance <= reach[rank].distance + 1)
            continue;
        struct reach to = {.pair = *pair, .distance = mark->distance};
        step(hops, &to, edge->to, &reach[rank], edge->from == graph->operator_key);
        mark->distance = (uint8_t)to.distance;
        if ((edge->scopes & TRUST_SCOPE_RATES) != 0)
            *pair = to.pair;
    }
}

void trust_hops_refresh(struct trust_hops *hops, struct trust_propagation *propagation,
                        struct trust_graph *graph)
{
    if (hops->generation == propagation->generation)
        return;
    hops->generation = propagation->generation;
    hops->first_hop_count = 0;
    memset(hops->pairs, 0, graph->key_bound * sizeof *hops->pairs);
    for (uint32_t key = 0; key < graph->key_bound; key++)
        graph->marks[key].distance = FAR;
    if (graph->operator_key == TRUST_GRAPH_NONE)
        return;
    list_first_hops(hops, graph);
    propagation->has_best = false;
    struct reach *reach = (struct reach *)(void *)propagation->scratch;
    spread(hops, propagation, reach, propagation->rank[graph->operator_key]);
    take_last_step(hops, propagation, graph, reach);
    graph->marks[graph->operator_key].distance = 0;
}
