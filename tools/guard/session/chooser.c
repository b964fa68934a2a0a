/* See chooser.h. */
#include "guard/session/chooser.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "shield/answer.h"
#include "shield/why.h"
#include "wire/json.h"

/* For a lease, which only the node can give: it is on this machine, and the loop waits. */
#define LEASE_WAIT_MS 20u
#define PERMITS_MIN 16u

/* One question. */
struct asking {
    struct chooser *chooser;
    const struct router_action *action;
    const struct chooser_backend *backends;
    struct trust_answer answer;
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
};

void chooser_init(struct chooser *chooser, struct trust_client *client,
                  const struct trust_group *group)
{
    static_assert(TRUST_CLIENT_GROUP_MAX == ROUTER_BACKENDS_MAX, "a group is one router's");
    *chooser = (struct chooser){
        .client = client, .group = group, .count = (uint32_t)group->fallbacks.count + 1};
}

void chooser_close(struct chooser *chooser)
{
    for (uint32_t i = 0; i < chooser->permit_count; i++)
        trust_client_done(chooser->client, &chooser->calls[i], TRUST_OUTCOME_CANCELLED);
    free(chooser->ids);
    free(chooser->calls);
    *chooser = (struct chooser){0};
}

const struct trust_group_server *chooser_server(const struct trust_group *group, uint32_t n)
{
    return n == 0 ? &group->primary : &group->fallbacks.servers[n - 1];
}

/* ---- permits ---- */

static bool make_room(struct chooser *chooser)
{
    if (chooser->permit_count < chooser->permit_capacity)
        return true;
    uint32_t capacity = chooser->permit_capacity == 0 ? PERMITS_MIN : chooser->permit_capacity * 2;
    uint64_t *ids = realloc(chooser->ids, capacity * sizeof *ids);
    if (ids == NULL)
        return false;
    chooser->ids = ids;
    struct trust_client_call *calls = realloc(chooser->calls, capacity * sizeof *calls);
    if (calls == NULL)
        return false;
    chooser->calls = calls;
    chooser->permit_capacity = capacity;
    return true;
}

void chooser_settle(struct chooser *chooser, const struct router_action *action)
{
    uint32_t at = 0;
    while (at < chooser->permit_count && chooser->ids[at] != action->call)
        at++;
    assert(at < chooser->permit_count);
    trust_client_outcome(chooser->client, &chooser->calls[at], &action->outcome);
    chooser->permit_count--;
    chooser->ids[at] = chooser->ids[chooser->permit_count];
    chooser->calls[at] = chooser->calls[chooser->permit_count];
}

/* ---- the selection ---- */

static bool is_able(const struct asking *asking, uint32_t backend)
{
    enum chooser_life life = asking->backends[backend].life;
    return (asking->action->able >> backend & 1) != 0 && life != CHOOSER_RESTING &&
           life != CHOOSER_SKIPPED;
}

/* count: none of them. */
static uint32_t backend_of(const struct chooser *chooser, const struct trust_client_choice *choice)
{
    uint32_t backend = 0;
    while (backend < chooser->count &&
           strcmp(chooser_server(chooser->group, backend)->subject, choice->target.subject) != 0)
        backend++;
    return backend;
}

static enum trust_error select_servers(struct asking *asking)
{
    const struct chooser *chooser = asking->chooser;
    const char *excluded[ROUTER_BACKENDS_MAX];
    size_t excluded_count = 0;
    for (uint32_t b = 0; b < chooser->count; b++) {
        if (!is_able(asking, b))
            excluded[excluded_count++] = chooser_server(chooser->group, b)->subject;
    }
    /* A name that is longer than any cell's has none of its own. */
    bool has_cell = strlen(asking->action->tool) < TRUST_CLIENT_TOOL_SIZE;
    const struct trust_client_query query = {
        .group = chooser->group->name,
        .exclude = excluded,
        .exclude_count = excluded_count,
        .tool = has_cell ? asking->action->tool : NULL,
        .wait_ms = TRUST_CLIENT_NO_WAIT,
        .flags = asking->action->is_probe_allowed ? 0 : TRUST_CLIENT_NO_PROBE};
    return trust_client_select(chooser->client, &asking->answer, asking->choices,
                               TRUST_CLIENT_GROUP_MAX, &query);
}

