/* See graph.h. */
#include "score/graph.h"

#include "base/assert.h"

void trust_graph_init(struct trust_graph *graph, struct trust_arena *arena, uint32_t keys,
                      uint32_t edges)
{
    assert(keys > 0);
    assert(edges < UINT32_MAX);
    *graph = (struct trust_graph){
        .capacity = edges,
        .key_capacity = keys,
        .operator_key = TRUST_GRAPH_NONE,
        .next_expiry_s = UINT32_MAX,
    };
    graph->edges = trust_arena_cut(arena, edges, sizeof *graph->edges);
    graph->marks = trust_arena_cut(arena, keys, sizeof *graph->marks);
}

static void speak_of(struct trust_graph *graph, uint32_t key)
{
    assert(key < graph->key_capacity);
    if (key >= graph->key_bound)
        graph->key_bound = key + 1;
}

void trust_graph_set_operator(struct trust_graph *graph, uint32_t key)
{
    if (key != TRUST_GRAPH_NONE)
        speak_of(graph, key);
    graph->operator_key = key;
    graph->is_changed = true;
}

bool trust_graph_add(struct trust_graph *graph, uint32_t *out_edge, const struct trust_edge *edge)
{
    assert(edge->strength != 0);
    uint32_t index;
    if (graph->first_free != 0) {
        index = graph->first_free - 1;
        graph->first_free = graph->edges[index].from;
    } else if (graph->fresh < graph->capacity) {
        index = graph->fresh++;
    } else {
        return false;
    }
    speak_of(graph, edge->from);
    speak_of(graph, edge->to);
    graph->edges[index] = *edge;
    graph->count++;
    graph->is_changed = true;
    *out_edge = index;
    return true;
}

void trust_graph_remove(struct trust_graph *graph, uint32_t edge)
{
    assert(edge < graph->fresh);
    assert(graph->edges[edge].strength != 0);
    graph->edges[edge] = (struct trust_edge){.from = graph->first_free};
    graph->first_free = edge + 1;
    graph->count--;
    graph->is_changed = true;
}

void trust_graph_mark(struct trust_graph *graph, uint32_t key, uint8_t bit, bool is_set)
{
    assert(bit == TRUST_MARK_MUTED || bit == TRUST_MARK_COMPROMISED);
    speak_of(graph, key);
    uint8_t *bits = &graph->marks[key].bits;
    *bits = (uint8_t)(is_set ? *bits | bit : *bits & ~bit);
    graph->is_changed = true;
}

bool trust_graph_is_due(const struct trust_graph *graph, uint32_t now_s)
{
    if (graph->is_changed || now_s >= graph->next_expiry_s)
        return true;
    return graph->has_expired && now_s < graph->refreshed_at_s;
}

static void reset_marks(struct trust_graph *graph)
{
    for (uint32_t key = 0; key < graph->key_bound; key++) {
        struct trust_mark *mark = &graph->marks[key];
        mark->strength = 0;
        mark->bits &= TRUST_MARK_MUTED | TRUST_MARK_COMPROMISED | TRUST_MARK_KEPT;
        bool is_cut = (mark->bits & (TRUST_MARK_MUTED | TRUST_MARK_COMPROMISED)) != 0;
        /* The operator cannot be cut: a muted operator would be an instance without anybody. */
        if (is_cut && key != graph->operator_key)
            mark->bits |= TRUST_MARK_CUT;
    }
}

void trust_graph_refresh(struct trust_graph *graph, uint32_t now_s)
{
    reset_marks(graph);
    graph->next_expiry_s = UINT32_MAX;
    graph->has_expired = false;
    for (uint32_t i = 0; i < graph->fresh; i++) {
        const struct trust_edge *edge = &graph->edges[i];
        if (edge->strength == 0)
            continue;
        if (edge->expires_s <= now_s) {
            graph->has_expired = true;
            continue;
        }
        if (edge->expires_s < graph->next_expiry_s)
            graph->next_expiry_s = edge->expires_s;
        if (edge->from != graph->operator_key || edge->to == edge->from)
            continue;
        struct trust_mark *mark = &graph->marks[edge->to];
        mark->strength = edge->strength;
        mark->bits |= edge->scopes;
        if (edge->strength <= -1000)
            mark->bits |= TRUST_MARK_CUT;
    }
    graph->refreshed_at_s = now_s;
    graph->is_changed = false;
}
