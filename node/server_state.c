/*
 * See server_state.h. Three rows a server, keyed by 's', 'q' or 'm' and the subject's digest:
 *
 *   s: version 1, subject length, subject, breaker snapshot, good, bad, garbage (IEEE 754 bits),
 *      p95 in ms, wall time in ms; big-endian
 *   q: the quarantine's own text line
 *   m: version 1, subject length, subject, the sights as shield/sights.h writes them
 */
#include "node/server_state.h"

#include <poll.h>
#include <string.h>

#include "trust/subject.h"

#include "base/assert.h"
#include "base/reader.h"
#include "base/writer.h"
#include "engine/servers.h"
#include "node/clock.h"
#include "node/core.h"
#include "shield/audit.h"
#include "shield/persist.h"

#define VERSION 1
#define ROW_SIZE_MAX (2 + TRUST_SUBJECT_SIZE_MAX + TRUST_BREAKER_SNAPSHOT_SIZE + 3 * 8 + 4 + 8)
#define SIGHTS_ROW_SIZE_MAX (2 + TRUST_SUBJECT_SIZE_MAX + TRUST_SIGHTS_BYTES_MAX)
#define KEY_SIZE 33
#define ROUND_MS 30000
/* 128 servers fill at most 1 % of the store's ring; a full board takes 26 s. */
#define STEP_SERVERS 128
#define STEP_MS 50
/* A stop does not wait longer for a store that takes nothing. */
#define FLUSH_MS 2000

