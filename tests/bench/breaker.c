/* breaker: permit and record of one call with a given time, beside the work nobody can save: adding
 * one call to two counters of a cell elsewhere in memory. */
#include "trust/breaker.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/random.h"
#include "bench.h"
#include "shield/joint.h"

#define CELLS 4096u

struct fixture {
    struct trust_breaker_policy by_time;
    struct trust_breaker_policy by_calls;
    struct trust_breaker *cells; /* CELLS of them */
    uint64_t now_ms;
};

/* A thousand calls a millisecond: buckets turn as they do under load. */
static void call_cell(struct trust_breaker *cell, const struct trust_breaker_policy *policy,
                      uint64_t now_ms, uint32_t latency_ms)
{
    struct trust_breaker_context context = {.policy = policy, .now = {now_ms}};
    struct trust_permit permit;
    bool is_granted = trust_breaker_permit(cell, &permit, 1, &context);
    assert(is_granted);
    struct trust_outcome outcome = {.latency_ms = latency_ms};
    trust_breaker_record(cell, &permit, &outcome, &context);
}

static void call_one(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++)
        call_cell(&f->cells[0], &f->by_time, f->now_ms += i % 1000 == 0, 20);
}

static void call_one_by_calls(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++)
        call_cell(&f->cells[1], &f->by_calls, f->now_ms, 20);
}

static void call_many(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++)
        call_cell(&f->cells[2 + trust_random_mix(i) % (CELLS - 2)], &f->by_time,
                  f->now_ms += i % 1000 == 0, 20);
}

static void call_joint(void *context, uint64_t count)
{
    struct fixture *f = context;
    struct trust_joint joint = {.tool = &f->cells[0], .server = &f->cells[2], .is_node_live = true};
    for (uint64_t i = 0; i < count; i++) {
        struct trust_joint_context now = {.policy = &f->by_time,
                                          .now = {f->now_ms += i % 1000 == 0}};
        struct trust_joint_permit permit;
        enum trust_joint_cell refuser = trust_joint_permit(&joint, &permit, 1, &now);
        assert(refuser == TRUST_JOINT_NONE);
        struct trust_outcome outcome = {.latency_ms = 20};
        trust_joint_record(&joint, &permit, &outcome, &now);
    }
}

static void refuse(void *context, uint64_t count)
{
    struct fixture *f = context;
    struct trust_breaker_context now = {.policy = &f->by_time, .now = {f->now_ms}};
    struct trust_breaker_order order = {.verb = TRUST_BREAKER_FORCE_OPEN,
                                        .expires = {TRUST_MONO_NEVER}};
    trust_breaker_order(&f->cells[3], &order, &now);
    for (uint64_t i = 0; i < count; i++) {
        struct trust_permit permit;
        bool is_granted = trust_breaker_permit(&f->cells[3], &permit, 1, &now);
        bench_keep(&is_granted);
    }
    order.verb = TRUST_BREAKER_RESET;
    trust_breaker_order(&f->cells[3], &order, &now);
}

static void count_only(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        struct trust_breaker *cell = &f->cells[trust_random_mix(i) % CELLS];
        cell->denied++;
        bench_keep(cell);
    }
}

static void run(struct fixture *f)
{
    struct bench_timing timings[] = {
        {.body = call_one, .context = f},  {.body = call_one_by_calls, .context = f},
        {.body = call_many, .context = f}, {.body = call_joint, .context = f},
        {.body = refuse, .context = f},    {.body = count_only, .context = f},
    };
    bench_time(timings, sizeof timings / sizeof *timings);
    static const char *const names[] = {
        "breaker: permit + record",
        "breaker: permit + record, window of 100 calls",
        "breaker: permit + record, 4,096 cells at random",
        "breaker: tool, server and shared cell at once",
        "breaker: a refusal",
    };
    static const double at_most[] = {20, 20, 0, 0, 0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        bench_print(&(struct bench_line){.name = names[i],
                                         .value = timings[i].ns,
                                         .unit = "ns",
                                         .baseline_name = "one counter at random",
                                         .baseline = timings[5].ns,
                                         .value_at_most = at_most[i]});
}

int main(void)
{
    struct fixture f = {.by_time = trust_breaker_policy_default(), .now_ms = 1};
    f.by_calls = f.by_time;
    f.by_calls.window_calls = 100;
    f.cells = calloc(CELLS, sizeof *f.cells);
    assert(f.cells != NULL);
    for (uint32_t i = 0; i < CELLS; i++)
        trust_breaker_init(&f.cells[i], i, (struct trust_mono){0});
    run(&f);
    free(f.cells);
    return 0;
}
