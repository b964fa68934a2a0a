/*
 * Quarantine of the watched servers: evidence is gathered from the scorer's flags, the rules are
 * shield's, and what they decide becomes QUARANTINE actions and another cell of the board.
 */
#include <string.h>

#include "base/assert.h"
#include "engine/servers.h"
#include "engine/state.h"
#include "engine/watchlist.h"
#include "shield/lease.h"

#define HOUR_MS UINT64_C(3600000)
#define FALL_PPM 300000
/* A long absence ends three terms, and then the rules may say something new. */
#define CHANGES_MAX 4

/* A probe that is out on a withheld server says nothing any more, good or bad. */
static void cancel_leases(struct trust_watchlist *servers, uint32_t server)
{
    uint32_t shared = servers->servers[server].shared;
    if (shared != 0)
        trust_lease_cancel_all(&servers->shared[shared - 1].gate);
}

/* Follows every change of its quarantine. */
static void count_told(struct trust_watchlist *servers, struct trust_watched *server)
{
    bool is_told = trust_quarantine_is_told(&server->quarantine);
    servers->told[server->use] -= server->is_told;
    servers->told[server->use] += is_told;
    server->is_told = is_told;
}

static void report(struct trust_engine *engine, uint32_t server,
                   const struct trust_quarantine_change *change)
{
    struct trust_action *action = trust_queue_push(&engine->notices, TRUST_ACTION_QUARANTINE);
    action->server = server;
    action->quarantine = *change;
    count_told(&engine->watchlist, &engine->watchlist.servers[server]);
    if (trust_quarantine_is_withheld(change->to))
        cancel_leases(&engine->watchlist, server);
    trust_watchlist_touch(&engine->watchlist, server);
}

/* Notes the lower bound of this hour; fell is set when it stands more than .3 below one of the last
 * 24 hours. */
static void note_lower(struct trust_watched *server, const struct trust_score *score,
                       struct trust_now now)
{
    uint64_t hour = now.wall.ms / HOUR_MS;
    uint64_t passed = hour > server->hour ? hour - server->hour : 0;
    for (uint64_t i = 1; i <= passed && i <= TRUST_WATCHED_HOURS; i++)
        server->lowers[(server->hour + i) % TRUST_WATCHED_HOURS] = 0;
    if (passed > 0)
        server->hour = hour;
    if (!score->has_lower)
        return;
    uint32_t lower = (uint32_t)(score->lower * TRUST_PPM + .5);
    for (uint32_t i = 0; i < TRUST_WATCHED_HOURS; i++) {
        if (server->lowers[i] > lower && server->lowers[i] - lower > FALL_PPM)
            server->fell = now.wall;
    }
    uint32_t *of_hour = &server->lowers[server->hour % TRUST_WATCHED_HOURS];
    if (*of_hour < lower)
        *of_hour = lower;
}

static bool serves(const struct trust_watched *server, bool is_suspect_out)
{
    enum trust_quarantine_state state = (enum trust_quarantine_state)server->quarantine.state;
    return !trust_quarantine_is_withheld(state) &&
           !(is_suspect_out && state == TRUST_QUARANTINE_SUSPECT);
}

/* The last of a group marked essential that is not withheld, or not even suspect. */
static bool is_last_provider(const struct trust_watchlist *servers, uint32_t server,
                             bool is_suspect_out)
{
    if ((servers->servers[server].marks & TRUST_CELL_ESSENTIAL) == 0)
        return false;
    for (uint32_t i = 0; i < TRUST_ENGINE_GROUPS_MAX; i++) {
        const struct trust_watched_group *group = &servers->groups[i];
        bool is_member = false;
        uint32_t others = 0;
        for (uint32_t j = 0; group->is_essential && j < group->count; j++) {
            uint32_t member = group->servers[j];
            if (member == server)
                is_member = true;
            else
                others += serves(&servers->servers[member], is_suspect_out);
        }
        if (is_member && others == 0)
            return true;
    }
    return false;
}

static size_t gather_flags(struct trust_engine *engine, const struct trust_score *score,
                           struct trust_quarantine_flag out_flags[TRUST_SCORE_FLAGS_MAX])
{
    for (uint32_t i = 0; i < score->flags_shown; i++) {
        const struct trust_score_flag *flag = &score->flags[i];
        uint32_t scanner = 0;
        bool is_known = trust_keys_find(&engine->keys, &scanner, &flag->scanner);
        assert(is_known);
        out_flags[i] = (struct trust_quarantine_flag){
            .q = flag->q,
            .own_vouch = flag->own_vouch,
            .time = {.ms = flag->time_s * 1000},
            .scanner = scanner,
            .severity = flag->severity,
            .class_ = flag->class_,
        };
    }
    return score->flags_shown;
}

