/* score/scorer: the facade as the engine uses it. */
#include "score/scorer.h"

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
#define RECORDS 120u

static uint32_t watch(struct world *world, const char *subject)
{
    uint32_t server = 0;
    assert_int_equal(trust_scorer_watch(&world->scorer, &server, trust_bytes_text(subject)),
                     TRUST_OK);
    return server;
}

static void a_question_that_is_no_subject_or_has_a_short_manifest_is_refused(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    struct trust_score score = {.raters = 77};
    struct trust_question question = {.subject = trust_bytes_text("not a subject")};
    assert_int_equal(trust_scorer_score(&world.scorer, &score, &question, world.now.wall),
                     TRUST_NO_SUBJECT);
    const uint8_t manifest[31] = {0};
    question = (struct trust_question){.subject = trust_bytes_text(A),
                                       .manifest = {.data = manifest, .size = sizeof manifest}};
    assert_int_equal(trust_scorer_score(&world.scorer, &score, &question, world.now.wall),
                     TRUST_NO_RANGE);
    assert_int_equal(score.raters, 77);
    uint32_t server = 0;
    assert_int_equal(
        trust_scorer_watch(&world.scorer, &server, trust_bytes_text("mcp:Upper.Case/x")),
        TRUST_NO_SUBJECT);
    world_close(&world);
}

/* One of 40 ratings or 80 vouches of 13 keys, each of another register. */
static void hold_record(struct world *world, uint32_t number)
{
    struct trust_random random = trust_random_init(number);
    char from[8] = WORLD_ME;
    char to[8];
    char subject[32];
    uint32_t nth = number / 3 + (number % 3 == 2 ? 40 : 0);
    uint32_t author = number % 3 == 0 ? nth % 13 : nth % 9;
    if (author > 0)
        snprintf(from, sizeof from, "k%u", author);
    if (number % 3 == 0) {
        snprintf(subject, sizeof subject, "%s@%u", A, nth / 13);
        world_praise(world, from, subject, (uint32_t)trust_random_below(&random, 1001));
        return;
    }
    snprintf(to, sizeof to, "k%u", (author + 1 + nth / 9) % 13);
    int permille = (int)trust_random_below(&random, 1200) - 200;
    world_vouch(world, from, to, permille == 0 ? 1 : permille, TRUST_SCOPE_ALL);
}

/* Holds the same records in the order that the seed shuffles. */
static void hold_shuffled(struct world *world, uint64_t seed)
{
    uint32_t order[RECORDS];
    struct trust_random random = trust_random_init(seed);
    for (uint32_t i = 0; i < RECORDS; i++) {
        uint32_t at = (uint32_t)trust_random_below(&random, i + 1);
        order[i] = order[at];
        order[at] = i;
    }
    for (uint32_t i = 0; i < RECORDS; i++)
        hold_record(world, order[i]);
    world_tick(world);
}

static void scores_do_not_depend_on_the_order_of_the_holds(void **state)
{
    (void)state;
    struct world first;
    world_open(&first, 32);
    hold_shuffled(&first, 1);
    struct trust_score expected = world_score(&first, A, NULL);
    assert_true(expected.evidence > 10);
    for (uint64_t seed = 2; seed < 30; seed++) {
        struct world world;
        world_open(&world, 32);
        hold_shuffled(&world, seed);
        struct trust_score score = world_score(&world, A, NULL);
        assert_true(fabs(score.evidence - expected.evidence) < 1e-9);
        assert_true(fabs(score.score - expected.score) < 1e-9);
        assert_int_equal(score.status, expected.status);
        world_close(&world);
    }
    world_close(&first);
}