uint32_t chooser_withheld(const struct chooser *chooser)
{
    struct trust_answer answer;
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    const struct trust_client_query query = {.group = chooser->group->name,
                                             .wait_ms = TRUST_CLIENT_NO_WAIT,
                                             .flags = TRUST_CLIENT_NO_PROBE};
    if (trust_client_select(chooser->client, &answer, choices, TRUST_CLIENT_GROUP_MAX, &query) !=
        TRUST_OK)
        return UINT32_MAX;
    uint32_t withheld = 0;
    uint32_t total = (uint32_t)answer.count + answer.refused_count;
    for (uint32_t i = answer.count; i < total; i++) {
        enum trust_why why = (enum trust_why)choices[i].why;
        uint32_t backend = backend_of(chooser, &choices[i]);
        if (backend < chooser->count && trust_why_reason(why) == TRUST_REASON_QUARANTINED)
            withheld |= UINT32_C(1) << backend;
    }
    return withheld;
}

/* Its hints are what it says of itself: the operator, or its score, stands for them. */
static bool is_believed(const struct asking *asking, uint32_t backend,
                        const struct trust_client_choice *choice)
{
    const struct trust_group *group = asking->chooser->group;
    if (chooser_server(group, backend)->trust_hints)
        return true;
    struct trust_board_cell cell;
    struct trust_client_target target = choice->target;
    if (trust_client_find(asking->chooser->client, &cell, &target) != TRUST_OK)
        return false;
    return cell.lower_ppm <= TRUST_PPM &&
           (double)cell.lower_ppm >= group->believe_hints * TRUST_PPM;
}

/* This one takes the call, if its breakers let it. */
static bool take(struct asking *asking, struct router_choice *out_choice, uint32_t backend,
                 struct trust_client_choice *choice)
{
    struct chooser *chooser = asking->chooser;
    if (!make_room(chooser))
        return false;
    uint32_t at = chooser->permit_count;
    enum trust_why why = TRUST_WHY_OWN_BREAKER;
    enum trust_error error = trust_client_permit(chooser->client, &chooser->calls[at],
                                                 &choice->target, LEASE_WAIT_MS, &why);
    if (error != TRUST_OK) {
        choice->why = (uint8_t)why;
        choice->reason = (uint8_t)trust_why_reason(why);
        choice->opens_in_ms = TRUST_SELECT_SOON_MS;
        choice->state = (uint8_t)(error == TRUST_NO_LEASE ? TRUST_CANDIDATE_STATE_HALF_OPEN
                                                          : TRUST_CANDIDATE_STATE_OPEN);
        return false;
    }
    chooser->ids[at] = asking->action->call;
    chooser->permit_count++;
    *out_choice = (struct router_choice){.is_found = true,
                                         .backend = backend,
                                         .is_believed = is_believed(asking, backend, choice),
                                         .answer = asking->answer};
    return true;
}

/* The places in order. is_ready: of those that can be asked at once, and a primary in its first
 * start that stands before them, which is waited for; else of those that are still to come up. */
static bool take_among(struct asking *asking, struct router_choice *out_choice, bool is_ready)
{
    const struct chooser *chooser = asking->chooser;
    for (uint32_t i = 0; i < asking->answer.count; i++) {
        struct trust_client_choice *choice = &asking->choices[i];
        uint32_t backend = backend_of(chooser, choice);
        if (backend == chooser->count || !is_able(asking, backend))
            continue;
        enum chooser_life life = asking->backends[backend].life;
        bool is_awaited = is_ready && i == 0 && backend == 0 && life == CHOOSER_FIRST_START &&
                          asking->answer.count > 1;
        if ((life == CHOOSER_READY) != is_ready && !is_awaited)
            continue;
        if (!take(asking, out_choice, backend, choice))
            continue;
        if (is_awaited)
            out_choice->wait_ms = TRUST_SELECT_START_WAIT_MS;
        return true;
    }
    return false;
}

/* ---- the refusal ---- */

/* One that rests has ended, or has said itself why it does not serve. */
static enum trust_why resting_why(enum trust_outcome_class class_)
{
    if (class_ == TRUST_OUTCOME_AUTH)
        return TRUST_WHY_AUTH_REQUIRED;
    return class_ == TRUST_OUTCOME_RATE_LIMITED ? TRUST_WHY_RATE_LIMITED : TRUST_WHY_RESTARTING;
}

