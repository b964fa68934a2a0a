/* See batch.h. */
#include "engine/batch.h"

#include <string.h>

#include "base/assert.h"
#include "base/reader.h"
#include "engine/state.h"

/* Marks above every verdict: where a record stands before it has one. */
#define MARK_REVOCATION 0xf0
#define MARK_VOUCH 0xf1
#define MARK_OTHER 0xf2
#define MARK_IN_FLIGHT 0xf3

static_assert(TRUST_NO_CONFLICT < MARK_REVOCATION, "a verdict fits below the marks");

void trust_batch_begin(struct trust_batch *out_batch, struct trust_engine *engine,
                       struct trust_bytes records, uint8_t *marks, uint32_t count)
{
    assert(!engine->is_in_batch);
    engine->is_in_batch = true;
    *out_batch =
        (struct trust_batch){.engine = engine, .records = records, .marks = marks, .count = count};
}

/* The record at the walk's place; the walk goes behind it. */
static struct trust_bytes take(struct trust_batch *batch)
{
    assert(batch->index < batch->count);
    const uint8_t *at = batch->records.data + batch->offset;
    struct trust_bytes record = {.data = at + 2, .size = (size_t)(at[0] << 8 | at[1])};
    batch->offset += 2 + record.size;
    assert(batch->offset <= batch->records.size);
    batch->index++;
    return record;
}

static void go_back(struct trust_batch *batch, struct trust_bytes record)
{
    batch->offset -= 2 + record.size;
    batch->index--;
}

static void rewind(struct trust_batch *batch)
{
    batch->offset = 0;
    batch->index = 0;
}

static uint8_t mark_of(enum trust_error error)
{
    /* Our own failures end the batch by the store's fault; here they only need a name. */
    return (uint8_t)(error < TRUST_OK ? TRUST_NO_ROOM : error);
}

static uint8_t sort(struct trust_bytes bytes)
{
    struct trust_record record;
    enum trust_error error = trust_record_decode(&record, bytes);
    if (error != TRUST_OK)
        return mark_of(error);
    switch (record.kind) {
    case TRUST_KIND_REVOCATION:
        return MARK_REVOCATION;
    case TRUST_KIND_VOUCH:
        return MARK_VOUCH;
    case TRUST_KIND_RATING:
    case TRUST_KIND_FLAG:
    case TRUST_KIND_ALIAS:
        return MARK_OTHER;
    }
    return MARK_OTHER;
}

static uint8_t wanted_mark(enum trust_batch_phase phase)
{
    switch (phase) {
    case TRUST_BATCH_REVOCATIONS:
        return MARK_REVOCATION;
    case TRUST_BATCH_VOUCHES:
        return MARK_VOUCH;
    case TRUST_BATCH_OTHERS:
        return MARK_OTHER;
    case TRUST_BATCH_SORTING:
    case TRUST_BATCH_STORING:
    case TRUST_BATCH_JUDGING:
        return MARK_IN_FLIGHT;
    }
    return MARK_IN_FLIGHT;
}

/* Brings one record to the door. A record without interest keeps its mark: a later round may find
 * it. False: there is no place. */
static bool try(struct trust_batch *batch, uint32_t index, struct trust_bytes bytes,
                struct trust_now now)
{
    enum trust_error error = trust_door_import(batch->engine, batch->tickets + index, bytes, now);
    if (error == TRUST_NO_BUSY)
        return false;
    if (error == TRUST_OK) {
        batch->marks[index] = MARK_IN_FLIGHT;
        batch->in_flight++;
        batch->tried++;
    } else if (error != TRUST_NO_INTEREST) {
        batch->marks[index] = mark_of(error);
    }
    return true;
}

void trust_batch_hear(struct trust_batch *batch, uint32_t index, enum trust_error error)
{
    assert(index < batch->count);
    assert(batch->marks[index] == MARK_IN_FLIGHT);
    assert(batch->in_flight > 0);
    batch->marks[index] = mark_of(error);
    batch->in_flight--;
    if (error == TRUST_OK) {
        batch->joined++;
        batch->accepted++;
    }
}

/* ---- phases ---- */

static void settle(struct trust_batch *batch, struct trust_now now)
{
    if (batch->joined == 0)
        return;
    batch->joined = 0;
    trust_engine_settle(batch->engine, now);
}

/* Every record of the phase was looked at, and none is in flight. */
static void end_phase(struct trust_batch *batch, struct trust_now now)
{
    rewind(batch);
    switch (batch->phase) {
    case TRUST_BATCH_SORTING:
        batch->phase = TRUST_BATCH_REVOCATIONS;
        return;
    case TRUST_BATCH_REVOCATIONS:
        settle(batch, now);
        batch->phase = TRUST_BATCH_VOUCHES;
        return;
    case TRUST_BATCH_VOUCHES:
        settle(batch, now);
        batch->phase = batch->tried == 0 ? TRUST_BATCH_OTHERS : TRUST_BATCH_REVOCATIONS;
        batch->round++;
        batch->tried = 0;
        return;
    case TRUST_BATCH_OTHERS:
        settle(batch, now);
        batch->durable = batch->engine->next_number - 1;
        batch->phase = TRUST_BATCH_STORING;
        return;
    case TRUST_BATCH_STORING:
        batch->phase = TRUST_BATCH_JUDGING;
        return;
    case TRUST_BATCH_JUDGING:
        return;
    }
}

