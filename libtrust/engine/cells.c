/*
 * The board's cell of a server: score, breaker and quarantine as one small value. Computing it is
 * also when the quarantine rules look at the server, for they rest on the same score.
 */
#include <string.h>

#include "base/assert.h"
#include "engine/servers.h"
#include "engine/state.h"
#include "engine/watchlist.h"

/* Cells are renewed at least this often, since ages move scores by themselves. */
#define RENEW_MS 600000
/* Servers looked at in one tick for transitions that time makes. */
#define LOOK_MAX 1024

static uint32_t ppm(bool is_known, double ratio)
{
    return is_known ? (uint32_t)(ratio * TRUST_PPM + .5) : TRUST_PPM_NONE;
}

static void put_score(struct trust_board_cell *cell, const struct trust_score *score)
{
    cell->status = (uint8_t)score->status;
    cell->score_ppm = ppm(score->has_score, score->score);
    cell->lower_ppm = ppm(score->has_lower, score->lower);
    cell->mean_ppm = ppm(score->has_score, score->mean);
    cell->upper_ppm = ppm(score->has_score, score->upper);
    cell->factor_ppm = ppm(true, score->factor);
    cell->cap_ppm = ppm(true, score->cap);
    cell->evidence = score->evidence;
    cell->raters = score->raters;
    cell->first_hops = score->first_hops;
    for (uint32_t i = 0; i < score->flags_shown; i++) {
        cell->flag_classes |= (uint16_t)(1u << score->flags[i].class_);
        if (score->flags[i].severity > cell->flag_severity)
            cell->flag_severity = (uint8_t)score->flags[i].severity;
    }
}

static uint32_t microseconds(uint32_t ms)
{
    return ms > UINT32_MAX / 1000 ? UINT32_MAX : ms * 1000;
}

static void put_breaker(struct trust_board_cell *cell, const struct trust_breaker_view *view)
{
    cell->breaker_state = (uint8_t)view->state;
    cell->breaker_reason = (uint8_t)view->reason;
    cell->breaker_generation = view->generation;
    cell->breaker_until = view->until;
    cell->closed_since =
        view->state == TRUST_BREAKER_CLOSED && view->reason == TRUST_BREAKER_BY_PROBES_PASSED
            ? view->since
            : (struct trust_mono){0};
    cell->rate_limited = view->reason == TRUST_BREAKER_BY_RETRY_AFTER;
    cell->ewma_us = microseconds(view->ewma_ms);
    cell->p99_us = microseconds(view->p99_ms);
    cell->calls = view->calls;
    cell->fail_ppm =
        view->calls == 0
            ? 0
            : (uint32_t)((uint64_t)view->half_failures * (TRUST_PPM / 2) / view->calls);
}

/* Agents told of it. Without suspicion their word makes it none the worse for others. */
static void put_manifest(struct trust_board_cell *cell, const struct trust_engine *engine,
                         uint32_t server)
{
    const struct trust_sights *sights = trust_engine_sights(engine, server);
    const struct trust_sight *worst = sights == NULL ? NULL : trust_sights_worst(sights);
    if (worst == NULL)
        return;
    memcpy(cell->manifest, worst->manifest, sizeof cell->manifest);
    if (worst->state == TRUST_MANIFEST_PINNED ||
        trust_quarantine_is_told(&engine->watchlist.servers[server].quarantine))
        cell->manifest_state = worst->state;
}

void trust_engine_cell(struct trust_engine *engine, uint32_t server,
                       struct trust_board_cell *out_cell, struct trust_now now)
{
    struct trust_watched *watched = &engine->watchlist.servers[server];
    assert(watched->is_used);
    char subject[201];
    const struct trust_question question = {
        .subject = {.data = (const uint8_t *)subject,
                    .size = trust_engine_server_subject(engine, subject, server)}};
    struct trust_score score;
    enum trust_error error = trust_scorer_score(&engine->scorer, &score, &question, now.wall);
    assert(error == TRUST_OK);
    trust_withhold_judge(engine, server, &score, now);
    struct trust_board_cell cell = {.updated = now.wall,
                                    .quarantine_until = watched->quarantine.until,
                                    .active = {.ms = watched->active_ms},
                                    .quarantine = watched->quarantine.state,
                                    .marks = watched->marks};
    memcpy(cell.subject, watched->digest, sizeof cell.subject);
    put_manifest(&cell, engine, server);
    if (watched->quarantine.rule == TRUST_QUARANTINE_RULE_HELD_BACK)
        cell.marks |= TRUST_CELL_HELD_BACK;
    put_score(&cell, &score);
    struct trust_breaker_view view;
    trust_engine_read_breaker(engine, server, &view, now);
    put_breaker(&cell, &view);
    watched->updated_ms = now.wall.ms;
    *out_cell = cell;
}

static bool is_old(const struct trust_watched *server, struct trust_now now)
{
    return now.wall.ms >= server->updated_ms + RENEW_MS || now.wall.ms < server->updated_ms;
}

/* A vouch can change the scores of all: what the operator named is shown at once, the others take
 * their turn among the old ones, which is now unless they are many. */
static void note_changed(struct trust_watchlist *servers, uint32_t server)
{
    servers->servers[server].updated_ms = 0;
    if ((servers->servers[server].marks & TRUST_CELL_NAMED) != 0)
        trust_watchlist_touch(servers, server);
}

/* Scores that changed, transitions that are due and cells that grew old mark their servers. */
void trust_cells_tick(struct trust_engine *engine, struct trust_now now)
{
    struct trust_watchlist *servers = &engine->watchlist;
    uint32_t scorer = 0;
    while (trust_scorer_take_changed(&engine->scorer, &scorer)) {
        if (servers->of_scorer[scorer] != 0)
            note_changed(servers, servers->of_scorer[scorer] - 1);
    }
    for (uint32_t i = 0; i < LOOK_MAX && i < servers->pool.fresh &&
                         trust_engine_can_tell(engine, TRUST_BREAKER_EVENTS_MAX);
         i++) {
        servers->refresh = servers->refresh + 1 < servers->pool.fresh ? servers->refresh + 1 : 0;
        struct trust_watched *server = &servers->servers[servers->refresh];
        if (!server->is_used)
            continue;
        trust_calls_advance(engine, servers->refresh, now);
        trust_watchlist_settle(servers, servers->refresh, now.mono);
        struct trust_wall due = trust_quarantine_deadline(&server->quarantine);
        if (is_old(server, now) || (due.ms != 0 && due.ms <= now.wall.ms))
            trust_watchlist_touch(servers, servers->refresh);
    }
}
