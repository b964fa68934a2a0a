/* See servers.h. Watching: the table, the groups, and who makes room for whom. */
#include "engine/servers.h"

#include <string.h>

#include "trust/subject.h"

#include "base/assert.h"
#include "base/random.h"
#include "engine/state.h"
#include "engine/watchlist.h"

static bool has_digest(const void *context, uint32_t index, const void *key)
{
    const struct trust_watched *servers = context;
    return memcmp(servers[index].digest, key, 32) == 0;
}

void trust_watchlist_init(struct trust_watchlist *servers, struct trust_arena *arena,
                          const struct trust_engine_limits *limits, struct trust_siphash_key seed)
{
    *servers = (struct trust_watchlist){.seed = seed, .breaker_seed = trust_random_mix(seed.low)};
    servers->servers = trust_arena_cut(arena, limits->watched, sizeof *servers->servers);
    servers->groups = trust_arena_cut(arena, TRUST_ENGINE_GROUPS_MAX, sizeof *servers->groups);
    servers->of_scorer = trust_arena_cut(arena, limits->servers, sizeof *servers->of_scorer);
    trust_pool_init(&servers->pool, arena, limits->watched);
    trust_table_init(&servers->table, arena, limits->watched, has_digest);
    servers->policy = trust_breaker_policy_default();
}

void trust_watchlist_touch(struct trust_watchlist *servers, uint32_t server)
{
    struct trust_watched *touched = &servers->servers[server];
    if (touched->is_dirty)
        return;
    touched->is_dirty = true;
    touched->next_dirty = 0;
    if (servers->last_dirty == 0)
        servers->first_dirty = server + 1;
    else
        servers->servers[servers->last_dirty - 1].next_dirty = server + 1;
    servers->last_dirty = server + 1;
}

bool trust_watchlist_take_dirty(struct trust_watchlist *servers, uint32_t *out_server)
{
    if (servers->first_dirty == 0)
        return false;
    uint32_t server = servers->first_dirty - 1;
    servers->first_dirty = servers->servers[server].next_dirty;
    if (servers->first_dirty == 0)
        servers->last_dirty = 0;
    servers->servers[server].is_dirty = false;
    *out_server = server;
    return true;
}

static uint32_t tag_of(const struct trust_watchlist *servers, const uint8_t digest[32])
{
    return trust_table_tag(trust_siphash(&servers->seed, (struct trust_bytes){digest, 32}));
}

static bool find(const struct trust_watchlist *servers, uint32_t *out_server,
                 const uint8_t digest[32])
{
    return trust_table_find(&servers->table, out_server, tag_of(servers, digest), servers->servers,
                            digest);
}

/* A server that may make room: nobody named it, and nothing about it protects anybody. */
static bool may_go(const struct trust_engine *engine, const struct trust_watched *server,
                   struct trust_now now)
{
    if (!server->is_used || (server->marks & TRUST_CELL_NAMED) != 0 || server->is_dirty ||
        server->quarantine.state != TRUST_QUARANTINE_OK)
        return false;
    const struct trust_breaker_context context = {.policy = &engine->watchlist.policy,
                                                  .now = now.mono};
    return trust_breaker_state(&server->shared.gate, &context) == TRUST_BREAKER_CLOSED;
}

/* Frees the server that was not asked for the longest; false: all must stay. */
static bool make_room(struct trust_engine *engine, struct trust_now now)
{
    struct trust_watchlist *servers = &engine->watchlist;
    uint32_t oldest = UINT32_MAX;
    if (!trust_engine_can_tell(engine, 1))
        return false;
    for (uint32_t i = 0; i < servers->pool.fresh; i++) {
        if (may_go(engine, &servers->servers[i], now) &&
            (oldest == UINT32_MAX ||
             servers->servers[i].asked_ms < servers->servers[oldest].asked_ms))
            oldest = i;
    }
    if (oldest == UINT32_MAX)
        return false;
    struct trust_watched *server = &servers->servers[oldest];
    struct trust_action *action = trust_queue_push(&engine->notices, TRUST_ACTION_UNBOARD);
    memcpy(action->digest, server->digest, sizeof action->digest);
    trust_table_remove(&servers->table, tag_of(servers, server->digest), oldest);
    servers->of_scorer[server->scorer] = 0;
    trust_scorer_unwatch(&engine->scorer, server->scorer);
    server->is_used = false;
    trust_pool_give(&servers->pool, oldest);
    return true;
}

static enum trust_error add(struct trust_engine *engine, uint32_t *out_server,
                            const struct trust_subject *subject, const uint8_t digest[32],
                            struct trust_now now)
{
    struct trust_watchlist *servers = &engine->watchlist;
    uint32_t index = 0;
    if (!trust_pool_take(&servers->pool, &index) &&
        (!make_room(engine, now) || !trust_pool_take(&servers->pool, &index)))
        return TRUST_NO_ROOM;
    struct trust_watched *server = &servers->servers[index];
    uint32_t scorer = 0;
    enum trust_error error = trust_scorer_watch(&engine->scorer, &scorer, subject->server);
    if (error != TRUST_OK) {
        trust_pool_give(&servers->pool, index);
        return error;
    }
    *server = (struct trust_watched){
        .scorer = scorer, .is_used = true, .quarantine = trust_quarantine_init(false, now.wall)};
    memcpy(server->digest, digest, sizeof server->digest);
    trust_shared_init(&server->shared, trust_random_mix(servers->breaker_seed++), now.mono);
    trust_table_add(&servers->table, tag_of(servers, digest), index);
    servers->of_scorer[scorer] = index + 1;
    *out_server = index;
    return TRUST_OK;
}