/* Looks at records until the walk is over (true), the budget is used up or there is no place. */
static bool walk(struct trust_batch *batch, uint32_t *budget, struct trust_now now)
{
    uint8_t wanted = wanted_mark(batch->phase);
    for (; batch->index < batch->count; --*budget) {
        if (*budget == 0)
            return false;
        uint32_t index = batch->index;
        struct trust_bytes bytes = take(batch);
        if (batch->phase == TRUST_BATCH_SORTING) {
            batch->marks[index] = sort(bytes);
        } else if (batch->marks[index] == wanted && !try(batch, index, bytes, now)) {
            go_back(batch, bytes);
            return false;
        }
    }
    return true;
}

static enum trust_batch_state step(struct trust_batch *batch, uint32_t *budget,
                                   struct trust_now now)
{
    if (batch->phase == TRUST_BATCH_STORING) {
        if (batch->engine->stored < batch->durable)
            return TRUST_BATCH_WAITS;
    } else if (!walk(batch, budget, now)) {
        return *budget == 0 ? TRUST_BATCH_RUNS : TRUST_BATCH_WAITS;
    }
    if (batch->in_flight > 0)
        return TRUST_BATCH_WAITS;
    end_phase(batch, now);
    return batch->phase == TRUST_BATCH_JUDGING ? TRUST_BATCH_READY : TRUST_BATCH_RUNS;
}

enum trust_batch_state trust_batch_step(struct trust_batch *batch, uint32_t budget,
                                        struct trust_now now)
{
    enum trust_batch_state state = TRUST_BATCH_RUNS;
    if (batch->phase == TRUST_BATCH_JUDGING)
        return TRUST_BATCH_READY;
    while (budget > 0 && state == TRUST_BATCH_RUNS)
        state = step(batch, &budget, now);
    return state;
}

/* ---- results ---- */

/* True if the register holds exactly these bytes: this id with this signature. */
static bool is_held(const struct trust_ledger *ledger, const struct trust_claim *claim)
{
    uint32_t slot = 0;
    if (!trust_ledger_find_slot(ledger, &slot, &claim->place))
        return false;
    struct trust_ledger_view view = trust_ledger_view(ledger, slot);
    for (uint32_t i = 0; i < view.id_count; i++) {
        if (memcmp(view.ids[i], &claim->id, sizeof claim->id) == 0)
            return memcmp(view.signatures[i], &claim->signature, sizeof claim->signature) == 0;
    }
    return false;
}

/* What the record is in the join of all: its own verdict at the door only tells apart what the
 * join cannot, whether it was there before and whether its signature was good. */
static enum trust_error judge(const struct trust_batch *batch, uint8_t mark,
                              struct trust_bytes bytes, struct trust_now now)
{
    struct trust_claim claim;
    enum trust_error told = mark < MARK_REVOCATION ? (enum trust_error)mark : TRUST_NO_INTEREST;
    enum trust_error error = trust_gossip_admit(batch->engine->gossip, &claim, bytes, now);
    if (error == TRUST_NO_DUPLICATE)
        return told == TRUST_OK && is_held(&batch->engine->ledger, &claim) ? TRUST_OK
                                                                           : TRUST_NO_DUPLICATE;
    if (error != TRUST_OK)
        return error;
    /* Accepted and gone again: somebody heavier took its author's place. */
    return told == TRUST_OK ? TRUST_NO_ROOM : told;
}

bool trust_batch_next_result(struct trust_batch *batch, struct trust_batch_result *out_result,
                             struct trust_now now)
{
    assert(batch->phase == TRUST_BATCH_JUDGING);
    if (batch->index == batch->count)
        return false;
    uint32_t index = batch->index;
    struct trust_bytes bytes = take(batch);
    *out_result = (struct trust_batch_result){
        .index = index,
        .bytes = bytes,
        .verdict = judge(batch, batch->marks[index], bytes, now),
    };
    return true;
}

void trust_batch_end(struct trust_batch *batch, struct trust_now now)
{
    assert(batch->in_flight == 0);
    batch->engine->is_in_batch = false;
    trust_engine_settle(batch->engine, now);
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX && batch->accepted > 0; peer++) {
        if (trust_gossip_peer(batch->engine->gossip, peer) != NULL)
            trust_gossip_sync_soon(batch->engine->gossip, peer, now);
    }
}

/* ---- counting ---- */

void trust_batch_counter_take(struct trust_batch_counter *counter, struct trust_bytes bytes)
{
    for (size_t at = 0; at < bytes.size;) {
        if (counter->left > 0) {
            size_t skipped = bytes.size - at < counter->left ? bytes.size - at : counter->left;
            counter->left -= (uint32_t)skipped;
            at += skipped;
        } else if (!counter->has_size_high) {
            counter->size_high = bytes.data[at++];
            counter->has_size_high = true;
        } else {
            counter->left = (uint32_t)(counter->size_high << 8 | bytes.data[at++]);
            counter->has_size_high = false;
            counter->is_over = counter->is_over || counter->count == UINT32_MAX;
            counter->count += !counter->is_over;
        }
    }
}

bool trust_batch_counter_is_whole(const struct trust_batch_counter *counter)
{
    return counter->left == 0 && !counter->has_size_high && !counter->is_over;
}
