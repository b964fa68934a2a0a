/* shield: the packed cell against a plain model of it, step by step under random calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"
#include "model.h"
#include "rig.h"
#include "shield/persist.h"

#define STEPS 50000
#define HELD 12

struct held {
    bool is_used;
    struct trust_permit permit;
    struct model_permit model_permit;
};

struct run {
    struct rig rig;
    struct model *model;
    struct trust_random random;
    struct held held[HELD];
};

static uint64_t draw(struct run *run, uint64_t bound)
{
    return trust_random_below(&run->random, bound);
}

static struct trust_outcome draw_outcome(struct run *run)
{
    /* Half of the calls complete, so that every state is reached. */
    struct trust_outcome outcome = {.latency_ms = TRUST_LATENCY_UNKNOWN};
    if (draw(run, 2) == 0)
        outcome.class_ = (enum trust_outcome_class)draw(run, TRUST_OUTCOME_CLASS_COUNT);
    outcome.is_slow = draw(run, 10) == 0;
    if (draw(run, 2) == 0)
        outcome.latency_ms = (uint32_t)(draw(run, 8) == 0 ? draw(run, 90000) : draw(run, 900));
    if (draw(run, 6) == 0)
        outcome.retry_after_ms = (uint32_t)draw(run, 5000000);
    return outcome;
}

static void move_time(struct run *run)
{
    static const uint64_t steps_ms[] = {0, 0, 1, 5, 100, 700, 3000, 12000};
    uint64_t step_ms = steps_ms[draw(run, 8)];
    uint64_t by_ms = draw(run, step_ms + 1);
    /* Now and then to the instant, or just before, where something becomes due. */
    uint64_t due_ms = run->rig.breaker.until_ms;
    if (due_ms != TRUST_MONO_NEVER && due_ms > run->rig.now_ms && draw(run, 8) == 0)
        by_ms = due_ms - run->rig.now_ms - draw(run, 2);
    if (draw(run, 400) == 0)
        by_ms = draw(run, 400000);
    run->rig.now_ms += by_ms;
    model_advance(run->model, run->rig.now_ms);
}

static void step_permit(struct run *run)
{
    struct held *held = &run->held[draw(run, HELD)];
    uint64_t agent = draw(run, 3);
    bool is_granted = rig_ask(&run->rig, &held->permit, agent);
    assert_int_equal(is_granted, model_permit(run->model, &held->model_permit, agent));
    held->is_used = is_granted;
}

static void step_settle(struct run *run)
{
    struct held *held = &run->held[draw(run, HELD)];
    if (!held->is_used)
        return;
    struct trust_outcome outcome = draw_outcome(run);
    rig_tell(&run->rig, &held->permit, outcome);
    model_record(run->model, &held->model_permit, &outcome);
    /* Sometimes a permit is settled twice. */
    held->is_used = draw(run, 10) == 0;
}

static void step_outcome(struct run *run)
{
    struct trust_outcome outcome = draw_outcome(run);
    rig_tell(&run->rig, NULL, outcome);
    model_record(run->model, NULL, &outcome);
}

static void step_order(struct run *run)
{
    enum trust_breaker_verb verb = (enum trust_breaker_verb)draw(run, 5);
    uint64_t expires_ms = draw(run, 8) == 0 ? TRUST_MONO_NEVER : run->rig.now_ms + draw(run, 20000);
    rig_order(&run->rig, verb, expires_ms);
    model_order(run->model, verb, expires_ms);
    model_advance(run->model, run->rig.now_ms);
}

static void step_restart(struct run *run)
{
    struct trust_breaker_context context = rig_context(&run->rig);
    uint8_t bytes[TRUST_BREAKER_SNAPSHOT_SIZE];
    trust_breaker_save(&run->rig.breaker, bytes, &context);
    assert_int_equal(trust_breaker_load(&run->rig.breaker,
                                        (struct trust_bytes){bytes, sizeof bytes}, 9, &context),
                     TRUST_OK);
    model_restart(run->model);
}

static void compare(struct run *run)
{
    struct trust_breaker_view view = rig_view(&run->rig);
    struct model_counters counters = model_counters(run->model);
    assert_int_equal(view.state, run->model->state);
    assert_int_equal(view.generation, run->model->generation);
    assert_int_equal(view.calls, counters.calls);
    assert_int_equal(view.half_failures, counters.half_failures);
    assert_int_equal(view.slow, counters.slow);
    assert_int_equal(view.streak, counters.streak);
    assert_int_equal(view.leases, counters.leases);
    assert_int_equal(view.backoff_k, counters.k);
    assert_true(view.denied == run->model->denied);
    assert_true(view.since.ms == run->model->since_ms);
    assert_true(view.until.ms == run->model->until_ms);
}

static void run_policy(const struct trust_breaker_policy *policy, uint64_t seed)
{
    struct run run = {.model = malloc(sizeof *run.model), .random = trust_random_init(seed)};
    assert_non_null(run.model);
    assert_int_equal(trust_breaker_policy_check(policy, NULL), TRUST_OK);
    rig_init(&run.rig, 0);
    run.rig.policy = *policy;
    model_init(run.model, policy);
    uint32_t visits[6] = {0};
    for (int step = 0; step < STEPS; step++) {
        move_time(&run);
        run.rig.events.count = 0;
        uint64_t kind = draw(&run, 300);
        if (kind < 120)
            step_permit(&run);
        else if (kind < 240)
            step_settle(&run);
        else if (kind < 297)
            step_outcome(&run);
        else if (kind < 299)
            step_order(&run);
        else
            step_restart(&run);
        compare(&run);
        visits[run.model->state]++;
    }
    /* A run that never got somewhere would prove nothing about it. */
    for (int i = 0; i < 6; i++)
        assert_true(visits[i] > 0);
    free(run.model);
}

static void the_cell_agrees_with_a_plain_model_at_each_of_300000_steps(void **state)
{
    (void)state;
    struct trust_breaker_policy policy = trust_breaker_policy_default();
    policy.jitter_ppm = 0;
    struct trust_breaker_policy policies[6];
    for (size_t i = 0; i < 6; i++)
        policies[i] = policy;
    policies[1].window_calls = 12;
    policies[1].probes = 5;
    policies[2].streak = 0;
    policies[2].min_calls = 4;
    policies[2].fail_pct = 70;
    policies[2].backoff_ppm = 1500000;
    policies[2].window_ms = 1234;
    policies[3].fail_pct = 0;
    policies[3].slow_pct = 30;
    policies[3].slow_ms = 500;
    policies[3].probes = 1;
    policies[3].lease_ms = 700;
    policies[4].window_calls = 300;
    policies[4].min_calls = 40;
    policies[4].fail_pct = 33;
    policies[4].probes = 10;
    policies[4].backoff_ppm = 4000000;
    policies[4].open_max_ms = 20000;
    policies[5].streak = 3;
    policies[5].slow_pct = 0;
    policies[5].probes = 2;
    policies[5].fail_pct = 100;
    policies[5].backoff_ppm = 1000000;
    policies[5].open_ms = 50;
    for (size_t i = 0; i < 6; i++)
        run_policy(&policies[i], 100 + i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cell_agrees_with_a_plain_model_at_each_of_300000_steps),
    };
    return cmocka_run_group_tests_name("shield/packed", tests, NULL, NULL);
}
