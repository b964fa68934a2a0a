/*
 * kill -9 against the store. A child makes numbered changes and says on a pipe which number is
 * durable; the parent kills it at any moment, opens what it left and compares it with a model that
 * made the same changes: every number that was said must be there, nothing may be there that was
 * not made, in the order it was made, and heads, registers and totals must agree with the records.
 *
 *   crash_store [CYCLES [SEED]]      10 cycles without arguments
 *
 * Then the control: a child that answers before the commit must be caught.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/random.h"
#include "fixture.h"

#define AUTHORS 3u
#define SERVERS 40u
#define CONTROL_CYCLES 20
/* No cycle comes this far: what the model looks ahead for the state that was left. */
#define AHEAD 200000u

/* Which step last set each server of each author; 0: none. */
struct model {
    uint64_t set[AUTHORS][SERVERS];
    uint32_t count;
    uint64_t sum; /* of the mixed numbers of what is set: equal states, equal sums */
};

/* What step number k does, a pure function of k. */
struct step {
    size_t author;
    uint32_t server;
    bool erases_author;
    bool is_urgent;
    uint32_t pause_us;
};

static struct step step_of(uint64_t k)
{
    uint64_t mixed = trust_random_mix(k);
    return (struct step){
        .author = k % AUTHORS,
        .server = (uint32_t)(mixed % SERVERS),
        .erases_author = mixed / 64 % 101 == 0,
        .is_urgent = mixed / 8192 % 8 == 0,
        .pause_us = mixed / 65536 % 16 == 0 ? 500 : 0,
    };
}

static void model_clear(struct model *model, uint64_t *set)
{
    if (*set == 0)
        return;
    model->count--;
    model->sum -= trust_random_mix(*set);
    *set = 0;
}

static void model_set(struct model *model, uint64_t *set, uint64_t k)
{
    model_clear(model, set);
    model->count++;
    model->sum += trust_random_mix(k);
    *set = k;
}

static void model_step(struct model *model, uint64_t k)
{
    struct step step = step_of(k);
    if (!step.erases_author) {
        model_set(model, &model->set[step.author][step.server], k);
        return;
    }
    for (uint32_t server = 0; server < SERVERS; server++)
        model_clear(model, &model->set[step.author][server]);
}

static bool model_equal(const struct model *left, const struct model *right)
{
    return left->count == right->count && left->sum == right->sum &&
           memcmp(left->set, right->set, sizeof left->set) == 0;
}

/* A loaded record tells its step by its seq. */
static bool take_loaded(void *context, const struct trust_key *author, struct trust_bytes bytes)
{
    struct model *model = context;
    struct trust_record record;
    (void)author;
    must(trust_record_decode(&record, bytes));
    uint64_t k = record.seq - FIXTURE_SEQ;
    struct step step = step_of(k);
    uint64_t *set = &model->set[step.author][step.server];
    assert(*set == 0);
    model_set(model, set, k);
    return true;
}

/* Opens the store and reads what it holds, heads included. */
static struct model start(struct fixture *fixture)
{
    struct model model = {0};
    uint64_t damaged = 0;
    fixture_start(fixture);
    must(store_load(fixture->store, &damaged, take_loaded, &model));
    assert(damaged == 0);
    for (size_t author = 0; author < AUTHORS; author++) {
        struct trust_head *head = &fixture->heads[author];
        *head = (struct trust_head){0};
        enum trust_error error = store_read_head(fixture->store, head, &fixture->keys[author]);
        assert(error == TRUST_OK || error == TRUST_NO_FOUND);
    }
    return model;
}

static void submit(struct fixture *fixture, const struct store_change *change)
{
    struct store_progress progress;
    while (store_submit(fixture->store, change) == TRUST_NO_BUSY)
        store_poll(fixture->store, &progress);
}

static void make_step(struct fixture *fixture, struct model *model, uint64_t k)
{
    struct step step = step_of(k);
    uint64_t before = model->set[step.author][step.server];
    if (step.erases_author) {
        struct store_change erase = fixture_erase_author(fixture, step.author, NULL);
        erase.urgent = step.is_urgent;
        erase.number = k;
        submit(fixture, &erase);
        return;
    }
    struct fixture_record record = fixture_rate(fixture, step.author, step.server, k);
    struct store_change put = fixture_put(fixture, &record);
    put.urgent = step.is_urgent;
    put.number = k;
    if (before == 0) {
        submit(fixture, &put);
        return;
    }
    struct fixture_record older = fixture_rate(fixture, step.author, step.server, before);
    struct store_change erase = fixture_erase(fixture, &older, record.seq);
    put.continues = true;
    put.number = 0;
    put.head = erase.head;
    erase.urgent = step.is_urgent;
    erase.number = k;
    submit(fixture, &put);
    submit(fixture, &erase);
}

