/*
 * trust_client_permit and what settles it. Own cells and the shared one must agree; the node is
 * asked only for a lease of a half-open shared cell, outside the lock, once the own cells would let
 * the call pass.
 */
#include <string.h>

#include "trust/client.h"

#include "base/assert.h"
#include "base/limits.h"
#include "client/ask.h"
#include "client/state.h"
#include "shield/gate.h"
#include "shield/joint.h"

/* One question for leave. */
struct permit {
    struct trust_client *client;
    struct trust_client_call call;
    enum trust_why why;    /* the rule that refused */
    bool has_shared_lease; /* or the node said that none is needed */
    bool wants_lease;      /* refused by nothing but the lack of one */
};

static enum trust_error refuse(struct permit *permit, enum trust_why why, enum trust_error error)
{
    permit->why = why;
    return error;
}

static enum trust_why why_withheld(enum trust_quarantine_state state)
{
    switch (state) {
    case TRUST_QUARANTINE_QUARANTINED:
        return TRUST_WHY_QUARANTINED;
    case TRUST_QUARANTINE_INVESTIGATING:
        return TRUST_WHY_INVESTIGATING;
    case TRUST_QUARANTINE_BANNED:
    case TRUST_QUARANTINE_OK:
    case TRUST_QUARANTINE_SUSPECT:
    case TRUST_QUARANTINE_RELEASED:
        return TRUST_WHY_BANNED;
    }
    return TRUST_WHY_BANNED;
}

static struct trust_joint joint_of(struct trust_client *client, struct trust_client_target *target,
                                   struct trust_mono now)
{
    struct trust_joint joint = {0};
    struct trust_client_server *server = trust_client_servers_add(&client->servers, target, now);
    server->has_calls = true;
    joint.server = &server->cell;
    if (target->tool[0] != '\0')
        joint.tool = &trust_client_servers_add_tool(&client->servers, target, now)->cell;
    return joint;
}

/* Of the agent's own cell that refused: is it our turn that is missing, or is it open? */
static enum trust_error refused_by(const struct trust_breaker *cell,
                                   const struct trust_breaker_context *context)
{
    bool is_half_open = trust_breaker_state(cell, context) == TRUST_BREAKER_HALF_OPEN;
    return is_half_open ? TRUST_NO_LEASE : TRUST_NO_PROVIDER;
}

static enum trust_breaker_state shared_state(const struct trust_gates *gates)
{
    if (gates->is_open)
        return TRUST_BREAKER_OPEN;
    return gates->leases != 0 ? TRUST_BREAKER_HALF_OPEN : TRUST_BREAKER_CLOSED;
}

static enum trust_error ask_cells(struct permit *permit, struct trust_joint *joint,
                                  struct trust_mono now)
{
    const struct trust_joint_context context = {.policy = &permit->client->groups.policy,
                                                .now = now};
    const struct trust_breaker_context of_cell = {.policy = context.policy, .now = now};
    struct trust_joint_permit given;
    /* Own cells have one asker, and each its number. */
    switch (trust_joint_permit(joint, &given, 1, &context)) {
    case TRUST_JOINT_NONE:
        permit->call.of_tool = given.tool;
        permit->call.of_server = given.server;
        return TRUST_OK;
    case TRUST_JOINT_TOOL:
        return refuse(permit, TRUST_WHY_TOOL_BREAKER, refused_by(joint->tool, &of_cell));
    case TRUST_JOINT_SERVER:
        return refuse(permit, TRUST_WHY_OWN_BREAKER, refused_by(joint->server, &of_cell));
    case TRUST_JOINT_SHARED:
        permit->wants_lease = joint->shared == TRUST_BREAKER_HALF_OPEN;
        return refuse(permit, TRUST_WHY_SHARED_BREAKER,
                      permit->wants_lease ? TRUST_NO_LEASE : TRUST_NO_PROVIDER);
    }
    return TRUST_NO_PROVIDER;
}

/* The one careful call to a server whose breakers are open: one at a time. */
static enum trust_error try_anyway(struct permit *permit, struct trust_client_server *server,
                                   struct trust_mono now)
{
    if (server->trying.ms > now.ms)
        return refuse(permit, permit->why, TRUST_NO_LEASE);
    server->trying.ms = now.ms + TRUST_CLIENT_ATTEMPT_MS;
    return TRUST_OK;
}

/* Under the lock. */
static enum trust_error judge(struct permit *permit)
{
    struct trust_client *client = permit->client;
    struct trust_client_target *target = &permit->call.target;
    const struct trust_now now = trust_client_clock_read(&client->clock);
    const struct trust_basis basis = trust_client_refresh(client, now);
    bool is_live = basis.kind == TRUST_BASIS_FRESH;
    struct trust_joint joint = joint_of(client, target, now.mono);
    struct trust_client_server *server = &client->servers.servers[target->slot];
    trust_client_show(client, server);
    struct trust_candidate candidate = {0};
    trust_client_fill(client, &candidate, server, &now, is_live);
    enum trust_quarantine_state quarantine = trust_quarantine_effective(&candidate, now.wall);
    if (trust_quarantine_is_withheld(quarantine))
        return refuse(permit, why_withheld(quarantine), TRUST_NO_PROVIDER);
    const struct trust_request request = {.now = now, .window_ms = client->groups.policy.window_ms};
    struct trust_gates gates;
    trust_gates_read(&gates, &candidate, &request);
    joint.is_node_live = is_live;
    joint.shared = shared_state(&gates);
    joint.has_shared_lease = permit->has_shared_lease;
    permit->wants_lease = false;
    permit->call.began = now.mono;
    bool is_last_attempt = target->is_last_attempt;
    target->is_last_attempt = false;
    enum trust_error error = ask_cells(permit, &joint, now.mono);
    if (error != TRUST_NO_PROVIDER || !is_last_attempt || gates.is_forced)
        return error;
    target->is_last_attempt = true;
    return try_anyway(permit, server, now.mono);
}

