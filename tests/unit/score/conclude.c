/* score/conclude: the arithmetic of scores at its edges; tests/vectors/scoring.txt has the worked
 * numbers. */
#include "score/conclude.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

static struct trust_score conclude(const struct trust_sums *sums, double factor)
{
    struct trust_score score = {.factor = factor};
    trust_conclude(&score, sums);
    return score;
}

static bool is_near(double a, double b)
{
    return fabs(a - b) < 5e-7;
}

static void performance_and_overall_are_each_others_prior(void **state)
{
    (void)state;
    struct trust_sums sums = {.good = {19, 0, 0}, .all = {20, 0, 0}};
    struct trust_score score = conclude(&sums, 1);
    assert_true(is_near(score.categories[0].mean, .909091));
    assert_true(is_near(score.categories[2].mean, .5));
    assert_true(is_near(score.mean, .909091));
    sums.all[2] = 1;
    assert_true(is_near(conclude(&sums, 1).mean, .721212));
    sums.good[2] = 1;
    assert_true(is_near(conclude(&sums, 1).mean, .933333));
}

static void a_first_good_rating_never_moves_the_score_down(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(5);
    for (int i = 0; i < 10000; i++) {
        struct trust_sums sums = {0};
        sums.all[0] = 1 + (double)trust_random_below(&random, 2000) / 10;
        sums.good[0] = sums.all[0] * (double)trust_random_below(&random, 1001) / 1000;
        double before = conclude(&sums, 1).mean;
        double weight = (double)trust_random_below(&random, 1000) / 100;
        sums.all[2] = weight;
        sums.good[2] = weight;
        assert_true(conclude(&sums, 1).mean >= before - 1e-12);
    }
}

static void the_first_status_that_holds_is_taken(void **state)
{
    (void)state;
    static const struct {
        struct trust_sums sums;
        double factor;
        enum trust_score_status status;
    } rows[] = {
        {{{0}, {0}}, 1, TRUST_SCORE_UNKNOWN},
        {{{0}, {0, 0, .999}}, 1, TRUST_SCORE_UNKNOWN},
        {{{0, 0, 1}, {0, 0, 1}}, 1, TRUST_SCORE_WEAK},
        {{{0, 0, 4.999}, {0, 0, 4.999}}, 1, TRUST_SCORE_WEAK},
        {{{0, 0, 5}, {0, 0, 5}}, 1, TRUST_SCORE_OK},
        {{{0, 0, 5}, {0, 0, 10}}, 1, TRUST_SCORE_CONTESTED},
        {{{0, 0, 5}, {0, 0, 9.99}}, 1, TRUST_SCORE_OK},
        {{{0, 0, 4.99}, {0, 0, 10}}, 1, TRUST_SCORE_OK},
        {{{0, 0, 50}, {0, 0, 60}}, 1, TRUST_SCORE_OK},
        {{{0, 0, 10}, {0, 0, 60}}, 1, TRUST_SCORE_OK},
        {{{0, 0, 5}, {0, 0, 10}}, .5, TRUST_SCORE_OK},
        {{{0, 0, 5}, {0, 0, 5}}, .499, TRUST_SCORE_FLAGGED},
        {{{0}, {0}}, 0, TRUST_SCORE_FLAGGED},
        {{{0}, {0, 20, 0}}, 1, TRUST_SCORE_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(conclude(&rows[i].sums, rows[i].factor).status, rows[i].status);
}

static void without_evidence_there_is_no_score_and_a_flagged_one_has_lower_0(void **state)
{
    (void)state;
    const struct trust_sums none = {{0}, {0}};
    struct trust_score unknown = conclude(&none, 1);
    assert_false(unknown.has_score);
    assert_false(unknown.has_lower);
    struct trust_score flagged = conclude(&none, .25);
    assert_false(flagged.has_score);
    assert_true(flagged.has_lower);
    assert_true(flagged.lower == 0);
}

static void security_blame_caps_and_praise_alone_does_not_lift(void **state)
{
    (void)state;
    struct trust_sums sums = {.good = {0, 5, 9}, .all = {0, 5, 10}};
    struct trust_score score = conclude(&sums, 1);
    assert_true(score.cap == 1);
    assert_true(score.score == score.mean);
    sums.all[1] = 50;
    score = conclude(&sums, 1);
    assert_true(is_near(score.cap, 6.0 / 51));
    assert_true(score.score == score.cap);
    assert_true(score.lower <= score.score);
    assert_true(score.mean > score.score);
}

static void intervals_stay_within_zero_and_one_and_around_the_mean(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(6);
    for (int i = 0; i < 10000; i++) {
        struct trust_sums sums;
        for (int c = 0; c < TRUST_SCORE_CATEGORIES; c++) {
            sums.all[c] = (double)trust_random_below(&random, 100000) / 100;
            sums.good[c] = sums.all[c] * (double)trust_random_below(&random, 1001) / 1000;
        }
        struct trust_score score = conclude(&sums, 1);
        assert_true(score.lower >= 0);
        assert_true(score.lower <= score.score);
        assert_true(score.score <= score.upper);
        assert_true(score.upper <= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(performance_and_overall_are_each_others_prior),
        cmocka_unit_test(a_first_good_rating_never_moves_the_score_down),
        cmocka_unit_test(the_first_status_that_holds_is_taken),
        cmocka_unit_test(without_evidence_there_is_no_score_and_a_flagged_one_has_lower_0),
        cmocka_unit_test(security_blame_caps_and_praise_alone_does_not_lift),
        cmocka_unit_test(intervals_stay_within_zero_and_one_and_around_the_mean),
    };
    return cmocka_run_group_tests_name("score/conclude", tests, NULL, NULL);
}
