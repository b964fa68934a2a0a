/*
 * trust_client_select. The node is asked only for what it alone knows: a group whose configuration
 * this agent may not read, and servers that the board does not show yet. Everything else is the
 * pure selection over board and own cells.
 */
#include <string.h>

#include "trust/client.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "board/slot.h"
#include "client/ask.h"
#include "client/choosing.h"

/* Where the answer goes. */
struct results {
    struct trust_answer *answer;
    struct trust_client_choice *choices;
};

static enum trust_error check_query(const struct trust_client_query *query, size_t room)
{
    bool has_group = query->group != NULL;
    if (has_group == (query->candidates != NULL))
        return TRUST_NO_OPTION;
    if (has_group && strlen(query->group) > TRUST_GROUP_NAME_SIZE_MAX)
        return TRUST_NO_SIZE;
    if (query->tool != NULL && strlen(query->tool) >= TRUST_CLIENT_TOOL_SIZE)
        return TRUST_NO_SIZE;
    if (query->exclude_count > TRUST_SELECT_MAX || query->candidate_count > TRUST_SELECT_MAX)
        return TRUST_NO_SIZE;
    size_t most = has_group ? TRUST_CLIENT_GROUP_MAX : query->candidate_count;
    return room < most ? TRUST_NO_SIZE : TRUST_OK;
}

/* The operator's rules; the caller may only ask for more care. */
static struct trust_request request_of(const struct trust_choosing *choosing)
{
    const struct trust_client *client = choosing->client;
    const struct trust_client_query *query = choosing->query;
    const struct trust_client_group *rules =
        choosing->group != NULL ? choosing->group : &client->groups.ungrouped;
    uint32_t flags = query->flags;
    bool is_strict = query->min_score_ppm > rules->min_score_ppm;
    return (struct trust_request){
        .group = trust_bytes_text(rules->name),
        .agent = trust_bytes_text(client->agent),
        .now = choosing->now,
        .basis = choosing->basis,
        .min_score_ppm = is_strict ? query->min_score_ppm : rules->min_score_ppm,
        .max_latency_ms = query->max_latency_ms,
        .window_ms = client->groups.policy.window_ms,
        .strategy =
            (flags & TRUST_CLIENT_BEST) != 0 ? (uint8_t)TRUST_STRATEGY_BEST : rules->strategy,
        .risk = (flags & TRUST_CLIENT_HIGH_RISK) != 0 ? (uint8_t)TRUST_RISK_HIGH : rules->risk,
        .when_all_open = rules->when_all_open,
        .vetted_only = rules->vetted_only || (flags & TRUST_CLIENT_VETTED_ONLY) != 0,
        .no_probe = (flags & TRUST_CLIENT_NO_PROBE) != 0,
    };
}

static void tell_choice(struct trust_client_choice *out_choice, const struct trust_client *client,
                        const struct trust_choice *choice)
{
    const struct trust_board_cell *cell = client->candidates[choice->index].cell;
    *out_choice = (struct trust_client_choice){
        .target = *client->wanted[choice->index],
        .opens_in_ms = choice->opens_in_ms,
        .score_ppm = cell != NULL ? cell->score_ppm : TRUST_PPM_NONE,
        .why = choice->why,
        .state = choice->state,
        .reason = choice->reason,
        .leases = choice->leases,
        .is_vetted = choice->vetted,
    };
    out_choice->target.is_last_attempt = choice->why == TRUST_WHY_LEAST_BAD;
}