static enum trust_error judge_locked(struct permit *permit)
{
    pthread_mutex_lock(&permit->client->lock);
    enum trust_error error = judge(permit);
    pthread_mutex_unlock(&permit->client->lock);
    return error;
}

/* A lease that is not used goes back at once, so that another agent can have it. */
static void give_back(const struct permit *permit)
{
    if (permit->call.lease[0] == '\0')
        return;
    struct trust_client_report report = {
        .outcome = {.class_ = TRUST_OUTCOME_CANCELLED, .latency_ms = TRUST_LATENCY_UNKNOWN},
        .told = permit->call.began};
    memcpy(report.subject, permit->call.target.subject, sizeof report.subject);
    memcpy(report.lease, permit->call.lease, sizeof report.lease);
    trust_client_sender_tell(permit->client->sender, &report);
}

/* Asks the node for a lease, and the cells again with it. */
static enum trust_error judge_with_lease(struct permit *permit, uint32_t wait_ms)
{
    struct trust_client_leave leave;
    if (trust_client_ask_leave(permit->client, &leave, permit->call.target.subject, wait_ms) !=
        TRUST_OK)
        return TRUST_NO_LEASE;
    if (leave.state == TRUST_BREAKER_OPEN || leave.state == TRUST_BREAKER_FORCED_OPEN)
        return TRUST_NO_PROVIDER;
    if (leave.state == TRUST_BREAKER_HALF_OPEN && leave.lease[0] == '\0')
        return TRUST_NO_LEASE;
    memcpy(permit->call.lease, leave.lease, sizeof permit->call.lease);
    permit->has_shared_lease = true;
    enum trust_error error = judge_locked(permit);
    if (error != TRUST_OK)
        give_back(permit);
    return error;
}

enum trust_error trust_client_permit(struct trust_client *client,
                                     struct trust_client_call *out_call,
                                     const struct trust_client_target *target, uint32_t wait_ms,
                                     enum trust_why *out_why)
{
    struct permit permit = {.client = client,
                            .call = {.target = *target,
                                     .of_tool = {.slot = TRUST_PERMIT_NO_SLOT},
                                     .of_server = {.slot = TRUST_PERMIT_NO_SLOT}}};
    enum trust_error error = judge_locked(&permit);
    if (error == TRUST_NO_LEASE && permit.wants_lease)
        error = judge_with_lease(&permit, wait_ms);
    if (error == TRUST_OK)
        *out_call = permit.call;
    else if (out_why != NULL)
        *out_why = permit.why;
    return error;
}

void trust_client_done(struct trust_client *client, const struct trust_client_call *call,
                       enum trust_outcome_class class_)
{
    uint64_t now_ms = trust_client_clock_read(&client->clock).mono.ms;
    uint64_t latency_ms = now_ms > call->began.ms ? now_ms - call->began.ms : 0;
    const struct trust_outcome outcome = {
        .class_ = class_,
        .latency_ms =
            latency_ms < TRUST_LATENCY_UNKNOWN ? (uint32_t)latency_ms : TRUST_LATENCY_UNKNOWN - 1,
    };
    trust_client_outcome(client, call, &outcome);
}

static void record(struct trust_client *client, const struct trust_client_call *call,
                   const struct trust_outcome *outcome, struct trust_mono now)
{
    struct trust_client_target target = call->target;
    struct trust_joint joint = joint_of(client, &target, now);
    const struct trust_joint_context context = {.policy = &client->groups.policy, .now = now};
    if (!target.is_last_attempt) {
        const struct trust_joint_permit permit = {.tool = call->of_tool, .server = call->of_server};
        trust_joint_record(&joint, &permit, outcome, &context);
        return;
    }
    const struct trust_breaker_context of_cell = {.policy = context.policy, .now = now};
    trust_breaker_record(joint.server, NULL, outcome, &of_cell);
    client->servers.servers[target.slot].trying.ms = 0;
}

void trust_client_outcome(struct trust_client *client, const struct trust_client_call *call,
                          const struct trust_outcome *outcome)
{
    assert((unsigned)outcome->class_ < TRUST_OUTCOME_CLASS_COUNT);
    struct trust_client_report report = {.outcome = *outcome};
    memcpy(report.subject, call->target.subject, sizeof report.subject);
    memcpy(report.tool, call->target.tool, sizeof report.tool);
    memcpy(report.lease, call->lease, sizeof report.lease);
    pthread_mutex_lock(&client->lock);
    report.told = trust_client_clock_read(&client->clock).mono;
    record(client, call, outcome, report.told);
    pthread_mutex_unlock(&client->lock);
    trust_client_sender_tell(client->sender, &report);
}
