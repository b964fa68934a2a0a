/* See import.h. */
#include "node/api/import.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "node/announce.h"
#include "node/api/api.h"
#include "node/api/spool.h"
#include "node/core.h"

/* Records looked at in one turn: about a millisecond, so that agents are answered in between. */
#define TURN_RECORDS 512
/* Records brought to the door before their actions are carried out. */
#define DOOR_RECORDS 64
/* Refused records that the answer lists. */
#define LISTED_MAX 1000
/* News of the progress at most this often. */
#define NEWS_MS 500

struct refused {
    uint32_t index;
    bool has_id;
    enum trust_error code;
    struct trust_id id;
};

struct import {
    struct api_call *call;
    struct spool spool;
    uint8_t *marks; /* NULL: not begun */
    bool has_begun; /* the batch */
    bool has_tickets;
    bool is_due;
    bool is_hurried; /* the store was told that only it is waited for */
    struct trust_batch batch;
    struct trust_mono news_due;
    uint64_t accepted;
    uint64_t duplicate;
    uint64_t refused_count;
    uint64_t counts[TRUST_NO_CONFLICT + 1]; /* of the refused, by verdict */
    uint32_t listed_count;
    struct refused listed[LISTED_MAX];
};

/* A node that stops drops its engine: a batch in flight needs no end. */
static void release(struct api_call *call)
{
    struct import *import = call->state;
    if (import->has_begun && !call->api->is_stopping)
        trust_batch_end(&import->batch, call->core->now);
    if (import->has_tickets)
        tickets_give(&call->api->tickets, import->batch.tickets);
    spool_close(&import->spool);
    free(import->marks);
    free(import);
    call->api->import = NULL;
}

/* ---- receiving ---- */

static void refuse_spool(struct api_call *call, enum trust_error error)
{
    if (error == TRUST_NO_SIZE)
        api_refuse(call, error, "split the file, or raise store.limit",
                   "the file is larger than the store may be");
    else if (error == TRUST_NO_SYNTAX)
        api_refuse(call, error, "send what repute export --format records wrote",
                   "no record file, or its end is missing");
    else if (error == TRUST_NO_NETWORK)
        api_refuse(call, error, NULL, "the file is of another network than \"%s\"",
                   call->core->config.network);
    else
        api_refuse(call, error, NULL, "the file could not be received: %s",
                   trust_error_text(error));
}

static bool opens(struct api_call *call)
{
    if (!api_request_has_type(&call->request, IMPORT_TYPE))
        return false;
    if (call->api->import != NULL) {
        api_refuse(call, TRUST_NO_BUSY, "wait until it has ended", "another import is running");
        return true;
    }
    struct import *import = calloc(1, sizeof *import);
    if (import == NULL) {
        api_refuse(call, TRUST_FAIL_MEMORY, NULL, "no memory to import");
        return true;
    }
    import->call = call;
    import->spool.fd = -1;
    call->state = import;
    call->release = release;
    call->api->import = import;
    enum trust_error error =
        spool_open(&import->spool, call->core->home.roots[TRUST_HOME_ROOT_STATE],
                   call->core->config.store_limit);
    if (error != TRUST_OK)
        refuse_spool(call, error);
    return true;
}

static void take(struct api_call *call, struct trust_bytes piece)
{
    struct import *import = call->state;
    enum trust_error error = spool_add(&import->spool, piece);
    if (error != TRUST_OK)
        refuse_spool(call, error);
}

const struct api_intake import_intake = {.opens = opens, .take = take};

/* ---- running ---- */

static void hear(void *context, uint32_t index, const struct trust_verdict_action *verdict)
{
    struct import *import = context;
    trust_batch_hear(&import->batch, index, verdict->error);
    import->is_due = true;
}

static void begin(struct import *import, struct trust_bytes records)
{
    struct api_call *call = import->call;
    uint32_t count = import->spool.counter.count;
    import->marks = malloc((size_t)count + 1);
    if (import->marks == NULL) {
        api_refuse(call, TRUST_FAIL_MEMORY, NULL, "no memory for %lu records",
                   (unsigned long)count);
        return;
    }
    trust_batch_begin(&import->batch, call->core->engine, records, import->marks, count);
    import->has_begun = true;
    import->has_tickets = tickets_take(&call->api->tickets, &import->batch.tickets, hear, import);
    assert(import->has_tickets); /* there are as many blocks as calls can be held */
    import->is_due = true;
}

void import_run(struct api_call *call)
{
    struct import *import = call->state;
    struct trust_bytes records = {0};
    enum trust_error error = spool_map(&import->spool, &records, &call->core->network);
    if (error != TRUST_OK)
        refuse_spool(call, error);
    else if (api_hold(call))
        begin(import, records);
}

