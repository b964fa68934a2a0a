/* score/hops: distances and first hops, on a web where they can be seen. */
#include "score/hops.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "web.h"

static uint32_t hop_count(const struct web *web, uint32_t key)
{
    struct trust_hop_pair pair = web->hops.pairs[key];
    return (uint32_t)(pair.hops[0] != 0) + (pair.hops[1] != 0);
}

/* me 0 -> 1, 2; 1 -> 3; 2 -> 3, 4 (rates only); 3 -> 5; 6 unknown -> 5 */
static void open_sample(struct web *web)
{
    web_open(web, 8, 16);
    web_edge(web, 0, 1, 1000, TRUST_SCOPE_ALL);
    web_edge(web, 0, 2, 1000, TRUST_SCOPE_ALL);
    web_edge(web, 1, 3, 1000, TRUST_SCOPE_ALL);
    web_edge(web, 2, 3, 1000, TRUST_SCOPE_ALL);
    web_edge(web, 2, 4, 1000, TRUST_SCOPE_RATES);
    web_edge(web, 4, 7, 1000, TRUST_SCOPE_ALL);
    web_edge(web, 3, 5, 1000, TRUST_SCOPE_ALL);
    web_edge(web, 6, 5, 1000, TRUST_SCOPE_ALL);
    web_solve(web);
}

static void distances_count_vouches_from_the_operator(void **state)
{
    (void)state;
    struct web web;
    open_sample(&web);
    const uint8_t expected[] = {0, 1, 1, 2, 2, 3, 255, 255};
    for (uint32_t key = 0; key < 8; key++)
        assert_int_equal(web.graph.marks[key].distance, expected[key]);
    web_close(&web);
}

static void first_hops_are_one_or_two_and_counted_once(void **state)
{
    (void)state;
    struct web web;
    open_sample(&web);
    const uint32_t expected[] = {0, 1, 1, 2, 1, 2, 0, 0};
    for (uint32_t key = 0; key < 8; key++)
        assert_int_equal(hop_count(&web, key), expected[key]);
    assert_int_equal(web.hops.first_hop_count, 2);
    assert_int_equal(web.hops.pairs[4].hops[0], trust_hops_find(&web.hops, 2) + 1);
    assert_int_equal(trust_hops_find(&web.hops, 3), TRUST_GRAPH_NONE);
    web_close(&web);
}

static void distances_are_found_against_the_order_of_the_keys(void **state)
{
    (void)state;
    struct web web;
    web_open(&web, 32, 64);
    /* me 0 -> 30 -> 29 -> ... -> 1: every sweep meets the keys the wrong way round. */
    web_edge(&web, 0, 30, 1000, TRUST_SCOPE_ALL);
    for (uint32_t key = 30; key > 1; key--)
        web_edge(&web, key, key - 1, 1000, TRUST_SCOPE_ALL);
    web_solve(&web);
    for (uint32_t key = 30; key > 0; key--) {
        assert_int_equal(web.graph.marks[key].distance, 31 - key);
        assert_int_equal(hop_count(&web, key), 1);
    }
    web_close(&web);
}

static void a_pair_holds_two_different_hops_and_refuses_a_third(void **state)
{
    (void)state;
    struct trust_hop_pair pair = {{0, 0}};
    assert_false(trust_hops_merge(&pair, (struct trust_hop_pair){{0, 0}}));
    assert_true(trust_hops_merge(&pair, (struct trust_hop_pair){{4, 0}}));
    assert_false(trust_hops_merge(&pair, (struct trust_hop_pair){{4, 0}}));
    assert_true(trust_hops_merge(&pair, (struct trust_hop_pair){{4, 9}}));
    assert_false(trust_hops_merge(&pair, (struct trust_hop_pair){{5, 6}}));
    assert_int_equal(pair.hops[0], 4);
    assert_int_equal(pair.hops[1], 9);
}

static void a_lost_operator_leaves_no_hops(void **state)
{
    (void)state;
    struct web web;
    open_sample(&web);
    trust_graph_set_operator(&web.graph, TRUST_GRAPH_NONE);
    web_solve(&web);
    assert_int_equal(web.hops.first_hop_count, 0);
    assert_int_equal(hop_count(&web, 3), 0);
    assert_int_equal(web.graph.marks[1].distance, 255);
    web_close(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_count_vouches_from_the_operator),
        cmocka_unit_test(first_hops_are_one_or_two_and_counted_once),
        cmocka_unit_test(distances_are_found_against_the_order_of_the_keys),
        cmocka_unit_test(a_pair_holds_two_different_hops_and_refuses_a_third),
        cmocka_unit_test(a_lost_operator_leaves_no_hops),
    };
    return cmocka_run_group_tests_name("score/hops", tests, NULL, NULL);
}
