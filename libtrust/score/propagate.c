/* See propagate.h. During a solve pi, t and t_scan hold the solver's own numbers by rank, so that
 * a key costs no second set of them. */
#include "score/propagate.h"

#include <math.h>
#include <string.h>

#include "base/assert.h"

/* Degrees at or above are one class of the order: it is about locality, not exactness. */
#define DEGREE_CLASSES 1024u
/* The residual of pi after a sweep is at most .7 of the sweep's change, and the error at most 1/.3
 * of the residual, both in the sum of absolute values. */
#define CHANGE_MAX 1e-11
#define SWEEPS_MAX 100u

void trust_propagation_init(struct trust_propagation *propagation, struct trust_arena *arena,
                            uint32_t keys, uint32_t edges)
{
    assert(keys > 0);
    assert(keys <= TRUST_PACKED_KEYS_MAX);
    *propagation = (struct trust_propagation){0};
    propagation->pi = trust_arena_cut(arena, keys, sizeof *propagation->pi);
    propagation->t = trust_arena_cut(arena, keys, sizeof *propagation->t);
    propagation->t_scan = trust_arena_cut(arena, keys, sizeof *propagation->t_scan);
    propagation->scratch = trust_arena_cut(arena, keys, sizeof *propagation->scratch);
    propagation->delta = trust_arena_cut(arena, keys, sizeof *propagation->delta);
    propagation->out_permille = trust_arena_cut(arena, keys, sizeof *propagation->out_permille);
    propagation->order = trust_arena_cut(arena, keys, sizeof *propagation->order);
    propagation->rank = trust_arena_cut(arena, keys, sizeof *propagation->rank);
    propagation->row_end = trust_arena_cut(arena, keys, sizeof *propagation->row_end);
    propagation->packed = trust_arena_cut(arena, edges, sizeof *propagation->packed);
}

static bool is_flow(const struct trust_graph *graph, const struct trust_edge *edge)
{
    return edge->strength > 0 && edge->from != edge->to && trust_graph_is_live(graph, edge);
}

static bool introduces(const struct trust_edge *edge)
{
    return (edge->scopes & TRUST_SCOPE_INTRODUCES) != 0;
}

/* W by key, incoming edges by key (in row_end), outgoing ones by key (in rank). */
static void count_edges(struct trust_propagation *p, const struct trust_graph *graph)
{
    size_t keys = graph->key_bound;
    memset(p->out_permille, 0, keys * sizeof *p->out_permille);
    memset(p->row_end, 0, keys * sizeof *p->row_end);
    memset(p->rank, 0, keys * sizeof *p->rank);
    for (uint32_t i = 0; i < graph->fresh; i++) {
        const struct trust_edge *edge = &graph->edges[i];
        if (!is_flow(graph, edge))
            continue;
        p->out_permille[edge->from] += (uint16_t)edge->strength;
        if (!introduces(edge))
            continue;
        p->row_end[edge->to]++;
        p->rank[edge->from]++;
    }
}

static uint32_t degree_class(uint32_t degree)
{
    return degree < DEGREE_CLASSES ? DEGREE_CLASSES - 1 - degree : 0;
}

/* Ranks the keys that have edges by out-degree, the greatest first; fills order and rank. */
static void order_keys(struct trust_propagation *p, const struct trust_graph *graph)
{
    uint32_t next[DEGREE_CLASSES] = {0};
    uint32_t me = graph->operator_key;
    for (uint32_t key = 0; key < graph->key_bound; key++) {
        if (p->rank[key] > 0 || p->row_end[key] > 0 || key == me)
            next[degree_class(p->rank[key])]++;
    }
    uint32_t sum = 0;
    for (uint32_t i = 0; i < DEGREE_CLASSES; i++) {
        uint32_t count = next[i];
        next[i] = sum;
        sum += count;
    }
    p->node_count = sum;
    for (uint32_t key = 0; key < graph->key_bound; key++) {
        if (p->rank[key] == 0 && p->row_end[key] == 0 && key != me) {
            p->rank[key] = TRUST_GRAPH_NONE;
            continue;
        }
        uint32_t rank = next[degree_class(p->rank[key])]++;
        p->order[rank] = key;
        p->rank[key] = rank;
    }
}

