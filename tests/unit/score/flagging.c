/* score/flagging: which flags count, how scanners share, what is shown. */
#include "score/flagging.h"

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

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

static uint32_t flag(struct world *world, const char *author, enum trust_severity severity,
                     uint64_t age_days)
{
    return world_flag(world, &(struct world_opinion){.author = author,
                                                     .subject = A,
                                                     .value = severity,
                                                     .calls = TRUST_CLASS_INJECTION,
                                                     .age_s = age_days * WORLD_DAY_S});
}

static struct trust_score judge(struct world *world)
{
    world_tick(world);
    return world_score(world, A, NULL);
}

static void a_scanner_counts_at_its_worst_and_of_those_at_the_newest(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    flag(&world, WORLD_ME, TRUST_SEVERITY_LOW, 0);
    flag(&world, WORLD_ME, TRUST_SEVERITY_HIGH, 90);
    flag(&world, WORLD_ME, TRUST_SEVERITY_HIGH, 180);
    struct trust_score score = judge(&world);
    assert_int_equal(score.flag_count, 1);
    assert_true(is_near(score.factor, 1 - .75 * .5));
    assert_int_equal(score.flags[0].severity, TRUST_SEVERITY_HIGH);
    assert_int_equal(score.flags[0].time_s, WORLD_NOW_S - 90 * WORLD_DAY_S);
    assert_string_equal(score.flags[0].rule, "rule.one");
    assert_memory_equal(score.flags[0].scanner.bytes, "me", 3);
    world_close(&world);
}

static void a_critical_flag_ends_by_clearing_ignoring_or_expiry_alone(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    uint32_t slot = flag(&world, WORLD_ME, TRUST_SEVERITY_CRITICAL, 650);
    assert_true(judge(&world).factor == 0);
    trust_scorer_ignore_flag(&world.scorer, slot, true);
    assert_true(judge(&world).factor == 1);
    trust_scorer_ignore_flag(&world.scorer, slot, false);
    assert_true(judge(&world).factor == 0);
    world_wait(&world, 50 * WORLD_DAY_S);
    assert_true(judge(&world).factor == 1);
    world_close(&world);
}

static void strangers_and_cut_scanners_take_nothing(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 16);
    world_vouch(&world, WORLD_ME, "known", 1000, TRUST_SCOPE_ALL);
    flag(&world, "stranger", TRUST_SEVERITY_CRITICAL, 0);
    uint32_t key = world_key(&world, "known");
    flag(&world, "known", TRUST_SEVERITY_HIGH, 0);
    assert_true(is_near(judge(&world).factor, .25));
    trust_scorer_mute(&world.scorer, key, true);
    assert_true(judge(&world).factor == 1);
    world_close(&world);
}

static void a_split_scanner_gains_nothing(void **state)
{
    (void)state;
    double factors[2];
    for (int split = 0; split < 2; split++) {
        struct world world;
        world_open(&world, 64);
        world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_INTRODUCES);
        char name[] = "s0";
        for (int i = 0; i < (split ? 9 : 1); i++) {
            name[1] = (char)('0' + i);
            world_vouch(&world, "a", name, 1000, TRUST_SCOPE_SCANS);
            flag(&world, name, TRUST_SEVERITY_HIGH, 0);
        }
        factors[split] = judge(&world).factor;
        world_close(&world);
    }
    assert_true(factors[1] >= factors[0] - 1e-9);
    assert_true(is_near(factors[0], .25));
}

static void third_parties_scale_before_their_ages(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 32);
    world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_INTRODUCES);
    world_vouch(&world, "a", "f", 1000, TRUST_SCOPE_SCANS);
    world_vouch(&world, "a", "g", 1000, TRUST_SCOPE_SCANS);
    flag(&world, "f", TRUST_SEVERITY_HIGH, 0);
    flag(&world, "g", TRUST_SEVERITY_HIGH, 90);
    struct trust_score score = judge(&world);
    /* t_scan .245 each: q .816667, scaled to .5; one of them aged to a half. */
    assert_true(is_near(score.factor, 1 - .75 * .75));
    assert_true(is_near(score.flags[0].q, .5));
    assert_int_equal(score.flags_shown, 2);
    world_close(&world);
}

static void my_own_vouch_stands_outside_the_shared_voice(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 32);
    world_vouch(&world, WORLD_ME, "a", 500, TRUST_SCOPE_ALL);
    world_vouch(&world, "a", "b", 1000, TRUST_SCOPE_SCANS);
    flag(&world, "a", TRUST_SEVERITY_MEDIUM, 0);
    flag(&world, "b", TRUST_SEVERITY_MEDIUM, 0);
    struct trust_score score = judge(&world);
    /* .5 of mine, and .7 x .5 x .7 / .3 of b's. */
    double q = .5 + .245 / .3;
    assert_true(is_near(score.factor, 1 - .4 * (q < 1 ? q : 1)));
    world_close(&world);
}

