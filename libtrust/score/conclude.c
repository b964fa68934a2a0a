/* See conclude.h. Pooling, intervals and the cap are explained in docs/explanation/scoring.md. */
#include "score/conclude.h"

#include <math.h>

#define PERFORMANCE (TRUST_CATEGORY_PERFORMANCE - 1)
#define SECURITY (TRUST_CATEGORY_SECURITY - 1)
#define OVERALL (TRUST_CATEGORY_OVERALL - 1)
/* Of a normal distribution: 80 % lie within. */
#define Z80 1.2815515655
#define FLAGGED_BELOW .5
#define CONTESTED_SIDE 5.0
#define CONTESTED_FROM .35
#define CONTESTED_TO .65

struct interval {
    double lower;
    double upper;
};

static struct interval interval_of(double mean, double evidence)
{
    double reach = Z80 * sqrt(mean * (1 - mean) / (evidence + 3));
    return (struct interval){
        .lower = mean > reach ? mean - reach : 0,
        .upper = mean + reach < 1 ? mean + reach : 1,
    };
}

static void conclude_categories(struct trust_score *score, const struct trust_sums *sums)
{
    for (int i = 0; i < TRUST_SCORE_CATEGORIES; i++) {
        double mean = (1 + sums->good[i]) / (2 + sums->all[i]);
        struct interval interval = interval_of(mean, sums->all[i]);
        score->categories[i] = (struct trust_score_category){
            .mean = mean,
            .lower = interval.lower,
            .upper = interval.upper,
            .evidence = sums->all[i],
        };
    }
}

/* Performance and overall are each other's prior: a first small rating moves the score a little,
 * and a good one never down. */
static double pooled_mean(const struct trust_score *score, const struct trust_sums *sums)
{
    double performance = (2 * score->categories[OVERALL].mean + sums->good[PERFORMANCE]) /
                         (2 + sums->all[PERFORMANCE]);
    double overall =
        (2 * score->categories[PERFORMANCE].mean + sums->good[OVERALL]) / (2 + sums->all[OVERALL]);
    return .4 * performance + .6 * overall;
}

static enum trust_score_status status_of(const struct trust_score *score,
                                         const struct trust_sums *sums)
{
    double good = sums->good[PERFORMANCE] + sums->good[OVERALL];
    double bad = sums->all[PERFORMANCE] + sums->all[OVERALL] - good;
    if (score->factor < FLAGGED_BELOW)
        return TRUST_SCORE_FLAGGED;
    if (score->evidence < TRUST_EVIDENCE_WEAK)
        return TRUST_SCORE_UNKNOWN;
    if (good >= CONTESTED_SIDE && bad >= CONTESTED_SIDE && score->score >= CONTESTED_FROM &&
        score->score <= CONTESTED_TO)
        return TRUST_SCORE_CONTESTED;
    return score->evidence < TRUST_EVIDENCE_OK ? TRUST_SCORE_WEAK : TRUST_SCORE_OK;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

void trust_conclude(struct trust_score *score, const struct trust_sums *sums)
{
    conclude_categories(score, sums);
    double security_bad = sums->all[SECURITY] - sums->good[SECURITY];
    score->evidence = sums->all[PERFORMANCE] + sums->all[OVERALL] + sums->all[SECURITY];
    score->mean = pooled_mean(score, sums);
    score->cap = (1 + sums->good[SECURITY]) / (1 + sums->good[SECURITY] + security_bad);
    struct interval interval =
        interval_of(score->mean, sums->all[PERFORMANCE] + sums->all[OVERALL]);
    score->score = score->factor * smaller(score->mean, score->cap);
    score->lower = score->factor * smaller(interval.lower, score->cap);
    score->upper = score->factor * smaller(interval.upper, score->cap);
    score->status = status_of(score, sums);
    score->has_score = score->evidence >= TRUST_EVIDENCE_WEAK;
    score->has_lower = score->has_score || score->status == TRUST_SCORE_FLAGGED;
    if (!score->has_score) {
        score->score = 0;
        score->lower = 0;
        score->upper = 0;
        score->mean = 0;
    }
}
