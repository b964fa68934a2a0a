/* score/paths: the strongest paths beside an exhaustive search on small random graphs. */
#include "score/paths.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "web.h"

#define KEYS 8u

/* Every path without a loop from the operator to the rater, by depth-first search with its own
 * stack; the three best flows stay in best, descending. */
struct search {
    const struct web *web;
    uint32_t rater;
    double best[3];
    uint32_t edges[KEYS];
    uint32_t keys[KEYS + 1];
    double flows[KEYS + 1];
    uint32_t depth;
};

static void keep(struct search *search, double flow)
{
    for (int i = 0; i < 3; i++) {
        if (flow > search->best[i]) {
            double other = search->best[i];
            search->best[i] = flow;
            flow = other;
        }
    }
}

static bool is_visited(const struct search *search, uint32_t key)
{
    for (uint32_t i = 0; i <= search->depth; i++) {
        if (search->keys[i] == key)
            return true;
    }
    return false;
}

static double flow_along(const struct search *search, const struct trust_edge *edge)
{
    return search->flows[search->depth] * .7 * edge->strength *
           trust_graph_keep(&search->web->graph, edge->to) /
           trust_propagation_norm(&search->web->propagation, edge->from);
}

/* Steps along the next edge of the key on top, or back; false at the end. */
static bool step(struct search *search)
{
    const struct trust_graph *graph = &search->web->graph;
    uint32_t next = search->edges[search->depth]++;
    if (next >= graph->fresh)
        return search->depth-- > 0;
    const struct trust_edge *edge = &graph->edges[next];
    if (edge->from != search->keys[search->depth] || edge->strength <= 0 ||
        is_visited(search, edge->to) || !trust_graph_is_live(graph, edge))
        return true;
    double flow = flow_along(search, edge);
    if (edge->to == search->rater) {
        if ((edge->scopes & TRUST_SCOPE_RATES) != 0)
            keep(search, flow);
        return true;
    }
    if ((edge->scopes & TRUST_SCOPE_INTRODUCES) == 0)
        return true;
    search->depth++;
    search->keys[search->depth] = edge->to;
    search->flows[search->depth] = flow;
    search->edges[search->depth] = 0;
    return true;
}

static void search_all(struct search *search, const struct web *web, uint32_t rater)
{
    memset(search, 0, sizeof *search);
    search->web = web;
    search->rater = rater;
    search->flows[0] = 1;
    while (step(search))
        continue;
}

static void scatter_with_scopes(struct web *web, uint64_t seed)
{
    struct trust_random random = trust_random_init(seed);
    bool is_used[KEYS][KEYS] = {{false}};
    for (int i = 0; i < 44; i++) {
        uint32_t from = (uint32_t)trust_random_below(&random, KEYS);
        uint32_t to = (uint32_t)trust_random_below(&random, KEYS);
        /* One register a pair, as the ledger has it. */
        if (from == to || is_used[from][to])
            continue;
        is_used[from][to] = true;
        int permille = 1 + (int)trust_random_below(&random, 1000);
        if (trust_random_below(&random, 10) == 0)
            permille = -(permille + 1) / 2;
        web_edge(web, from, to, permille, (uint8_t)(1 + trust_random_below(&random, 7)));
    }
}

static void check_path(const struct web *web, const struct trust_path *path, uint32_t rater)
{
    assert_int_equal(path->keys[0], 0);
    assert_int_equal(path->keys[path->length - 1], rater);
    double flow = 1;
    for (uint32_t i = 0; i + 1 < path->length; i++) {
        double strength = 0;
        for (uint32_t e = 0; e < web->graph.fresh; e++) {
            const struct trust_edge *edge = &web->graph.edges[e];
            if (edge->from == path->keys[i] && edge->to == path->keys[i + 1])
                strength = edge->strength;
        }
        flow *= .7 * strength * trust_graph_keep(&web->graph, path->keys[i + 1]) /
                trust_propagation_norm(&web->propagation, path->keys[i]);
    }
    assert_true(fabs(flow - path->flow) < 1e-12);
}

