/* See evidence.h. */
#include "score/evidence.h"

#include <math.h>

#include "base/assert.h"
#include "score/choice.h"

#define DAY_S 86400.0
#define OWN_CALLS_MAX 200.0

/* How exactly a target names what the question names: 3 exactly, 2 its version, 1 only the server.
 * The level factors are 1, 1/2 and 1/4. */
static uint32_t match(const struct trust_servers *servers, const struct trust_named *named,
                      uint32_t target)
{
    bool version = trust_target_has_version(servers, target, named->version);
    bool manifest = trust_target_has_manifest(servers, target, named->manifest);
    if ((version || named->version.size == 0) && (manifest || named->manifest.size == 0))
        return 3;
    return version ? 2 : 1;
}

/* The level of a record: what it names beside the server. */
static uint32_t level(const struct trust_target *target)
{
    if (target->manifest_size > 0)
        return 3;
    return target->version_size > 0 ? 2 : 1;
}

static uint64_t order_of(const struct trust_rating_view *rating, uint32_t matched, uint32_t level_)
{
    uint64_t order = (uint64_t)rating->category;
    order = order << 2 | matched;
    order = order << 2 | level_;
    order = order << TRUST_FACT_SEQ_BITS | rating->seq;
    /* Of two at one instant the worse, whatever order they came in. */
    order = order << 10 | (1023 - rating->value);
    return order << 5 | rating->calls;
}

enum trust_category trust_choice_category(const struct trust_score_choice *choice)
{
    return (enum trust_category)(choice->order >> 62);
}

static void collect(struct trust_score_state *state, struct trust_choosing *choosing,
                    const struct trust_case *question, uint32_t server)
{
    const struct trust_servers *servers = &state->servers;
    uint32_t now_s = trust_case_seconds(question);
    uint32_t next = servers->servers[server].first_rating;
    for (; next != 0; next = trust_facts_next_rating(&state->facts, next - 1)) {
        struct trust_rating_view rating = trust_facts_rating(&state->facts, next - 1);
        if (rating.silence != TRUST_SILENCE_NONE || rating.value == TRUST_RATING_WITHDRAWN ||
            rating.expires_s <= now_s || state->propagation.t[rating.author] <= 0)
            continue;
        const struct trust_target *target = &servers->targets[rating.target];
        bool same = trust_target_has_manifest(servers, rating.target, question->named.manifest);
        choosing->names_manifest |= same;
        choosing->names_other_manifest |= target->manifest_size > 0 && !same;
        state->choices[choosing->count++] = (struct trust_score_choice){
            .author = rating.author,
            .slot = next - 1,
            .order =
                order_of(&rating, match(servers, &question->named, rating.target), level(target)),
        };
    }
}

/* Keeps the last of each author and category of sorted choices. */
static uint32_t keep_best(struct trust_score_choice *choices, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool is_last = i + 1 == count || choices[i + 1].author != choices[i].author ||
                       trust_choice_category(&choices[i + 1]) != trust_choice_category(&choices[i]);
        if (is_last)
            choices[kept++] = choices[i];
    }
    return kept;
}

struct trust_choosing trust_evidence_choose(struct trust_score_state *state,
                                            const struct trust_case *question)
{
    struct trust_choosing choosing = {0};
    if (question->server == TRUST_SERVER_NONE)
        return choosing;
    uint32_t server = question->server;
    do {
        collect(state, &choosing, question, server);
        server = state->servers.servers[server].next_joined;
    } while (server != question->server);
    trust_choices_sort(state->choices, choosing.count, trust_choice_by_author);
    choosing.count = keep_best(state->choices, choosing.count);
    return choosing;
}

static double half_life_s(enum trust_category category)
{
    switch (category) {
    case TRUST_CATEGORY_PERFORMANCE:
        return 7 * DAY_S;
    case TRUST_CATEGORY_SECURITY:
        return 180 * DAY_S;
    case TRUST_CATEGORY_OVERALL:
        return 30 * DAY_S;
    }
    assert(false);
    return DAY_S;
}

struct trust_weighed trust_evidence_weigh(const struct trust_score_state *state,
                                          const struct trust_case *question, uint32_t slot)
{
    static const double level_factors[] = {0, .25, .5, 1};
    struct trust_rating_view rating = trust_facts_rating(&state->facts, slot);
    uint64_t now_s = question->now.ms / 1000;
    uint64_t time_s = rating.seq / 1000;
    struct trust_weighed weighed = {
        .category = rating.category,
        .value = rating.value / 1000.0,
        .age_s = now_s > time_s ? now_s - time_s : 0,
    };
    double omega = 10 * state->propagation.t[rating.author] *
                   (double)state->propagation.delta[rating.author] *
                   level_factors[match(&state->servers, &question->named, rating.target)] *
                   exp2(-(double)weighed.age_s / half_life_s(rating.category));
    if (rating.category == TRUST_CATEGORY_PERFORMANCE)
        omega *= (double)state->rho[rating.author] * rating.calls / TRUST_CALLS_FULL;
    weighed.omega = omega;
    return weighed;
}

struct trust_own_evidence trust_evidence_own(const struct trust_score_state *state,
                                             const struct trust_case *question)
{
    struct trust_own_evidence own = {0};
    if (question->server == TRUST_SERVER_NONE)
        return own;
    uint32_t server = question->server;
    do {
        uint32_t cell = state->servers.servers[server].cell;
        server = state->servers.servers[server].next_joined;
        if (cell == 0)
            continue;
        struct trust_own_calls calls = trust_own_read(&state->own, cell - 1, question->now);
        double factor = (double)state->own.cells[cell - 1].factor;
        own.good += factor * calls.good;
        own.bad += (1 - factor) * calls.good + calls.bad;
        own.garbage += calls.garbage;
        own.successes += calls.good;
        own.calls += calls.good + calls.bad;
    } while (server != question->server);
    double sum = own.good + own.bad;
    if (sum > OWN_CALLS_MAX) {
        own.good *= OWN_CALLS_MAX / sum;
        own.bad *= OWN_CALLS_MAX / sum;
    }
    own.garbage = own.garbage < TRUST_OWN_GARBAGE_MAX ? own.garbage : TRUST_OWN_GARBAGE_MAX;
    return own;
}
