/* See joint.h. */
#include "shield/joint.h"

#include <stddef.h>

#include "base/assert.h"
#include "shield/lease.h"

static struct trust_breaker_context context_of(enum trust_joint_cell cell,
                                               const struct trust_joint_context *context)
{
    struct trust_breaker_events *events = NULL;
    if (context->events != NULL)
        events = cell == TRUST_JOINT_TOOL ? &context->events->tool : &context->events->server;
    return (struct trust_breaker_context){
        .policy = context->policy, .now = context->now, .events = events, .key = cell};
}

static bool is_permitted(struct trust_breaker *breaker, struct trust_permit *out_permit,
                         uint64_t agent, bool is_alone, const struct trust_breaker_context *context)
{
    if (!is_alone)
        return trust_breaker_permit(breaker, out_permit, agent, context);
    trust_breaker_advance(breaker, context);
    if (breaker->state == TRUST_BREAKER_HALF_OPEN && trust_lease_count(breaker) > 0) {
        breaker->denied++;
        return false;
    }
    return trust_breaker_permit(breaker, out_permit, agent, context);
}

static void give_back(struct trust_breaker *breaker, const struct trust_permit *permit,
                      const struct trust_breaker_context *context)
{
    if (breaker == NULL || permit->slot == TRUST_PERMIT_NO_SLOT)
        return;
    struct trust_outcome unused = {.class_ = TRUST_OUTCOME_CANCELLED,
                                   .latency_ms = TRUST_LATENCY_UNKNOWN};
    trust_breaker_record(breaker, permit, &unused, context);
}

static bool is_shared_open(const struct trust_joint *joint)
{
    if (!joint->is_node_live)
        return false;
    switch (joint->shared) {
    case TRUST_BREAKER_CLOSED:
    case TRUST_BREAKER_FORCED_CLOSED:
    case TRUST_BREAKER_METRICS_ONLY:
        return false;
    case TRUST_BREAKER_HALF_OPEN:
        return !joint->has_shared_lease;
    case TRUST_BREAKER_OPEN:
    case TRUST_BREAKER_FORCED_OPEN:
        return true;
    }
    return true;
}

enum trust_joint_cell trust_joint_permit(const struct trust_joint *joint,
                                         struct trust_joint_permit *out_permit, uint64_t agent,
                                         const struct trust_joint_context *context)
{
    struct trust_breaker_context of_tool = context_of(TRUST_JOINT_TOOL, context);
    struct trust_breaker_context of_server = context_of(TRUST_JOINT_SERVER, context);
    struct trust_joint_permit permit = {.tool = {.slot = TRUST_PERMIT_NO_SLOT},
                                        .server = {.slot = TRUST_PERMIT_NO_SLOT}};
    bool is_alone = !joint->is_node_live;
    if (joint->tool != NULL && !is_permitted(joint->tool, &permit.tool, agent, is_alone, &of_tool))
        return TRUST_JOINT_TOOL;
    if (joint->server != NULL &&
        !is_permitted(joint->server, &permit.server, agent, is_alone, &of_server)) {
        give_back(joint->tool, &permit.tool, &of_tool);
        return TRUST_JOINT_SERVER;
    }
    if (is_shared_open(joint)) {
        give_back(joint->tool, &permit.tool, &of_tool);
        give_back(joint->server, &permit.server, &of_server);
        return TRUST_JOINT_SHARED;
    }
    *out_permit = permit;
    return TRUST_JOINT_NONE;
}

void trust_joint_record(const struct trust_joint *joint, const struct trust_joint_permit *permit,
                        const struct trust_outcome *outcome,
                        const struct trust_joint_context *context)
{
    struct trust_breaker_context of_tool = context_of(TRUST_JOINT_TOOL, context);
    struct trust_breaker_context of_server = context_of(TRUST_JOINT_SERVER, context);
    if (joint->tool != NULL)
        trust_breaker_record(joint->tool, &permit->tool, outcome, &of_tool);
    if (joint->server != NULL)
        trust_breaker_record(joint->server, &permit->server, outcome, &of_server);
}

static const char *const names[] = {
    [TRUST_JOINT_NONE] = "none",
    [TRUST_JOINT_TOOL] = "tool",
    [TRUST_JOINT_SERVER] = "server",
    [TRUST_JOINT_SHARED] = "shared",
};

const char *trust_joint_cell_name(enum trust_joint_cell cell)
{
    assert(cell < sizeof names / sizeof *names);
    return names[cell];
}
