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
                          const struct trust_engine_limits *limits, struct trust_siphash_key seed,
                          struct trust_mono now)
{
    *servers = (struct trust_watchlist){.seed = seed, .breaker_seed = trust_random_mix(seed.low)};
    servers->servers = trust_arena_cut(arena, limits->watched, sizeof *servers->servers);
    servers->groups = trust_arena_cut(arena, TRUST_ENGINE_GROUPS_MAX, sizeof *servers->groups);
    servers->of_scorer = trust_arena_cut(arena, limits->servers, sizeof *servers->of_scorer);
    servers->shared = trust_arena_cut(arena, limits->watched, sizeof *servers->shared);
    servers->sights = trust_arena_cut(arena, limits->watched, sizeof *servers->sights);
    servers->askers = trust_arena_cut(arena, TRUST_ASKERS_MAX, sizeof *servers->askers);
    trust_pool_init(&servers->pool, arena, limits->watched);
    trust_pool_init(&servers->shared_pool, arena, limits->watched);
    trust_pool_init(&servers->sight_pool, arena, limits->watched);
    trust_table_init(&servers->table, arena, limits->watched, has_digest);
    servers->policy = trust_breaker_policy_default();
    trust_breaker_init(&servers->idle, 0, now);
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

void trust_watchlist_forget(struct trust_watchlist *servers, uint32_t server)
{
    const struct trust_watched *forgotten = &servers->servers[server];
    trust_table_remove(&servers->table, tag_of(servers, forgotten->digest), server);
    servers->of_scorer[forgotten->scorer] = 0;
}

const struct trust_breaker *trust_watchlist_gate(const struct trust_watchlist *servers,
                                                 const struct trust_watched *server)
{
    return server->shared == 0 ? &servers->idle : &servers->shared[server->shared - 1].gate;
}

struct trust_shared *trust_watchlist_shared(struct trust_watchlist *servers, uint32_t server,
                                            struct trust_mono now)
{
    struct trust_watched *called = &servers->servers[server];
    if (called->shared != 0)
        return &servers->shared[called->shared - 1];
    uint32_t index = 0;
    bool has_room = trust_pool_take(&servers->shared_pool, &index);
    assert(has_room);
    trust_shared_init(&servers->shared[index], trust_random_mix(servers->breaker_seed++), now);
    called->shared = index + 1;
    return &servers->shared[index];
}

static enum trust_error add(struct trust_engine *engine, uint32_t *out_server,
                            const struct trust_subject *subject, const uint8_t digest[32],
                            struct trust_now now)
{
    struct trust_watchlist *servers = &engine->watchlist;
    uint32_t index = 0;
    if (!trust_pool_take(&servers->pool, &index))
        return TRUST_NO_ROOM;
    struct trust_watched *server = &servers->servers[index];
    uint32_t scorer = 0;
    enum trust_error error = trust_scorer_watch(&engine->scorer, &scorer, subject->server);
    if (error != TRUST_OK) {
        trust_pool_give(&servers->pool, index);
        return error;
    }
    servers->in_use[TRUST_USE_NONE]++;
    *server = (struct trust_watched){.scorer = scorer,
                                     .asker = TRUST_ASKER_NONE,
                                     .is_used = true,
                                     .quarantine = trust_quarantine_init(false, now.wall)};
    memcpy(server->digest, digest, sizeof server->digest);
    trust_table_add(&servers->table, tag_of(servers, digest), index);
    servers->of_scorer[scorer] = index + 1;
    *out_server = index;
    return TRUST_OK;
}

/* Why a server is to be watched. */
struct wish {
    uint16_t asker;
    uint8_t marks;
};

static enum trust_error watch(struct trust_engine *engine, uint32_t *out_server,
                              struct trust_bytes subject, struct wish wish, struct trust_now now)
{
    struct trust_subject parsed;
    enum trust_error error = trust_subject_parse(&parsed, subject);
    if (error != TRUST_OK)
        return error;
    uint8_t digest[32];
    trust_subject_digest(digest, &parsed);
    uint32_t index = 0;
    bool is_new = !find(&engine->watchlist, &index, digest);
    if (is_new && !trust_watchlist_make_room(engine, wish.asker, now))
        return TRUST_NO_ROOM;
    if (is_new)
        error = add(engine, &index, &parsed, digest, now);
    if (error != TRUST_OK)
        return error;
    struct trust_watched *server = &engine->watchlist.servers[index];
    if (is_new || (server->marks | wish.marks) != server->marks)
        trust_watchlist_touch(&engine->watchlist, index);
    server->marks |= wish.marks;
    server->asked_ms = now.mono.ms;
    trust_watchlist_ask(&engine->watchlist, index, wish.asker);
    trust_watchlist_settle(&engine->watchlist, index, now.mono);
    *out_server = index;
    return TRUST_OK;
}

enum trust_error trust_engine_watch(struct trust_engine *engine, uint32_t *out_server,
                                    struct trust_bytes subject, uint8_t marks, struct trust_now now)
{
    const struct wish wish = {.asker = TRUST_ASKER_NOBODY, .marks = marks};
    return watch(engine, out_server, subject, wish, now);
}

enum trust_error trust_engine_ask(struct trust_engine *engine, uint32_t *out_server,
                                  struct trust_bytes subject, uint32_t uid, struct trust_now now)
{
    const struct wish wish = {.asker = trust_watchlist_asker(uid)};
    return watch(engine, out_server, subject, wish, now);
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
    return watched->shared != 0 || watched->sights != 0 ||
           watched->quarantine.state != TRUST_QUARANTINE_OK;
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
static void mark_members(struct trust_watchlist *servers, const struct trust_watched_group *changed,
                         struct trust_mono now)
{
    unmark(servers, changed);
    for (uint32_t i = 0; i < TRUST_ENGINE_GROUPS_MAX; i++) {
        const struct trust_watched_group *group = &servers->groups[i];
        uint8_t marks = group->is_essential ? GIVEN : TRUST_CELL_NAMED;
        for (uint32_t j = 0; j < group->count; j++)
            servers->servers[group->servers[j]].marks |= marks;
    }
    for (uint32_t i = 0; i < changed->count; i++)
        trust_watchlist_settle(servers, changed->servers[i], now);
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
        mark_members(&engine->watchlist, &next, now.mono);
        return error;
    }
    const struct trust_watched_group former = engine->watchlist.groups[group->index];
    engine->watchlist.groups[group->index] = next;
    mark_members(&engine->watchlist, &former, now.mono);
    for (uint32_t i = 0; i < next.count; i++)
        trust_watchlist_touch(&engine->watchlist, next.servers[i]);
    return join_scorer(engine, group->index, true);
}
