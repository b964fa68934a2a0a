/* See world.h. */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "host/files.h"

#define START_MS UINT64_C(1000000000)
#define CAPACITY 64u

int world_setup(void **state)
{
    struct world *world = malloc(sizeof *world);
    if (world == NULL)
        return -1;
    *world = (struct world){.folder = "/tmp/repute-client-XXXXXX", .now_ms = START_MS};
    assert_non_null(mkdtemp(world->folder));
    const struct trust_home_inputs inputs = {.option = world->folder};
    assert_int_equal(trust_home_find(&world->home, &inputs), TRUST_OK);
    assert_int_equal(trust_home_make(&world->home), TRUST_OK);
    *state = world;
    return 0;
}

int world_teardown(void **state)
{
    struct world *world = *state;
    char command[96];
    trust_client_close(world->client);
    peer_stop(&world->peer);
    trust_board_mapping_close(&world->writer);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", world->folder);
    assert_int_equal(system(command), 0);
    free(world);
    return 0;
}

const char *world_path(struct world *world, enum trust_home_file file)
{
    trust_home_path(world->path, &world->home, file);
    return world->path;
}

void world_write(struct world *world, enum trust_home_file file, const char *text)
{
    assert_int_equal(trust_file_write(world_path(world, file), trust_bytes_text(text), 0600),
                     TRUST_OK);
}

static struct trust_now now_of(const struct world *world)
{
    uint64_t ms = atomic_load(&world->now_ms);
    return (struct trust_now){.wall = {.ms = ms}, .mono = {.ms = ms}};
}

void world_board(struct world *world)
{
    const char *path = world_path(world, TRUST_HOME_BOARD);
    const struct trust_board_params params = {.seed = {1, 2},
                                              .generation = ++world->generation,
                                              .capacity = CAPACITY,
                                              .now = now_of(world)};
    struct trust_board_writer next;
    assert_int_equal(trust_board_mapping_open(&next, path, &params), TRUST_OK);
    assert_int_equal(trust_board_mapping_publish(path), TRUST_OK);
    trust_board_mapping_close(&world->writer);
    world->writer = next;
}

struct trust_board_cell world_cell(int percent)
{
    struct trust_board_cell cell = {
        .score_ppm = TRUST_PPM_NONE,
        .lower_ppm = TRUST_PPM_NONE,
        .mean_ppm = TRUST_PPM_NONE,
        .upper_ppm = TRUST_PPM_NONE,
        .factor_ppm = TRUST_PPM,
        .cap_ppm = TRUST_PPM,
    };
    if (percent >= 0) {
        cell.score_ppm = cell.lower_ppm = cell.mean_ppm = (uint32_t)percent * 10000;
        cell.upper_ppm = TRUST_PPM;
        cell.raters = 2;
    }
    return cell;
}

void world_put(struct world *world, const char *subject, struct trust_board_cell cell)
{
    struct trust_client_target target = world_target(subject);
    memcpy(cell.subject, target.digest, sizeof cell.subject);
    assert_int_equal(trust_board_writer_put(&world->writer, &cell), TRUST_OK);
}

void world_show(struct world *world, const char *subject, int percent)
{
    world_put(world, subject, world_cell(percent));
}

void world_pass(struct world *world, uint64_t ms, bool is_node_live)
{
    atomic_fetch_add(&world->now_ms, ms);
    if (is_node_live)
        trust_board_writer_beat(&world->writer, now_of(world));
}

static struct trust_now read_clock(void *context)
{
    return now_of(context);
}

struct trust_client_clock world_clock(struct world *world)
{
    return (struct trust_client_clock){.read = read_clock, .context = world};
}

struct trust_client *world_client(struct world *world)
{
    const struct trust_client_parameters parameters = {
        .home = world->home, .clock = world_clock(world), .agent = "agent-1", .seed = 7};
    assert_int_equal(trust_client_open_with(&world->client, &parameters), TRUST_OK);
    return world->client;
}

void world_whole(struct world *world)
{
    world_write(world, TRUST_HOME_CONFIG, WORLD_GROUP);
    world_board(world);
    world_show(world, WORLD_FIRST, 80);
    world_show(world, WORLD_SECOND, 70);
    world_show(world, WORLD_THIRD, -1);
    world_client(world);
}

struct trust_answer world_select(struct world *world,
                                 struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX])
{
    const struct trust_client_query query = {.group = "search"};
    struct trust_answer answer;
    assert_int_equal(
        trust_client_select(world->client, &answer, choices, TRUST_CLIENT_GROUP_MAX, &query),
        TRUST_OK);
    return answer;
}

void world_call(struct world *world, const char *subject, uint32_t count,
                enum trust_outcome_class class_)
{
    const struct trust_client_target target = world_target(subject);
    for (uint32_t i = 0; i < count; i++) {
        struct trust_client_call call;
        assert_int_equal(
            trust_client_permit(world->client, &call, &target, TRUST_CLIENT_NO_WAIT, NULL),
            TRUST_OK);
        trust_client_done(world->client, &call, class_);
    }
}

struct trust_client_target world_target(const char *subject)
{
    struct trust_client_target target;
    assert_int_equal(trust_client_target_init(&target, subject, NULL), TRUST_OK);
    return target;
}
