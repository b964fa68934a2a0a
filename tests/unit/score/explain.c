/* score/explain: shares that add up, paths that carry what they say, and the source behind them. */
#include "score/explain.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/random.h"
#include "world.h"

#define A "mcp:io.example/a"

static struct trust_explanation *explain(struct world *world)
{
    static struct trust_explanation explanation;
    const struct trust_question question = {.subject = trust_bytes_text(A)};
    world_tick(world);
    assert_int_equal(trust_scorer_explain(&world->scorer, &explanation, &question, world->now.wall),
                     TRUST_OK);
    return &explanation;
}

static void check_shares(const struct trust_explanation *explanation)
{
    for (int i = 0; i < TRUST_SCORE_CATEGORIES; i++) {
        double sum = 0;
        double weight = 0;
        for (uint32_t row = 0; row < explanation->contribution_count; row++) {
            const struct trust_contribution *at = &explanation->contributions[row];
            if ((int)at->category != i + 1)
                continue;
            sum += at->share;
            weight += at->weight;
        }
        assert_true(fabs(sum - explanation->score.categories[i].mean) < 1e-13);
        assert_true(fabs(weight - 2 - explanation->score.categories[i].evidence) < 1e-9);
    }
}

static void the_shares_of_each_category_sum_to_its_mean(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct trust_random random = trust_random_init(seed);
        struct world world;
        world_open(&world, 200);
        uint32_t raters = (uint32_t)trust_random_below(&random, 120);
        for (uint32_t i = 0; i < raters; i++) {
            char name[16];
            snprintf(name, sizeof name, "r%u", i);
            world_vouch(&world, WORLD_ME, name, 1 + (int)trust_random_below(&random, 1000),
                        TRUST_SCOPE_ALL);
            world_rate(&world, &(struct world_opinion){
                                   .author = name,
                                   .subject = A,
                                   .category = (enum trust_category)(1 + i % 3),
                                   .value = (uint32_t)trust_random_below(&random, 1001),
                                   .calls = 1 + (uint32_t)trust_random_below(&random, 30),
                                   .age_s = trust_random_below(&random, 10000000),
                               });
        }
        world_call(&world, A, (uint32_t)trust_random_below(&random, 20), 3);
        const struct trust_explanation *explanation = explain(&world);
        check_shares(explanation);
        assert_int_equal(explanation->score.raters, raters);
        uint32_t rest = 0;
        for (uint32_t row = 0; row < explanation->contribution_count; row++)
            rest += explanation->contributions[row].kind == TRUST_CONTRIBUTION_REST;
        assert_int_equal(rest > 0, raters > 56);
        world_close(&world);
    }
}

static const struct trust_contribution *row_of(const struct trust_explanation *explanation,
                                               const char *author)
{
    for (uint32_t i = 0; i < explanation->contribution_count; i++) {
        const struct trust_contribution *row = &explanation->contributions[i];
        if (row->kind == TRUST_CONTRIBUTION_RATING &&
            strcmp((const char *)row->from.bytes, author) == 0)
            return row;
    }
    fail_msg("no row from %s", author);
    return explanation->contributions;
}

static void a_rater_is_shown_with_its_paths_and_they_carry_its_weight(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_ALL);
    world_vouch(&world, WORLD_ME, "b", 500, TRUST_SCOPE_ALL);
    world_vouch(&world, "a", "c", 1000, TRUST_SCOPE_ALL);
    world_vouch(&world, "b", "c", 1000, TRUST_SCOPE_ALL);
    uint32_t slot = world_praise(&world, "c", A, 800);
    world_praise(&world, WORLD_ME, A, 100);
    struct trust_explanation *explanation = explain(&world);
    const struct trust_contribution *row = row_of(explanation, "c");
    assert_int_equal(row->slot, slot);
    assert_true(row->value == .8);
    assert_int_equal(row->path_count, 2);
    const struct trust_explain_path *paths = &explanation->paths[row->first_path];
    assert_true(fabs(paths[0].flow + paths[1].flow - world_weight(&world, "c").t) < 1e-12);
    assert_int_equal(paths[0].key_count, 3);
    assert_string_equal((const char *)paths[0].keys[0].bytes, WORLD_ME);
    assert_string_equal((const char *)paths[0].keys[1].bytes, "a");
    assert_string_equal((const char *)paths[0].keys[2].bytes, "c");
    const struct trust_contribution *own = row_of(explanation, WORLD_ME);
    assert_int_equal(explanation->paths[own->first_path].key_count, 1);
    world_close(&world);
}

static void one_vouch_behind_most_of_the_evidence_is_named(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    world_vouch(&world, WORLD_ME, "a", 900, TRUST_SCOPE_ALL);
    world_vouch(&world, WORLD_ME, "b", 100, TRUST_SCOPE_ALL);
    world_vouch(&world, "a", "c", 1000, TRUST_SCOPE_ALL);
    world_praise(&world, "c", A, 900);
    world_praise(&world, "b", A, 900);
    struct trust_explanation *explanation = explain(&world);
    /* .7 x .9 x .7 against .7 x .1 */
    assert_true(fabs(explanation->first_hop_share - .63 / .73) < 1e-9);
    assert_string_equal((const char *)explanation->first_hop.bytes, "a");
    assert_true(explanation->single_source);
    world_praise(&world, WORLD_ME, A, 900);
    assert_false(explain(&world)->single_source);
    world_close(&world);
}

static void own_calls_are_a_source_of_their_own(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    world_vouch(&world, WORLD_ME, "a", 900, TRUST_SCOPE_ALL);
    world_praise(&world, "a", A, 900);
    assert_true(explain(&world)->single_source);
    world_call(&world, A, 1, 0);
    struct trust_explanation *explanation = explain(&world);
    assert_false(explanation->single_source);
    assert_true(explanation->has_first_hop);
    world_close(&world);
}

static void nothing_known_is_explained_by_the_priors(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    struct trust_explanation *explanation = explain(&world);
    assert_int_equal(explanation->contribution_count, 3);
    for (int i = 0; i < 3; i++)
        assert_true(explanation->contributions[i].share == .5);
    assert_false(explanation->has_first_hop);
    assert_int_equal(explanation->ignored_count, 0);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shares_of_each_category_sum_to_its_mean),
        cmocka_unit_test(a_rater_is_shown_with_its_paths_and_they_carry_its_weight),
        cmocka_unit_test(one_vouch_behind_most_of_the_evidence_is_named),
        cmocka_unit_test(own_calls_are_a_source_of_their_own),
        cmocka_unit_test(nothing_known_is_explained_by_the_priors),
    };
    return cmocka_run_group_tests_name("score/explain", tests, NULL, NULL);
}
