/*
 * Look-ups on a full board of 65,536 servers, as an agent makes them: a real file, mapped, each
 * server by its handle, in random order over all of them. A round is 16 servers, the candidates of
 * a large group. The baselines copy the same bytes from a plain array, without any lock.
 */
#include "trust/board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/random.h"
#include "bench.h"
#include "board/mapping.h"

#define SERVERS 65536u
#define ROUND 16u
#define ROUNDS 20000u

struct fixture {
    struct trust_board_writer writer;
    struct trust_board board;
    struct trust_board_handle handles[SERVERS];
    struct trust_board_cell plain[SERVERS];
    uint64_t step; /* goes on over all runs, so that none finds its servers in the cache */
};

static void make_subject(uint8_t out_subject[32], uint32_t number)
{
    for (uint64_t i = 0; i < 4; i++) {
        uint64_t word = trust_random_mix((uint64_t)number * 4 + i);
        memcpy(out_subject + i * 8, &word, sizeof word);
    }
}

static uint32_t next_server(struct fixture *f)
{
    return (uint32_t)(trust_random_mix(f->step++) % SERVERS);
}

static void find(const struct fixture *f, struct trust_board_handle *handle)
{
    struct trust_board_cell cell;
    if (trust_board_find(&f->board, &cell, handle) != TRUST_OK)
        abort();
    bench_keep(&cell);
}

static void find_by_handle(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++)
        find(f, &f->handles[next_server(f)]);
}

/* As find_by_handle, in rounds that say first what they will ask for. */
static void find_prefetched(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t done = 0; done < count; done += ROUND) {
        uint64_t first = f->step;
        for (uint32_t i = 0; i < ROUND; i++)
            trust_board_prefetch(&f->board, &f->handles[next_server(f)]);
        f->step = first;
        for (uint32_t i = 0; i < ROUND; i++)
            find(f, &f->handles[next_server(f)]);
    }
}

static void find_by_search(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        struct trust_board_handle *handle = &f->handles[next_server(f)];
        handle->slot = TRUST_BOARD_NO_SLOT;
        find(f, handle);
    }
}

static void copy_plain(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        struct trust_board_cell cell;
        memcpy(&cell, &f->plain[next_server(f)], sizeof cell);
        bench_keep(&cell);
    }
}

/* The middle one of many rounds, a server: what an agent sees that is not interrupted. */
static double median_ns(bench_body *body, struct fixture *f)
{
    static double rounds[ROUNDS];
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint64_t start = bench_now_ns();
        body(f, ROUND);
        rounds[i] = (double)(bench_now_ns() - start) / ROUND;
    }
    return bench_median(rounds, ROUNDS);
}

static int fill(struct fixture *f, const char *path)
{
    struct trust_now now = {.wall.ms = 1000, .mono.ms = 1000};
    struct trust_board_params params = {
        .seed = {3, 4}, .generation = 1, .capacity = SERVERS, .now = now};
    if (trust_board_mapping_open(&f->writer, path, &params) != TRUST_OK)
        return 1;
    for (uint32_t i = 0; i < SERVERS; i++) {
        f->plain[i] = (struct trust_board_cell){.p99_us = i, .lower_ppm = 500000};
        make_subject(f->plain[i].subject, i);
        trust_board_handle_init(&f->handles[i], f->plain[i].subject);
        if (trust_board_writer_put(&f->writer, &f->plain[i]) != TRUST_OK)
            return 1;
    }
    if (trust_board_mapping_publish(path) != TRUST_OK)
        return 1;
    return trust_board_open(&f->board, path, now.mono) == TRUST_OK ? 0 : 1;
}

static void run(struct fixture *f)
{
    static const struct {
        const char *name;
        bench_body *body;
        double target;
    } rows[] = {
        {"board: find by handle, p50 of 65,536", find_by_handle, 100},
        {"board: the same, prefetched by rounds of 16", find_prefetched, 0},
        {"board: find without a handle, p50", find_by_search, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rows[i].body(f, SERVERS);
        bench_print(&(struct bench_line){.name = rows[i].name,
                                         .value = median_ns(rows[i].body, f),
                                         .unit = "ns",
                                         .baseline_name = "plain copy",
                                         .baseline = median_ns(copy_plain, f),
                                         .value_at_most = rows[i].target});
    }
}

int main(void)
{
    char folder[] = "/dev/shm/repute-bench-XXXXXX";
    char path[64];
    struct fixture *f = calloc(1, sizeof *f);
    assert(f != NULL);
    char *made = mkdtemp(folder);
    assert(made != NULL);
    snprintf(path, sizeof path, "%s/board", folder);
    int failure = fill(f, path);
    if (failure == 0)
        run(f);
    trust_board_close(&f->board);
    trust_board_mapping_close(&f->writer);
    unlink(path);
    rmdir(folder);
    free(f);
    return failure;
}
