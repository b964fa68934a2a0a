/* See assess.h. */
#include "score/assess.h"

#include <string.h>

#include "base/assert.h"
#include "score/flagging.h"

double trust_choice_omega(const struct trust_score_choice *choice)
{
    double omega;
    memcpy(&omega, &choice->order, sizeof omega);
    return omega;
}

static void add_own(struct trust_sums *sums, const struct trust_own_evidence *own)
{
    sums->good[TRUST_CATEGORY_PERFORMANCE - 1] += own->good;
    sums->all[TRUST_CATEGORY_PERFORMANCE - 1] += own->good + own->bad;
    sums->all[TRUST_CATEGORY_SECURITY - 1] += own->garbage;
}

/* The voices behind the raters: first hops of those whose rating weighs anything. */
static void hear(const struct trust_score_state *state, struct trust_score *score, uint32_t author,
                 struct trust_hop_pair *pair)
{
    trust_hops_merge(pair, state->hops.pairs[author]);
    uint8_t count = (uint8_t)((pair->hops[0] != 0) + (pair->hops[1] != 0));
    if (author == state->graph.operator_key)
        count = 2;
    score->first_hops = count > score->first_hops ? count : score->first_hops;
}

/* Weighs the choices and adds them up. */
static void add_ratings(struct trust_score_state *state, struct trust_score *score,
                        struct trust_assessment *assessment, const struct trust_case *question)
{
    struct trust_hop_pair pair = {{0, 0}};
    uint32_t last_author = UINT32_MAX;
    for (uint32_t i = 0; i < assessment->count; i++) {
        struct trust_score_choice *choice = &state->choices[i];
        struct trust_weighed weighed = trust_evidence_weigh(state, question, choice->slot);
        assert(weighed.omega >= 0);
        assessment->sums.good[weighed.category - 1] += weighed.omega * weighed.value;
        assessment->sums.all[weighed.category - 1] += weighed.omega;
        memcpy(&choice->order, &weighed.omega, sizeof choice->order);
        if (weighed.omega <= 0)
            continue;
        score->raters += choice->author != last_author;
        last_author = choice->author;
        hear(state, score, choice->author, &pair);
    }
}

void trust_assess(struct trust_score_state *state, struct trust_score *score,
                  struct trust_assessment *out_assessment, const struct trust_case *question)
{
    memset(score, 0, sizeof *score);
    memset(out_assessment, 0, sizeof *out_assessment);
    trust_flagging_judge(state, score, question, TRUST_SEVERITY_CRITICAL);
    struct trust_choosing choosing = trust_evidence_choose(state, question);
    score->manifest_changed = question->named.manifest.size > 0 && choosing.names_other_manifest &&
                              !choosing.names_manifest;
    score->unresolved = state->propagation.unresolved;
    out_assessment->count = choosing.count;
    add_ratings(state, score, out_assessment, question);
    out_assessment->own = trust_evidence_own(state, question);
    add_own(&out_assessment->sums, &out_assessment->own);
    trust_conclude(score, &out_assessment->sums);
}

double trust_assess_evidence(struct trust_score_state *state, const struct trust_case *question)
{
    uint32_t count = trust_evidence_choose(state, question).count;
    struct trust_own_evidence own = trust_evidence_own(state, question);
    double evidence = own.good + own.bad + own.garbage;
    for (uint32_t i = 0; i < count; i++)
        evidence += trust_evidence_weigh(state, question, state->choices[i].slot).omega;
    return evidence;
}
