/* See pump.h. */
#include "node/pump.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "engine/reads.h"
#include "node/announce.h"
#include "node/core.h"

/* Room kept below the store's limit: the pending records and the store's ring, with room. */
#define MARGIN_SIZE (UINT64_C(8) << 20)
/* A read of gossip is bounded by its size_max, at most TRUST_PULL_SIZE_MAX. */
#define LOADED_SIZE TRUST_PULL_SIZE_MAX
/* What waited for the disk, and a read of each session. */
static_assert(PUMP_READS_MAX >= TRUST_ENGINE_READS_MAX + TRUST_SESSIONS_MAX, "room for all reads");

enum trust_error pump_open(struct pump *pump)
{
    *pump = (struct pump){.loaded = malloc(LOADED_SIZE)};
    return pump->loaded == NULL ? TRUST_FAIL_MEMORY : TRUST_OK;
}

void pump_close(struct pump *pump)
{
    free(pump->loaded);
    pump->loaded = NULL;
}

bool pump_has_room(const struct core *core)
{
    return !core->pump.is_store_stuck && !core->pump.is_job_stuck &&
           trust_engine_has_room(core->engine);
}

/* ---- signatures ---- */

static void flush_jobs(struct core *core)
{
    struct pump *pump = &core->pump;
    if (pump->job_count == 0)
        return;
    enum trust_error error = verify_pool_submit(core->pool, pump->jobs, pump->job_count);
    pump->is_job_stuck = error == TRUST_NO_BUSY;
    assert(error == TRUST_OK || pump->is_job_stuck);
    if (error == TRUST_OK)
        pump->job_count = 0;
}

/* The bytes stand in the engine's pending place until its verdict, so a job only points to them. */
static void gather_job(struct core *core, const struct trust_action *action)
{
    struct pump *pump = &core->pump;
    assert(pump->job_count < TRUST_VERIFY_BATCH);
    pump->jobs[pump->job_count++] = (struct verify_item){.token = action->verify.token,
                                                         .bytes = action->bytes,
                                                         .check_key = action->verify.check_key};
    if (pump->job_count == TRUST_VERIFY_BATCH)
        flush_jobs(core);
}

void pump_take_verdicts(struct core *core)
{
    struct verify_verdict verdicts[TRUST_VERIFY_BATCH];
    uint32_t count = 0;
    while (!core->pump.is_store_stuck && (count = verify_pool_poll(core->pool, verdicts)) > 0) {
        for (uint32_t i = 0; i < count; i++) {
            trust_engine_handle_verified(core->engine, verdicts[i].token, verdicts[i].error,
                                         core->now);
            pump_run(core);
        }
        if (core->pump.is_job_stuck)
            flush_jobs(core);
    }
}

/* ---- the store ---- */

static enum store_change_kind change_kind(enum trust_store_kind kind)
{
    switch (kind) {
    case TRUST_STORE_PUT:
        return STORE_PUT;
    case TRUST_STORE_ERASE:
        return STORE_ERASE;
    case TRUST_STORE_ERASE_AUTHOR:
        return STORE_ERASE_AUTHOR;
    }
    return STORE_ERASE;
}

/* The store's own trouble; else TRUST_NO_ROOM when the records are over their limit, though authors
 * were asked to leave. */
static void tell_fault(struct core *core, enum trust_error fault, int code)
{
    struct trust_engine_stats stats;
    trust_engine_stats(core->engine, &stats);
    if (fault == TRUST_OK && core->pump.is_store_over)
        fault = TRUST_NO_ROOM;
    if (fault == stats.fault)
        return;
    log_write(&core->log, fault == TRUST_OK ? LOG_INFO : LOG_ERROR, "store",
              LOG_FIELDS(log_code("state", fault), log_number("lmdb", code)));
    trust_engine_handle_store_fault(core->engine, fault, core->now);
    announce_store(core, fault);
}

/* What waits in the ring and among the pending records must still fit below the limit. */
static void tell_room(struct core *core)
{
    struct pump *pump = &core->pump;
    struct store_stats stats;
    store_stats(core->store, &stats);
    uint64_t limit = core->config.store_limit;
    uint64_t margin = limit / 4 < MARGIN_SIZE ? limit / 4 : MARGIN_SIZE;
    bool is_tight = stats.record_size + stats.queued_size + margin > limit;
    pump->is_store_over = stats.record_size > limit;
    if (is_tight || pump->is_store_tight)
        trust_engine_handle_store_tight(core->engine, is_tight, core->now);
    if (is_tight != pump->is_store_tight)
        log_write(&core->log, LOG_WARN, "store_tight",
                  LOG_FIELDS(log_number("tight", is_tight),
                             log_number("bytes", (int64_t)stats.record_size),
                             log_number("authors", (int64_t)stats.author_count)));
    pump->is_store_tight = is_tight;
}

/* False: the ring is full, or the disk broken; the action is held. */
static bool submit(struct core *core, const struct trust_action *action)
{
    struct store_change change = {.kind = change_kind(action->store.kind),
                                  .urgent = action->store.is_urgent,
                                  .continues = action->store.continues,
                                  .number = action->store.number,
                                  .author = action->store.author,
                                  .seq = action->store.seq,
                                  .id = action->store.id,
                                  .place = action->store.place,
                                  .head = action->store.head,
                                  .bytes = action->bytes};
    enum trust_error error = store_submit(core->store, &change);
    if (error == TRUST_NO_ROOM) {
        /* The engine holds it already, so it must not wait for an erasure that may be behind it. */
        change.is_owed = true;
        error = store_submit(core->store, &change);
    }
    core->pump.is_store_stuck = error != TRUST_OK;
    if (error != TRUST_OK)
        core->pump.held = *action;
    return error == TRUST_OK;
}

