/* score/propagate: the solver beside the plain definition, its bounds, and what they promise. */
#include "score/propagate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "web.h"

#define KEYS 60u

static double distance(const struct web *web, const double *exact)
{
    double sum = 0;
    for (uint32_t key = 0; key < web->graph.key_bound; key++)
        sum += fabs(web->propagation.pi[key] - exact[key]);
    return sum;
}

static void the_solver_meets_the_plain_definition_on_random_graphs(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct trust_random random = trust_random_init(seed);
        struct web web;
        double exact[KEYS];
        web_open(&web, KEYS, 1000);
        web_scatter(&web, &random, KEYS, 50 + (uint32_t)trust_random_below(&random, 900));
        for (int i = 0; i < 5; i++)
            web_edge(&web, 0, 1 + (uint32_t)trust_random_below(&random, KEYS - 1),
                     (int)trust_random_below(&random, 999) - 1000, TRUST_SCOPE_ALL);
        web_solve(&web);
        web_solve_plainly(&web, exact);
        /* Keys below 1e-6 of alpha are dropped: that many keys, and the solver's 1e-9. */
        assert_true(distance(&web, exact) < KEYS * 3e-7 + 1e-9);
        for (uint32_t key = 0; key < web.graph.key_bound; key++) {
            if (exact[key] > 1e-6)
                assert_true(fabs(web.propagation.pi[key] - exact[key]) < 1e-10);
        }
        assert_true(web.propagation.unresolved == 0);
        assert_true(web.propagation.sweeps <= 35);
        web_close(&web);
    }
}

static void with_all_scopes_every_weight_is_pi_over_alpha(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(3);
    struct web web;
    web_open(&web, KEYS, 400);
    web_scatter(&web, &random, KEYS, 400);
    web_solve(&web);
    for (uint32_t key = 0; key < KEYS; key++) {
        assert_true(fabs(web.propagation.t[key] - web.propagation.pi[key] / .3) < 1e-9);
        assert_true(fabs(web.propagation.t_scan[key] - web.propagation.pi[key] / .3) < 1e-9);
    }
    web_close(&web);
}

/* Keys KEYS..2 KEYS-1 are S: whatever they say of one another. */
static void wire_swarm(struct web *web, struct trust_random *random, uint32_t size)
{
    uint32_t count = (uint32_t)trust_random_below(random, 400);
    for (uint32_t i = 0; i < count && size > 1; i++) {
        uint32_t from = (uint32_t)trust_random_below(random, size);
        uint32_t to = (uint32_t)trust_random_below(random, size);
        if (from != to)
            web_edge(web, KEYS + from, KEYS + to, 1000, TRUST_SCOPE_ALL);
    }
}

struct attack {
    uint32_t from;
    uint32_t to;
    int permille;
};

/* B = ((1 - alpha) / alpha) x sum over attack edges of pi0(u) P(u, v), with no edge out of S. */
static double sybil_bound(const struct web *web, const struct attack *attacks, uint32_t count)
{
    double exact[2 * KEYS] = {0};
    double bound = 0;
    web_solve_plainly(web, exact);
    for (uint32_t i = 0; i < count; i++)
        bound += exact[attacks[i].from] * attacks[i].permille /
                 trust_propagation_norm(&web->propagation, attacks[i].from);
    return bound * .7 / .3;
}

static void no_wiring_of_a_swarm_gains_more_than_its_attack_edges_carry(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct trust_random random = trust_random_init(seed);
        uint32_t size = 1 + (uint32_t)trust_random_below(&random, KEYS);
        uint32_t count = 1 + (uint32_t)trust_random_below(&random, 5);
        struct attack attacks[5];
        struct web web;
        web_open(&web, 2 * KEYS, 2000);
        web_scatter(&web, &random, KEYS, 300);
        for (uint32_t i = 0; i < count; i++) {
            attacks[i] = (struct attack){
                .from = (uint32_t)trust_random_below(&random, KEYS),
                .to = KEYS + (uint32_t)trust_random_below(&random, size),
                .permille = 1 + (int)trust_random_below(&random, 1000),
            };
            web_edge(&web, attacks[i].from, attacks[i].to, attacks[i].permille, TRUST_SCOPE_ALL);
        }
        web_solve(&web);
        double bound = sybil_bound(&web, attacks, count);
        wire_swarm(&web, &random, size);
        web_solve(&web);
        double gained = 0;
        for (uint32_t key = KEYS; key < web.graph.key_bound; key++)
            gained += web.propagation.pi[key];
        assert_true(gained <= bound + 1e-9);
        assert_true(bound < 1);
        web_close(&web);
    }
}

