/* score/evidence: which record of an author counts, and what a question sees of it. */
#include "score/evidence.h"

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

#define A "mcp:io.example/a"

static const uint8_t one[32] = {1};
static const uint8_t two[32] = {2};

static struct trust_case ask(struct world *world, const char *version, const uint8_t *manifest)
{
    struct trust_case question = {
        .named = {.server = trust_bytes_text(A),
                  .version = trust_bytes_text(version),
                  .manifest = {.data = manifest, .size = manifest == NULL ? 0 : 32}},
        .server = TRUST_SERVER_NONE,
        .now = world->now.wall,
    };
    if (!trust_servers_find(&world->scorer.state.servers, &question.server, question.named.server))
        question.server = TRUST_SERVER_NONE;
    return question;
}

static uint32_t rate(struct world *world, const char *subject, const uint8_t *manifest,
                     uint64_t age_s)
{
    return world_rate(world, &(struct world_opinion){.author = WORLD_ME,
                                                     .subject = subject,
                                                     .manifest = manifest,
                                                     .category = TRUST_CATEGORY_OVERALL,
                                                     .value = 500,
                                                     .age_s = age_s});
}

/* The one slot chosen for a question. */
static uint32_t chosen(struct world *world, const char *version, const uint8_t *manifest)
{
    world_tick(world);
    struct trust_case question = ask(world, version, manifest);
    struct trust_choosing choosing = trust_evidence_choose(&world->scorer.state, &question);
    assert_int_equal(choosing.count, 1);
    return world->scorer.state.choices[0].slot;
}

static void the_level_factor_decides_first_then_the_level_then_the_time(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t bare = rate(&world, A, NULL, 0);
    uint32_t older = rate(&world, A "@1.0", NULL, 30);
    uint32_t newer = rate(&world, A "@1.1", NULL, 20);
    uint32_t exact = rate(&world, A "@1.0", one, 99);
    /* The question names the server alone: all fit, the highest level counts. */
    assert_int_equal(chosen(&world, "", NULL), exact);
    assert_int_equal(chosen(&world, "1.0", NULL), exact);
    assert_int_equal(chosen(&world, "1.1", NULL), newer);
    assert_int_equal(chosen(&world, "1.0", one), exact);
    assert_int_equal(chosen(&world, "1.1", two), newer);
    trust_scorer_drop(&world.scorer, exact);
    assert_int_equal(chosen(&world, "", NULL), newer);
    assert_int_equal(chosen(&world, "1.0", one), older);
    assert_int_equal(chosen(&world, "9.9", one), newer);
    trust_scorer_drop(&world.scorer, newer);
    trust_scorer_drop(&world.scorer, older);
    assert_int_equal(chosen(&world, "9.9", one), bare);
    world_close(&world);
}

static double omega(struct world *world, uint32_t slot, const char *version,
                    const uint8_t *manifest)
{
    struct trust_case question = ask(world, version, manifest);
    world_tick(world);
    return trust_evidence_weigh(&world->scorer.state, &question, slot).omega;
}

static void a_record_weighs_whole_half_or_a_quarter(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t bare = rate(&world, A, NULL, 0);
    uint32_t version = rate(&world, A "@1.0", NULL, 0);
    uint32_t exact = rate(&world, A "@1.0", one, 0);
    assert_true(omega(&world, bare, "", NULL) == 10);
    assert_true(omega(&world, bare, "1.0", NULL) == 2.5);
    assert_true(omega(&world, version, "", NULL) == 10);
    assert_true(omega(&world, version, "1.0", NULL) == 10);
    assert_true(omega(&world, version, "1.0", one) == 5);
    assert_true(omega(&world, version, "1.1", one) == 2.5);
    assert_true(omega(&world, exact, "1.0", one) == 10);
    assert_true(omega(&world, exact, "1.0", two) == 5);
    assert_true(omega(&world, exact, "", one) == 10);
    assert_true(omega(&world, exact, "", two) == 2.5);
    world_close(&world);
}

static void a_record_from_the_future_is_not_older_than_now(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t slot = rate(&world, A, NULL, 0);
    world.now.wall.ms -= 500 * 1000;
    assert_true(omega(&world, slot, "", NULL) == 10);
    world_close(&world);
}