/* What the selection calls excluded is told as what it is. */
static void explain(const struct asking *asking, uint32_t backend,
                    struct trust_client_choice *choice)
{
    const struct chooser_backend *state = &asking->backends[backend];
    uint32_t bit = UINT32_C(1) << backend;
    choice->opens_in_ms = TRUST_NEVER_MS;
    if (state->life == CHOOSER_SKIPPED) {
        choice->why = TRUST_WHY_TRANSPORT;
        choice->state = TRUST_CANDIDATE_STATE_DOWN;
    } else if ((asking->action->changed & bit) != 0) {
        choice->why = TRUST_WHY_TOOL_CHANGED;
    } else if (state->life == CHOOSER_RESTING) {
        choice->why = (uint8_t)resting_why(state->unready_class);
        choice->state = TRUST_CANDIDATE_STATE_DOWN;
        choice->opens_in_ms = state->rest_ms;
    } else if ((asking->action->tried & bit) == 0) {
        choice->why = TRUST_WHY_NOT_COVERED;
    }
    /* Left out since it has failed at this call. */
    bool is_tried = choice->why == TRUST_WHY_EXCLUDED;
    choice->reason = (uint8_t)(is_tried ? TRUST_REASON_NO_PROVIDER
                                        : trust_why_reason((enum trust_why)choice->why));
}

/* Nothing serves: the reason is that of the one that may serve soonest. */
static void refuse(struct asking *asking, struct router_choice *out_choice)
{
    const struct chooser *chooser = asking->chooser;
    uint32_t total = (uint32_t)asking->answer.count + asking->answer.refused_count;
    enum trust_reason reason = TRUST_REASON_NO_PROVIDER;
    uint64_t least_ms = TRUST_NEVER_MS;
    for (uint32_t i = 0; i < total; i++) {
        struct trust_client_choice *choice = &asking->choices[i];
        uint32_t backend = backend_of(chooser, choice);
        if (choice->why == TRUST_WHY_EXCLUDED && backend < chooser->count)
            explain(asking, backend, choice);
        enum trust_reason here = (enum trust_reason)choice->reason;
        bool is_ahead = choice->opens_in_ms == least_ms &&
                        (i == 0 || trust_reason_rank(here) < trust_reason_rank(reason));
        if (choice->opens_in_ms < least_ms || is_ahead) {
            reason = here;
            least_ms = choice->opens_in_ms;
        }
    }
    struct trust_answer answer = trust_answer_make(reason, least_ms, asking->answer.basis);
    answer.refused_count = (uint16_t)total;
    *out_choice = (struct router_choice){.answer = answer};
}

/* The array of candidates within the document that libtrust makes of an answer. */
static const char *text_of(struct asking *asking, const struct trust_answer *answer)
{
    struct chooser *chooser = asking->chooser;
    struct trust_bytes list;
    if (trust_client_answer_text(chooser->text, sizeof chooser->text, answer, asking->choices,
                                 chooser->group->name) != TRUST_OK ||
        json_find(&list, trust_bytes_text(chooser->text), "candidates") != TRUST_OK)
        return NULL;
    size_t start = (size_t)(list.data - (const uint8_t *)chooser->text);
    chooser->text[start + list.size] = '\0';
    return chooser->text + start;
}

void chooser_choose(struct chooser *chooser, struct router_choice *out_choice,
                    const struct router_action *action, const struct chooser_backend *backends)
{
    struct asking asking;
    asking.chooser = chooser;
    asking.action = action;
    asking.backends = backends;
    if (select_servers(&asking) != TRUST_OK) {
        *out_choice = (struct router_choice){
            .answer = trust_answer_make(TRUST_REASON_NO_PROVIDER, TRUST_NEVER_MS,
                                        (struct trust_basis){.kind = TRUST_BASIS_NONE})};
        return;
    }
    if (take_among(&asking, out_choice, true) || take_among(&asking, out_choice, false))
        return;
    refuse(&asking, out_choice);
    out_choice->candidates = text_of(&asking, &out_choice->answer);
}
