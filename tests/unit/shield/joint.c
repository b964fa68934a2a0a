/* shield/joint: the AND over an agent's own cells and the shared one. */
#include "shield/joint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define AGENT 7u

struct rig {
    struct trust_breaker_policy policy;
    struct trust_breaker tool;
    struct trust_breaker server;
    struct trust_joint_events events;
    struct trust_joint joint;
    uint64_t now_ms;
};

static void begin(struct rig *rig)
{
    memset(rig, 0, sizeof *rig);
    rig->policy = trust_breaker_policy_default();
    rig->policy.jitter_ppm = 0;
    trust_breaker_init(&rig->tool, 1, (struct trust_mono){0});
    trust_breaker_init(&rig->server, 2, (struct trust_mono){0});
    rig->joint =
        (struct trust_joint){.tool = &rig->tool, .server = &rig->server, .is_node_live = true};
}

static struct trust_joint_context context_of(struct rig *rig)
{
    return (struct trust_joint_context){
        .policy = &rig->policy, .now = {rig->now_ms}, .events = &rig->events};
}

static enum trust_joint_cell ask(struct rig *rig, struct trust_joint_permit *out_permit)
{
    struct trust_joint_context context = context_of(rig);
    return trust_joint_permit(&rig->joint, out_permit, AGENT, &context);
}

static void tell(struct rig *rig, const struct trust_joint_permit *permit,
                 enum trust_outcome_class class_)
{
    struct trust_joint_context context = context_of(rig);
    struct trust_outcome outcome = {.class_ = class_, .latency_ms = TRUST_LATENCY_UNKNOWN};
    trust_joint_record(&rig->joint, permit, &outcome, &context);
}

static void order(struct rig *rig, struct trust_breaker *cell, enum trust_breaker_verb verb,
                  uint64_t expires_ms)
{
    struct trust_breaker_context context = {.policy = &rig->policy, .now = {rig->now_ms}};
    struct trust_breaker_order given = {.verb = verb, .expires = {expires_ms}};
    trust_breaker_order(cell, &given, &context);
}

static struct trust_breaker_view view_of(struct rig *rig, const struct trust_breaker *cell)
{
    struct trust_breaker_context context = {.policy = &rig->policy, .now = {rig->now_ms}};
    struct trust_breaker_view view;
    trust_breaker_read(cell, &view, &context);
    return view;
}

/* A cell that is half-open from now on. */
static void half_open(struct rig *rig, struct trust_breaker *cell)
{
    order(rig, cell, TRUST_BREAKER_FORCE_OPEN, rig->now_ms);
}

static void all_cells_must_permit_and_the_refusing_one_is_named(void **state)
{
    (void)state;
    for (int refusing = 0; refusing < 8; refusing++) {
        struct rig rig;
        struct trust_joint_permit permit;
        begin(&rig);
        if (refusing & 1)
            order(&rig, &rig.tool, TRUST_BREAKER_FORCE_OPEN, TRUST_MONO_NEVER);
        if (refusing & 2)
            order(&rig, &rig.server, TRUST_BREAKER_FORCE_OPEN, TRUST_MONO_NEVER);
        if (refusing & 4)
            rig.joint.shared = TRUST_BREAKER_OPEN;
        enum trust_joint_cell wanted = TRUST_JOINT_NONE;
        if (refusing & 4)
            wanted = TRUST_JOINT_SHARED;
        if (refusing & 2)
            wanted = TRUST_JOINT_SERVER;
        if (refusing & 1)
            wanted = TRUST_JOINT_TOOL;
        assert_int_equal(ask(&rig, &permit), wanted);
        assert_int_equal(view_of(&rig, &rig.tool).denied, wanted == TRUST_JOINT_TOOL);
        assert_int_equal(view_of(&rig, &rig.server).denied, wanted == TRUST_JOINT_SERVER);
    }
}

static void a_cell_that_is_not_there_refuses_nothing(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_joint_permit permit;
    begin(&rig);
    rig.joint.tool = NULL;
    rig.joint.server = NULL;
    assert_int_equal(ask(&rig, &permit), TRUST_JOINT_NONE);
    tell(&rig, &permit, TRUST_OUTCOME_OK);
    assert_int_equal(view_of(&rig, &rig.tool).calls, 0);
}

static void an_outcome_reaches_both_own_cells_and_their_events(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_joint_permit permit;
    begin(&rig);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(ask(&rig, &permit), TRUST_JOINT_NONE);
        tell(&rig, &permit, TRUST_OUTCOME_REFUSED);
    }
    assert_int_equal(view_of(&rig, &rig.tool).state, TRUST_BREAKER_OPEN);
    assert_int_equal(view_of(&rig, &rig.server).state, TRUST_BREAKER_OPEN);
    assert_int_equal(rig.events.tool.count, 1);
    assert_int_equal(rig.events.tool.event[0].key, TRUST_JOINT_TOOL);
    assert_int_equal(rig.events.server.count, 1);
    assert_int_equal(rig.events.server.event[0].key, TRUST_JOINT_SERVER);
}