static void half_lives_are_7_30_and_180_days_and_few_calls_weigh_less(void **state)
{
    (void)state;
    static const struct {
        enum trust_category category;
        uint32_t calls;
        uint64_t days;
        double omega;
    } rows[] = {
        {TRUST_CATEGORY_PERFORMANCE, 20, 7, 5},    {TRUST_CATEGORY_PERFORMANCE, 1, 0, .5},
        {TRUST_CATEGORY_PERFORMANCE, 9999, 0, 10}, {TRUST_CATEGORY_OVERALL, 0, 30, 5},
        {TRUST_CATEGORY_OVERALL, 3, 60, 2.5},      {TRUST_CATEGORY_SECURITY, 0, 180, 5},
    };
    struct world world;
    world_open(&world, 16);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t slot =
            world_rate(&world, &(struct world_opinion){.author = WORLD_ME,
                                                       .subject = A,
                                                       .category = rows[i].category,
                                                       .value = 500,
                                                       .calls = rows[i].calls,
                                                       .age_s = rows[i].days * WORLD_DAY_S});
        assert_true(fabs(omega(&world, slot, "", NULL) - rows[i].omega) < 1e-9);
    }
    world_close(&world);
}

static void of_two_at_one_instant_the_worse_counts_in_either_order(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        struct world world;
        world_open(&world, 16);
        const uint32_t values[] = {300, 700};
        for (int i = 0; i < 2; i++)
            world_rate(&world, &(struct world_opinion){.author = WORLD_ME,
                                                       .subject = A,
                                                       .manifest = i == order ? one : two,
                                                       .category = TRUST_CATEGORY_OVERALL,
                                                       .value = values[i ^ order]});
        struct trust_case question = ask(&world, "", NULL);
        world_tick(&world);
        uint32_t slot = chosen(&world, "", NULL);
        assert_true(trust_evidence_weigh(&world.scorer.state, &question, slot).value == .3);
        world_close(&world);
    }
}

static void withdrawn_expired_silent_and_unweighed_records_are_not_chosen(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t silent = rate(&world, A "@1.0", NULL, 0);
    uint32_t rest = rate(&world, A, NULL, 0);
    world_praise(&world, "stranger", A, 1000);
    world_rate(&world, &(struct world_opinion){.author = WORLD_ME,
                                               .subject = A "@1.1",
                                               .category = TRUST_CATEGORY_OVERALL,
                                               .value = TRUST_RATING_WITHDRAWN});
    trust_scorer_silence(&world.scorer, silent, TRUST_IGNORED_VOID);
    assert_int_equal(chosen(&world, "", NULL), rest);
    world_wait(&world, 700 * WORLD_DAY_S);
    struct trust_case question = ask(&world, "", NULL);
    assert_int_equal(trust_evidence_choose(&world.scorer.state, &question).count, 0);
    world_close(&world);
}

static void own_calls_above_two_hundred_are_scaled_down_together(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    world_call(&world, A, 300, 100);
    world_tick(&world);
    struct trust_case question = ask(&world, "", NULL);
    struct trust_own_evidence own = trust_evidence_own(&world.scorer.state, &question);
    assert_true(fabs(own.good - 150) < 1e-9);
    assert_true(fabs(own.bad - 50) < 1e-9);
    assert_true(fabs(own.calls - 400) < 1e-9);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_level_factor_decides_first_then_the_level_then_the_time),
        cmocka_unit_test(a_record_weighs_whole_half_or_a_quarter),
        cmocka_unit_test(a_record_from_the_future_is_not_older_than_now),
        cmocka_unit_test(half_lives_are_7_30_and_180_days_and_few_calls_weigh_less),
        cmocka_unit_test(of_two_at_one_instant_the_worse_counts_in_either_order),
        cmocka_unit_test(withdrawn_expired_silent_and_unweighed_records_are_not_chosen),
        cmocka_unit_test(own_calls_above_two_hundred_are_scaled_down_together),
    };
    return cmocka_run_group_tests_name("score/evidence", tests, NULL, NULL);
}