static void tell(struct import *import, bool is_done)
{
    struct core *core = import->call->core;
    if (!is_done && core->now.mono.ms < import->news_due.ms)
        return;
    import->news_due.ms = core->now.mono.ms + NEWS_MS;
    const struct announce_import news = {
        .ticket = import->batch.tickets,
        .records = import->batch.count,
        .accepted = is_done ? import->accepted : import->batch.accepted,
        .duplicate = import->duplicate,
        .refused = import->refused_count,
        .is_done = is_done,
    };
    announce_import(core, &news);
}

/* Brings records to the door in small groups: their actions are carried out in between. */
static enum trust_batch_state work(struct import *import)
{
    struct core *core = import->call->core;
    enum trust_batch_state state = TRUST_BATCH_RUNS;
    for (uint32_t done = 0; done < TURN_RECORDS && state == TRUST_BATCH_RUNS;
         done += DOOR_RECORDS) {
        state = trust_batch_step(&import->batch, DOOR_RECORDS, core->now);
        pump_run(core);
    }
    if (import->batch.phase == TRUST_BATCH_STORING && !import->is_hurried && pump_has_room(core)) {
        import->is_hurried = true;
        store_hurry(core->store);
    }
    return state;
}

static void count(struct import *import, const struct trust_batch_result *result)
{
    if (result->verdict == TRUST_OK) {
        import->accepted++;
        return;
    }
    if (result->verdict == TRUST_NO_DUPLICATE) {
        import->duplicate++;
        return;
    }
    assert(result->verdict > 0 && result->verdict <= TRUST_NO_CONFLICT);
    import->refused_count++;
    import->counts[result->verdict]++;
    if (import->listed_count == LISTED_MAX)
        return;
    struct refused *refused = &import->listed[import->listed_count++];
    struct trust_record record;
    *refused = (struct refused){.index = result->index, .code = result->verdict};
    refused->has_id = trust_record_decode(&record, result->bytes) == TRUST_OK;
    if (refused->has_id)
        trust_record_id(&refused->id, result->bytes, &import->call->core->network);
}

static void put_refused(struct api_doc *doc, const struct import *import)
{
    api_doc_open_array(doc, "refused");
    for (uint32_t i = 0; i < import->listed_count; i++) {
        const struct refused *refused = &import->listed[i];
        api_doc_open_object(doc, NULL);
        api_doc_count(doc, "index", refused->index);
        if (refused->has_id)
            api_doc_id(doc, "id", &refused->id);
        else
            api_doc_null(doc, "id");
        api_doc_text(doc, "code", trust_error_name(refused->code));
        api_doc_close_object(doc);
    }
    api_doc_close_array(doc);
}

static void answer(struct import *import)
{
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    api_doc_count(&doc, "accepted", import->accepted);
    api_doc_count(&doc, "duplicate", import->duplicate);
    put_refused(&doc, import);
    api_doc_open_object(&doc, "counts");
    for (int i = 0; i <= TRUST_NO_CONFLICT; i++) {
        if (import->counts[i] != 0)
            api_doc_count(&doc, trust_error_name((enum trust_error)i), import->counts[i]);
    }
    api_doc_close_object(&doc);
    api_doc_close_object(&doc);
    api_answer(import->call, &doc);
    api_wake(import->call);
}

static void read_results(struct import *import)
{
    struct trust_batch_result result;
    for (uint32_t i = 0; i < TURN_RECORDS; i++) {
        if (!trust_batch_next_result(&import->batch, &result, import->call->core->now)) {
            import->is_due = false;
            tell(import, true);
            answer(import);
            return;
        }
        count(import, &result);
    }
}

/* What was joined is written once the store can write again; the file may be given again then. */
static bool has_failed(struct import *import)
{
    struct trust_engine_stats stats;
    trust_engine_stats(import->call->core->engine, &stats);
    if (stats.fault == TRUST_OK || import->batch.phase == TRUST_BATCH_JUDGING)
        return false;
    import->is_due = false;
    if (import->batch.in_flight == 0) {
        api_refuse(import->call, stats.fault,
                   stats.fault == TRUST_NO_ROOM
                       ? "make room on the disk; it goes on by itself, then import the file again"
                       : "look at the node's log; when the store writes again, import it again",
                   "the store cannot write: %s", trust_error_text(stats.fault));
        api_wake(import->call);
    }
    return true;
}

void import_turn(struct core *core)
{
    struct import *import = core->api->import;
    if (import == NULL || !import->has_begun || api_is_answered(import->call) || has_failed(import))
        return;
    enum trust_batch_state state = work(import);
    import->is_due = state != TRUST_BATCH_WAITS;
    if (state == TRUST_BATCH_READY)
        read_results(import);
    tell(import, false);
}

bool import_is_due(const struct core *core)
{
    const struct import *import = core->api->import;
    return import != NULL && import->has_begun && import->is_due && !api_is_answered(import->call);
}