static void sharing_scales_third_parties_alone(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 32);
    world_vouch(&world, WORLD_ME, "a", 1000, TRUST_SCOPE_INTRODUCES);
    world_vouch(&world, "a", "f", 1000, TRUST_SCOPE_SCANS);
    world_vouch(&world, "a", "g", 1000, TRUST_SCOPE_SCANS);
    world_vouch(&world, WORLD_ME, "mine", 300, TRUST_SCOPE_SCANS);
    flag(&world, "f", TRUST_SEVERITY_MEDIUM, 90);
    flag(&world, "g", TRUST_SEVERITY_MEDIUM, 90);
    flag(&world, "mine", TRUST_SEVERITY_MEDIUM, 0);
    /* Mine whole; the two others together 1, aged to a half. */
    assert_true(is_near(judge(&world).factor, 1 - .4 * .8));
    world_close(&world);
}

static void the_worst_sixteen_are_shown_and_all_are_counted(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 64);
    char name[] = "a";
    for (int i = 0; i < 20; i++) {
        name[0] = (char)('a' + i);
        world_vouch(&world, WORLD_ME, name, 100 + i, TRUST_SCOPE_SCANS);
        flag(&world, name, i == 7 ? TRUST_SEVERITY_MEDIUM : TRUST_SEVERITY_LOW, 0);
    }
    struct trust_score score = judge(&world);
    assert_int_equal(score.flag_count, 20);
    assert_int_equal(score.flags_shown, TRUST_SCORE_FLAGS_MAX);
    assert_int_equal(score.flags[0].severity, TRUST_SEVERITY_MEDIUM);
    assert_true(is_near(score.flags[1].q, .119));
    for (uint32_t i = 2; i < score.flags_shown; i++)
        assert_true(score.flags[i].q < score.flags[i - 1].q);
    world_close(&world);
}

static void each_reason_against_a_flag_is_named(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 32);
    world_vouch(&world, WORLD_ME, "cut", -1000, TRUST_SCOPE_ALL);
    const uint8_t manifest[32] = {5};
    const struct {
        uint32_t slot;
        enum trust_ignored_reason reason;
    } rows[] = {
        {flag(&world, "stranger", TRUST_SEVERITY_HIGH, 0), TRUST_IGNORED_NO_WEIGHT},
        {flag(&world, "cut", TRUST_SEVERITY_HIGH, 0), TRUST_IGNORED_MUTED},
        {flag(&world, WORLD_ME, TRUST_SEVERITY_CLEARED, 0), TRUST_IGNORED_WITHDRAWN},
        {flag(&world, WORLD_ME, TRUST_SEVERITY_LOW, 701), TRUST_IGNORED_EXPIRED},
        {flag(&world, WORLD_ME, TRUST_SEVERITY_LOW, 0), TRUST_IGNORED_OPERATOR},
        {flag(&world, WORLD_ME, TRUST_SEVERITY_LOW, 0), TRUST_IGNORED_VOID},
        {flag(&world, WORLD_ME, TRUST_SEVERITY_LOW, 0), TRUST_IGNORED_REVOKED},
        {world_flag(&world, &(struct world_opinion){.author = WORLD_ME,
                                                    .subject = A "@2.0",
                                                    .manifest = manifest,
                                                    .value = TRUST_SEVERITY_LOW,
                                                    .calls = TRUST_CLASS_OTHER}),
         TRUST_IGNORED_OTHER},
    };
    trust_scorer_ignore_flag(&world.scorer, rows[4].slot, true);
    trust_scorer_silence(&world.scorer, rows[5].slot, TRUST_IGNORED_VOID);
    trust_scorer_silence(&world.scorer, rows[6].slot, TRUST_IGNORED_REVOKED);
    world_tick(&world);
    struct trust_case question = {
        .named = {.server = trust_bytes_text(A), .version = trust_bytes_text("1.0")},
        .now = world.now.wall};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum trust_ignored_reason reason = TRUST_IGNORED_LEVEL;
        assert_true(trust_flagging_ignores(&world.scorer.state, &reason, &question, rows[i].slot));
        assert_int_equal(reason, rows[i].reason);
    }
    assert_true(world_score(&world, A "@1.0", NULL).factor == 1);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scanner_counts_at_its_worst_and_of_those_at_the_newest),
        cmocka_unit_test(a_critical_flag_ends_by_clearing_ignoring_or_expiry_alone),
        cmocka_unit_test(strangers_and_cut_scanners_take_nothing),
        cmocka_unit_test(a_split_scanner_gains_nothing),
        cmocka_unit_test(third_parties_scale_before_their_ages),
        cmocka_unit_test(my_own_vouch_stands_outside_the_shared_voice),
        cmocka_unit_test(sharing_scales_third_parties_alone),
        cmocka_unit_test(the_worst_sixteen_are_shown_and_all_are_counted),
        cmocka_unit_test(each_reason_against_a_flag_is_named),
    };
    return cmocka_run_group_tests_name("score/flagging", tests, NULL, NULL);
}
