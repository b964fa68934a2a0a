/* What agents tell of a server's manifest. See servers.h. */
#include <string.h>

#include "base/assert.h"
#include "engine/servers.h"
#include "engine/state.h"
#include "engine/watchlist.h"

static struct trust_sights *make_sights(struct trust_watchlist *servers, uint32_t server)
{
    struct trust_watched *watched = &servers->servers[server];
    uint32_t index = 0;
    assert(watched->is_used);
    if (watched->sights == 0) {
        bool has_room = trust_pool_take(&servers->sight_pool, &index);
        assert(has_room);
        servers->sights[index] = (struct trust_sights){0};
        watched->sights = index + 1;
    }
    return &servers->sights[watched->sights - 1];
}

const struct trust_sights *trust_engine_sights(const struct trust_engine *engine, uint32_t server)
{
    uint32_t sights = engine->watchlist.servers[server].sights;
    return sights == 0 ? NULL : &engine->watchlist.sights[sights - 1];
}

struct trust_wall trust_sighting_changed(const struct trust_engine *engine, uint32_t server)
{
    const struct trust_sights *sights = trust_engine_sights(engine, server);
    return sights == NULL ? (struct trust_wall){0} : trust_sights_changed(sights);
}

bool trust_engine_tell_manifest(struct trust_engine *engine, uint32_t server,
                                const struct trust_sight_told *told, struct trust_now now)
{
    bool is_new = trust_sights_tell(make_sights(&engine->watchlist, server), told, now.wall);
    if (is_new)
        trust_watchlist_touch(&engine->watchlist, server);
    return is_new;
}

void trust_engine_accept_manifest(struct trust_engine *engine, uint32_t server,
                                  const uint8_t view[TRUST_SIGHT_VIEW_SIZE],
                                  struct trust_wall accepted, struct trust_now now)
{
    if (engine->watchlist.servers[server].sights == 0)
        return;
    struct trust_sights *sights = make_sights(&engine->watchlist, server);
    if (!trust_sights_accept(sights, view, accepted, now.wall))
        return;
    if (trust_sights_changed(sights).ms == 0)
        trust_withhold_accept(engine, server, now);
    trust_watchlist_touch(&engine->watchlist, server);
}

bool trust_engine_holds_change(const struct trust_engine *engine, uint32_t server)
{
    const struct trust_quarantine *cell = &engine->watchlist.servers[server].quarantine;
    uint64_t changed_ms = trust_sighting_changed(engine, server).ms;
    bool is_free = cell->state == TRUST_QUARANTINE_OK || cell->state == TRUST_QUARANTINE_RELEASED;
    return is_free && changed_ms > cell->seen.ms && changed_ms > cell->excused.ms;
}

void trust_engine_load_sights(struct trust_engine *engine, uint32_t server,
                              const struct trust_sights *sights)
{
    *make_sights(&engine->watchlist, server) = *sights;
    trust_watchlist_touch(&engine->watchlist, server);
}
