/*
 * See select.h. The selection itself is the library's (trust/select.h); here candidates are
 * gathered from the configuration and the board's cells. The node has no cells of its own and knows
 * no tools: breakers of one agent, and which tools a server has, are for the agent's side.
 *
 * A group's policy is the operator's: agents may ask for more safety than it does, never for less.
 */
#include "node/api/select.h"

#include <string.h>

#include "trust/select.h"

#include "engine/servers.h"
#include "host/suggest.h"
#include "node/api/api.h"
#include "node/api/body.h"
#include "node/api/leases.h"
#include "node/core.h"

struct choosing {
    const struct trust_group *group; /* NULL: candidates were named */
    struct trust_request request;
    struct trust_candidate candidates[TRUST_API_CANDIDATES_MAX];
    struct trust_board_cell cells[TRUST_API_CANDIDATES_MAX];
    struct trust_choice choices[TRUST_API_CANDIDATES_MAX];
    uint32_t servers[TRUST_API_CANDIDATES_MAX]; /* NO_SERVER: the board has no room for it */
    size_t count;
    uint64_t agent; /* who asks, for leases */
    bool asks_lease;
    bool asks_policy;
};

#define NO_SERVER UINT32_MAX

/* ---- who ---- */

static void refuse_group(struct api_call *call, const char *name)
{
    const struct trust_groups *groups = &call->core->config.groups;
    const char *names[TRUST_GROUPS_MAX];
    for (size_t i = 0; i < groups->count; i++)
        names[i] = groups->groups[i].name;
    const char *near = trust_suggest(name, names, groups->count);
    if (near != NULL)
        api_refuse(call, TRUST_NO_FOUND, "correct the name",
                   "/group: no group \"%.64s\"; did you "
                   "mean \"%s\"?",
                   name, near);
    else
        api_refuse(call, TRUST_NO_FOUND, "see groups in reputed.yaml", "/group: no group \"%.64s\"",
                   name);
}

static void add(struct choosing *choosing, struct trust_bytes subject, uint8_t marks,
                uint8_t transport)
{
    size_t at = choosing->count++;
    /* Tools are compared where they are known: here every server covers what is asked. */
    choosing->candidates[at] =
        (struct trust_candidate){.subject = subject,
                                 .position = (uint16_t)at,
                                 .marks = (uint8_t)(marks | TRUST_CANDIDATE_COVERS),
                                 .transport = transport};
}

static void add_server(struct choosing *choosing, const struct trust_group_server *server,
                       uint8_t marks)
{
    add(choosing, trust_bytes_text(server->subject), marks,
        server->url == NULL ? TRUST_TRANSPORT_STDIO : TRUST_TRANSPORT_HTTP);
}

static void add_group(struct choosing *choosing)
{
    const struct trust_group *group = choosing->group;
    add_server(choosing, &group->primary, TRUST_CANDIDATE_PRIMARY | TRUST_CANDIDATE_NAMED);
    for (size_t i = 0; i < group->fallbacks.count; i++)
        add_server(choosing, &group->fallbacks.servers[i], TRUST_CANDIDATE_NAMED);
}

static void read_candidates(struct choosing *choosing, struct api_body *body)
{
    const char *name = api_body_optional_text(body, "group", TRUST_GROUP_NAME_SIZE_MAX, NULL);
    struct api_list list = api_body_list(body, "candidates", 0, TRUST_API_CANDIDATES_MAX);
    for (size_t i = 0; i < list.count; i++)
        add(choosing, api_list_subject(&list, i), 0, 0);
    if (api_is_answered(body->call))
        return;
    if (name != NULL && list.count == 0)
        choosing->group = trust_config_group(&body->call->core->config, name);
    if (name != NULL && list.count > 0)
        api_refuse(body->call, TRUST_NO_OPTION, "give one of the two",
                   "/candidates: a group has its own");
    else if (name == NULL && list.count == 0)
        api_refuse(body->call, TRUST_NO_TYPE, "name a group, or candidates", "/group: missing");
    else if (name != NULL && choosing->group == NULL)
        refuse_group(body->call, name);
    else if (choosing->group != NULL)
        add_group(choosing);
}

/* ---- how ---- */

static const char *const strategies[] = {"primary_first", "best", NULL};
static const char *const risks[] = {"low", "high", NULL};

static uint32_t ppm(double ratio)
{
    return (uint32_t)(ratio * TRUST_PPM + .5);
}

