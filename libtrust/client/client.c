/* Opens and closes a client: paths, memory, lock, random numbers. See trust/client.h. */
#include "trust/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/limits.h"
#include "client/state.h"

/* Cuts the client's tables; measures while the arena has no memory. */
static void cut(struct trust_client *client, struct trust_arena *arena, uint64_t seed)
{
    trust_client_servers_init(&client->servers, arena, seed);
    client->wanted = trust_arena_cut(arena, TRUST_SELECT_MAX, sizeof(void *));
    client->typed = trust_arena_cut(arena, TRUST_SELECT_MAX, sizeof *client->typed);
    client->candidates = trust_arena_cut(arena, TRUST_SELECT_MAX, sizeof *client->candidates);
    client->choices = trust_arena_cut(arena, TRUST_SELECT_MAX, sizeof *client->choices);
}

/* One map, touched as far as it is used. */
static enum trust_error reserve(struct trust_client *client, uint64_t seed)
{
    struct trust_arena arena = {0};
    cut(client, &arena, seed);
    arena.capacity = arena.size;
    void *memory = mmap(NULL, arena.capacity, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return TRUST_FAIL_MEMORY;
    client->memory = memory;
    client->memory_size = arena.capacity;
    arena = (struct trust_arena){.memory = memory, .capacity = arena.capacity};
    cut(client, &arena, seed);
    return TRUST_OK;
}

/* Printable ASCII, since it travels in documents; NULL: one that no other process has. */
static enum trust_error name_agent(struct trust_client *client, const char *agent)
{
    if (agent == NULL) {
        (void)snprintf(client->agent, sizeof client->agent, "pid-%ld", (long)getpid());
        return TRUST_OK;
    }
    size_t size = strnlen(agent, sizeof client->agent);
    if (size == 0 || size == sizeof client->agent)
        return TRUST_NO_SIZE;
    for (size_t i = 0; i < size; i++) {
        if (agent[i] < '!' || agent[i] > '~')
            return TRUST_NO_RANGE;
    }
    memcpy(client->agent, agent, size + 1);
    return TRUST_OK;
}

static void find_paths(struct trust_client *client, const struct trust_home *home)
{
    trust_home_path(client->board_path, home, TRUST_HOME_BOARD);
    trust_home_path(client->config_path, home, TRUST_HOME_CONFIG);
    trust_home_path(client->withheld_path, home, TRUST_HOME_WITHHELD);
    trust_home_path(client->socket_path, home, TRUST_HOME_AGENT_SOCK);
}

static enum trust_error fill(struct trust_client *client,
                             const struct trust_client_parameters *parameters)
{
    client->clock = parameters->clock;
    find_paths(client, &parameters->home);
    enum trust_error error = name_agent(client, parameters->agent);
    if (error == TRUST_OK)
        error = reserve(client, parameters->seed);
    if (error == TRUST_OK)
        error = trust_client_groups_open(&client->groups);
    if (error == TRUST_OK)
        error = trust_client_sender_open(&client->sender, client->socket_path, client->agent,
                                         client->clock);
    if (error != TRUST_OK)
        return error;
    const struct trust_now now = trust_client_clock_read(&client->clock);
    /* No board yet is a node that is away: the next selection looks again. */
    (void)(trust_board_open(&client->board, client->board_path, now.mono) == TRUST_OK);
    return TRUST_OK;
}

enum trust_error trust_client_open_with(struct trust_client **out_client,
                                        const struct trust_client_parameters *parameters)
{
    struct trust_client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return TRUST_FAIL_MEMORY;
    if (pthread_mutex_init(&client->lock, NULL) != 0) {
        free(client);
        return TRUST_FAIL_SYSTEM;
    }
    enum trust_error error = fill(client, parameters);
    if (error != TRUST_OK) {
        trust_client_close(client);
        return error;
    }
    *out_client = client;
    return TRUST_OK;
}

enum trust_error trust_client_open(struct trust_client **out_client, const char *home,
                                   const char *agent)
{
    struct trust_client_parameters parameters = {.clock = trust_client_clock_system(),
                                                 .agent = agent};
    const struct trust_home_inputs inputs = trust_home_inputs_read(home);
    enum trust_error error = trust_home_find(&parameters.home, &inputs);
    if (error != TRUST_OK)
        return error;
    if (getrandom(&parameters.seed, sizeof parameters.seed, 0) != sizeof parameters.seed)
        return TRUST_FAIL_SYSTEM;
    return trust_client_open_with(out_client, &parameters);
}

void trust_client_close(struct trust_client *client)
{
    if (client == NULL)
        return;
    if (client->sender != NULL)
        (void)(trust_client_sender_flush(client->sender, TRUST_CLIENT_WAIT_MS) == TRUST_OK);
    trust_client_sender_close(client->sender);
    trust_board_close(&client->board);
    trust_client_groups_close(&client->groups);
    trust_client_withheld_close(&client->withheld);
    if (client->memory != NULL) {
        int failed = munmap(client->memory, client->memory_size);
        assert(failed == 0);
    }
    (void)pthread_mutex_destroy(&client->lock);
    free(client);
}

enum trust_error trust_client_find(struct trust_client *client, struct trust_board_cell *out_cell,
                                   struct trust_client_target *target)
{
    pthread_mutex_lock(&client->lock);
    const struct trust_now now = trust_client_clock_read(&client->clock);
    (void)trust_board_refresh(&client->board, now);
    struct trust_client_server *server =
        trust_client_servers_add(&client->servers, target, now.mono);
    enum trust_error error = trust_client_show(client, server);
    if (error == TRUST_OK)
        *out_cell = server->shown;
    pthread_mutex_unlock(&client->lock);
    return error;
}

enum trust_error trust_client_tell_manifest(struct trust_client *client,
                                            const struct trust_client_manifest *manifest)
{
    struct trust_client_sight sight = {.state = manifest->state, .tools = manifest->tools};
    if (manifest->state < TRUST_MANIFEST_PINNED || manifest->state > TRUST_MANIFEST_CHANGED)
        return TRUST_NO_RANGE;
    enum trust_error error =
        trust_subject_canonical(sight.subject, trust_bytes_text(manifest->subject));
    if (error != TRUST_OK)
        return error;
    memcpy(sight.capabilities, manifest->capabilities, sizeof sight.capabilities);
    memcpy(sight.manifest, manifest->manifest, sizeof sight.manifest);
    trust_client_sender_tell_manifest(client->sender, &sight);
    return TRUST_OK;
}

enum trust_error trust_client_flush(struct trust_client *client, uint32_t wait_ms)
{
    return trust_client_sender_flush(client->sender, wait_ms);
}

void trust_client_stats(struct trust_client *client, struct trust_client_stats *out_stats)
{
    const struct trust_client_sender_figures figures = trust_client_sender_figures(client->sender);
    pthread_mutex_lock(&client->lock);
    const struct trust_now now = trust_client_clock_read(&client->clock);
    *out_stats = (struct trust_client_stats){
        .basis = trust_client_refresh(client, now),
        .told = figures.told,
        .lost = figures.lost,
        .queued = figures.queued,
        .withheld = client->withheld.count,
        .is_withheld_incomplete = client->withheld.is_incomplete,
        .has_configuration = client->groups.has_configuration,
    };
    pthread_mutex_unlock(&client->lock);
}
