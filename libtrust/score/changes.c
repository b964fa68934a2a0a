/* See changes.h. Each row is found by asking the same arithmetic again with more, less or older
 * evidence; none repeats a formula. */
#include "score/changes.h"

#include "score/flagging.h"

#define HOUR_S 3600.0
/* Nothing lives longer. */
#define LIFE_HOURS 17520.0
/* More evidence than this is no answer to an operator. */
#define EVIDENCE_MAX 10000.0
#define OVERALL (TRUST_CATEGORY_OVERALL - 1)

struct list {
    struct trust_change *rows;
    uint32_t count;
};

static void add(struct list *list, enum trust_change_kind kind, enum trust_score_status status,
                double amount)
{
    if (list->count < TRUST_EXPLAIN_CHANGES_MAX)
        list->rows[list->count++] =
            (struct trust_change){.kind = kind, .status = status, .amount = amount};
}

/* The status with other sums and another factor. */
static enum trust_score_status status_with(const struct trust_sums *sums, double factor)
{
    struct trust_score score = {.factor = factor};
    trust_conclude(&score, sums);
    return score.status;
}

static enum trust_score_status status_after(const struct trust_sums *sums, double factor,
                                            double good, double bad)
{
    struct trust_sums more = *sums;
    more.good[OVERALL] += good;
    more.all[OVERALL] += good + bad;
    return status_with(&more, factor);
}

/* How much more praise (share 1) or blame (share 0) ends a contest. */
static void add_contest(struct list *list, const struct trust_sums *sums, double factor,
                        enum trust_change_kind kind, double share)
{
    double low = 0;
    double high = EVIDENCE_MAX;
    if (status_after(sums, factor, high * share, high * (1 - share)) == TRUST_SCORE_CONTESTED)
        return;
    while (high - low > .01) {
        double middle = (low + high) / 2;
        if (status_after(sums, factor, middle * share, middle * (1 - share)) ==
            TRUST_SCORE_CONTESTED)
            low = middle;
        else
            high = middle;
    }
    add(list, kind, status_after(sums, factor, high * share, high * (1 - share)), high);
}

/* The least severe kind of flag whose end, with all worse ones, would end `flagged`. */
static void add_flags(struct list *list, struct trust_score_state *state,
                      const struct trust_score *score, const struct trust_sums *sums,
                      const struct trust_case *question)
{
    for (int worst = TRUST_SEVERITY_HIGH; worst >= TRUST_SEVERITY_CLEARED; worst--) {
        struct trust_score without = {0};
        trust_flagging_judge(state, &without, question, (enum trust_severity)worst);
        enum trust_score_status status = status_with(sums, without.factor);
        if (status == TRUST_SCORE_FLAGGED)
            continue;
        uint32_t ended = 0;
        while (ended < score->flags_shown && (int)score->flags[ended].severity > worst)
            ended++;
        add(list, TRUST_CHANGE_FLAGS, status, ended);
        return;
    }
}

/* When the evidence there is now will have aged below a bound. */
static void add_age(struct list *list, struct trust_score_state *state,
                    const struct trust_case *question, double bound, enum trust_score_status status)
{
    double low = 0;
    double high = LIFE_HOURS;
    while (high - low > 1) {
        struct trust_case later = *question;
        double middle = (low + high) / 2;
        later.now.ms += (uint64_t)(middle * HOUR_S * 1000);
        if (trust_assess_evidence(state, &later) >= bound)
            low = middle;
        else
            high = middle;
    }
    add(list, TRUST_CHANGE_AGE, status, high * HOUR_S);
}

/* What the status is for those who do not ask for this manifest. */
static void add_manifest(struct list *list, struct trust_score_state *state,
                         const struct trust_score *score, const struct trust_case *question)
{
    struct trust_case unpinned = *question;
    struct trust_score other;
    struct trust_assessment assessment;
    unpinned.named.manifest = (struct trust_bytes){0};
    trust_assess(state, &other, &assessment, &unpinned);
    if (other.status != score->status)
        add(list, TRUST_CHANGE_MANIFEST, other.status, other.evidence);
}

uint32_t trust_changes_find(struct trust_score_state *state, struct trust_change *out_changes,
                            const struct trust_score *score,
                            const struct trust_assessment *assessment,
                            const struct trust_case *question)
{
    struct list list = {.rows = out_changes};
    const struct trust_sums *sums = &assessment->sums;
    switch (score->status) {
    case TRUST_SCORE_FLAGGED:
        add_flags(&list, state, score, sums, question);
        break;
    case TRUST_SCORE_UNKNOWN:
        add(&list, TRUST_CHANGE_EVIDENCE, TRUST_SCORE_WEAK, TRUST_EVIDENCE_WEAK - score->evidence);
        break;
    case TRUST_SCORE_CONTESTED:
        add_contest(&list, sums, score->factor, TRUST_CHANGE_PRAISE, 1);
        add_contest(&list, sums, score->factor, TRUST_CHANGE_BLAME, 0);
        break;
    case TRUST_SCORE_WEAK:
        add(&list, TRUST_CHANGE_EVIDENCE, TRUST_SCORE_OK, TRUST_EVIDENCE_OK - score->evidence);
        add_age(&list, state, question, TRUST_EVIDENCE_WEAK, TRUST_SCORE_UNKNOWN);
        break;
    case TRUST_SCORE_OK:
        add_age(&list, state, question, TRUST_EVIDENCE_OK, TRUST_SCORE_WEAK);
        break;
    }
    if (score->manifest_changed)
        add_manifest(&list, state, score, question);
    return list.count;
}
