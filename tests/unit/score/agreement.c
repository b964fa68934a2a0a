/* score/agreement: what a rater loses by contradicting what this node measured. */
#include "score/agreement.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "world.h"

#define A "mcp:io.example.a/one"
#define B "mcp:io.example.b/two"

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-6;
}

static void rate_performance(struct world *world, const char *author, const char *subject,
                             uint32_t permille)
{
    world_rate(world, &(struct world_opinion){.author = author,
                                              .subject = subject,
                                              .category = TRUST_CATEGORY_PERFORMANCE,
                                              .value = permille,
                                              .calls = 20});
}

static void open_with_rater(struct world *world)
{
    world_open(world, 16);
    world_vouch(world, WORLD_ME, "rater", 1000, TRUST_SCOPE_ALL);
}

static double rho_after(uint32_t good, uint32_t bad, uint32_t permille)
{
    struct world world;
    open_with_rater(&world);
    rate_performance(&world, "rater", A, permille);
    world_call(&world, A, good, bad);
    world_tick(&world);
    double rho = world_weight(&world, "rater").rho;
    world_close(&world);
    return rho;
}

static void the_gap_decides_and_five_calls_are_needed(void **state)
{
    (void)state;
    assert_true(is_near(rho_after(10, 0, 1000), 1));
    assert_true(is_near(rho_after(10, 0, 800), 1));
    assert_true(is_near(rho_after(10, 0, 500), 2 / 6.0));
    assert_true(is_near(rho_after(10, 0, 0), 2 / 6.0));
    /* Halfway: agree 1/2, disagree 1/2. */
    assert_true(is_near(rho_after(10, 0, 650), 2.5 / 4.5));
    assert_true(is_near(rho_after(4, 0, 0), 1));
    assert_true(is_near(rho_after(3, 2, 0), 2 / 6.0));
}

static void agreement_elsewhere_softens_a_disagreement(void **state)
{
    (void)state;
    struct world world;
    open_with_rater(&world);
    rate_performance(&world, "rater", A, 0);
    rate_performance(&world, "rater", B, 1000);
    world_call(&world, A, 10, 0);
    world_call(&world, B, 10, 0);
    world_tick(&world);
    assert_true(is_near(world_weight(&world, "rater").rho, 3 / 7.0));
    world_close(&world);
}

static void other_categories_are_not_compared_and_the_operator_is_always_right(void **state)
{
    (void)state;
    struct world world;
    open_with_rater(&world);
    world_praise(&world, "rater", A, 0);
    rate_performance(&world, WORLD_ME, A, 0);
    world_call(&world, A, 10, 0);
    world_tick(&world);
    assert_true(is_near(world_weight(&world, "rater").rho, 1));
    assert_true(is_near(world_weight(&world, WORLD_ME).rho, 1));
    world_close(&world);
}

static void joined_servers_are_compared_once_with_all_their_calls(void **state)
{
    (void)state;
    struct world world;
    open_with_rater(&world);
    rate_performance(&world, "rater", A, 0);
    world_call(&world, A, 3, 0);
    world_call(&world, B, 3, 0);
    world_tick(&world);
    assert_true(is_near(world_weight(&world, "rater").rho, 1));
    assert_int_equal(
        trust_scorer_alias(&world.scorer, trust_bytes_text(A), trust_bytes_text(B), true),
        TRUST_OK);
    world_tick(&world);
    assert_true(is_near(world_weight(&world, "rater").rho, 2 / 6.0));
    world_close(&world);
}

static void a_withdrawn_disagreement_is_forgotten_and_watchers_hear_of_both(void **state)
{
    (void)state;
    struct world world;
    uint32_t other = 0;
    uint32_t changed = 0;
    open_with_rater(&world);
    rate_performance(&world, "rater", B, 500);
    assert_int_equal(trust_scorer_watch(&world.scorer, &other, trust_bytes_text(B)), TRUST_OK);
    world_call(&world, A, 10, 0);
    world_tick(&world);
    while (trust_scorer_take_changed(&world.scorer, &changed))
        continue;
    uint32_t slot = world.next_slot;
    rate_performance(&world, "rater", A, 0);
    for (int i = 0; i < 2; i++) {
        bool heard = false;
        world_tick(&world);
        while (trust_scorer_take_changed(&world.scorer, &changed))
            heard |= changed == other;
        assert_true(heard);
        assert_true(is_near(world_weight(&world, "rater").rho, i == 0 ? 2 / 6.0 : 1));
        trust_scorer_drop(&world.scorer, slot);
    }
    world_close(&world);
}

static void agreement_is_told_only_when_it_moved(void **state)
{
    (void)state;
    struct world world;
    open_with_rater(&world);
    rate_performance(&world, "rater", A, 0);
    world_call(&world, A, 10, 0);
    world_tick(&world);
    assert_false(trust_agreement_refresh(&world.scorer.state, world.now.wall));
    world_call(&world, A, 0, 20);
    assert_true(trust_agreement_refresh(&world.scorer.state, world.now.wall));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gap_decides_and_five_calls_are_needed),
        cmocka_unit_test(agreement_elsewhere_softens_a_disagreement),
        cmocka_unit_test(other_categories_are_not_compared_and_the_operator_is_always_right),
        cmocka_unit_test(joined_servers_are_compared_once_with_all_their_calls),
        cmocka_unit_test(a_withdrawn_disagreement_is_forgotten_and_watchers_hear_of_both),
        cmocka_unit_test(agreement_is_told_only_when_it_moved),
    };
    return cmocka_run_group_tests_name("score/agreement", tests, NULL, NULL);
}
