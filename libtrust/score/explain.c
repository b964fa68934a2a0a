/* See explain.h. */
#include "score/explain.h"

#include <string.h>

#include "base/assert.h"
#include "record/keys.h"
#include "score/changes.h"
#include "score/choice.h"
#include "score/flagging.h"
#include "score/ignored.h"
#include "score/sources.h"

/* Prior and rest of three categories, own calls and garbage. */
#define OTHER_ROWS 8u
#define RATING_ROWS (TRUST_EXPLAIN_CONTRIBUTIONS_MAX - OTHER_ROWS)
#define SINGLE_SOURCE_ABOVE .8

static_assert(TRUST_EXPLAIN_PATHS_EACH == TRUST_PATHS_MAX, "all paths of a rater fit");
static_assert(TRUST_EXPLAIN_PATH_KEYS_MAX == TRUST_PATH_KEYS_MAX, "a path fits its row");

static struct trust_contribution *add_row(struct trust_explanation *explanation,
                                          enum trust_contribution_kind kind,
                                          enum trust_category category)
{
    assert(explanation->contribution_count < TRUST_EXPLAIN_CONTRIBUTIONS_MAX);
    struct trust_contribution *row = &explanation->contributions[explanation->contribution_count++];
    *row = (struct trust_contribution){.kind = kind, .category = category};
    return row;
}

/* The weight and the good part of it, and what they come to in the category's mean. */
static void weigh_row(struct trust_contribution *row, double weight, double good, double all)
{
    row->weight = weight;
    row->value = weight > 0 ? good / weight : 0;
    row->share = good / (2 + all);
}

static void add_own_rows(struct trust_explanation *explanation,
                         const struct trust_assessment *assessment)
{
    const struct trust_own_evidence *own = &assessment->own;
    const double *all = assessment->sums.all;
    for (int i = 0; i < TRUST_SCORE_CATEGORIES; i++) {
        enum trust_category category = (enum trust_category)(i + 1);
        /* Beta(1, 1): two observations, one of them good. */
        weigh_row(add_row(explanation, TRUST_CONTRIBUTION_PRIOR, category), 2, 1, all[i]);
        if (category == TRUST_CATEGORY_PERFORMANCE && own->good + own->bad > 0)
            weigh_row(add_row(explanation, TRUST_CONTRIBUTION_OWN_CALLS, category),
                      own->good + own->bad, own->good, all[i]);
        if (category == TRUST_CATEGORY_SECURITY && own->garbage > 0)
            weigh_row(add_row(explanation, TRUST_CONTRIBUTION_OWN_CALLS, category), own->garbage, 0,
                      all[i]);
    }
}

static void add_rating_row(const struct trust_score_state *state,
                           struct trust_explanation *explanation,
                           const struct trust_assessment *assessment, uint32_t slot,
                           const struct trust_weighed *weighed)
{
    struct trust_contribution *row =
        add_row(explanation, TRUST_CONTRIBUTION_RATING, weighed->category);
    weigh_row(row, weighed->omega, weighed->omega * weighed->value,
              assessment->sums.all[weighed->category - 1]);
    row->value = weighed->value;
    row->age_s = weighed->age_s;
    row->slot = slot;
    row->from = *trust_keys_at(state->keys, trust_facts_rating(&state->facts, slot).author);
}

/* One row for each of the heaviest ratings, one a category for all the others. */
static void add_rating_rows(struct trust_score_state *state, struct trust_explanation *explanation,
                            const struct trust_assessment *assessment,
                            const struct trust_case *question)
{
    double rest[TRUST_SCORE_CATEGORIES] = {0};
    double rest_good[TRUST_SCORE_CATEGORIES] = {0};
    trust_choices_sort(state->choices, assessment->count, trust_choice_by_order);
    for (uint32_t i = 0; i < assessment->count; i++) {
        uint32_t slot = state->choices[i].slot;
        struct trust_weighed weighed = trust_evidence_weigh(state, question, slot);
        if (i < RATING_ROWS) {
            add_rating_row(state, explanation, assessment, slot, &weighed);
            continue;
        }
        rest[weighed.category - 1] += weighed.omega;
        rest_good[weighed.category - 1] += weighed.omega * weighed.value;
    }
    for (int i = 0; i < TRUST_SCORE_CATEGORIES; i++) {
        if (rest[i] > 0)
            weigh_row(add_row(explanation, TRUST_CONTRIBUTION_REST, (enum trust_category)(i + 1)),
                      rest[i], rest_good[i], assessment->sums.all[i]);
    }
}