static uint64_t bits_of(double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double value_of(uint64_t bits)
{
    double value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static bool has(const struct server_set *set, uint32_t server)
{
    return (set->words[server / 64] >> (server % 64) & 1) != 0;
}

static struct server_set *rows_of(struct server_state *state, char kind)
{
    if (kind == 's')
        return &state->calls;
    return kind == 'q' ? &state->quarantines : &state->sights;
}

static void put(struct server_set *set, uint32_t server, bool is_in)
{
    uint64_t bit = UINT64_C(1) << (server % 64);
    set->words[server / 64] =
        is_in ? set->words[server / 64] | bit : set->words[server / 64] & ~bit;
}

static void mark_waiting(struct server_state *state, uint32_t server, bool waits)
{
    if (has(&state->waiting, server) == waits)
        return;
    put(&state->waiting, server, waits);
    state->waiting_count += waits ? 1 : UINT32_MAX;
}

/* Who waits for a row: number 0 is nobody. */
struct waiter {
    bool is_urgent;
    uint64_t number;
};

/* A row without a value is erased, if there may be one. False: the store takes nothing now. */
static bool put_row(struct core *core, char kind, uint32_t server, struct trust_bytes value,
                    struct waiter waiter)
{
    struct server_state *state = &core->server_state;
    struct server_set *rows = rows_of(state, kind);
    if (value.size == 0 && !has(rows, server) && waiter.number == 0)
        return true;
    uint8_t key[KEY_SIZE] = {(uint8_t)kind};
    trust_engine_server_digest(core->engine, key + 1, server);
    const struct store_change change = {.kind =
                                            value.size == 0 ? STORE_STATE_ERASE : STORE_STATE_PUT,
                                        .urgent = waiter.is_urgent,
                                        .state_number = waiter.number,
                                        .state_key = {.data = key, .size = sizeof key},
                                        .bytes = value};
    if (store_submit(core->store, &change) != TRUST_OK)
        return false;
    put(rows, server, value.size > 0);
    return true;
}

static bool is_at_rest(const struct trust_breaker_view *view, const struct trust_own_calls *calls)
{
    return view->state == TRUST_BREAKER_CLOSED && view->backoff_k == 0 && view->denied == 0 &&
           calls->good + calls->bad + calls->garbage < .01;
}

static bool save_calls(struct core *core, uint32_t server, bool is_urgent)
{
    const struct waiter waiter = {.is_urgent = is_urgent};
    struct trust_breaker_view view;
    trust_engine_read_breaker(core->engine, server, &view, core->now);
    struct trust_own_calls calls = {0};
    (void)trust_engine_own_calls(core->engine, server, &calls, core->now);
    if (is_at_rest(&view, &calls))
        return put_row(core, 's', server, (struct trust_bytes){0}, waiter);
    uint8_t row[ROW_SIZE_MAX];
    uint8_t snapshot[TRUST_BREAKER_SNAPSHOT_SIZE];
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    uint32_t size = trust_engine_server_subject(core->engine, subject, server);
    trust_engine_save_breaker(core->engine, server, snapshot, core->now);
    struct trust_writer writer = trust_writer_init(row, sizeof row);
    trust_writer_put_be(&writer, VERSION, 1);
    trust_writer_put_be(&writer, size, 1);
    trust_writer_put(&writer, (struct trust_bytes){(const uint8_t *)subject, size});
    trust_writer_put(&writer, (struct trust_bytes){snapshot, sizeof snapshot});
    trust_writer_put_be(&writer, bits_of(calls.good), 8);
    trust_writer_put_be(&writer, bits_of(calls.bad), 8);
    trust_writer_put_be(&writer, bits_of(calls.garbage), 8);
    trust_writer_put_be(&writer, calls.p95_ms, 4);
    trust_writer_put_be(&writer, core->now.wall.ms, 8);
    assert(!trust_writer_has_overflowed(&writer));
    return put_row(core, 's', server, trust_writer_bytes(&writer), waiter);
}

/* Nothing to remember: it is ok, was never quarantined, and no suspicion was served or excused. */
static bool is_untouched(const struct trust_quarantine *quarantine)
{
    return quarantine->state == TRUST_QUARANTINE_OK && quarantine->times == 0 &&
           quarantine->seen.ms == 0 && quarantine->excused.ms == 0;
}

static bool save_quarantine(struct core *core, uint32_t server, struct waiter waiter)
{
    const struct trust_quarantine *quarantine = trust_engine_quarantine(core->engine, server);
    if (is_untouched(quarantine))
        return put_row(core, 'q', server, (struct trust_bytes){0}, waiter);
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    uint8_t line[TRUST_QUARANTINE_LINE_SIZE_MAX];
    const struct trust_quarantine_saved saved = {
        .subject = {.data = (const uint8_t *)subject,
                    .size = trust_engine_server_subject(core->engine, subject, server)},
        .cell = *quarantine};
    struct trust_writer writer = trust_writer_init(line, sizeof line);
    trust_quarantine_encode(&writer, &saved);
    assert(!trust_writer_has_overflowed(&writer));
    return put_row(core, 'q', server, trust_writer_bytes(&writer), waiter);
}

static bool save_sights(struct core *core, uint32_t server, bool is_urgent)
{
    const struct waiter waiter = {.is_urgent = is_urgent};
    const struct trust_sights *sights = trust_engine_sights(core->engine, server);
    if (sights == NULL)
        return put_row(core, 'm', server, (struct trust_bytes){0}, waiter);
    uint8_t row[SIGHTS_ROW_SIZE_MAX];
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    uint32_t size = trust_engine_server_subject(core->engine, subject, server);
    struct trust_writer writer = trust_writer_init(row, sizeof row);
    trust_writer_put_be(&writer, VERSION, 1);
    trust_writer_put_be(&writer, size, 1);
    trust_writer_put(&writer, (struct trust_bytes){(const uint8_t *)subject, size});
    trust_sights_save(sights, &writer);
    assert(!trust_writer_has_overflowed(&writer));
    return put_row(core, 'm', server, trust_writer_bytes(&writer), waiter);
}

/* The last row of a server carries the number of who waits. */
static void save(struct core *core, uint32_t server, struct waiter waiter)
{
    struct server_state *state = &core->server_state;
    /* Behind others that wait: a number that is durable says so of all before it. */
    bool is_written = state->waiting_count == 0 && save_calls(core, server, waiter.is_urgent) &&
                      save_sights(core, server, waiter.is_urgent) &&
                      save_quarantine(core, server, waiter);
    if (!is_written)
        mark_waiting(state, server, true);
}

void server_state_save(struct core *core, uint32_t server)
{
    save(core, server, (struct waiter){0});
}

uint64_t server_state_keep(struct core *core, uint32_t server)
{
    uint64_t number = ++core->server_state.asked;
    save(core, server, (struct waiter){.is_urgent = true, .number = number});
    return number;
}

/* Whether its index ever had a row: agents make servers come and go faster than a disk erases. */
void server_state_forget(struct core *core, uint32_t server, const uint8_t digest[32])
{
    static const char kinds[] = {'s', 'q', 'm'};
    struct server_state *state = &core->server_state;
    for (size_t i = 0; i < sizeof kinds; i++) {
        if (!has(rows_of(state, kinds[i]), server))
            continue;
        uint8_t key[KEY_SIZE] = {(uint8_t)kinds[i]};
        memcpy(key + 1, digest, 32);
        const struct store_change change = {.kind = STORE_STATE_ERASE,
                                            .state_key = {.data = key, .size = sizeof key}};
        /* Left where it is, it is watched again after the next start, and makes room again. */
        enum trust_error error = store_submit(core->store, &change);
        if (error != TRUST_OK)
            log_write(&core->log, LOG_WARN, "state", LOG_FIELDS(log_code("error", error)));
    }
}

/* ---- what waits, and rounds ---- */

static bool next_waiting(const struct server_state *state, uint32_t *server)
{
    for (uint32_t i = *server; i < TRUST_BOARD_SLOTS_MAX; i++) {
        if (state->waiting.words[i / 64] == 0) {
            i |= 63;
        } else if (has(&state->waiting, i)) {
            *server = i;
            return true;
        }
    }
    return false;
}

static bool is_watched(const struct core *core, uint32_t server)
{
    uint32_t cursor = server;
    uint32_t found = 0;
    return trust_engine_next_server(core->engine, &cursor, &found) && found == server;
}

static bool save_late(struct core *core, uint32_t server, struct waiter waiter)
{
    if (!is_watched(core, server))
        return put_row(core, 'q', server, (struct trust_bytes){0}, waiter);
    return save_calls(core, server, waiter.is_urgent) &&
           save_sights(core, server, waiter.is_urgent) && save_quarantine(core, server, waiter);
}

/* With the last of them everything that was ordered so far is on its way. */
static void save_waiting(struct core *core)
{
    struct server_state *state = &core->server_state;
    for (uint32_t server = 0; next_waiting(state, &server); server++) {
        struct waiter waiter = {.is_urgent = true,
                                .number = state->waiting_count == 1 ? state->asked : 0};
        if (!save_late(core, server, waiter))
            return;
        mark_waiting(state, server, false);
    }
}

static void step_round(struct core *core)
{
    struct server_state *state = &core->server_state;
    uint32_t server = 0;
    for (uint32_t i = 0; i < STEP_SERVERS && state->waiting_count == 0; i++) {
        if (!trust_engine_next_server(core->engine, &state->cursor, &server)) {
            state->is_round = false;
            state->due.ms = core->now.mono.ms + ROUND_MS;
            return;
        }
        if (trust_engine_is_active(core->engine, server))
            server_state_save(core, server);
    }
    state->due.ms = core->now.mono.ms + STEP_MS;
}

void server_state_tick(struct core *core)
{
    struct server_state *state = &core->server_state;
    if (state->waiting_count > 0)
        save_waiting(core);
    if (core->now.mono.ms < state->due.ms)
        return;
    if (!state->is_round) {
        state->is_round = true;
        state->cursor = 0;
    }
    step_round(core);
}

struct trust_mono server_state_deadline(const struct server_state *state)
{
    return state->due;
}

void server_state_flush(struct core *core)
{
    struct server_state *state = &core->server_state;
    struct trust_mono end = {.ms = clock_now().mono.ms + FLUSH_MS};
    state->is_round = true;
    state->cursor = 0;
    while ((state->is_round || state->waiting_count > 0) && clock_now().mono.ms < end.ms) {
        state->due.ms = 0;
        server_state_tick(core);
        struct pollfd watched = {.fd = store_fd(core->store), .events = POLLIN};
        if (state->waiting_count > 0 && poll(&watched, 1, STEP_MS) > 0)
            pump_take_progress(core);
    }
}

/* ---- loading ---- */

static enum trust_error read_calls(struct core *core, struct trust_bytes value)
{
    struct trust_reader reader = trust_reader_init(value);
    uint64_t version = trust_reader_take_be(&reader, 1);
    struct trust_bytes subject =
        trust_reader_take(&reader, (size_t)trust_reader_take_be(&reader, 1));
    struct trust_bytes snapshot = trust_reader_take(&reader, TRUST_BREAKER_SNAPSHOT_SIZE);
    struct trust_own_calls calls = {.good = value_of(trust_reader_take_be(&reader, 8)),
                                    .bad = value_of(trust_reader_take_be(&reader, 8)),
                                    .garbage = value_of(trust_reader_take_be(&reader, 8)),
                                    .p95_ms = (uint32_t)trust_reader_take_be(&reader, 4)};
    struct trust_wall saved = {.ms = trust_reader_take_be(&reader, 8)};
    if (!trust_reader_is_done(&reader) || version != VERSION)
        return TRUST_NO_SYNTAX;
    if (!(calls.good >= 0 && calls.bad >= 0 && calls.garbage >= 0) || calls.good > 1e9 ||
        calls.bad > 1e9 || calls.garbage > 1e9)
        return TRUST_NO_RANGE;
    uint32_t server = 0;
    enum trust_error error = trust_engine_watch(core->engine, &server, subject, 0, core->now);
    if (error == TRUST_OK)
        error = trust_engine_load_breaker(core->engine, server, snapshot, core->now);
    if (error == TRUST_OK)
        put(&core->server_state.calls, server, true);
    if (error == TRUST_OK && calls.good + calls.bad + calls.garbage > 0)
        error = trust_engine_load_calls(core->engine, server, &calls, saved);
    return error;
}

static enum trust_error read_quarantine(struct core *core, struct trust_bytes value)
{
    struct trust_quarantine_saved saved;
    enum trust_error error = trust_quarantine_decode(&saved, value);
    uint32_t server = 0;
    if (error == TRUST_OK)
        error = trust_engine_watch(core->engine, &server, saved.subject, 0, core->now);
    if (error != TRUST_OK)
        return error;
    put(&core->server_state.quarantines, server, true);
    trust_engine_load_quarantine(core->engine, server, &saved.cell, core->now);
    return TRUST_OK;
}

static enum trust_error read_sights(struct core *core, struct trust_bytes value)
{
    struct trust_reader reader = trust_reader_init(value);
    uint64_t version = trust_reader_take_be(&reader, 1);
    struct trust_bytes subject =
        trust_reader_take(&reader, (size_t)trust_reader_take_be(&reader, 1));
    struct trust_bytes rest = trust_reader_take(&reader, trust_reader_left(&reader));
    struct trust_sights sights;
    if (!trust_reader_is_done(&reader) || version != VERSION)
        return TRUST_NO_SYNTAX;
    enum trust_error error = trust_sights_load(&sights, rest);
    uint32_t server = 0;
    if (error == TRUST_OK)
        error = trust_engine_watch(core->engine, &server, subject, 0, core->now);
    if (error != TRUST_OK)
        return error;
    put(&core->server_state.sights, server, true);
    trust_engine_load_sights(core->engine, server, &sights);
    return TRUST_OK;
}

static bool read_row(void *context, struct trust_bytes key, struct trust_bytes value)
{
    struct core *core = context;
    enum trust_error error = TRUST_NO_SYNTAX;
    if (key.size == KEY_SIZE && key.data[0] == 's')
        error = read_calls(core, value);
    else if (key.size == KEY_SIZE && key.data[0] == 'q')
        error = read_quarantine(core, value);
    else if (key.size == KEY_SIZE && key.data[0] == 'm')
        error = read_sights(core, value);
    else
        return true;
    if (error != TRUST_OK)
        log_write(&core->log, LOG_WARN, "state_row", LOG_FIELDS(log_code("error", error)));
    /* What a row brings waits in the engine's queue, which a whole table would overflow. */
    pump_run(core);
    return true;
}

enum trust_error server_state_load(struct core *core)
{
    core->server_state.due.ms = core->now.mono.ms + ROUND_MS;
    return store_read_state(core->store, (struct trust_bytes){0}, read_row, core);
}