/* What the operator configured for the group, or for all. */
static struct trust_request request_of(const struct choosing *choosing, const struct core *core)
{
    const struct trust_group *group = choosing->group;
    const struct trust_config_policy *policy = &core->config.policy;
    uint64_t seed = 0;
    memcpy(&seed, core->node_key.key.bytes, sizeof seed);
    struct trust_request request = {.seed = seed,
                                    .now = core->now,
                                    .basis = {.kind = TRUST_BASIS_FRESH},
                                    .window_ms = core->config.breaker.window_ms};
    if (group == NULL) {
        request.strategy = TRUST_STRATEGY_BEST;
        request.min_score_ppm = ppm(policy->min_score);
        request.risk = (uint8_t)policy->risk;
        request.when_all_open = (uint8_t)policy->when_all_open;
        return request;
    }
    request.group = trust_bytes_text(group->name);
    request.strategy = (uint8_t)group->strategy;
    request.min_score_ppm = ppm(group->min_score);
    request.risk = (uint8_t)group->risk;
    request.when_all_open = (uint8_t)group->when_all_open;
    request.vetted_only = group->vetted_only;
    return request;
}

/* What the caller asks for instead. */
static void read_policy(struct choosing *choosing, struct api_body *body)
{
    bool is_operator = body->call->request.rights == API_RIGHTS_OPERATOR;
    struct trust_request *request = &choosing->request;
    *request = request_of(choosing, body->call->core);
    bool has_score = api_body_has(body, "min_score");
    uint32_t score = ppm(api_body_optional_ratio(body, "min_score", 0));
    uint32_t risk = api_body_optional_word(body, "risk", risks, request->risk);
    request->strategy =
        (uint8_t)api_body_optional_word(body, "strategy", strategies, request->strategy);
    if (has_score && (is_operator || score > request->min_score_ppm))
        request->min_score_ppm = score;
    if (is_operator || risk == TRUST_RISK_HIGH)
        request->risk = (uint8_t)risk;
    choosing->asks_lease = api_body_optional_flag(body, "lease", false);
    choosing->asks_policy = api_body_optional_flag(body, "policy", false);
    choosing->agent = leases_agent(body->call);
    request->agent =
        trust_bytes_text(api_body_optional_text(body, "agent", TRUST_AGENT_NAME_SIZE_MAX, ""));
}

/* ---- what the board says ---- */

static bool is_twice(const struct choosing *choosing, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (choosing->servers[i] != NO_SERVER && choosing->servers[i] == choosing->servers[index])
            return true;
    }
    return false;
}

static void watch(struct choosing *choosing, struct api_call *call)
{
    struct core *core = call->core;
    for (size_t i = 0; i < choosing->count; i++) {
        struct trust_candidate *candidate = &choosing->candidates[i];
        uint32_t server = 0;
        if (trust_engine_ask(core->engine, &server, candidate->subject, call->request.uid,
                             core->now) == TRUST_OK) {
            trust_engine_cell(core->engine, server, &choosing->cells[i], core->now);
            candidate->cell = &choosing->cells[i];
            choosing->servers[i] = server;
            if ((choosing->cells[i].marks & TRUST_CELL_NAMED) != 0)
                candidate->marks |= TRUST_CANDIDATE_NAMED;
        } else {
            choosing->servers[i] = NO_SERVER;
        }
        if (choosing->group == NULL && is_twice(choosing, i)) {
            api_refuse(call, TRUST_NO_DUPLICATE, "name each server once",
                       "/candidates/%zu: the same server as one before", i);
            return;
        }
    }
}

static void exclude(struct choosing *choosing, const struct core *core,
                    const struct trust_bytes *subjects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t server = 0;
        if (!trust_engine_find_server(core->engine, &server, subjects[i]))
            continue;
        for (size_t j = 0; j < choosing->count; j++) {
            if (choosing->servers[j] == server)
                choosing->candidates[j].marks |= TRUST_CANDIDATE_EXCLUDED;
        }
    }
}

/* ---- the answer ---- */

/* The first that needs a lease gets one, if there is one; the others are for a next attempt. */
static bool take_lease(struct choosing *choosing, const struct api_call *call,
                       const struct trust_choice *choice, char out_text[LEASES_TEXT_SIZE])
{
    struct core *core = call->core;
    struct leases_lease lease = {.holder = choosing->agent};
    uint32_t server = choosing->servers[choice->index];
    if (!choosing->asks_lease || (choice->leases & TRUST_LEASE_SHARED) == 0 || server == NO_SERVER)
        return false;
    if (trust_engine_lease(core->engine, server, &lease.permit, lease.holder, core->now) !=
            TRUST_OK ||
        lease.permit.slot == TRUST_PERMIT_NO_SLOT)
        return false;
    leases_note(call, server, &lease);
    leases_format(out_text, &lease);
    choosing->asks_lease = false;
    return true;
}