/* Runs until it is killed. */
static void run_child(struct fixture *fixture, uint64_t first, int pipe_end, bool answers_early)
{
    struct model model = start(fixture);
    uint64_t said = 0;
    for (uint64_t k = first;; k++) {
        struct step step = step_of(k);
        make_step(fixture, &model, k);
        model_step(&model, k);
        struct store_progress progress;
        store_poll(fixture->store, &progress);
        uint64_t durable = answers_early ? k : progress.durable;
        if (durable > said && write(pipe_end, &durable, sizeof durable) != sizeof durable)
            _exit(1);
        said = durable > said ? durable : said;
        if (step.pause_us > 0)
            (void)usleep(step.pause_us);
    }
}

static uint64_t last_of_pipe(int pipe_end, uint64_t said)
{
    uint64_t number = 0;
    while (read(pipe_end, &number, sizeof number) == sizeof number)
        said = number;
    return said;
}

/* Lets a child run for some time; returns the last number it said was durable. */
static uint64_t run_and_kill(struct fixture *fixture, uint64_t first, uint64_t said,
                             struct trust_random *random, bool answers_early)
{
    int ends[2];
    int failed = pipe(ends);
    assert(failed == 0);
    pid_t child = fork();
    assert(child >= 0);
    if (child == 0) {
        (void)close(ends[0]);
        run_child(fixture, first, ends[1], answers_early);
    }
    (void)close(ends[1]);
    (void)usleep((useconds_t)(1000 + trust_random_below(random, 400000)));
    failed = kill(child, SIGKILL);
    assert(failed == 0);
    said = last_of_pipe(ends[0], said);
    (void)close(ends[0]);
    int status = 0;
    pid_t ended = waitpid(child, &status, 0);
    assert(ended == child);
    assert(WIFSIGNALED(status)); /* an assert of the child would be another signal */
    assert(WTERMSIG(status) == SIGKILL);
    return said;
}

/*
 * Compares what is on disk with the model, which stands after step *number, in the states from the
 * one after step said on. If it is one of them, model and number are moved to it.
 */
static bool find_state(struct fixture *fixture, struct model *model, uint64_t *number,
                       uint64_t said)
{
    struct store_report report;
    if (store_verify(&report, &fixture->options, fixture_ignore, NULL) != TRUST_OK)
        return false;
    struct model left = start(fixture);
    fixture_stop(fixture);
    while (*number < said)
        model_step(model, ++*number);
    for (uint64_t end = *number + AHEAD; *number < end; model_step(model, ++*number)) {
        if (model_equal(model, &left))
            return true;
    }
    return false;
}

/* True if every cycle left a state at or behind what was said. */
static bool survive(uint32_t cycles, uint64_t seed, bool answers_early)
{
    struct fixture *fixture = fixture_make("/tmp", 0);
    struct trust_random random = trust_random_init(seed);
    struct model model = {0};
    uint64_t number = 0;
    bool good = true;
    fixture_start(fixture);
    fixture_stop(fixture);
    for (uint32_t cycle = 1; cycle <= cycles && good; cycle++) {
        uint64_t said = run_and_kill(fixture, number + 1, number, &random, answers_early);
        good = find_state(fixture, &model, &number, said);
        printf("# kill %u: durable up to %llu, %s %llu\n", cycle, (unsigned long long)said,
               good ? "found" : "but no such state up to", (unsigned long long)number);
    }
    fixture_close(fixture);
    return good;
}

int main(int argc, char **argv)
{
    uint32_t cycles = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 10;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL);
    printf("1..2\n# seed %llu\n", (unsigned long long)seed);
    bool survived = survive(cycles, seed, false);
    printf("%sok 1 - %u kills lose nothing that was durable\n", survived ? "" : "not ", cycles);
    bool caught = !survive(CONTROL_CYCLES, seed, true);
    printf("%sok 2 - answering before the commit is caught\n", caught ? "" : "not ");
    return survived && caught ? 0 : 1;
}
