/* score/sources: the part of the evidence that came through each first hop, beside solving the
 * graph again without that hop. */
#include "score/sources.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "web.h"

#define KEYS 40u

/* Evidence when each unit of t is worth 1. */
static double evidence(const struct web *web, const uint32_t *raters, uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += web->propagation.t[raters[i]];
    return sum;
}

static void a_single_vouch_carries_everything(void **state)
{
    (void)state;
    struct web web;
    web_open(&web, KEYS, 16);
    web_edge(&web, 0, 1, 600, TRUST_SCOPE_ALL);
    web_edge(&web, 1, 2, 1000, TRUST_SCOPE_ALL);
    web_edge(&web, 2, 1, 1000, TRUST_SCOPE_ALL);
    web_edge(&web, 2, 3, 1000, TRUST_SCOPE_ALL);
    web_edge(&web, 0, 2, -300, TRUST_SCOPE_ALL);
    web_solve(&web);
    const uint32_t raters[] = {1, 2, 3};
    struct trust_source sources[3];
    for (int i = 0; i < 3; i++)
        sources[i] =
            (struct trust_source){.author = raters[i], .evidence = web.propagation.t[raters[i]]};
    struct trust_heaviest heaviest =
        trust_sources_heaviest(&web.propagation, &web.graph, &web.hops, sources, 3);
    assert_int_equal(heaviest.key, 1);
    assert_true(fabs(heaviest.evidence - evidence(&web, raters, 3)) < 1e-6);
    web_close(&web);
}

static void the_heaviest_hop_is_the_one_whose_end_would_cost_most(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct trust_random random = trust_random_init(seed);
        struct web web;
        web_open(&web, KEYS, 400);
        /* Nobody vouches for the operator, so a walk crosses one first hop, once. */
        uint32_t edges[4];
        for (uint32_t i = 0; i < 4; i++)
            edges[i] = web_edge(&web, 0, 1 + i, 200 + (int)trust_random_below(&random, 50),
                                TRUST_SCOPE_ALL);
        for (uint32_t i = 0; i < 120; i++) {
            uint32_t from = 1 + (uint32_t)trust_random_below(&random, KEYS - 1);
            uint32_t to = 1 + (uint32_t)trust_random_below(&random, KEYS - 1);
            if (from != to)
                web_edge(&web, from, to, 1 + (int)trust_random_below(&random, 999),
                         TRUST_SCOPE_ALL);
        }
        web_solve(&web);
        const uint32_t raters[] = {9, 17, 33};
        struct trust_source sources[3];
        for (int i = 0; i < 3; i++)
            sources[i] = (struct trust_source){.author = raters[i],
                                               .evidence = web.propagation.t[raters[i]]};
        double before = evidence(&web, raters, 3);
        struct trust_heaviest heaviest =
            trust_sources_heaviest(&web.propagation, &web.graph, &web.hops, sources, 3);
        double most = 0;
        for (uint32_t i = 0; i < 4; i++) {
            /* The four strengths sum to less than 1, so the others keep theirs. */
            struct trust_edge edge = web.graph.edges[edges[i]];
            trust_graph_remove(&web.graph, edges[i]);
            web_solve(&web);
            double lost = before - evidence(&web, raters, 3);
            most = lost > most ? lost : most;
            if (edge.to == heaviest.key)
                assert_true(fabs(lost - heaviest.evidence) < 1e-5);
            assert_true(trust_graph_add(&web.graph, &edges[i], &edge));
        }
        assert_true(fabs(most - heaviest.evidence) < 1e-5);
        web_close(&web);
    }
}

static void without_evidence_there_is_no_heaviest(void **state)
{
    (void)state;
    struct web web;
    web_open(&web, KEYS, 4);
    web_edge(&web, 0, 1, 600, TRUST_SCOPE_ALL);
    web_solve(&web);
    assert_int_equal(trust_sources_heaviest(&web.propagation, &web.graph, &web.hops, NULL, 0).key,
                     TRUST_GRAPH_NONE);
    web_close(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_single_vouch_carries_everything),
        cmocka_unit_test(the_heaviest_hop_is_the_one_whose_end_would_cost_most),
        cmocka_unit_test(without_evidence_there_is_no_heaviest),
    };
    return cmocka_run_group_tests_name("score/sources", tests, NULL, NULL);
}