static void the_three_strongest_paths_are_those_of_an_exhaustive_search(void **state)
{
    (void)state;
    static struct trust_path_search scratch;
    struct search exact;
    struct trust_path paths[TRUST_PATHS_MAX];
    uint32_t compared = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct web web;
        web_open(&web, KEYS, 64);
        scatter_with_scopes(&web, seed);
        web_solve(&web);
        uint32_t rater = 1 + (uint32_t)(seed % (KEYS - 1));
        search_all(&exact, &web, rater);
        uint32_t count =
            trust_paths_strongest(&scratch, paths, &web.propagation, &web.graph, rater);
        for (uint32_t i = 0; i < TRUST_PATHS_MAX && exact.best[i] > 1e-8; i++) {
            assert_true(i < count);
            assert_true(fabs(paths[i].flow - exact.best[i]) < 1e-12);
            check_path(&web, &paths[i], rater);
            compared++;
        }
        web_close(&web);
    }
    assert_true(compared > 300);
}

static void on_a_tree_the_paths_carry_the_whole_weight(void **state)
{
    (void)state;
    static struct trust_path_search scratch;
    struct trust_path paths[TRUST_PATHS_MAX];
    struct web web;
    web_open(&web, 8, 8);
    web_edge(&web, 0, 1, 1000, TRUST_SCOPE_ALL);
    web_edge(&web, 0, 2, 500, TRUST_SCOPE_ALL);
    web_edge(&web, 1, 3, 800, TRUST_SCOPE_ALL);
    web_edge(&web, 2, 3, 900, TRUST_SCOPE_ALL);
    web_solve(&web);
    assert_int_equal(trust_paths_strongest(&scratch, paths, &web.propagation, &web.graph, 3), 2);
    assert_true(paths[0].flow > paths[1].flow);
    assert_true(fabs(paths[0].flow + paths[1].flow - web.propagation.t[3]) < 1e-12);
    assert_int_equal(paths[0].length, 3);
    assert_int_equal(paths[0].keys[1], 1);
    web_close(&web);
}

static void the_operator_is_its_own_path_and_a_stranger_has_none(void **state)
{
    (void)state;
    static struct trust_path_search scratch;
    struct trust_path paths[TRUST_PATHS_MAX];
    struct web web;
    web_open(&web, 8, 8);
    web_edge(&web, 0, 1, 1000, TRUST_SCOPE_ALL);
    web_edge(&web, 3, 2, 1000, TRUST_SCOPE_ALL);
    web_solve(&web);
    assert_int_equal(trust_paths_strongest(&scratch, paths, &web.propagation, &web.graph, 0), 1);
    assert_int_equal(paths[0].length, 1);
    assert_true(paths[0].flow == 1);
    assert_int_equal(trust_paths_strongest(&scratch, paths, &web.propagation, &web.graph, 2), 0);
    web_close(&web);
}

static void a_rater_with_five_thousand_vouchers_is_searched_in_bounded_memory(void **state)
{
    (void)state;
    static struct trust_path_search scratch;
    struct trust_path paths[TRUST_PATHS_MAX];
    struct web web;
    uint32_t crowd = 5000;
    web_open(&web, crowd + 2, 2 * crowd);
    for (uint32_t i = 0; i < crowd; i++) {
        web_edge(&web, 0, 2 + i, 1 + (int)(i % 1000), TRUST_SCOPE_ALL);
        web_edge(&web, 2 + i, 1, 1000, TRUST_SCOPE_ALL);
    }
    web_solve(&web);
    assert_int_equal(trust_paths_strongest(&scratch, paths, &web.propagation, &web.graph, 1), 3);
    /* Five have the greatest strength: i % 1000 = 999. */
    for (int i = 0; i < 3; i++)
        assert_int_equal((paths[i].keys[1] - 2) % 1000, 999);
    web_close(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_three_strongest_paths_are_those_of_an_exhaustive_search),
        cmocka_unit_test(on_a_tree_the_paths_carry_the_whole_weight),
        cmocka_unit_test(the_operator_is_its_own_path_and_a_stranger_has_none),
        cmocka_unit_test(a_rater_with_five_thousand_vouchers_is_searched_in_bounded_memory),
    };
    return cmocka_run_group_tests_name("score/paths", tests, NULL, NULL);
}
