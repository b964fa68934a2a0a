/* See servers.h. */
#include "client/servers.h"

#include <string.h>

#include "base/assert.h"
#include "base/limits.h"

/* What the table of tools compares. */
struct tool_key {
    const uint8_t *digest;
    const char *tool;
};

static bool is_same_server(const void *context, uint32_t index, const void *key)
{
    const struct trust_client_servers *servers = context;
    return memcmp(servers->servers[index].handle.subject, key, 32) == 0;
}

static bool is_same_tool(const void *context, uint32_t index, const void *key)
{
    const struct trust_client_servers *servers = context;
    const struct tool_key *wanted = key;
    const struct trust_client_tool *tool = &servers->tools[index];
    return memcmp(tool->digest, wanted->digest, 32) == 0 && strcmp(tool->tool, wanted->tool) == 0;
}

static uint32_t server_tag(const struct trust_client_servers *servers, const uint8_t digest[32])
{
    struct trust_siphash_key key = {.low = servers->seed};
    return trust_table_tag(trust_siphash(&key, (struct trust_bytes){.data = digest, .size = 32}));
}

static uint32_t tool_tag(const struct trust_client_servers *servers, const struct tool_key *tool)
{
    struct trust_siphash_key key = {.low = servers->seed,
                                    .high = server_tag(servers, tool->digest)};
    return trust_table_tag(trust_siphash(&key, trust_bytes_text(tool->tool)));
}

/* Its own for every cell: the seed of jitter and of the checks of leases. */
static uint64_t cell_seed(const struct trust_client_servers *servers)
{
    return servers->seed ^ servers->uses * UINT64_C(0x9e3779b97f4a7c15);
}

void trust_client_servers_init(struct trust_client_servers *servers, struct trust_arena *arena,
                               uint64_t seed)
{
    *servers = (struct trust_client_servers){.seed = seed};
    servers->servers = trust_arena_cut(arena, TRUST_CLIENT_SERVERS_MAX, sizeof *servers->servers);
    servers->tools = trust_arena_cut(arena, TRUST_CLIENT_TOOLS_MAX, sizeof *servers->tools);
    trust_table_init(&servers->by_digest, arena, TRUST_CLIENT_SERVERS_MAX, is_same_server);
    trust_table_init(&servers->by_tool, arena, TRUST_CLIENT_TOOLS_MAX, is_same_tool);
}

/* A slot for a new server; the one used the longest ago is forgotten if none is free. */
static uint32_t take_server_slot(struct trust_client_servers *servers)
{
    if (servers->server_count < TRUST_CLIENT_SERVERS_MAX)
        return servers->server_count++;
    uint32_t oldest = 0;
    for (uint32_t i = 1; i < TRUST_CLIENT_SERVERS_MAX; i++) {
        if (servers->servers[i].used < servers->servers[oldest].used)
            oldest = i;
    }
    const uint8_t *digest = servers->servers[oldest].handle.subject;
    trust_table_remove(&servers->by_digest, server_tag(servers, digest), oldest);
    return oldest;
}

static uint32_t take_tool_slot(struct trust_client_servers *servers)
{
    if (servers->tool_count < TRUST_CLIENT_TOOLS_MAX)
        return servers->tool_count++;
    uint32_t oldest = 0;
    for (uint32_t i = 1; i < TRUST_CLIENT_TOOLS_MAX; i++) {
        if (servers->tools[i].used < servers->tools[oldest].used)
            oldest = i;
    }
    const struct trust_client_tool *tool = &servers->tools[oldest];
    struct tool_key key = {.digest = tool->digest, .tool = tool->tool};
    trust_table_remove(&servers->by_tool, tool_tag(servers, &key), oldest);
    return oldest;
}

static bool find_server(struct trust_client_servers *servers, struct trust_client_target *target)
{
    if (target->slot < servers->server_count &&
        is_same_server(servers, target->slot, target->digest))
        return true;
    return trust_table_find(&servers->by_digest, &target->slot, server_tag(servers, target->digest),
                            servers, target->digest);
}

struct trust_client_server *trust_client_servers_add(struct trust_client_servers *servers,
                                                     struct trust_client_target *target,
                                                     struct trust_mono now)
{
    bool is_known = find_server(servers, target);
    if (!is_known)
        target->slot = take_server_slot(servers);
    struct trust_client_server *server = &servers->servers[target->slot];
    servers->uses++;
    if (!is_known) {
        *server = (struct trust_client_server){0};
        trust_board_handle_init(&server->handle, target->digest);
        trust_breaker_init(&server->cell, cell_seed(servers), now);
        trust_table_add(&servers->by_digest, server_tag(servers, target->digest), target->slot);
    }
    server->used = servers->uses;
    return server;
}

struct trust_client_tool *trust_client_servers_find_tool(struct trust_client_servers *servers,
                                                         struct trust_client_target *target)
{
    struct tool_key key = {.digest = target->digest, .tool = target->tool};
    bool is_there =
        target->tool_slot < servers->tool_count && is_same_tool(servers, target->tool_slot, &key);
    if (!is_there && !trust_table_find(&servers->by_tool, &target->tool_slot,
                                       tool_tag(servers, &key), servers, &key))
        return NULL;
    struct trust_client_tool *tool = &servers->tools[target->tool_slot];
    tool->used = ++servers->uses;
    return tool;
}

struct trust_client_tool *trust_client_servers_add_tool(struct trust_client_servers *servers,
                                                        struct trust_client_target *target,
                                                        struct trust_mono now)
{
    assert(target->tool[0] != '\0');
    struct trust_client_tool *found = trust_client_servers_find_tool(servers, target);
    if (found != NULL)
        return found;
    target->tool_slot = take_tool_slot(servers);
    struct trust_client_tool *tool = &servers->tools[target->tool_slot];
    *tool = (struct trust_client_tool){.used = ++servers->uses};
    memcpy(tool->digest, target->digest, sizeof tool->digest);
    memcpy(tool->tool, target->tool, sizeof tool->tool);
    trust_breaker_init(&tool->cell, cell_seed(servers), now);
    struct tool_key key = {.digest = tool->digest, .tool = tool->tool};
    trust_table_add(&servers->by_tool, tool_tag(servers, &key), target->tool_slot);
    return tool;
}

void trust_client_servers_adopt(struct trust_client_servers *servers,
                                const struct trust_breaker_policy *policy, struct trust_mono now)
{
    struct trust_breaker_context context = {.policy = policy, .now = now};
    for (uint32_t i = 0; i < servers->server_count; i++)
        trust_breaker_adopt(&servers->servers[i].cell, &context);
    for (uint32_t i = 0; i < servers->tool_count; i++)
        trust_breaker_adopt(&servers->tools[i].cell, &context);
}
