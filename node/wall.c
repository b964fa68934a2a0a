/* See wall.h. The state row is keyed by 'w': version 1, unix milliseconds in 8 bytes. */
#include "node/wall.h"

#include "base/assert.h"
#include "base/limits.h"
#include "base/reader.h"
#include "base/writer.h"
#include "node/core.h"

#define VERSION 1
#define ROW_SIZE 9
#define SAVE_MS 600000
#define DAY_MS UINT64_C(86400000)

static const uint8_t row_key[] = {'w'};

/* How far the clock is ahead of what was believed and the time that passed since. */
static uint64_t ahead_ms(const struct wall *wall, struct trust_now now)
{
    uint64_t passed_ms = now.mono.ms > wall->good.mono.ms ? now.mono.ms - wall->good.mono.ms : 0;
    uint64_t expected_ms = wall->good.wall.ms + passed_ms;
    return now.wall.ms > expected_ms ? now.wall.ms - expected_ms : 0;
}

static bool is_confirmed(const struct wall *wall, struct wall_peers peers, struct trust_now now)
{
    if (peers.differing > 0 || peers.agreeing > 0)
        return peers.agreeing > peers.differing;
    return now.mono.ms >= wall->leapt.ms + TRUST_CLOCK_CONFIRM_MS;
}

enum wall_change wall_look(struct wall *wall, struct wall_peers peers, struct trust_now now)
{
    bool is_ahead = ahead_ms(wall, now) > TRUST_CLOCK_LEAP_MS;
    if (is_ahead && !wall->has_leapt) {
        wall->has_leapt = true;
        wall->leapt = now.mono;
        return WALL_LEAPT;
    }
    if (is_ahead && !is_confirmed(wall, peers, now))
        return WALL_SAME;
    enum wall_change change = wall->has_leapt ? WALL_BELIEVED : WALL_SAME;
    wall->has_leapt = false;
    wall->good = now;
    return change;
}

static bool read_row(void *context, struct trust_bytes key, struct trust_bytes value)
{
    struct core *core = context;
    struct trust_reader reader = trust_reader_init(value);
    uint64_t version = trust_reader_take_be(&reader, 1);
    uint64_t ms = trust_reader_take_be(&reader, 8);
    if (key.size != sizeof row_key)
        return true;
    if (trust_reader_is_done(&reader) && version == VERSION && ms <= TRUST_BREAKER_TIME_MS_MAX)
        core->wall.good.wall.ms = ms;
    else
        log_write(&core->log, LOG_WARN, "state_row",
                  LOG_FIELDS(log_code("error", TRUST_NO_SYNTAX)));
    return false;
}

enum trust_error wall_open(struct core *core)
{
    core->wall = (struct wall){.good = core->now, .save_due = core->now.mono};
    return store_read_state(
        core->store, (struct trust_bytes){.data = row_key, .size = sizeof row_key}, read_row, core);
}

void wall_save(struct core *core)
{
    struct wall *wall = &core->wall;
    uint8_t row[ROW_SIZE];
    struct trust_writer writer = trust_writer_init(row, sizeof row);
    trust_writer_put_be(&writer, VERSION, 1);
    trust_writer_put_be(&writer, wall->good.wall.ms, 8);
    assert(!trust_writer_has_overflowed(&writer));
    const struct store_change change = {.kind = STORE_STATE_PUT,
                                        .state_key = {.data = row_key, .size = sizeof row_key},
                                        .bytes = trust_writer_bytes(&writer)};
    /* A store that takes nothing now is asked again at the next turn. */
    if (!wall->has_leapt && store_submit(core->store, &change) == TRUST_OK)
        wall->save_due.ms = core->now.mono.ms + SAVE_MS;
}

static struct wall_peers count_peers(const struct core *core)
{
    struct wall_peers peers = {0};
    const struct trust_gossip *gossip = trust_engine_gossip(core->engine);
    for (uint32_t i = 0; i < TRUST_PEERS_MAX; i++) {
        const struct trust_peer *peer = trust_gossip_peer(gossip, i);
        if (peer == NULL || !trust_peer_is_up(peer))
            continue;
        bool differs = peer->skew_ms > TRUST_PEER_SKEW_MS || peer->skew_ms < -TRUST_PEER_SKEW_MS;
        peers.differing += differs;
        peers.agreeing += !differs;
    }
    return peers;
}

static void log_sweeps(struct core *core)
{
    struct trust_engine_stats stats;
    trust_engine_stats(core->engine, &stats);
    struct wall *wall = &core->wall;
    if (stats.swept == wall->swept && stats.unwanted == wall->unwanted)
        return;
    log_write(
        &core->log, LOG_INFO, "swept",
        LOG_FIELDS(log_number("ended_registers", (int64_t)(stats.swept - wall->swept)),
                   log_number("unwanted_authors", (int64_t)(stats.unwanted - wall->unwanted))));
    wall->swept = stats.swept;
    wall->unwanted = stats.unwanted;
}

void wall_tick(struct core *core)
{
    struct wall *wall = &core->wall;
    uint64_t days = ahead_ms(wall, core->now) / DAY_MS;
    enum wall_change change =
        wall_look(wall, wall->has_leapt ? count_peers(core) : (struct wall_peers){0}, core->now);
    if (change == WALL_LEAPT)
        log_write(&core->log, LOG_WARN, "clock_jumped",
                  LOG_FIELDS(log_number("days", (int64_t)days)));
    if (change == WALL_BELIEVED)
        log_write(&core->log, LOG_INFO, "clock_believed",
                  LOG_FIELDS(log_number("days", (int64_t)days)));
    trust_engine_hold_sweeps(core->engine, wall->has_leapt);
    log_sweeps(core);
    if (core->now.mono.ms >= wall->save_due.ms)
        wall_save(core);
}
