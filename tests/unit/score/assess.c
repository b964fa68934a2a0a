/* score/assess: what a score says about its raters, its manifest and its voices. */
#include "score/assess.h"

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
#include "world.h"

#define A "mcp:io.example/a"

static const uint8_t one[32] = {1};
static const uint8_t two[32] = {2};

static void raters_are_authors_whose_ratings_weigh_something(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_ALL);
    world_praise(&world, "a", A, 900);
    world_rate(&world,
               &(struct world_opinion){
                   .author = "a", .subject = A, .category = TRUST_CATEGORY_SECURITY, .value = 900});
    world_praise(&world, WORLD_ME, A, 900);
    world_praise(&world, "stranger", A, 0);
    world_tick(&world);
    assert_int_equal(world_score(&world, A, NULL).raters, 2);
    world_close(&world);
}

static void voices_are_counted_by_first_hops_and_mine_is_enough(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_ALL);
    world_vouch(&world, WORLD_ME, "b", 1000, TRUST_SCOPE_ALL);
    world_vouch(&world, "a", "c", 1000, TRUST_SCOPE_ALL);
    world_vouch(&world, "a", "d", 1000, TRUST_SCOPE_ALL);
    world_tick(&world);
    assert_int_equal(world_score(&world, A, NULL).first_hops, 0);
    world_praise(&world, "c", A, 900);
    world_praise(&world, "d", A, 900);
    assert_int_equal(world_score(&world, A, NULL).first_hops, 1);
    uint32_t slot = world_praise(&world, "b", A, 900);
    assert_int_equal(world_score(&world, A, NULL).first_hops, 2);
    trust_scorer_drop(&world.scorer, slot);
    world_praise(&world, WORLD_ME, A, 900);
    assert_int_equal(world_score(&world, A, NULL).first_hops, 2);
    world_close(&world);
}

static void a_manifest_has_changed_when_only_others_are_named(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    struct world_opinion opinion = {
        .author = WORLD_ME, .subject = A, .category = TRUST_CATEGORY_OVERALL, .value = 900};
    world_rate(&world, &opinion);
    world_tick(&world);
    assert_false(world_score(&world, A, one).manifest_changed);
    opinion.manifest = one;
    world_rate(&world, &opinion);
    assert_false(world_score(&world, A, one).manifest_changed);
    assert_true(world_score(&world, A, two).manifest_changed);
    assert_false(world_score(&world, A, NULL).manifest_changed);
    assert_true(world_score(&world, A, two).evidence < world_score(&world, A, one).evidence / 3);
    world_close(&world);
}

static void a_swarm_behind_one_weak_edge_moves_a_score_within_its_bound(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 1100);
    world_vouch(&world, WORLD_ME, "A", 1000, TRUST_SCOPE_ALL);
    world_vouch(&world, WORLD_ME, "B", 500, TRUST_SCOPE_ALL);
    world_vouch(&world, "B", "D", 250, TRUST_SCOPE_ALL);
    world_praise(&world, "A", A, 300);
    world_praise(&world, "B", A, 200);
    world_tick(&world);
    struct trust_score before = world_score(&world, A, NULL);
    char name[16];
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "s%d", i);
        world_vouch(&world, "D", name, 1000, TRUST_SCOPE_ALL);
        world_praise(&world, name, A, 1000);
    }
    world_tick(&world);
    struct trust_score after = world_score(&world, A, NULL);
    double b = after.evidence - before.evidence;
    /* Ten times the .7 of D's t that its vouches pass on. */
    assert_true(b <= 10 * .7 * world_weight(&world, "D").t + 1e-9);
    assert_true(after.mean - before.mean <= b / (before.evidence + b + 2) + 1e-12);
    assert_int_equal(after.status, before.status);
    world_close(&world);
}

static void evidence_alone_is_the_evidence_of_the_score(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    world_praise(&world, WORLD_ME, A, 900);
    world_call(&world, A, 9, 3);
    world_tick(&world);
    struct trust_score score;
    struct trust_assessment assessment;
    struct trust_case question = {.named = {.server = trust_bytes_text(A)}, .now = world.now.wall};
    assert_true(
        trust_servers_find(&world.scorer.state.servers, &question.server, question.named.server));
    trust_assess(&world.scorer.state, &score, &assessment, &question);
    assert_true(fabs(score.evidence - 22) < 1e-9);
    assert_int_equal(assessment.count, 1);
    assert_true(trust_choice_omega(&world.scorer.state.choices[0]) == 10);
    assert_true(fabs(trust_assess_evidence(&world.scorer.state, &question) - 22) < 1e-9);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(raters_are_authors_whose_ratings_weigh_something),
        cmocka_unit_test(voices_are_counted_by_first_hops_and_mine_is_enough),
        cmocka_unit_test(a_manifest_has_changed_when_only_others_are_named),
        cmocka_unit_test(a_swarm_behind_one_weak_edge_moves_a_score_within_its_bound),
        cmocka_unit_test(evidence_alone_is_the_evidence_of_the_score),
    };
    return cmocka_run_group_tests_name("score/assess", tests, NULL, NULL);
}