static uint32_t add_paths(struct trust_score_state *state, struct trust_explanation *explanation,
                          uint32_t author)
{
    struct trust_path paths[TRUST_PATHS_MAX];
    uint32_t count =
        trust_paths_strongest(state->search, paths, &state->propagation, &state->graph, author);
    for (uint32_t i = 0; i < count; i++) {
        struct trust_explain_path *row = &explanation->paths[explanation->path_count++];
        row->flow = paths[i].flow;
        row->key_count = paths[i].length;
        for (uint32_t k = 0; k < paths[i].length; k++) {
            row->keys[k] = *trust_keys_at(state->keys, paths[i].keys[k]);
        }
    }
    return count;
}

/* Paths of the heaviest raters; the rows of one rater share them. */
static void add_all_paths(struct trust_score_state *state, struct trust_explanation *explanation)
{
    uint32_t authors[TRUST_EXPLAIN_RATERS_MAX];
    const struct trust_contribution *of[TRUST_EXPLAIN_RATERS_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < explanation->contribution_count; i++) {
        struct trust_contribution *row = &explanation->contributions[i];
        if (row->kind != TRUST_CONTRIBUTION_RATING)
            continue;
        uint32_t author = trust_facts_rating(&state->facts, row->slot).author;
        uint32_t at = 0;
        while (at < count && authors[at] != author)
            at++;
        if (at == TRUST_EXPLAIN_RATERS_MAX)
            continue;
        if (at == count) {
            authors[count] = author;
            of[count++] = row;
            row->first_path = explanation->path_count;
            row->path_count = add_paths(state, explanation, author);
        }
        row->first_path = of[at]->first_path;
        row->path_count = of[at]->path_count;
    }
}

/* The ratings' evidence by author, in the memory of the choices it is made from: the choices,
 * sorted by author, are read before they are overwritten. */
static uint32_t sum_by_author(struct trust_score_state *state, uint32_t count, double *out_sum)
{
    static_assert(sizeof(struct trust_source) == sizeof(struct trust_score_choice),
                  "a source takes the place of a choice");
    struct trust_source *sources = (struct trust_source *)(void *)state->choices;
    uint32_t kept = 0;
    *out_sum = 0;
    trust_choices_sort(state->choices, count, trust_choice_by_author);
    for (uint32_t i = 0; i < count; i++) {
        struct trust_score_choice choice = state->choices[i];
        double omega = trust_choice_omega(&choice);
        *out_sum += omega;
        if (kept > 0 && sources[kept - 1].author == choice.author)
            sources[kept - 1].evidence += omega;
        else
            sources[kept++] = (struct trust_source){.author = choice.author, .evidence = omega};
    }
    return kept;
}

static void add_heaviest(struct trust_score_state *state, struct trust_explanation *explanation,
                         const struct trust_assessment *assessment)
{
    double sum = 0;
    uint32_t count = sum_by_author(state, assessment->count, &sum);
    struct trust_heaviest heaviest =
        trust_sources_heaviest(&state->propagation, &state->graph, &state->hops,
                               (const struct trust_source *)(const void *)state->choices, count);
    if (heaviest.key == TRUST_GRAPH_NONE || sum <= 0)
        return;
    explanation->has_first_hop = true;
    explanation->first_hop_share = heaviest.evidence / sum;
    explanation->first_hop = *trust_keys_at(state->keys, heaviest.key);
    bool has_own = assessment->own.calls > 0 || assessment->own.garbage > 0;
    explanation->single_source = explanation->first_hop_share > SINGLE_SOURCE_ABOVE && !has_own;
}

void trust_explain(struct trust_score_state *state, struct trust_explanation *out_explanation,
                   const struct trust_case *question)
{
    struct trust_assessment assessment;
    memset(out_explanation, 0, sizeof *out_explanation);
    trust_assess(state, &out_explanation->score, &assessment, question);
    trust_ignored_list(state, out_explanation, question, assessment.count);
    add_own_rows(out_explanation, &assessment);
    add_rating_rows(state, out_explanation, &assessment, question);
    add_all_paths(state, out_explanation);
    add_heaviest(state, out_explanation, &assessment);
    out_explanation->change_count = trust_changes_find(
        state, out_explanation->changes, &out_explanation->score, &assessment, question);
}