/* Sorts the incoming edges by the rank of their target. */
static void pack_edges(struct trust_propagation *p, const struct trust_graph *graph)
{
    /* Counts by key become starts by rank; t stands in as the place to turn them. */
    uint32_t *counts = (uint32_t *)(void *)p->t;
    for (uint32_t rank = 0; rank < p->node_count; rank++)
        counts[rank] = p->row_end[p->order[rank]];
    uint32_t sum = 0;
    for (uint32_t rank = 0; rank < p->node_count; rank++) {
        p->row_end[rank] = sum;
        sum += counts[rank];
    }
    for (uint32_t i = 0; i < graph->fresh; i++) {
        const struct trust_edge *edge = &graph->edges[i];
        if (!is_flow(graph, edge) || !introduces(edge))
            continue;
        /* Filling a row moves its start to its end. */
        uint32_t at = p->row_end[p->rank[edge->to]]++;
        p->packed[at] = p->rank[edge->from] << 10 | ((uint16_t)edge->strength - 1u);
    }
}

/* The four numbers of a rank while sweeping. */
struct sweep {
    double *share;  /* pi / max(W, C): what the targets read */
    double *in;     /* (1 - alpha) x what own distrust leaves */
    double *out;    /* 1 / max(W, C), in permille */
    double *lost;   /* the part of pi that no target gets */
    uint32_t start; /* the operator's rank */
};

static struct sweep begin_sweeps(struct trust_propagation *p, const struct trust_graph *graph)
{
    struct sweep sweep = {
        .share = p->scratch,
        .in = p->pi,
        .out = p->t,
        .lost = p->t_scan,
        .start = p->rank[graph->operator_key],
    };
    for (uint32_t rank = 0; rank < p->node_count; rank++) {
        uint32_t key = p->order[rank];
        sweep.share[rank] = 0;
        sweep.in[rank] = TRUST_STAY * trust_graph_keep(graph, key);
        sweep.out[rank] = 1.0 / trust_propagation_norm(p, key);
        sweep.lost[rank] = 1;
    }
    uint32_t at = 0;
    for (uint32_t rank = 0; rank < p->node_count; rank++) {
        for (; at < p->row_end[rank]; at++) {
            uint32_t source = trust_packed_rank(p->packed[at]);
            sweep.lost[source] -=
                sweep.in[rank] * sweep.out[source] * trust_packed_strength(p->packed[at]);
        }
    }
    return sweep;
}

static double gather(const double *share, const uint32_t *packed, uint32_t begin, uint32_t end)
{
    double even = 0;
    double odd = 0;
    uint32_t at = begin;
    for (; at + 1 < end; at += 2) {
        even += share[trust_packed_rank(packed[at])] * trust_packed_strength(packed[at]);
        odd += share[trust_packed_rank(packed[at + 1])] * trust_packed_strength(packed[at + 1]);
    }
    if (at < end)
        even += share[trust_packed_rank(packed[at])] * trust_packed_strength(packed[at]);
    return even + odd;
}

/*
 * One sweep; returns how much pi changed in all. Then all of pi is scaled so that what enters the
 * walk (alpha) equals what is lost on it, which the exact pi satisfies: it removes at once the part
 * of the error that sweeps alone remove slowest (Stewart, "Introduction to the Numerical Solution
 * of Markov Chains", 1994, section 6.3, aggregation, with one aggregate).
 */
static double run_sweep(const struct trust_propagation *p, const struct sweep *sweep)
{
    double change = 0;
    double lost = 0;
    uint32_t begin = 0;
    for (uint32_t rank = 0; rank < p->node_count; rank++) {
        uint32_t end = p->row_end[rank];
        double pi = sweep->in[rank] * gather(sweep->share, p->packed, begin, end);
        if (rank == sweep->start)
            pi += TRUST_ALPHA;
        double share = pi * sweep->out[rank];
        change += fabs(share - sweep->share[rank]) / sweep->out[rank];
        lost += pi * sweep->lost[rank];
        sweep->share[rank] = share;
        begin = end;
    }
    double scale = TRUST_ALPHA / lost;
    for (uint32_t rank = 0; rank < p->node_count; rank++)
        sweep->share[rank] *= scale;
    return change;
}

