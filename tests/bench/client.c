/*
 * The agent's side of a choice, clocks, locks and all: a group of eight selected through the
 * client, and a server looked up, on a board of 65,536 servers that a thread keeps alive. Beside
 * them stands what they are made of: the pure selection's target, and two readings of the clock.
 */
#include "trust/client.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "bench.h"
#include "board/mapping.h"
#include "client/clock.h"
#include "host/files.h"
#include "host/home.h"

#define SERVERS TRUST_BOARD_SLOTS_MAX
#define LOOKED_UP 1024u
#define MEMBERS 8u

struct fixture {
    char folder[64];
    struct trust_home home;
    struct trust_board_writer writer;
    struct trust_client *client;
    struct trust_client_target targets[LOOKED_UP];
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    pthread_t beating;
    _Atomic bool is_over;
};

static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct trust_now now(void)
{
    const struct trust_client_clock clock = trust_client_clock_system();
    return trust_client_clock_read(&clock);
}

static void name(char out_subject[64], uint32_t number)
{
    (void)snprintf(out_subject, 64, "mcp:io.example/server-%u", number);
}

static void configure(const struct fixture *f)
{
    char text[2048] = "groups:\n  search:\n";
    size_t size = strlen(text);
    for (uint32_t i = 0; i < MEMBERS; i++) {
        static const char *const starts[] = {"    primary:", "    fallbacks:\n      -", "      -"};
        char subject[64];
        name(subject, i);
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "%s { subject: \"%s\", command: run }\n", starts[i < 2 ? i : 2],
                                 subject);
    }
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &f->home, TRUST_HOME_CONFIG);
    require(trust_file_write(path, trust_bytes_text(text), 0600) == TRUST_OK);
}

static void fill_board(struct fixture *f)
{
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &f->home, TRUST_HOME_BOARD);
    const struct trust_board_params params = {
        .seed = {1, 2}, .generation = 1, .capacity = SERVERS, .now = now()};
    require(trust_board_mapping_open(&f->writer, path, &params) == TRUST_OK);
    for (uint32_t i = 0; i < SERVERS; i++) {
        struct trust_client_target target;
        char subject[64];
        name(subject, i);
        require(trust_client_target_init(&target, subject, NULL) == TRUST_OK);
        struct trust_board_cell cell = {.score_ppm = 800000,
                                        .lower_ppm = 700000,
                                        .mean_ppm = 800000,
                                        .upper_ppm = 900000,
                                        .factor_ppm = TRUST_PPM,
                                        .cap_ppm = TRUST_PPM,
                                        .raters = 2};
        memcpy(cell.subject, target.digest, sizeof cell.subject);
        require(trust_board_writer_put(&f->writer, &cell) == TRUST_OK);
        if (i % (SERVERS / LOOKED_UP) == 0)
            f->targets[i / (SERVERS / LOOKED_UP)] = target;
    }
    require(trust_board_mapping_publish(path) == TRUST_OK);
}

static void *beat(void *argument)
{
    struct fixture *f = argument;
    while (!atomic_load(&f->is_over)) {
        trust_board_writer_beat(&f->writer, now());
        (void)nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
    return NULL;
}

static void choose(void *context, uint64_t count)
{
    struct fixture *f = context;
    const struct trust_client_query query = {.group = "search"};
    for (uint64_t i = 0; i < count; i++) {
        struct trust_answer answer;
        require(trust_client_select(f->client, &answer, f->choices, TRUST_CLIENT_GROUP_MAX,
                                    &query) == TRUST_OK);
        require(answer.status == TRUST_ANSWER_OK);
        bench_keep(f->choices);
    }
}

static void look_up(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        struct trust_board_cell cell;
        require(trust_client_find(f->client, &cell, &f->targets[i * 389 % LOOKED_UP]) == TRUST_OK);
        bench_keep(&cell);
    }
}

static void call(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        struct trust_client_call made;
        require(trust_client_permit(f->client, &made, &f->targets[0], TRUST_CLIENT_NO_WAIT, NULL) ==
                TRUST_OK);
        trust_client_done(f->client, &made, TRUST_OUTCOME_OK);
    }
}

static void read_clocks(void *context, uint64_t count)
{
    (void)context;
    for (uint64_t i = 0; i < count; i++) {
        struct trust_now read = now();
        bench_keep(&read);
    }
}

static void measure(struct fixture *f)
{
    struct bench_timing timings[] = {{.body = choose, .context = f},
                                     {.body = look_up, .context = f},
                                     {.body = call, .context = f},
                                     {.body = read_clocks}};
    static const char *const names[] = {"client: select of a group of 8",
                                        "client: look up one of 65,536",
                                        "client: permit and outcome"};
    bench_time(timings, sizeof timings / sizeof *timings);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        bench_print(&(struct bench_line){.name = names[i],
                                         .value = timings[i].ns,
                                         .unit = "ns",
                                         .baseline_name = "two clocks",
                                         .baseline = timings[3].ns});
}

int main(void)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL)
        return 1;
    memcpy(f->folder, "/tmp/repute-bench-XXXXXX", 25);
    require(mkdtemp(f->folder) != NULL);
    const struct trust_home_inputs inputs = {.option = f->folder};
    require(trust_home_find(&f->home, &inputs) == TRUST_OK);
    require(trust_home_make(&f->home) == TRUST_OK);
    configure(f);
    fill_board(f);
    require(pthread_create(&f->beating, NULL, beat, f) == 0);
    require(trust_client_open(&f->client, f->folder, "bench") == TRUST_OK);
    measure(f);
    trust_client_close(f->client);
    atomic_store(&f->is_over, true);
    require(pthread_join(f->beating, NULL) == 0);
    trust_board_mapping_close(&f->writer);
    char command[96];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", f->folder);
    require(system(command) == 0);
    free(f);
    return 0;
}
