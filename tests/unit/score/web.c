/* See web.h. */
#include "web.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STEPS 200

static void init(struct web *web, struct trust_arena *arena, uint32_t keys, uint32_t edges)
{
    trust_graph_init(&web->graph, arena, keys, edges);
    trust_propagation_init(&web->propagation, arena, keys, edges);
    trust_hops_init(&web->hops, arena, keys);
}

void web_open(struct web *web, uint32_t keys, uint32_t edges)
{
    struct trust_arena arena = {0};
    init(web, &arena, keys, edges);
    arena = (struct trust_arena){.memory = calloc(1, arena.size), .capacity = arena.size};
    assert_non_null(arena.memory);
    web->memory = arena.memory;
    init(web, &arena, keys, edges);
    trust_graph_set_operator(&web->graph, 0);
}

void web_close(struct web *web)
{
    free(web->memory);
}

uint32_t web_edge(struct web *web, uint32_t from, uint32_t to, int permille, uint8_t scopes)
{
    uint32_t index = 0;
    assert_true(trust_graph_add(&web->graph, &index,
                                &(struct trust_edge){.from = from,
                                                     .to = to,
                                                     .expires_s = UINT32_MAX,
                                                     .strength = (int16_t)permille,
                                                     .scopes = scopes}));
    return index;
}

void web_solve(struct web *web)
{
    trust_graph_refresh(&web->graph, WEB_NOW_S);
    trust_propagation_solve(&web->propagation, &web->graph);
    trust_hops_refresh(&web->hops, &web->propagation, &web->graph);
}

void web_scatter(struct web *web, struct trust_random *random, uint32_t keys, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t from = (uint32_t)trust_random_below(random, keys);
        uint32_t to = (uint32_t)trust_random_below(random, keys - 1);
        to += to >= from;
        web_edge(web, from, to, 1 + (int)trust_random_below(random, 1000), TRUST_SCOPE_ALL);
    }
}

static bool flows(const struct web *web, const struct trust_edge *edge)
{
    return edge->strength > 0 && edge->from != edge->to && edge->expires_s > WEB_NOW_S &&
           !trust_graph_is_cut(&web->graph, edge->from) &&
           !trust_graph_is_cut(&web->graph, edge->to);
}

static void take_step(const struct web *web, const double *sums, const double *pi, double *out_pi)
{
    memset(out_pi, 0, web->graph.key_bound * sizeof *out_pi);
    out_pi[web->graph.operator_key] = .3;
    for (uint32_t i = 0; i < web->graph.fresh; i++) {
        const struct trust_edge *edge = &web->graph.edges[i];
        if (!flows(web, edge) || (edge->scopes & TRUST_SCOPE_INTRODUCES) == 0)
            continue;
        double norm = sums[edge->from] > 1 ? sums[edge->from] : 1;
        out_pi[edge->to] += .7 * pi[edge->from] * edge->strength / 1000 / norm *
                            trust_graph_keep(&web->graph, edge->to);
    }
}

void web_solve_plainly(const struct web *web, double *out_pi)
{
    uint32_t keys = web->graph.key_bound;
    double *sums = calloc(keys, sizeof *sums);
    double *other = calloc(keys, sizeof *other);
    assert_non_null(sums);
    assert_non_null(other);
    for (uint32_t i = 0; i < web->graph.fresh; i++) {
        const struct trust_edge *edge = &web->graph.edges[i];
        if (flows(web, edge))
            sums[edge->from] += edge->strength / 1000.0;
    }
    memset(out_pi, 0, keys * sizeof *out_pi);
    for (int i = 0; i < STEPS; i++) {
        take_step(web, sums, out_pi, other);
        memcpy(out_pi, other, keys * sizeof *out_pi);
    }
    free(sums);
    free(other);
}