static void a_tick_solves_only_when_something_changed_or_ended(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    assert_true(trust_scorer_is_unsolved(&world.scorer));
    assert_true(trust_scorer_tick(&world.scorer, world.now));
    assert_false(trust_scorer_tick(&world.scorer, world.now));
    world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_ALL);
    assert_true(trust_scorer_is_unsolved(&world.scorer));
    assert_true(trust_scorer_tick(&world.scorer, world.now));
    assert_true(trust_scorer_unresolved(&world.scorer) == 0);
    world_praise(&world, "a", A, 900);
    assert_false(trust_scorer_tick(&world.scorer, world.now));
    assert_true(world_weight(&world, "a").t == .7);
    world_wait(&world, 700 * WORLD_DAY_S);
    assert_true(trust_scorer_tick(&world.scorer, world.now));
    assert_true(world_weight(&world, "a").t == 0);
    assert_false(trust_scorer_tick(&world.scorer, world.now));
    world_close(&world);
}

static void an_explanation_solves_what_changed_and_the_next_tick_still_tells(void **state)
{
    (void)state;
    static struct trust_explanation explanation;
    const struct trust_question question = {.subject = trust_bytes_text(A)};
    struct world world;
    world_open(&world, 16);
    world_tick(&world);
    world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_ALL);
    world_praise(&world, "a", A, 900);
    assert_true(world_score(&world, A, NULL).evidence == 0);
    assert_int_equal(trust_scorer_explain(&world.scorer, &explanation, &question, world.now.wall),
                     TRUST_OK);
    assert_true(explanation.score.evidence == 7);
    assert_int_equal(explanation.path_count, 1);
    assert_false(trust_scorer_is_unsolved(&world.scorer));
    assert_true(trust_scorer_tick(&world.scorer, world.now));
    assert_false(trust_scorer_tick(&world.scorer, world.now));
    world_close(&world);
}

static void watched_servers_hear_of_records_calls_and_weights(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t server = watch(&world, A "@1.0");
    watch(&world, "mcp:io.example/other");
    uint32_t changed = 0;
    uint32_t count = 0;
    world_tick(&world);
    while (trust_scorer_take_changed(&world.scorer, &changed))
        count++;
    assert_int_equal(count, 2);
    world_praise(&world, "stranger", A, 900);
    assert_true(trust_scorer_take_changed(&world.scorer, &changed));
    assert_int_equal(changed, server);
    assert_false(trust_scorer_take_changed(&world.scorer, &changed));
    assert_int_equal(trust_scorer_outcome(&world.scorer, server, TRUST_OWN_GOOD, 5, world.now),
                     TRUST_OK);
    assert_true(trust_scorer_take_changed(&world.scorer, &changed));
    assert_int_equal(changed, server);
    world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_ALL);
    world_tick(&world);
    count = 0;
    while (trust_scorer_take_changed(&world.scorer, &changed))
        count++;
    assert_int_equal(count, 2);
    world_close(&world);
}

static void servers_are_listed_by_their_subject_without_version(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t first = watch(&world, A "@1.0");
    assert_int_equal(watch(&world, A), first);
    uint32_t slot = world_praise(&world, WORLD_ME, "pkg:npm/x@2.0", 500);
    char text[TRUST_SUBJECT_TEXT_SIZE];
    assert_int_equal(trust_scorer_subject(&world.scorer, text, first), strlen(A));
    assert_string_equal(text, A);
    uint32_t cursor = 0;
    uint32_t server = 0;
    uint32_t count = 0;
    while (trust_scorer_next_server(&world.scorer, &cursor, &server))
        count++;
    assert_int_equal(count, 2);
    trust_scorer_drop(&world.scorer, slot);
    trust_scorer_unwatch(&world.scorer, first);
    trust_scorer_unwatch(&world.scorer, first);
    cursor = 0;
    assert_false(trust_scorer_next_server(&world.scorer, &cursor, &server));
    world_close(&world);
}

