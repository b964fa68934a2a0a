/*
 * score: a full solve of a realistic web beside the plain iteration over the list of edges, to the
 * same error; then what a question costs.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/random.h"
#include "bench.h"
#include "score/scorer.h"

#define KEYS 10000u
#define VOUCHES 100000u
#define SERVERS 1000u
#define RATINGS 10000u
#define NOW_S UINT64_C(1700000000)
/* Each plain step leaves .7 of the error: as near as the solver's 1e-11. */
#define PLAIN_CHANGE_MAX 1e-11

struct fixture {
    struct trust_keys keys;
    struct trust_scorer scorer;
    uint8_t *memory;
    double *pi;
    double *next;
    double *norm;
    struct trust_explanation explanation;
};

static void init(struct fixture *f, struct trust_arena *arena)
{
    const struct trust_siphash_key seed = {.low = 1, .high = 2};
    const struct trust_scorer_limits limits = {
        .keys = KEYS,
        .slots = VOUCHES + RATINGS,
        .vouches = VOUCHES,
        .ratings = RATINGS,
        .flags = 1,
        .aliases = 1,
        .servers = SERVERS,
        .targets = SERVERS,
        .called = 1,
    };
    trust_keys_init(&f->keys, arena, KEYS, seed);
    trust_scorer_init(&f->scorer, arena, &limits, &f->keys, &seed);
    f->pi = trust_arena_cut(arena, KEYS, sizeof *f->pi);
    f->next = trust_arena_cut(arena, KEYS, sizeof *f->next);
    f->norm = trust_arena_cut(arena, KEYS, sizeof *f->norm);
}

static void hold(struct fixture *f, uint32_t slot, const struct trust_record *record,
                 uint32_t author, uint32_t target)
{
    enum trust_error error = trust_scorer_hold(&f->scorer, slot, record, author, target);
    assert(error == TRUST_OK);
}

/* The operator vouches for 20 keys, everybody else for ten on average, the low ones preferred. */
static void scatter_vouches(struct fixture *f, struct trust_random *random)
{
    for (uint32_t slot = 0; slot < VOUCHES; slot++) {
        uint32_t from = slot < 20 ? 0 : (uint32_t)trust_random_below(random, KEYS);
        uint32_t a = (uint32_t)trust_random_below(random, KEYS - 1);
        uint32_t b = (uint32_t)trust_random_below(random, KEYS - 1);
        uint32_t to = (a < b ? a : b) + 1;
        struct trust_record record = {.kind = TRUST_KIND_VOUCH, .expires = NOW_S + 1000000};
        record.vouch.scopes = TRUST_SCOPE_ALL;
        record.vouch.strength = (int16_t)(1 + trust_random_below(random, 1000));
        hold(f, slot, &record, from, from == to ? 0 : to);
    }
}

static void subject_of(char out_text[64], uint32_t server)
{
    snprintf(out_text, 64, "mcp:io.example/server-%u", server);
}

static void scatter_ratings(struct fixture *f, struct trust_random *random)
{
    char subject[64];
    for (uint32_t i = 0; i < RATINGS; i++) {
        subject_of(subject, i % SERVERS);
        struct trust_record record = {
            .kind = TRUST_KIND_RATING,
            .seq = (NOW_S - trust_random_below(random, 1000000)) * 1000,
            .expires = NOW_S + 1000000,
        };
        record.rating.subject = trust_bytes_text(subject);
        record.rating.category = TRUST_CATEGORY_OVERALL;
        record.rating.value = (uint16_t)trust_random_below(random, 1001);
        hold(f, VOUCHES + i, &record, (uint32_t)trust_random_below(random, KEYS),
             TRUST_SCORER_NONE);
    }
}

static void fill(struct fixture *f)
{
    struct trust_random random = trust_random_init(1);
    for (uint32_t i = 0; i < KEYS; i++) {
        struct trust_key key = {{0}};
        uint32_t index = 0;
        memcpy(key.bytes, &i, sizeof i);
        enum trust_error error = trust_keys_hold(&f->keys, &index, &key);
        assert(error == TRUST_OK);
        assert(index == i);
    }
    trust_scorer_set_operator(&f->scorer, 0);
    scatter_vouches(f, &random);
    scatter_ratings(f, &random);
    trust_scorer_tick(&f->scorer, (struct trust_now){.wall = {NOW_S * 1000}, .mono = {1}});
}

static void solve(void *context, uint64_t count)
{
    struct fixture *f = context;
    struct trust_score_state *state = &f->scorer.state;
    for (uint64_t i = 0; i < count; i++) {
        trust_graph_refresh(&state->graph, (uint32_t)NOW_S);
        trust_propagation_solve(&state->propagation, &state->graph);
        bench_keep(state->propagation.pi);
    }
}