/* Solves, and leaves pi by key; t and t_scan are free again, scratch keeps the shares by rank. */
static void solve_pi(struct trust_propagation *p, const struct trust_graph *graph)
{
    struct sweep sweep = begin_sweeps(p, graph);
    double change = 1;
    p->sweeps = 0;
    while (change > CHANGE_MAX && p->sweeps < SWEEPS_MAX) {
        change = run_sweep(p, &sweep);
        p->sweeps++;
    }
    p->unresolved = change > CHANGE_MAX ? change * TRUST_STAY / TRUST_ALPHA : 0;
    memset(p->pi, 0, graph->key_bound * sizeof *p->pi);
    for (uint32_t rank = 0; rank < p->node_count; rank++)
        p->pi[p->order[rank]] = sweep.share[rank] / sweep.out[rank];
}

/* The last step of the walk, by the scope of its edge. Returns whether anybody distrusts. */
static bool take_last_step(struct trust_propagation *p, const struct trust_graph *graph)
{
    bool has_distrust = false;
    memset(p->t, 0, graph->key_bound * sizeof *p->t);
    memset(p->t_scan, 0, graph->key_bound * sizeof *p->t_scan);
    for (uint32_t i = 0; i < graph->fresh; i++) {
        const struct trust_edge *edge = &graph->edges[i];
        has_distrust |= edge->strength < 0;
        if (!is_flow(graph, edge) || p->rank[edge->from] == TRUST_GRAPH_NONE)
            continue;
        double flow = TRUST_STAY / TRUST_ALPHA * p->scratch[p->rank[edge->from]] * edge->strength *
                      trust_graph_keep(graph, edge->to);
        if ((edge->scopes & TRUST_SCOPE_RATES) != 0)
            p->t[edge->to] += flow;
        if ((edge->scopes & TRUST_SCOPE_SCANS) != 0)
            p->t_scan[edge->to] += flow;
    }
    p->t[graph->operator_key] += 1;
    p->t_scan[graph->operator_key] += 1;
    return has_distrust;
}

static void drop_small(struct trust_propagation *p, uint32_t keys)
{
    for (uint32_t key = 0; key < keys; key++) {
        if (p->pi[key] < TRUST_WEIGHT_MIN * TRUST_ALPHA)
            p->pi[key] = 0;
        if (p->t[key] < TRUST_WEIGHT_MIN)
            p->t[key] = 0;
        if (p->t_scan[key] < TRUST_WEIGHT_MIN)
            p->t_scan[key] = 0;
    }
}

/* delta = T+ / (T+ + 2 T-) over everybody but the operator, whose own vouch overrides it. */
static void weigh_distrust(struct trust_propagation *p, const struct trust_graph *graph)
{
    double *trusted = p->scratch;
    float *distrusted = p->delta;
    memset(trusted, 0, graph->key_bound * sizeof *trusted);
    memset(distrusted, 0, graph->key_bound * sizeof *distrusted);
    for (uint32_t i = 0; i < graph->fresh; i++) {
        const struct trust_edge *edge = &graph->edges[i];
        if (edge->from == graph->operator_key || !trust_graph_is_live(graph, edge))
            continue;
        double said = p->pi[edge->from] * edge->strength;
        if (said > 0)
            trusted[edge->to] += said;
        else
            distrusted[edge->to] -= (float)said;
    }
    for (uint32_t key = 0; key < graph->key_bound; key++) {
        double against = 2.0 * (double)distrusted[key];
        bool overridden = key == graph->operator_key || graph->marks[key].strength > 0;
        p->delta[key] =
            against > 0 && !overridden ? (float)(trusted[key] / (trusted[key] + against)) : 1;
    }
}

void trust_propagation_solve(struct trust_propagation *propagation, const struct trust_graph *graph)
{
    struct trust_propagation *p = propagation;
    size_t keys = graph->key_bound;
    p->generation++;
    p->has_best = false;
    for (uint32_t key = 0; key < keys; key++)
        p->delta[key] = 1;
    if (graph->operator_key == TRUST_GRAPH_NONE) {
        p->node_count = 0;
        p->sweeps = 0;
        p->unresolved = 0;
        memset(p->pi, 0, keys * sizeof *p->pi);
        memset(p->t, 0, keys * sizeof *p->t);
        memset(p->t_scan, 0, keys * sizeof *p->t_scan);
        return;
    }
    count_edges(p, graph);
    order_keys(p, graph);
    pack_edges(p, graph);
    solve_pi(p, graph);
    bool has_distrust = take_last_step(p, graph);
    drop_small(p, graph->key_bound);
    if (has_distrust)
        weigh_distrust(p, graph);
}