/* Under the lock. out_unseen gets the servers that the node should be asked to show. */
static enum trust_error choose(struct trust_choosing *choosing, const struct results *out,
                               char (*out_unseen)[TRUST_SUBJECT_TEXT_SIZE],
                               size_t *out_unseen_count)
{
    struct trust_client *client = choosing->client;
    choosing->now = trust_client_clock_read(&client->clock);
    choosing->basis = trust_client_refresh(client, choosing->now);
    struct trust_client_group *group = NULL;
    if (choosing->query->group != NULL) {
        group = trust_client_groups_find(&client->groups, choosing->query->group);
        if (group == NULL)
            return client->groups.has_configuration ? TRUST_NO_FOUND : TRUST_NO_NODE;
    }
    enum trust_error error = trust_choosing_want(choosing, group);
    if (error == TRUST_OK)
        error = trust_choosing_make(choosing);
    if (error != TRUST_OK)
        return error;
    const struct trust_request request = request_of(choosing);
    struct trust_answer answer;
    error = trust_select(&answer, client->choices, client->candidates, choosing->count, &request);
    if (error != TRUST_OK)
        return error;
    for (size_t i = 0; i < choosing->count; i++)
        tell_choice(&out->choices[i], client, &client->choices[i]);
    *out->answer = answer;
    *out_unseen_count = trust_choosing_unseen(choosing, out_unseen, TRUST_BATCH_SUBJECTS_MAX);
    return TRUST_OK;
}

/* True if the group is one that the node has to be asked about: it is not in a configuration that
 * can be read, and what the node told of it is not there or old. */
static bool is_group_to_learn(struct trust_client *client, const char *name)
{
    pthread_mutex_lock(&client->lock);
    struct trust_now now = trust_client_clock_read(&client->clock);
    struct trust_basis basis = trust_client_refresh(client, now);
    bool is_needed = !client->groups.has_configuration;
    if (is_needed) {
        const struct trust_client_group *group = trust_client_groups_find(&client->groups, name);
        bool is_recent =
            group != NULL && now.mono.ms - group->learned.ms < TRUST_CLIENT_ASK_AGAIN_MS;
        is_needed = group == NULL || (!is_recent && basis.kind == TRUST_BASIS_FRESH);
    }
    pthread_mutex_unlock(&client->lock);
    return is_needed;
}

/* TRUST_NO_FOUND: the node knows no such group. Whatever else goes wrong: what is known stays. */
static enum trust_error learn(struct trust_client *client, const struct trust_client_query *query)
{
    if (query->group == NULL || query->wait_ms == TRUST_CLIENT_NO_WAIT ||
        !is_group_to_learn(client, query->group))
        return TRUST_OK;
    struct trust_client_group group;
    enum trust_error error = trust_client_ask_group(client, &group, query->group, query->wait_ms);
    if (error == TRUST_NO_FOUND)
        return error;
    if (error != TRUST_OK)
        return TRUST_OK;
    pthread_mutex_lock(&client->lock);
    group.learned = trust_client_clock_read(&client->clock).mono;
    trust_client_groups_learn(&client->groups, &group);
    pthread_mutex_unlock(&client->lock);
    return TRUST_OK;
}

enum trust_error trust_client_select(struct trust_client *client, struct trust_answer *out_answer,
                                     struct trust_client_choice *out_choices, size_t room,
                                     const struct trust_client_query *query)
{
    enum trust_error error = check_query(query, room);
    if (error == TRUST_OK)
        error = learn(client, query);
    if (error != TRUST_OK)
        return error;
    struct trust_choosing choosing = {.client = client, .query = query};
    const struct results results = {.answer = out_answer, .choices = out_choices};
    TRUST_BOARD_UNFILLED char unseen[TRUST_BATCH_SUBJECTS_MAX][TRUST_SUBJECT_TEXT_SIZE];
    size_t unseen_count = 0;
    pthread_mutex_lock(&client->lock);
    error = choose(&choosing, &results, unseen, &unseen_count);
    pthread_mutex_unlock(&client->lock);
    if (error == TRUST_NO_NODE) {
        *out_answer = trust_answer_make(TRUST_REASON_NO_PROVIDER, TRUST_SELECT_SOON_MS,
                                        (struct trust_basis){.kind = TRUST_BASIS_NONE});
        return TRUST_OK;
    }
    if (error != TRUST_OK || unseen_count == 0 || query->wait_ms == TRUST_CLIENT_NO_WAIT)
        return error;
    if (trust_client_ask_to_show(client, unseen, unseen_count, query->wait_ms) != TRUST_OK)
        return TRUST_OK;
    pthread_mutex_lock(&client->lock);
    error = choose(&choosing, &results, unseen, &unseen_count);
    pthread_mutex_unlock(&client->lock);
    return error;
}
