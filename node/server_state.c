/*
 * See server_state.h. Two rows a server, keyed by 's' or 'q' and the subject's digest:
 *
 *   s: version 1, subject length, subject, breaker snapshot, good, bad, garbage (IEEE 754 bits),
 *      p95 in ms, wall time in ms; big-endian
 *   q: the quarantine's own text line
 */
#include "node/server_state.h"

#include <string.h>

#include "trust/subject.h"

#include "base/assert.h"
#include "base/reader.h"
#include "base/writer.h"
#include "engine/servers.h"
#include "node/core.h"
#include "shield/audit.h"
#include "shield/persist.h"

#define VERSION 1
#define ROW_SIZE_MAX (2 + TRUST_SUBJECT_SIZE_MAX + TRUST_BREAKER_SNAPSHOT_SIZE + 3 * 8 + 4 + 8)
#define KEY_SIZE 33

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

static void put_row(struct core *core, char kind, uint32_t server, struct trust_bytes value)
{
    uint8_t key[KEY_SIZE] = {(uint8_t)kind};
    trust_engine_server_digest(core->engine, key + 1, server);
    const struct store_change change = {.kind =
                                            value.size == 0 ? STORE_STATE_ERASE : STORE_STATE_PUT,
                                        .state_key = {.data = key, .size = sizeof key},
                                        .bytes = value};
    /* The state is saved again within 30 s: a full ring loses nothing for good. */
    enum trust_error error = store_submit(core->store, &change);
    if (error != TRUST_OK)
        log_write(&core->log, LOG_WARN, "state", LOG_FIELDS(log_code("error", error)));
}

static bool is_at_rest(const struct trust_breaker_view *view, const struct trust_own_calls *calls)
{
    return view->state == TRUST_BREAKER_CLOSED && view->backoff_k == 0 && view->denied == 0 &&
           calls->good + calls->bad + calls->garbage < .01;
}

static void save_calls(struct core *core, uint32_t server)
{
    struct trust_breaker_view view;
    trust_engine_read_breaker(core->engine, server, &view, core->now);
    struct trust_own_calls calls = {0};
    (void)trust_engine_own_calls(core->engine, server, &calls, core->now);
    if (is_at_rest(&view, &calls)) {
        put_row(core, 's', server, (struct trust_bytes){0});
        return;
    }
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
    put_row(core, 's', server, trust_writer_bytes(&writer));
}

static void save_quarantine(struct core *core, uint32_t server)
{
    const struct trust_quarantine *quarantine = trust_engine_quarantine(core->engine, server);
    const struct trust_quarantine rest = {0};
    if (memcmp(quarantine, &rest, sizeof rest) == 0)
        return;
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    uint8_t line[TRUST_QUARANTINE_LINE_SIZE_MAX];
    const struct trust_quarantine_saved saved = {
        .subject = {.data = (const uint8_t *)subject,
                    .size = trust_engine_server_subject(core->engine, subject, server)},
        .cell = *quarantine};
    struct trust_writer writer = trust_writer_init(line, sizeof line);
    trust_quarantine_encode(&writer, &saved);
    assert(!trust_writer_has_overflowed(&writer));
    put_row(core, 'q', server, trust_writer_bytes(&writer));
}

void server_state_save(struct core *core, uint32_t server)
{
    save_calls(core, server);
    save_quarantine(core, server);
}

void server_state_save_all(struct core *core)
{
    uint32_t cursor = 0;
    uint32_t server = 0;
    while (trust_engine_next_server(core->engine, &cursor, &server)) {
        if (trust_engine_is_active(core->engine, server))
            server_state_save(core, server);
    }
}

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
    if (error == TRUST_OK)
        trust_engine_load_quarantine(core->engine, server, &saved.cell, core->now);
    return error;
}

static bool read_row(void *context, struct trust_bytes key, struct trust_bytes value)
{
    struct core *core = context;
    enum trust_error error = TRUST_NO_SYNTAX;
    if (key.size == KEY_SIZE && key.data[0] == 's')
        error = read_calls(core, value);
    else if (key.size == KEY_SIZE && key.data[0] == 'q')
        error = read_quarantine(core, value);
    else
        return true;
    if (error != TRUST_OK)
        log_write(&core->log, LOG_WARN, "state_row", LOG_FIELDS(log_code("error", error)));
    return true;
}

enum trust_error server_state_load(struct core *core)
{
    return store_read_state(core->store, (struct trust_bytes){0}, read_row, core);
}
