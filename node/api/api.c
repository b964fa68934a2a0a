/* See api.h. This file only wires. */
#include "node/api/api.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "node/api/http.h"
#include "node/api/import.h"
#include "node/api/names.h"
#include "node/api/socket.h"
#include "node/clock.h"
#include "node/core.h"

static void run(struct core *core, struct http *http)
{
    core->now = clock_now();
    http_run(http);
}

static void on_agents(void *context)
{
    struct core *core = context;
    run(core, core->api->agents);
}

static void on_operators(void *context)
{
    struct core *core = context;
    run(core, core->api->operators);
}

struct door {
    enum trust_home_file file;
    mode_t mode;
    enum api_rights rights;
    uint32_t connections_max;
    uint32_t share_max;
    size_t body_max;
    loop_ready *ready;
};

static const struct door agent_door = {
    .file = TRUST_HOME_AGENT_SOCK,
    .mode = 0660,
    .rights = API_RIGHTS_AGENT,
    .connections_max = TRUST_API_AGENTS_MAX,
    .share_max = TRUST_API_AGENTS_OF_USER_MAX,
    .body_max = TRUST_API_AGENT_BODY_SIZE_MAX,
    .ready = on_agents,
};

static const struct door operator_door = {
    .file = TRUST_HOME_OPERATOR_SOCK,
    .mode = 0600,
    .rights = API_RIGHTS_OPERATOR,
    .connections_max = TRUST_API_OPERATORS_MAX,
    .share_max = TRUST_API_OPERATORS_MAX,
    .body_max = TRUST_API_BODY_SIZE_MAX,
    .ready = on_operators,
};

static enum trust_error open_door(struct core *core, struct http **out_http,
                                  const struct door *door)
{
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &core->home, door->file);
    struct http_options options = {.rights = door->rights,
                                   .connections_max = door->connections_max,
                                   .share_max = door->share_max,
                                   .body_max = door->body_max,
                                   .core = core,
                                   .api = core->api,
                                   .table = &api_routes};
    enum trust_error error = socket_listen(&options.fd, path, door->mode);
    struct http *http = NULL;
    if (error == TRUST_OK)
        error = http_open(&http, &options);
    if (error != TRUST_OK)
        return error;
    error = loop_add(&core->loop, http_fd(http), door->ready, core);
    if (error == TRUST_OK)
        *out_http = http;
    else
        http_close(http);
    return error;
}

static void hear_verdict(void *context, const struct trust_verdict_action *verdict)
{
    struct api *api = context;
    tickets_tell(&api->tickets, verdict);
}

enum trust_error api_make(struct core *core)
{
    struct api *api = calloc(1, sizeof *api);
    if (api == NULL)
        return TRUST_FAIL_MEMORY;
    api->core = core;
    core->api = api;
    struct trust_siphash_key key;
    randombytes_buf(&key, sizeof key);
    agents_init(&api->identities, key);
    core->pump.verdict = hear_verdict;
    core->pump.verdict_context = api;
    return names_open(core);
}

enum trust_error api_open(struct core *core)
{
    struct api *api = core->api;
    enum trust_error error = open_door(core, &api->agents, &agent_door);
    if (error == TRUST_OK)
        error = open_door(core, &api->operators, &operator_door);
    return error;
}

static void close_door(struct core *core, struct http *http, const struct door *door)
{
    if (http == NULL)
        return;
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &core->home, door->file);
    (void)unlink(path);
    loop_remove(&core->loop, http_fd(http));
    http_close(http);
}

void api_close(struct core *core)
{
    struct api *api = core->api;
    if (api == NULL)
        return;
    api->is_stopping = true;
    close_door(core, api->agents, &agent_door);
    close_door(core, api->operators, &operator_door);
    assert(api->held_count == 0);
    core->pump.verdict = NULL;
    keybook_close(&api->names);
    free(api);
    core->api = NULL;
}

void api_turn(struct core *core)
{
    import_turn(core);
    ping_turn(core);
    backup_turn(core);
    keeping_turn(core->api);
    stream_turn(core->api, core->now.mono);
    struct http *doors[] = {core->api->agents, core->api->operators};
    for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++) {
        if (http_deadline(doors[i], core->now.mono).ms <= core->now.mono.ms)
            http_run(doors[i]);
    }
    (void)census_step(&core->api->census, core->engine, core->now);
}

struct trust_mono api_deadline(const struct core *core)
{
    if (core->api->census.is_counting || import_is_due(core))
        return core->now.mono;
    struct trust_mono agents = http_deadline(core->api->agents, core->now.mono);
    struct trust_mono operators = http_deadline(core->api->operators, core->now.mono);
    struct trust_mono ping = ping_deadline(core);
    struct trust_mono stream = stream_deadline(core->api);
    struct trust_mono due = agents.ms < operators.ms ? agents : operators;
    due = stream.ms < due.ms ? stream : due;
    return ping.ms < due.ms ? ping : due;
}