/* Agents tell of changes, and one of them may lie: as many servers as the rules may quarantine in
 * an hour are suspect by that at a time, and never the last of an essential group. */
static bool holds_changes(const struct trust_watchlist *servers, uint32_t server)
{
    bool is_named = (servers->servers[server].marks & TRUST_CELL_NAMED) != 0;
    uint32_t told = is_named ? servers->told[TRUST_USE_NAMED]
                             : servers->told[TRUST_USE_CALLED] + servers->told[TRUST_USE_NONE];
    uint32_t most = servers->in_use[is_named ? TRUST_USE_NAMED : TRUST_USE_CALLED] /
                    TRUST_QUARANTINE_CAP_DIVISOR;
    return told >= (most > 1 ? most : 1) || is_last_provider(servers, server, true);
}

void trust_withhold_judge(struct trust_engine *engine, uint32_t server,
                          const struct trust_score *score, struct trust_now now)
{
    struct trust_watched *watched = &engine->watchlist.servers[server];
    struct trust_quarantine_change change;
    if (!trust_engine_can_tell(engine, CHANGES_MAX)) {
        /* Its turn comes when what waits was told. */
        trust_watchlist_touch(&engine->watchlist, server);
        return;
    }
    while (trust_quarantine_expire(&watched->quarantine, &change, now.wall))
        report(engine, server, &change);
    note_lower(watched, score, now);
    struct trust_quarantine_flag flags[TRUST_SCORE_FLAGS_MAX];
    struct trust_quarantine_evidence evidence = {
        .flags = flags, .flag_count = gather_flags(engine, score, flags), .fell = watched->fell};
    evidence.changed = trust_sighting_changed(engine, server);
    const bool named = (watched->marks & TRUST_CELL_NAMED) != 0;
    const struct trust_quarantine_bounds bounds = {
        .cap = named ? &engine->watchlist.cap_of_named : &engine->watchlist.cap_of_others,
        .servers = engine->watchlist.in_use[named ? TRUST_USE_NAMED : TRUST_USE_CALLED],
        .last_provider = is_last_provider(&engine->watchlist, server, false),
        .holds_changes = holds_changes(&engine->watchlist, server)};
    if (trust_quarantine_judge(&watched->quarantine, &change, &evidence, &bounds, now.wall))
        report(engine, server, &change);
}

void trust_withhold_accept(struct trust_engine *engine, uint32_t server, struct trust_now now)
{
    struct trust_quarantine_change change;
    struct trust_quarantine *cell = &engine->watchlist.servers[server].quarantine;
    if (trust_quarantine_accept(cell, &change, now.wall))
        report(engine, server, &change);
}

enum trust_error trust_engine_order_quarantine(struct trust_engine *engine, uint32_t server,
                                               enum trust_quarantine_order order, uint64_t ttl_ms,
                                               struct trust_now now)
{
    struct trust_quarantine_change change;
    enum trust_error error = trust_quarantine_command(&engine->watchlist.servers[server].quarantine,
                                                      &change, order, ttl_ms, now.wall);
    if (error == TRUST_OK)
        report(engine, server, &change);
    return error;
}

const struct trust_quarantine *trust_engine_quarantine(const struct trust_engine *engine,
                                                       uint32_t server)
{
    return &engine->watchlist.servers[server].quarantine;
}

uint64_t trust_engine_held_back(const struct trust_engine *engine)
{
    return engine->watchlist.cap_of_named.held_back + engine->watchlist.cap_of_others.held_back;
}

void trust_engine_load_quarantine(struct trust_engine *engine, uint32_t server,
                                  const struct trust_quarantine *quarantine, struct trust_now now)
{
    struct trust_watched *watched = &engine->watchlist.servers[server];
    watched->quarantine = *quarantine;
    count_told(&engine->watchlist, watched);
    struct trust_quarantine_change change;
    while (trust_quarantine_expire(&watched->quarantine, &change, now.wall))
        report(engine, server, &change);
    trust_watchlist_touch(&engine->watchlist, server);
}

bool trust_engine_regain_quarantine(struct trust_engine *engine, uint32_t server,
                                    struct trust_now now)
{
    struct trust_quarantine *cell = &engine->watchlist.servers[server].quarantine;
    if (trust_quarantine_is_withheld(cell->state))
        return false;
    struct trust_quarantine_change change;
    trust_quarantine_regain(cell, &change, now.wall);
    report(engine, server, &change);
    return true;
}
