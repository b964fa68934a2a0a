/*
 * See trust/select.h. Composition only: filter each candidate, rank those that may serve, look for
 * a last attempt where none may, and say how it stands.
 */
#include "trust/select.h"

#include "shield/answer.h"
#include "shield/filter.h"
#include "shield/rank.h"

/* Filters all candidates; items lists those that may serve. Returns how many. */
static size_t filter_all(const struct trust_ranking *ranking)
{
    size_t accepted = 0;
    for (size_t i = 0; i < ranking->count; i++) {
        struct trust_choice *choice = &ranking->choices[i];
        struct trust_gates gates;
        if (trust_filter(choice, &gates, &ranking->candidates[i], ranking->request))
            ranking->items[accepted++] = trust_order_item(0, (uint32_t)i);
        choice->index = (uint16_t)i;
    }
    return accepted;
}

/* For the order by cost: 0 where that is not needed. */
static uint32_t median_latency_us(const struct trust_ranking *ranking)
{
    const struct trust_request *request = ranking->request;
    if (request->strategy != TRUST_STRATEGY_BEST &&
        request->when_all_open != TRUST_WHEN_ALL_OPEN_TRY_LEAST_BAD)
        return 0;
    for (size_t i = 0; i < ranking->count; i++) {
        if (trust_candidate_latency_us(&ranking->candidates[i]) == 0)
            return trust_order_median_us(ranking->items, ranking->scratch, ranking->candidates,
                                         ranking->count);
    }
    return 0;
}

static bool is_breaker(uint8_t why)
{
    return why == TRUST_WHY_TOOL_BREAKER || why == TRUST_WHY_OWN_BREAKER ||
           why == TRUST_WHY_SHARED_BREAKER;
}

/* Admits the best of those that only an open breaker refused; an order by the operator is not an
 * open breaker. Returns how many may serve now. */
static size_t admit_least_bad(const struct trust_ranking *ranking)
{
    size_t open = 0;
    for (size_t i = 0; i < ranking->count; i++) {
        if (!is_breaker(ranking->choices[i].why))
            continue;
        struct trust_gates gates;
        trust_gates_read(&gates, &ranking->candidates[i], ranking->request);
        if (!gates.is_forced)
            ranking->items[open++] = trust_order_item(0, (uint32_t)i);
    }
    if (open == 0)
        return 0;
    uint32_t best = trust_rank_least_bad(ranking, open);
    ranking->items[0] = trust_order_item(0, best);
    ranking->choices[best].why = TRUST_WHY_LEAST_BAD;
    ranking->choices[best].reason = TRUST_REASON_NONE;
    return 1;
}

/* The refused behind the accepted ones in items, in the order of the candidates. */
static void list_refused(const struct trust_ranking *ranking, size_t accepted)
{
    size_t at = accepted;
    for (size_t i = 0; i < ranking->count; i++) {
        if (ranking->choices[i].reason != TRUST_REASON_NONE)
            ranking->items[at++] = trust_order_item(0, (uint32_t)i);
    }
}

/* Of the refused ones: the least time, and the reason of the one that has it. */
static void tell_refusal(struct trust_answer *answer, const struct trust_choice *refused,
                         size_t count)
{
    enum trust_reason reason = TRUST_REASON_NO_PROVIDER;
    uint64_t least_ms = TRUST_NEVER_MS;
    for (size_t i = 0; i < count; i++) {
        enum trust_reason here = (enum trust_reason)refused[i].reason;
        bool is_sooner = refused[i].opens_in_ms < least_ms;
        bool is_equal = refused[i].opens_in_ms == least_ms;
        if (i == 0 || is_sooner ||
            (is_equal && trust_reason_rank(here) < trust_reason_rank(reason))) {
            reason = here;
            least_ms = refused[i].opens_in_ms;
        }
    }
    answer->reason = reason;
    answer->retry_after_ms = least_ms;
}

static uint64_t missing_tools(const struct trust_ranking *ranking)
{
    uint64_t covered = 0;
    for (size_t i = 0; i < ranking->count; i++)
        covered |= ranking->candidates[i].tools | ranking->candidates[i].changed;
    return ranking->request->need & ~covered;
}

static struct trust_answer answer_for(const struct trust_ranking *ranking,
                                      const struct trust_choice *choices, size_t accepted)
{
    struct trust_answer answer = {
        .status = TRUST_ANSWER_OK,
        .missing = missing_tools(ranking),
        .count = (uint16_t)accepted,
        .refused_count = (uint16_t)(ranking->count - accepted),
        .basis = ranking->request->basis,
    };
    if (accepted == 0) {
        answer.status = TRUST_ANSWER_UNAVAILABLE;
        tell_refusal(&answer, choices, ranking->count);
    } else {
        bool is_last_attempt = choices[0].why == TRUST_WHY_LEAST_BAD;
        bool is_fresh = answer.basis.kind == TRUST_BASIS_FRESH;
        if (is_last_attempt || !is_fresh)
            answer.status = TRUST_ANSWER_DEGRADED;
        if (choices[0].why == TRUST_WHY_STARTING)
            answer.wait_ms =
                trust_filter_wait_ms(&ranking->candidates[choices[0].index], ranking->request);
    }
    answer.message = trust_answer_message(answer.status, answer.reason);
    return answer;
}

static void choose(struct trust_answer *out_answer, struct trust_choice *out_choices,
                   struct trust_ranking *ranking)
{
    ranking->median_us = median_latency_us(ranking);
    size_t accepted = filter_all(ranking);
    bool may_try = ranking->request->when_all_open == TRUST_WHEN_ALL_OPEN_TRY_LEAST_BAD;
    if (accepted > 0)
        trust_rank_places(ranking, accepted);
    else if (may_try)
        accepted = admit_least_bad(ranking);
    list_refused(ranking, accepted);
    trust_rank_refused(ranking, ranking->items + accepted, ranking->count - accepted);
    for (size_t i = 0; i < ranking->count; i++)
        out_choices[i] = ranking->choices[trust_order_index(ranking->items[i])];
    *out_answer = answer_for(ranking, out_choices, accepted);
}

static void choose_among_few(struct trust_answer *out_answer, struct trust_choice *out_choices,
                             struct trust_ranking ranking)
{
    struct trust_choice choices[TRUST_SELECT_SMALL];
    uint64_t items[TRUST_SELECT_SMALL];
    uint64_t scratch[TRUST_SELECT_SMALL];
    ranking.choices = choices;
    ranking.items = items;
    ranking.scratch = scratch;
    choose(out_answer, out_choices, &ranking);
}

static void choose_among_many(struct trust_answer *out_answer, struct trust_choice *out_choices,
                              struct trust_ranking ranking)
{
    struct trust_choice choices[TRUST_SELECT_MAX];
    uint64_t items[TRUST_SELECT_MAX];
    uint64_t scratch[TRUST_SELECT_MAX];
    ranking.choices = choices;
    ranking.items = items;
    ranking.scratch = scratch;
    choose(out_answer, out_choices, &ranking);
}

enum trust_error trust_select(struct trust_answer *out_answer, struct trust_choice *out_choices,
                              const struct trust_candidate *candidates, size_t count,
                              const struct trust_request *request)
{
    if (count > TRUST_SELECT_MAX)
        return TRUST_NO_SIZE;
    struct trust_ranking ranking = {.candidates = candidates, .request = request, .count = count};
    if (count <= TRUST_SELECT_SMALL)
        choose_among_few(out_answer, out_choices, ranking);
    else
        choose_among_many(out_answer, out_choices, ranking);
    return TRUST_OK;
}
