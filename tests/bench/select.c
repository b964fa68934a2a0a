/* Selection among 8 and 1,000 candidates, beside a copy of the same cells: the least that anything
 * could do which looks at all of them. */
#include "trust/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "bench.h"

#define CANDIDATES 1000u
#define FEW 8u
#define TEXT_SIZE 48u

struct fixture {
    struct trust_candidate candidates[CANDIDATES];
    struct trust_board_cell cells[CANDIDATES];
    struct trust_board_cell copy[CANDIDATES];
    char texts[CANDIDATES][TEXT_SIZE];
};

struct question {
    const struct fixture *fixture;
    struct trust_board_cell *copy;
    struct trust_request request;
    size_t count;
};

static void choose(void *context, uint64_t count)
{
    const struct question *question = context;
    static struct trust_choice choices[CANDIDATES];
    for (uint64_t i = 0; i < count; i++) {
        struct trust_answer answer;
        if (trust_select(&answer, choices, question->fixture->candidates, question->count,
                         &question->request) != TRUST_OK)
            abort();
        bench_keep(&answer);
        bench_keep(choices);
    }
}

static void copy_cells(void *context, uint64_t count)
{
    const struct question *question = context;
    for (uint64_t i = 0; i < count; i++) {
        memcpy(question->copy, question->fixture->cells, question->count * sizeof *question->copy);
        bench_keep(question->copy);
    }
}

static void fill(struct fixture *f)
{
    struct trust_random random = trust_random_init(1);
    for (uint32_t i = 0; i < CANDIDATES; i++) {
        int size = snprintf(f->texts[i], TEXT_SIZE, "mcp:io.github.acme/search-%u", i);
        f->cells[i] = (struct trust_board_cell){
            .lower_ppm = 300000 + (uint32_t)trust_random_below(&random, 650000),
            .factor_ppm = TRUST_PPM,
            .cap_ppm = TRUST_PPM,
            .raters = 2,
            .first_hops = 2,
            .active.ms = 999000,
            .ewma_us = 1000 + (uint32_t)trust_random_below(&random, 400000),
            .fail_ppm = (uint32_t)trust_random_below(&random, 100000),
        };
        if (i % 16 == 3)
            f->cells[i].lower_ppm = TRUST_PPM_NONE;
        if (i % 16 == 5)
            f->cells[i].breaker_state = TRUST_BREAKER_OPEN;
        f->cells[i].breaker_until.ms = 1003000;
        f->candidates[i] = (struct trust_candidate){
            .subject = {.data = (const uint8_t *)f->texts[i], .size = (size_t)size},
            .cell = &f->cells[i],
            .position = (uint16_t)i,
            .marks = i == 0 ? TRUST_CANDIDATE_PRIMARY : TRUST_CANDIDATE_NAMED,
        };
        if (i % 3 == 0)
            f->candidates[i].marks |= TRUST_CANDIDATE_COVERS;
    }
}

static void run(struct fixture *f, size_t count, double target_ns)
{
    struct trust_request request = {
        .group = {.data = (const uint8_t *)"search", .size = 6},
        .agent = {.data = (const uint8_t *)"uid:1000", .size = 8},
        .seed = 7,
        .now = {.wall.ms = 1000000, .mono.ms = 1000000},
        .min_score_ppm = 500000,
        .window_ms = 30000,
    };
    struct question first = {.fixture = f, .copy = f->copy, .request = request, .count = count};
    struct question best = first;
    best.request.strategy = TRUST_STRATEGY_BEST;
    struct bench_timing timings[] = {
        {.body = choose, .context = &first},
        {.body = choose, .context = &best},
        {.body = copy_cells, .context = &first},
    };
    bench_time(timings, sizeof timings / sizeof *timings);
    static const char *const names[] = {"primary_first", "best"};
    for (size_t i = 0; i < 2; i++) {
        char name[64];
        snprintf(name, sizeof name, "select: %s of %zu", names[i], count);
        bench_print(&(struct bench_line){.name = name,
                                         .value = timings[i].ns,
                                         .unit = "ns",
                                         .baseline_name = "copy",
                                         .baseline = timings[2].ns,
                                         .value_at_most = target_ns});
    }
}

int main(void)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL)
        return 1;
    fill(f);
    run(f, FEW, 500);
    run(f, CANDIDATES, 40000);
    free(f);
    return 0;
}
