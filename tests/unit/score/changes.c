/* score/changes: each row is tried out: after the change the status is what the row said. */
#include "score/changes.h"

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

static struct trust_explanation *explain(struct world *world, const uint8_t *manifest)
{
    static struct trust_explanation explanation;
    const struct trust_question question = {
        .subject = trust_bytes_text(A),
        .manifest = {.data = manifest, .size = manifest == NULL ? 0 : 32},
    };
    world_tick(world);
    assert_int_equal(trust_scorer_explain(&world->scorer, &explanation, &question, world->now.wall),
                     TRUST_OK);
    return &explanation;
}

static const struct trust_change *find(const struct trust_explanation *explanation,
                                       enum trust_change_kind kind)
{
    for (uint32_t i = 0; i < explanation->change_count; i++) {
        if (explanation->changes[i].kind == kind)
            return &explanation->changes[i];
    }
    fail_msg("no row of kind %s", trust_change_kind_name(kind));
    return explanation->changes;
}

static void an_unknown_and_a_weak_server_need_the_evidence_that_is_named(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    const struct trust_change *change = find(explain(&world, NULL), TRUST_CHANGE_EVIDENCE);
    assert_int_equal(change->status, TRUST_SCORE_WEAK);
    assert_true(change->amount == 1);
    world_call(&world, A, 3, 0);
    change = find(explain(&world, NULL), TRUST_CHANGE_EVIDENCE);
    assert_int_equal(change->status, TRUST_SCORE_OK);
    assert_true(fabs(change->amount - 2) < 1e-9);
    world_call(&world, A, 2, 0);
    explain(&world, NULL);
    assert_int_equal(world_score(&world, A, NULL).status, TRUST_SCORE_OK);
    world_close(&world);
}

static void evidence_that_ages_loses_its_status_when_it_was_said(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    world_praise(&world, WORLD_ME, A, 900);
    const struct trust_change *change = find(explain(&world, NULL), TRUST_CHANGE_AGE);
    assert_int_equal(change->status, TRUST_SCORE_WEAK);
    /* Ten fall below five in one half-life. */
    assert_true(fabs(change->amount - 30 * 86400.0) <= 2 * 3600);
    world_wait(&world, (uint64_t)change->amount);
    assert_int_equal(world_score(&world, A, NULL).status, TRUST_SCORE_WEAK);
    change = find(explain(&world, NULL), TRUST_CHANGE_AGE);
    assert_int_equal(change->status, TRUST_SCORE_UNKNOWN);
    world_close(&world);
}

/* Calls are no overall ratings, so the contest is decided by ratings of me and four others. */
static void open_contested(struct world *world)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    world_open(world, 32);
    world_praise(world, WORLD_ME, A, 1000);
    for (int i = 0; i < 4; i++) {
        world_vouch(world, WORLD_ME, names[i], 1000, TRUST_SCOPE_ALL);
        world_praise(world, names[i], A, 0);
    }
}

static void a_contest_is_ended_by_so_much_praise_or_blame(void **state)
{
    (void)state;
    for (int good = 0; good < 2; good++) {
        struct world world;
        open_contested(&world);
        struct trust_explanation *explanation = explain(&world, NULL);
        assert_int_equal(explanation->score.status, TRUST_SCORE_CONTESTED);
        const struct trust_change *change =
            find(explanation, good ? TRUST_CHANGE_PRAISE : TRUST_CHANGE_BLAME);
        assert_int_equal(change->status, TRUST_SCORE_OK);
        struct trust_sums sums;
        for (int i = 0; i < TRUST_SCORE_CATEGORIES; i++) {
            sums.all[i] = explanation->score.categories[i].evidence;
            sums.good[i] = explanation->score.categories[i].mean * (2 + sums.all[i]) - 1;
        }
        struct trust_score after = {.factor = 1};
        sums.all[2] += change->amount - .02;
        sums.good[2] += good ? change->amount - .02 : 0;
        trust_conclude(&after, &sums);
        assert_int_equal(after.status, TRUST_SCORE_CONTESTED);
        sums.all[2] += .02;
        sums.good[2] += good ? .02 : 0;
        trust_conclude(&after, &sums);
        assert_int_equal(after.status, TRUST_SCORE_OK);
        world_close(&world);
    }
}

static void so_many_flags_would_have_to_end(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    world_praise(&world, WORLD_ME, A, 1000);
    world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_SCANS);
    struct world_opinion opinion = {.author = WORLD_ME,
                                    .subject = A,
                                    .value = TRUST_SEVERITY_HIGH,
                                    .calls = TRUST_CLASS_MALWARE};
    uint32_t mine = world_flag(&world, &opinion);
    opinion.author = "a";
    uint32_t theirs = world_flag(&world, &opinion);
    world_vouch(&world, WORLD_ME, "b", 1000, TRUST_SCOPE_SCANS);
    opinion.author = "b";
    opinion.value = TRUST_SEVERITY_LOW;
    world_flag(&world, &opinion);
    const struct trust_change *change = find(explain(&world, NULL), TRUST_CHANGE_FLAGS);
    assert_true(change->amount == 2);
    assert_int_equal(change->status, TRUST_SCORE_OK);
    trust_scorer_drop(&world.scorer, mine);
    assert_int_equal(explain(&world, NULL)->score.status, TRUST_SCORE_FLAGGED);
    trust_scorer_drop(&world.scorer, theirs);
    assert_int_equal(explain(&world, NULL)->score.status, TRUST_SCORE_OK);
    world_close(&world);
}

static void a_changed_manifest_is_told_what_the_known_ones_have(void **state)
{
    (void)state;
    const uint8_t known[32] = {1};
    const uint8_t fresh[32] = {2};
    struct world world;
    world_open(&world, 16);
    world_rate(&world, &(struct world_opinion){.author = WORLD_ME,
                                               .subject = A,
                                               .manifest = known,
                                               .category = TRUST_CATEGORY_OVERALL,
                                               .value = 900});
    const struct trust_change *change = find(explain(&world, fresh), TRUST_CHANGE_MANIFEST);
    assert_int_equal(change->status, TRUST_SCORE_OK);
    assert_true(change->amount == 10);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_and_a_weak_server_need_the_evidence_that_is_named),
        cmocka_unit_test(evidence_that_ages_loses_its_status_when_it_was_said),
        cmocka_unit_test(a_contest_is_ended_by_so_much_praise_or_blame),
        cmocka_unit_test(so_many_flags_would_have_to_end),
        cmocka_unit_test(a_changed_manifest_is_told_what_the_known_ones_have),
    };
    return cmocka_run_group_tests_name("score/changes", tests, NULL, NULL);
}
