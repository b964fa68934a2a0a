/* score/graph: edges come and go, marks follow the operator's live statements, expiry is noticed.
 */
#include "score/graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "web.h"

static void a_removed_edge_makes_room_for_another(void **state)
{
    (void)state;
    struct web web;
    web_open(&web, 4, 2);
    uint32_t first = web_edge(&web, 0, 1, 500, TRUST_SCOPE_ALL);
    web_edge(&web, 0, 2, 500, TRUST_SCOPE_ALL);
    uint32_t index = 0;
    const struct trust_edge edge = {.from = 1, .to = 3, .expires_s = 9, .strength = 1};
    assert_false(trust_graph_add(&web.graph, &index, &edge));
    trust_graph_remove(&web.graph, first);
    assert_int_equal(web.graph.count, 1);
    assert_true(trust_graph_add(&web.graph, &index, &edge));
    assert_int_equal(index, first);
    assert_int_equal(web.graph.count, 2);
    assert_int_equal(web.graph.key_bound, 4);
    web_close(&web);
}

static void marks_follow_what_the_operator_says_now(void **state)
{
    (void)state;
    struct web web;
    web_open(&web, 8, 8);
    web_edge(&web, 0, 1, 700, TRUST_SCOPE_RATES);
    uint32_t cut = web_edge(&web, 0, 2, -1000, TRUST_SCOPE_ALL);
    web_edge(&web, 0, 3, -250, TRUST_SCOPE_ALL);
    web_edge(&web, 1, 4, -1000, TRUST_SCOPE_ALL);
    web_edge(&web, 0, 5, -999, TRUST_SCOPE_ALL);
    trust_graph_refresh(&web.graph, WEB_NOW_S);
    assert_int_equal(web.graph.marks[1].strength, 700);
    assert_int_equal(web.graph.marks[1].bits, TRUST_SCOPE_RATES);
    assert_true(trust_graph_is_cut(&web.graph, 2));
    assert_false(trust_graph_is_cut(&web.graph, 3));
    assert_true(trust_graph_keep(&web.graph, 3) == .75);
    assert_false(trust_graph_is_cut(&web.graph, 4));
    assert_false(trust_graph_is_cut(&web.graph, 5));
    trust_graph_remove(&web.graph, cut);
    trust_graph_refresh(&web.graph, WEB_NOW_S);
    assert_false(trust_graph_is_cut(&web.graph, 2));
    web_close(&web);
}

static void muting_and_compromise_cut_everybody_but_the_operator(void **state)
{
    (void)state;
    struct web web;
    web_open(&web, 4, 4);
    trust_graph_mark(&web.graph, 0, TRUST_MARK_MUTED, true);
    trust_graph_mark(&web.graph, 1, TRUST_MARK_MUTED, true);
    trust_graph_mark(&web.graph, 2, TRUST_MARK_COMPROMISED, true);
    trust_graph_refresh(&web.graph, WEB_NOW_S);
    assert_false(trust_graph_is_cut(&web.graph, 0));
    assert_true(trust_graph_is_cut(&web.graph, 1));
    assert_true(trust_graph_is_cut(&web.graph, 2));
    trust_graph_mark(&web.graph, 1, TRUST_MARK_MUTED, false);
    trust_graph_refresh(&web.graph, WEB_NOW_S);
    assert_false(trust_graph_is_cut(&web.graph, 1));
    web_close(&web);
}

static void a_refresh_is_due_at_the_very_second_an_edge_expires(void **state)
{
    (void)state;
    struct web web;
    uint32_t index = 0;
    web_open(&web, 4, 4);
    assert_true(trust_graph_add(
        &web.graph, &index,
        &(struct trust_edge){.from = 0, .to = 1, .expires_s = 2000, .strength = 900, .scopes = 7}));
    assert_true(trust_graph_is_due(&web.graph, 1000));
    trust_graph_refresh(&web.graph, 1000);
    assert_false(trust_graph_is_due(&web.graph, 1999));
    assert_true(trust_graph_is_due(&web.graph, 2000));
    trust_graph_refresh(&web.graph, 2000);
    assert_int_equal(web.graph.marks[1].strength, 0);
    assert_false(trust_graph_is_live(&web.graph, &web.graph.edges[index]));
    assert_false(trust_graph_is_due(&web.graph, 3000));
    /* The clock was set back: the edge lives again. */
    assert_true(trust_graph_is_due(&web.graph, 1500));
    trust_graph_refresh(&web.graph, 1500);
    assert_int_equal(web.graph.marks[1].strength, 900);
    web_close(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_removed_edge_makes_room_for_another),
        cmocka_unit_test(marks_follow_what_the_operator_says_now),
        cmocka_unit_test(muting_and_compromise_cut_everybody_but_the_operator),
        cmocka_unit_test(a_refresh_is_due_at_the_very_second_an_edge_expires),
    };
    return cmocka_run_group_tests_name("score/graph", tests, NULL, NULL);
}