void pump_take_progress(struct core *core)
{
    struct store_progress progress;
    store_poll(core->store, &progress);
    core->server_state.durable = progress.state_durable;
    trust_engine_handle_stored(core->engine, progress.durable, core->now);
    tell_room(core);
    tell_fault(core, progress.fault, progress.fault_code);
    if (progress.has_room && core->pump.is_store_stuck) {
        struct trust_action held = core->pump.held;
        if (!submit(core, &held))
            return;
    }
    pump_run(core);
}

/* ---- reads ---- */

struct filling {
    uint8_t *bytes;
    size_t size;
    size_t size_max;
    const struct trust_gossip_read *read;
    bool more;
};

/* has_after: only what is greater than (from_seq, after). */
static bool is_behind(const struct trust_gossip_read *read, struct trust_bytes record,
                      const struct trust_network *network)
{
    struct trust_record decoded;
    if (!read->range.has_after || trust_record_decode(&decoded, record) != TRUST_OK ||
        decoded.seq != read->range.from_seq)
        return false;
    struct trust_id id;
    trust_record_id(&id, record, network);
    return memcmp(id.bytes, read->range.after.bytes, sizeof id.bytes) <= 0;
}

struct read_context {
    struct filling filling;
    const struct trust_network *network;
};

static bool take_record(void *context, const struct trust_key *author, struct trust_bytes record)
{
    (void)author;
    struct read_context *reading = context;
    struct filling *filling = &reading->filling;
    if (is_behind(filling->read, record, reading->network))
        return true;
    if (filling->size_max - filling->size < record.size + 2) {
        filling->more = true;
        return false;
    }
    filling->bytes[filling->size] = (uint8_t)(record.size >> 8);
    filling->bytes[filling->size + 1] = (uint8_t)record.size;
    memcpy(filling->bytes + filling->size + 2, record.data, record.size);
    filling->size += record.size + 2;
    return true;
}

static void read_stored(struct core *core, const struct trust_gossip_read *read)
{
    assert(read->size_max <= LOADED_SIZE);
    struct read_context reading = {
        .filling = {.bytes = core->pump.loaded, .size_max = read->size_max, .read = read},
        .network = &core->network};
    const struct store_range range = {.author = read->range.author,
                                      .from_seq = read->range.from_seq,
                                      .to_seq = read->range.to_seq};
    enum trust_error error = store_read_range(core->store, &range, take_record, &reading);
    if (error != TRUST_OK)
        log_write(&core->log, LOG_WARN, "store_read", LOG_FIELDS(log_code("error", error)));
    const struct trust_loaded loaded = {
        .ticket = read->ticket,
        .records = {.data = core->pump.loaded, .size = reading.filling.size},
        .more = reading.filling.more};
    trust_engine_handle_loaded(core->engine, &loaded, core->now);
}

/* ---- all actions ---- */

static void carry_out(struct core *core, const struct trust_action *action)
{
    struct pump *pump = &core->pump;
    switch (action->kind) {
    case TRUST_ACTION_SEND:
        if (!peers_send(core, action->peer, action->bytes))
            pump->frames_dropped++;
        return;
    case TRUST_ACTION_VERIFY:
        gather_job(core, action);
        return;
    case TRUST_ACTION_STORE:
        (void)submit(core, action);
        return;
    case TRUST_ACTION_READ:
        assert(pump->read_count < PUMP_READS_MAX);
        pump->reads[pump->read_count++] = action->read;
        return;
    case TRUST_ACTION_DROP:
        peers_drop(core, action->peer, &action->drop);
        return;
    case TRUST_ACTION_NAMED:
        peers_named(core, action->peer, &action->key);
        return;
    case TRUST_ACTION_VERDICT:
        if (pump->verdict != NULL)
            pump->verdict(pump->verdict_context, &action->verdict);
        return;
    case TRUST_ACTION_BOARD:
        showing_put(core, action->server);
        return;
    case TRUST_ACTION_UNBOARD:
        showing_remove(core, action->server, action->digest);
        return;
    case TRUST_ACTION_BREAKER:
        showing_breaker(core, action->server, &action->breaker);
        return;
    case TRUST_ACTION_QUARANTINE:
        showing_quarantine(core, action->server, &action->quarantine);
        return;
    }
}

static bool must_wait(const struct pump *pump)
{
    return pump->is_store_stuck || (pump->is_job_stuck && pump->job_count == TRUST_VERIFY_BATCH);
}

/* A read is answered only when nothing is left to poll: its answer is a new event. */
void pump_run(struct core *core)
{
    struct pump *pump = &core->pump;
    struct trust_action action;
    for (;;) {
        while (trust_engine_poll_action(core->engine, &action, !must_wait(pump), core->now))
            carry_out(core, &action);
        if (pump->read_count == 0)
            break;
        struct trust_gossip_read read = pump->reads[--pump->read_count];
        read_stored(core, &read);
    }
    flush_jobs(core);
}