static void the_bound_of_the_worked_example_is_met_exactly(void **state)
{
    (void)state;
    struct web web;
    web_open(&web, 8, 16);
    /* me 0, A 1, B 2, C 3, D 4, S1 5, S2 6 */
    web_edge(&web, 0, 1, 1000, TRUST_SCOPE_ALL);
    web_edge(&web, 0, 2, 500, TRUST_SCOPE_ALL);
    web_edge(&web, 1, 3, 1000, TRUST_SCOPE_ALL);
    web_edge(&web, 2, 3, 1000, TRUST_SCOPE_ALL);
    web_edge(&web, 2, 4, 250, TRUST_SCOPE_ALL);
    web_edge(&web, 4, 5, 1000, TRUST_SCOPE_ALL);
    web_edge(&web, 5, 6, 1000, TRUST_SCOPE_ALL);
    web_edge(&web, 6, 5, 1000, TRUST_SCOPE_ALL);
    web_solve(&web);
    const double *pi = web.propagation.pi;
    double bound = .7 / .3 * pi[4];
    assert_true(fabs(pi[5] + pi[6] - .022866666667) < 1e-11);
    assert_true(fabs(pi[5] + pi[6] - bound) < 1e-11);
    double sum = 0;
    for (uint32_t key = 0; key < 7; key++)
        sum += pi[key];
    assert_true(fabs(sum - .679866666667) < 1e-11);
    web_close(&web);
}

/* A key with the vouches of a random graph, whole or as two keys that share them. */
static double weight_of_split(uint64_t seed, bool is_split)
{
    struct trust_random random = trust_random_init(seed);
    struct web web;
    web_open(&web, KEYS + 1, 400);
    web_scatter(&web, &random, KEYS - 1, 300);
    for (uint32_t from = 0; from < 10; from++) {
        int permille = 200 + (int)trust_random_below(&random, 800);
        int part = (int)trust_random_below(&random, (uint64_t)permille - 1) + 1;
        part = is_split ? part : 0;
        web_edge(&web, from, KEYS - 1, permille - part, TRUST_SCOPE_ALL);
        if (part > 0)
            web_edge(&web, from, KEYS, part, TRUST_SCOPE_ALL);
    }
    if (is_split) {
        web_edge(&web, KEYS - 1, KEYS, 1000, TRUST_SCOPE_RATES);
        web_edge(&web, KEYS, KEYS - 1, 1000, TRUST_SCOPE_RATES);
    }
    web_solve(&web);
    double weight = web.propagation.pi[KEYS - 1];
    if (is_split)
        weight += web.propagation.pi[KEYS];
    web_close(&web);
    return weight;
}

static void a_key_split_in_two_that_share_its_vouches_gains_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++)
        assert_true(weight_of_split(seed, true) <= weight_of_split(seed, false) + 1e-9);
}

static void a_chain_of_a_hundred_thousand_keys_fades_and_ends(void **state)
{
    (void)state;
    struct web web;
    uint32_t length = 100000;
    web_open(&web, length, length);
    /* From the far end, so that no order of the list helps. */
    for (uint32_t key = length - 1; key > 0; key--)
        web_edge(&web, key - 1, key, 1000, TRUST_SCOPE_ALL);
    web_solve(&web);
    for (uint32_t key = 0; key < 35; key++)
        assert_true(fabs(web.propagation.pi[key] - .3 * pow(.7, key)) < 1e-12);
    assert_true(web.propagation.pi[38] > 0);
    assert_true(web.propagation.pi[39] == 0);
    assert_true(web.propagation.t[length - 1] == 0);
    assert_int_equal(web.graph.marks[38].distance, 38);
    web_close(&web);
}