static void raters_are_listed_with_their_weights_and_distances(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_ALL);
    world_vouch(&world, "a", "b", 1000, TRUST_SCOPE_ALL);
    world_vouch(&world, "c", "d", 1000, TRUST_SCOPE_ALL);
    world_tick(&world);
    uint32_t cursor = 0;
    uint32_t key = 0;
    uint32_t count = 0;
    while (trust_scorer_next_rater(&world.scorer, &cursor, &key)) {
        struct trust_weight weight = trust_scorer_weight(&world.scorer, key);
        assert_int_equal(weight.distance, count);
        assert_true(fabs(weight.t - pow(.7, count)) < 1e-12);
        count++;
    }
    assert_int_equal(count, 3);
    assert_int_equal(world_weight(&world, "d").distance, TRUST_SCORER_NONE);
    assert_false(world_weight(&world, "c").is_kept);
    world_close(&world);
}

static void without_an_operator_nobody_is_kept_and_own_calls_still_count(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    world_praise(&world, WORLD_ME, A, 900);
    trust_scorer_set_operator(&world.scorer, TRUST_SCORER_NONE);
    world_call(&world, A, 30, 0);
    world_tick(&world);
    struct trust_score score = world_score(&world, A, NULL);
    assert_int_equal(score.raters, 0);
    assert_true(fabs(score.evidence - 30) < 1e-9);
    assert_int_equal(score.status, TRUST_SCORE_OK);
    uint32_t cursor = 0;
    uint32_t key = 0;
    assert_false(trust_scorer_next_rater(&world.scorer, &cursor, &key));
    world_close(&world);
}

static void a_thousand_random_steps_leave_nothing_behind(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(9);
    struct world world;
    world_open(&world, 64);
    char name[8];
    char other[8];
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "k%u", (uint32_t)trust_random_below(&random, 20));
        snprintf(other, sizeof other, "o%u", (uint32_t)trust_random_below(&random, 20));
        world.next_slot = (uint32_t)trust_random_below(&random, 40);
        switch (trust_random_below(&random, 5)) {
        case 0:
            world_vouch(&world, name, other, 1 + (int)trust_random_below(&random, 900), 7);
            break;
        case 1:
            world_praise(&world, name, A, 5);
            break;
        case 2:
            world_flag(&world, &(struct world_opinion){.author = other,
                                                       .subject = A,
                                                       .value = TRUST_SEVERITY_LOW,
                                                       .calls = TRUST_CLASS_OTHER});
            break;
        case 3:
            trust_scorer_drop(&world.scorer, world.next_slot);
            break;
        default:
            world_tick(&world);
            break;
        }
    }
    for (uint32_t slot = 0; slot < 64; slot++)
        trust_scorer_drop(&world.scorer, slot);
    world_tick(&world);
    const struct trust_score_state *scorer = &world.scorer.state;
    assert_int_equal(scorer->graph.count, 0);
    assert_int_equal(scorer->facts.rating_count, 0);
    assert_int_equal(scorer->facts.flag_pool.count, 0);
    assert_int_equal(scorer->servers.server_pool.count, 0);
    assert_int_equal(scorer->servers.target_pool.count, 0);
    assert_int_equal(scorer->servers.texts.count, 0);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_that_is_no_subject_or_has_a_short_manifest_is_refused),
        cmocka_unit_test(scores_do_not_depend_on_the_order_of_the_holds),
        cmocka_unit_test(a_tick_solves_only_when_something_changed_or_ended),
        cmocka_unit_test(an_explanation_solves_what_changed_and_the_next_tick_still_tells),
        cmocka_unit_test(watched_servers_hear_of_records_calls_and_weights),
        cmocka_unit_test(servers_are_listed_by_their_subject_without_version),
        cmocka_unit_test(raters_are_listed_with_their_weights_and_distances),
        cmocka_unit_test(without_an_operator_nobody_is_kept_and_own_calls_still_count),
        cmocka_unit_test(a_thousand_random_steps_leave_nothing_behind),
    };
    return cmocka_run_group_tests_name("score/scorer", tests, NULL, NULL);
}