/* All that a tick does for a changed graph. */
static void solve_whole(void *context, uint64_t count)
{
    struct fixture *f = context;
    struct trust_score_state *state = &f->scorer.state;
    for (uint64_t i = 0; i < count; i++) {
        solve(f, 1);
        trust_hops_refresh(&state->hops, &state->propagation, &state->graph);
        bench_keep(state->hops.pairs);
    }
}

/* One step of pi = alpha e + (1 - alpha) P' pi over the list; returns how much changed. */
static double step_plainly(struct fixture *f, const struct trust_graph *graph)
{
    memset(f->next, 0, KEYS * sizeof *f->next);
    f->next[0] = TRUST_ALPHA;
    for (uint32_t e = 0; e < graph->fresh; e++) {
        const struct trust_edge *edge = &graph->edges[e];
        if (edge->from != edge->to)
            f->next[edge->to] +=
                TRUST_STAY * f->pi[edge->from] * edge->strength * f->norm[edge->from];
    }
    double change = 0;
    for (uint32_t key = 0; key < KEYS; key++)
        change += fabs(f->next[key] - f->pi[key]);
    double *other = f->pi;
    f->pi = f->next;
    f->next = other;
    return change;
}

static void solve_plainly(void *context, uint64_t count)
{
    struct fixture *f = context;
    const struct trust_graph *graph = &f->scorer.state.graph;
    for (uint64_t i = 0; i < count; i++) {
        memset(f->pi, 0, KEYS * sizeof *f->pi);
        memset(f->norm, 0, KEYS * sizeof *f->norm);
        for (uint32_t e = 0; e < graph->fresh; e++)
            f->norm[graph->edges[e].from] += graph->edges[e].strength;
        for (uint32_t key = 0; key < KEYS; key++)
            f->norm[key] = 1 / (f->norm[key] > 1000 ? f->norm[key] : 1000);
        while (step_plainly(f, graph) > PLAIN_CHANGE_MAX)
            continue;
        bench_keep(f->pi);
    }
}

static void score_one(void *context, uint64_t count)
{
    struct fixture *f = context;
    char subject[64];
    for (uint64_t i = 0; i < count; i++) {
        subject_of(subject, (uint32_t)(i % SERVERS));
        struct trust_score score;
        const struct trust_question question = {.subject = trust_bytes_text(subject)};
        enum trust_error error =
            trust_scorer_score(&f->scorer, &score, &question, (struct trust_wall){NOW_S * 1000});
        assert(error == TRUST_OK);
        bench_keep(&score);
    }
}

static void explain_one(void *context, uint64_t count)
{
    struct fixture *f = context;
    char subject[64];
    trust_hops_refresh(&f->scorer.state.hops, &f->scorer.state.propagation, &f->scorer.state.graph);
    for (uint64_t i = 0; i < count; i++) {
        subject_of(subject, (uint32_t)(i % SERVERS));
        const struct trust_question question = {.subject = trust_bytes_text(subject)};
        enum trust_error error = trust_scorer_explain(&f->scorer, &f->explanation, &question,
                                                      (struct trust_wall){NOW_S * 1000});
        assert(error == TRUST_OK);
        bench_keep(&f->explanation);
    }
}

static void run(struct fixture *f)
{
    struct bench_timing timings[] = {
        {.body = solve, .context = f},       {.body = solve_plainly, .context = f},
        {.body = score_one, .context = f},   {.body = explain_one, .context = f},
        {.body = solve_whole, .context = f},
    };
    bench_time(timings, sizeof timings / sizeof *timings);
    bench_print(&(struct bench_line){.name = "score: full solve, 10^4 keys, 10^5 vouches",
                                     .value = timings[0].ns / 1e6,
                                     .unit = "ms",
                                     .baseline_name = "plain Jacobi",
                                     .baseline = timings[1].ns / 1e6,
                                     .value_at_most = 8});
    bench_print(&(struct bench_line){.name = "score: the same with first hops and distances",
                                     .value = timings[4].ns / 1e6,
                                     .unit = "ms"});
    bench_print(&(struct bench_line){
        .name = "score: one server with ten ratings", .value = timings[2].ns, .unit = "ns"});
    bench_print(&(struct bench_line){
        .name = "score: one explanation", .value = timings[3].ns / 1e6, .unit = "ms"});
}

int main(void)
{
    static struct fixture f;
    struct trust_arena arena = {0};
    init(&f, &arena);
    arena = (struct trust_arena){.memory = calloc(1, arena.size), .capacity = arena.size};
    assert(arena.memory != NULL);
    f.memory = arena.memory;
    init(&f, &arena);
    fill(&f);
    run(&f);
    free(f.memory);
    return 0;
}