static void a_lease_is_given_back_when_a_later_cell_refuses(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_joint_permit permit;
    begin(&rig);
    half_open(&rig, &rig.tool);
    half_open(&rig, &rig.server);
    rig.joint.shared = TRUST_BREAKER_OPEN;
    for (int i = 0; i < 20; i++)
        assert_int_equal(ask(&rig, &permit), TRUST_JOINT_SHARED);
    assert_int_equal(view_of(&rig, &rig.tool).leases, 0);
    assert_int_equal(view_of(&rig, &rig.server).leases, 0);
    assert_int_equal(view_of(&rig, &rig.tool).calls, 0);
    order(&rig, &rig.server, TRUST_BREAKER_FORCE_OPEN, TRUST_MONO_NEVER);
    assert_int_equal(ask(&rig, &permit), TRUST_JOINT_SERVER);
    assert_int_equal(view_of(&rig, &rig.tool).leases, 0);
    rig.joint.shared = TRUST_BREAKER_CLOSED;
    order(&rig, &rig.server, TRUST_BREAKER_CLOSE, TRUST_MONO_NEVER);
    assert_int_equal(ask(&rig, &permit), TRUST_JOINT_NONE);
    assert_int_equal(view_of(&rig, &rig.tool).leases, 1);
}

static void a_half_open_shared_cell_wants_the_nodes_lease(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_joint_permit permit;
    begin(&rig);
    rig.joint.shared = TRUST_BREAKER_HALF_OPEN;
    assert_int_equal(ask(&rig, &permit), TRUST_JOINT_SHARED);
    rig.joint.has_shared_lease = true;
    assert_int_equal(ask(&rig, &permit), TRUST_JOINT_NONE);
}

static void forced_shared_states_refuse_or_permit(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_joint_permit permit;
    begin(&rig);
    rig.joint.shared = TRUST_BREAKER_FORCED_OPEN;
    rig.joint.has_shared_lease = true;
    assert_int_equal(ask(&rig, &permit), TRUST_JOINT_SHARED);
    rig.joint.shared = TRUST_BREAKER_FORCED_CLOSED;
    assert_int_equal(ask(&rig, &permit), TRUST_JOINT_NONE);
    rig.joint.shared = TRUST_BREAKER_METRICS_ONLY;
    assert_int_equal(ask(&rig, &permit), TRUST_JOINT_NONE);
}

static void without_a_live_node_own_cells_lease_one_probe_at_a_time(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_joint_permit permit;
    struct trust_joint_permit second;
    begin(&rig);
    half_open(&rig, &rig.server);
    assert_int_equal(ask(&rig, &permit), TRUST_JOINT_NONE);
    assert_int_equal(ask(&rig, &second), TRUST_JOINT_NONE);
    tell(&rig, &second, TRUST_OUTCOME_CANCELLED);
    assert_int_equal(view_of(&rig, &rig.server).leases, 1);
    rig.joint.is_node_live = false;
    rig.joint.shared = TRUST_BREAKER_OPEN; /* what an old board says is not looked at */
    assert_int_equal(ask(&rig, &second), TRUST_JOINT_SERVER);
    assert_int_equal(view_of(&rig, &rig.server).denied, 1);
    tell(&rig, &permit, TRUST_OUTCOME_OK);
    assert_int_equal(ask(&rig, &second), TRUST_JOINT_NONE);
    tell(&rig, &second, TRUST_OUTCOME_OK);
    assert_int_equal(view_of(&rig, &rig.server).state, TRUST_BREAKER_CLOSED);
}

static void the_cells_have_names(void **state)
{
    (void)state;
    static const char *const names[] = {"none", "tool", "server", "shared"};
    for (uint32_t i = 0; i < 4; i++)
        assert_string_equal(trust_joint_cell_name((enum trust_joint_cell)i), names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_cells_must_permit_and_the_refusing_one_is_named),
        cmocka_unit_test(a_cell_that_is_not_there_refuses_nothing),
        cmocka_unit_test(an_outcome_reaches_both_own_cells_and_their_events),
        cmocka_unit_test(a_lease_is_given_back_when_a_later_cell_refuses),
        cmocka_unit_test(a_half_open_shared_cell_wants_the_nodes_lease),
        cmocka_unit_test(forced_shared_states_refuse_or_permit),
        cmocka_unit_test(without_a_live_node_own_cells_lease_one_probe_at_a_time),
        cmocka_unit_test(the_cells_have_names),
    };
    return cmocka_run_group_tests_name("shield/joint", tests, NULL, NULL);
}
