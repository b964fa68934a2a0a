/*
 * Who asked for the servers that nobody named, and which of them makes room. Each asker's servers
 * stand in a list in the order in which they were last asked for, so that whoever asks for too many
 * pushes out its own, and finding the oldest costs the same however many there are.
 */
#include <string.h>

#include "base/assert.h"
#include "engine/state.h"
#include "engine/watchlist.h"

/* Looked at for one that may go; the others are put behind all that may. */
#define LOOK_MAX 64

static_assert(TRUST_ASKERS_MAX - 1 <= UINT16_MAX - 1, "a list's number fits beside NONE");

uint16_t trust_watchlist_asker(uint32_t uid)
{
    return (uint16_t)(1 + uid % (TRUST_ASKERS_MAX - 1));
}

static void leave(struct trust_watchlist *servers, struct trust_watched *server)
{
    if (server->asker == TRUST_ASKER_NONE)
        return;
    struct trust_asker *asker = &servers->askers[server->asker];
    if (server->older == 0)
        asker->oldest = server->newer;
    else
        servers->servers[server->older - 1].newer = server->newer;
    if (server->newer == 0)
        asker->newest = server->older;
    else
        servers->servers[server->newer - 1].older = server->older;
    asker->count--;
    server->asker = TRUST_ASKER_NONE;
}

static void join(struct trust_watchlist *servers, uint32_t index, uint16_t number)
{
    struct trust_watched *server = &servers->servers[index];
    struct trust_asker *asker = &servers->askers[number];
    server->asker = number;
    server->older = asker->newest;
    server->newer = 0;
    if (asker->newest == 0)
        asker->oldest = index + 1;
    else
        servers->servers[asker->newest - 1].newer = index + 1;
    asker->newest = index + 1;
    asker->count++;
}

static enum trust_use use_of(const struct trust_watched *server, struct trust_mono now)
{
    if ((server->marks & TRUST_CELL_NAMED) != 0)
        return TRUST_USE_NAMED;
    bool is_called =
        server->active_ms != 0 && now.ms < server->active_ms + TRUST_QUARANTINE_IN_USE_MS;
    return is_called ? TRUST_USE_CALLED : TRUST_USE_NONE;
}

void trust_watchlist_settle(struct trust_watchlist *servers, uint32_t index, struct trust_mono now)
{
    struct trust_watched *server = &servers->servers[index];
    enum trust_use use = use_of(server, now);
    if (use != server->use) {
        servers->in_use[server->use]--;
        servers->in_use[use]++;
        servers->told[server->use] -= server->is_told;
        servers->told[use] += server->is_told;
        server->use = (uint8_t)use;
    }
    if (use == TRUST_USE_NAMED)
        leave(servers, server);
    else if (server->asker == TRUST_ASKER_NONE)
        join(servers, index, TRUST_ASKER_NOBODY);
}

void trust_watchlist_ask(struct trust_watchlist *servers, uint32_t index, uint16_t asker)
{
    struct trust_watched *server = &servers->servers[index];
    if ((server->marks & TRUST_CELL_NAMED) != 0)
        return;
    uint16_t number = server->asker;
    if (number == TRUST_ASKER_NONE ||
        (number == TRUST_ASKER_NOBODY && servers->askers[asker].count < TRUST_ASKER_SERVERS_MAX))
        number = asker;
    leave(servers, server);
    join(servers, index, number);
}

/* Nothing about it protects anybody, and nobody holds its index in this event. */
static bool may_go(const struct trust_watchlist *servers, const struct trust_watched *server,
                   struct trust_now now)
{
    if (server->is_dirty || server->asked_ms >= now.mono.ms ||
        server->quarantine.state != TRUST_QUARANTINE_OK)
        return false;
    const struct trust_breaker_context context = {.policy = &servers->policy, .now = now.mono};
    return trust_breaker_state(trust_watchlist_gate(servers, server), &context) ==
           TRUST_BREAKER_CLOSED;
}

static bool find_oldest(struct trust_watchlist *servers, uint32_t *out_server, uint16_t number,
                        struct trust_now now)
{
    for (int i = 0; i < LOOK_MAX && servers->askers[number].oldest != 0; i++) {
        uint32_t index = servers->askers[number].oldest - 1;
        if (may_go(servers, &servers->servers[index], now)) {
            *out_server = index;
            return true;
        }
        leave(servers, &servers->servers[index]);
        join(servers, index, number);
    }
    return false;
}

/* The list with the most servers: what it loses, others can not be made to lose. */
static uint16_t find_longest(const struct trust_watchlist *servers)
{
    uint16_t longest = TRUST_ASKER_NOBODY;
    for (uint16_t i = 1; i < TRUST_ASKERS_MAX; i++) {
        if (servers->askers[i].count > servers->askers[longest].count)
            longest = i;
    }
    return longest;
}

static void let_go(struct trust_engine *engine, uint32_t index)
{
    struct trust_watchlist *servers = &engine->watchlist;
    struct trust_watched *server = &servers->servers[index];
    struct trust_action *action = trust_queue_push(&engine->notices, TRUST_ACTION_UNBOARD);
    action->server = index;
    memcpy(action->digest, server->digest, sizeof action->digest);
    trust_watchlist_forget(servers, index);
    trust_scorer_unwatch(&engine->scorer, server->scorer);
    if (server->shared != 0)
        trust_pool_give(&servers->shared_pool, server->shared - 1);
    if (server->sights != 0)
        trust_pool_give(&servers->sight_pool, server->sights - 1);
    servers->in_use[server->use]--;
    leave(servers, server);
    server->is_used = false;
    trust_pool_give(&servers->pool, index);
}

bool trust_watchlist_make_room(struct trust_engine *engine, uint16_t asker, struct trust_now now)
{
    struct trust_watchlist *servers = &engine->watchlist;
    uint32_t oldest = 0;
    bool is_full = servers->pool.count == servers->pool.capacity;
    bool is_over =
        asker != TRUST_ASKER_NOBODY && servers->askers[asker].count >= TRUST_ASKER_SERVERS_MAX;
    if (!is_full && !is_over)
        return true;
    if (!trust_engine_can_tell(engine, 1))
        return false;
    bool is_found = !is_over && find_oldest(servers, &oldest, TRUST_ASKER_NOBODY, now);
    is_found = is_found || find_oldest(servers, &oldest, asker, now);
    if (!is_found && !is_over)
        is_found = find_oldest(servers, &oldest, find_longest(servers), now);
    if (is_found)
        let_go(engine, oldest);
    return is_found;
}