static void put_candidate(struct api_doc *doc, struct choosing *choosing,
                          const struct api_call *call, const struct trust_choice *choice)
{
    char lease[LEASES_TEXT_SIZE];
    const struct trust_candidate *candidate = &choosing->candidates[choice->index];
    uint32_t score = candidate->cell == NULL ? TRUST_PPM_NONE : candidate->cell->score_ppm;
    bool has_lease = take_lease(choosing, call, choice, lease);
    /* What can be called at once leaves no need for a lease further down. */
    if (choice->leases == 0)
        choosing->asks_lease = false;
    api_doc_open_object(doc, NULL);
    api_doc_bytes(doc, "subject", candidate->subject);
    api_doc_text(doc, "why", trust_why_name((enum trust_why)choice->why));
    api_doc_ratio(doc, "score", score != TRUST_PPM_NONE, (double)score / TRUST_PPM);
    api_doc_flag(doc, "vetted", choice->vetted);
    api_doc_text(doc, "state",
                 trust_candidate_state_name((enum trust_candidate_state)choice->state));
    api_doc_text(doc, "lease", has_lease ? lease : NULL);
    api_doc_close_object(doc);
}

static void put_refused(struct api_doc *doc, const struct choosing *choosing,
                        const struct trust_choice *choice)
{
    api_doc_open_object(doc, NULL);
    api_doc_bytes(doc, "subject", choosing->candidates[choice->index].subject);
    api_doc_text(doc, "why", trust_why_name((enum trust_why)choice->why));
    api_doc_close_object(doc);
}

/* A group as configured, for an agent that may not read the configuration and wants to choose from
 * the board itself, also when this node is away: who belongs to it, the primary first, and its
 * rules. Commands, addresses and secrets are not among them. */
static void put_policy(struct api_doc *doc, const struct choosing *choosing)
{
    const struct trust_group *group = choosing->group;
    if (!choosing->asks_policy || group == NULL)
        return;
    api_doc_open_object(doc, "policy");
    api_doc_open_array(doc, "servers");
    for (size_t i = 0; i < choosing->count; i++)
        api_doc_bytes(doc, NULL, choosing->candidates[i].subject);
    api_doc_close_array(doc);
    api_doc_text(doc, "strategy", trust_strategy_name((enum trust_strategy)group->strategy));
    api_doc_text(doc, "risk", trust_risk_name((enum trust_risk)group->risk));
    api_doc_ratio(doc, "min_score", true, group->min_score);
    api_doc_flag(doc, "vetted_only", group->vetted_only);
    api_doc_text(doc, "when_all_open",
                 trust_when_all_open_name((enum trust_when_all_open)group->when_all_open));
    api_doc_close_object(doc);
}

static void answer(struct api_call *call, struct choosing *choosing,
                   const struct trust_answer *answer)
{
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    api_doc_text(&doc, "status", trust_answer_status_name(answer->status));
    api_doc_text(&doc, "reason",
                 answer->reason == TRUST_REASON_NONE ? NULL : trust_reason_name(answer->reason));
    api_doc_text(&doc, "group", choosing->group == NULL ? NULL : choosing->group->name);
    api_doc_open_array(&doc, "candidates");
    for (uint32_t i = 0; i < answer->count; i++)
        put_candidate(&doc, choosing, call, &choosing->choices[i]);
    api_doc_close_array(&doc);
    api_doc_open_array(&doc, "refused");
    for (uint32_t i = 0; i < answer->refused_count; i++)
        put_refused(&doc, choosing, &choosing->choices[answer->count + i]);
    api_doc_close_array(&doc);
    leases_put_ms(&doc, "retry_after_ms", answer->retry_after_ms);
    api_doc_open_array(&doc, "missing");
    api_doc_close_array(&doc);
    api_doc_open_array(&doc, "alternatives");
    api_doc_close_array(&doc);
    api_doc_open_object(&doc, "basis");
    api_doc_text(&doc, "kind", trust_basis_kind_name(answer->basis.kind));
    api_doc_count(&doc, "age_s", answer->basis.age_s);
    api_doc_close_object(&doc);
    api_doc_text(&doc, "message", answer->message);
    put_policy(&doc, choosing);
    api_doc_close_object(&doc);
    api_answer(call, &doc);
}

void select_choose(struct api_call *call)
{
    struct core *core = call->core;
    struct choosing choosing = {.count = 0};
    struct trust_bytes excluded[TRUST_API_CANDIDATES_MAX];
    struct api_body body = api_body_open(call);
    read_candidates(&choosing, &body);
    read_policy(&choosing, &body);
    struct api_list list = api_body_list(&body, "exclude", 0, TRUST_API_CANDIDATES_MAX);
    for (size_t i = 0; i < list.count; i++)
        excluded[i] = api_list_subject(&list, i);
    if (!api_body_end(&body))
        return;
    watch(&choosing, call);
    if (api_is_answered(call))
        return;
    exclude(&choosing, core, excluded, list.count);
    struct trust_answer found;
    if (trust_select(&found, choosing.choices, choosing.candidates, choosing.count,
                     &choosing.request) != TRUST_OK) {
        api_refuse(call, TRUST_NO_SIZE, NULL, "too many candidates");
        return;
    }
    answer(call, &choosing, &found);
    pump_run(core);
}