static void a_complete_graph_shares_evenly(void **state)
{
    (void)state;
    struct web web;
    uint32_t keys = 200;
    web_open(&web, keys, keys * keys);
    for (uint32_t from = 0; from < keys; from++) {
        for (uint32_t to = 0; to < keys; to++) {
            if (from != to)
                web_edge(&web, from, to, 1000, TRUST_SCOPE_ALL);
        }
    }
    web_solve(&web);
    double sum = 0;
    for (uint32_t key = 0; key < keys; key++)
        sum += web.propagation.pi[key];
    assert_true(fabs(sum - 1) < 1e-9);
    for (uint32_t key = 2; key < keys; key++)
        assert_true(fabs(web.propagation.pi[key] - web.propagation.pi[1]) < 1e-12);
    web_close(&web);
}

static void a_vouch_for_oneself_carries_nothing(void **state)
{
    (void)state;
    struct web web;
    web_open(&web, 4, 4);
    web_edge(&web, 0, 1, 1000, TRUST_SCOPE_ALL);
    web_edge(&web, 1, 1, 1000, TRUST_SCOPE_ALL);
    web_edge(&web, 1, 2, 1000, TRUST_SCOPE_ALL);
    web_solve(&web);
    assert_true(fabs(web.propagation.pi[1] - .21) < 1e-12);
    assert_true(fabs(web.propagation.pi[2] - .147) < 1e-12);
    web_close(&web);
}

static void without_an_operator_nobody_weighs_anything(void **state)
{
    (void)state;
    struct web web;
    web_open(&web, 4, 4);
    web_edge(&web, 0, 1, 1000, TRUST_SCOPE_ALL);
    web_solve(&web);
    assert_true(web.propagation.t[1] > 0);
    trust_graph_set_operator(&web.graph, TRUST_GRAPH_NONE);
    web_solve(&web);
    for (uint32_t key = 0; key < 2; key++) {
        assert_true(web.propagation.pi[key] == 0);
        assert_true(web.propagation.t[key] == 0);
    }
    web_close(&web);
}

static void an_edge_and_a_key_cost_no_more_than_promised(void **state)
{
    (void)state;
    struct trust_arena keys = {0};
    struct trust_arena edges = {0};
    struct trust_graph graph;
    struct trust_propagation propagation;
    struct trust_hops hops;
    trust_graph_init(&graph, &keys, 100000, 0);
    trust_propagation_init(&propagation, &keys, 100000, 0);
    trust_hops_init(&hops, &keys, 100000);
    /* 64 with the four bytes of agreement; the few arrays of fixed size, and their alignment,
     * aside. */
    assert_true(keys.size <= 60 * 100000 + 8192);
    trust_graph_init(&graph, &edges, 1, 100000);
    trust_propagation_init(&propagation, &edges, 1, 100000);
    /* 24 with the four bytes of its slot. */
    assert_true(edges.size <= 20 * 100000 + 8192);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_solver_meets_the_plain_definition_on_random_graphs),
        cmocka_unit_test(with_all_scopes_every_weight_is_pi_over_alpha),
        cmocka_unit_test(no_wiring_of_a_swarm_gains_more_than_its_attack_edges_carry),
        cmocka_unit_test(the_bound_of_the_worked_example_is_met_exactly),
        cmocka_unit_test(a_key_split_in_two_that_share_its_vouches_gains_nothing),
        cmocka_unit_test(a_chain_of_a_hundred_thousand_keys_fades_and_ends),
        cmocka_unit_test(a_complete_graph_shares_evenly),
        cmocka_unit_test(a_vouch_for_oneself_carries_nothing),
        cmocka_unit_test(without_an_operator_nobody_weighs_anything),
        cmocka_unit_test(an_edge_and_a_key_cost_no_more_than_promised),
    };
    return cmocka_run_group_tests_name("score/propagate", tests, NULL, NULL);
}