enum trust_error trust_engine_watch(struct trust_engine *engine, uint32_t *out_server,
                                    struct trust_bytes subject, uint8_t marks, struct trust_now now)
{
    struct trust_subject parsed;
    enum trust_error error = trust_subject_parse(&parsed, subject);
    if (error != TRUST_OK)
        return error;
    uint8_t digest[32];
    trust_subject_digest(digest, &parsed);
    uint32_t index = 0;
    bool is_new = !find(&engine->watchlist, &index, digest);
    if (is_new)
        error = add(engine, &index, &parsed, digest, now);
    if (error != TRUST_OK)
        return error;
    struct trust_watched *server = &engine->watchlist.servers[index];
    if (is_new || (server->marks | marks) != server->marks)
        trust_watchlist_touch(&engine->watchlist, index);
    server->marks |= marks;
    server->asked_ms = now.mono.ms;
    *out_server = index;
    return TRUST_OK;
}

bool trust_engine_find_server(const struct trust_engine *engine, uint32_t *out_server,
                              struct trust_bytes subject)
{
    struct trust_subject parsed;
    if (trust_subject_parse(&parsed, subject) != TRUST_OK)
        return false;
    uint8_t digest[32];
    trust_subject_digest(digest, &parsed);
    return find(&engine->watchlist, out_server, digest);
}

bool trust_engine_next_server(const struct trust_engine *engine, uint32_t *cursor,
                              uint32_t *out_server)
{
    const struct trust_watchlist *servers = &engine->watchlist;
    for (uint32_t i = *cursor; i < servers->pool.fresh; i++) {
        if (servers->servers[i].is_used) {
            *out_server = i;
            *cursor = i + 1;
            return true;
        }
    }
    return false;
}

uint32_t trust_engine_server_subject(const struct trust_engine *engine, char out_text[201],
                                     uint32_t server)
{
    return trust_scorer_subject(&engine->scorer, out_text,
                                engine->watchlist.servers[server].scorer);
}

void trust_engine_server_digest(const struct trust_engine *engine, uint8_t out_digest[32],
                                uint32_t server)
{
    memcpy(out_digest, engine->watchlist.servers[server].digest, 32);
}

uint8_t trust_engine_server_marks(const struct trust_engine *engine, uint32_t server)
{
    return engine->watchlist.servers[server].marks;
}

bool trust_engine_is_active(const struct trust_engine *engine, uint32_t server)
{
    const struct trust_watched *watched = &engine->watchlist.servers[server];
    return watched->active_ms != 0 || watched->shared.gate.generation != 0 ||
           watched->shared.agent_count != 0 || watched->quarantine.state != TRUST_QUARANTINE_OK;
}

/* ---- groups ---- */

static_assert(TRUST_ENGINE_NOTICES_MAX >= TRUST_ENGINE_GROUPS_MAX * TRUST_ENGINE_GROUP_SERVERS_MAX,
              "all groups may change in one event");

#define GIVEN (TRUST_CELL_NAMED | TRUST_CELL_ESSENTIAL)

static void unmark(struct trust_watchlist *servers, const struct trust_watched_group *group)
{
    for (uint32_t i = 0; i < group->count; i++) {
        servers->servers[group->servers[i]].marks &= (uint8_t)~GIVEN;
        trust_watchlist_touch(servers, group->servers[i]);
    }
}

/* Marks follow from the groups alone: those of all members, and of who may be none any more. */
static void mark_members(struct trust_watchlist *servers, const struct trust_watched_group *changed)
{
    unmark(servers, changed);
    for (uint32_t i = 0; i < TRUST_ENGINE_GROUPS_MAX; i++) {
        const struct trust_watched_group *group = &servers->groups[i];
        uint8_t marks = group->is_essential ? GIVEN : TRUST_CELL_NAMED;
        for (uint32_t j = 0; j < group->count; j++)
            servers->servers[group->servers[j]].marks |= marks;
    }
}

static enum trust_error join_scorer(struct trust_engine *engine, uint32_t index, bool joined)
{
    const struct trust_watched_group *group = &engine->watchlist.groups[index];
    enum trust_error error = TRUST_OK;
    for (uint32_t i = 0; i < group->count && error == TRUST_OK; i++)
        error = trust_scorer_group(
            &engine->scorer, engine->watchlist.servers[group->servers[i]].scorer, index, joined);
    return error;
}

enum trust_error trust_engine_set_group(struct trust_engine *engine,
                                        const struct trust_engine_group *group,
                                        struct trust_now now)
{
    assert(group->index < TRUST_ENGINE_GROUPS_MAX);
    assert(group->count <= TRUST_ENGINE_GROUP_SERVERS_MAX);
    struct trust_watched_group next = {.is_essential = group->is_essential};
    enum trust_error error = TRUST_OK;
    for (uint32_t i = 0; i < group->count && error == TRUST_OK; i++) {
        /* NAMED at once, so that a later member cannot make an earlier one go. */
        error = trust_engine_watch(engine, &next.servers[next.count], group->subjects[i],
                                   TRUST_CELL_NAMED, now);
        if (error == TRUST_OK)
            next.count++;
    }
    if (error == TRUST_OK)
        error = join_scorer(engine, group->index, false);
    if (error != TRUST_OK) {
        mark_members(&engine->watchlist, &next);
        return error;
    }
    const struct trust_watched_group former = engine->watchlist.groups[group->index];
    engine->watchlist.groups[group->index] = next;
    mark_members(&engine->watchlist, &former);
    for (uint32_t i = 0; i < next.count; i++)
        trust_watchlist_touch(&engine->watchlist, next.servers[i]);
    return join_scorer(engine, group->index, true);
}
