/*
 * The one door: every record enters here, whoever brings it. A peer's record has passed gossip's
 * cheap checks, the operator's passes the same ones here, and one from the disk brings its keyed
 * hash instead of a signature check.
 */
#include <string.h>

#include "base/assert.h"
#include "engine/engine.h"
#include "engine/state.h"
#include "record/verify.h"

static void tell(struct trust_engine *engine, uint64_t ticket, enum trust_error error,
                 const struct trust_id *id)
{
    struct trust_action *action = trust_queue_push(&engine->queue, TRUST_ACTION_VERDICT);
    action->verdict = (struct trust_verdict_action){.ticket = ticket, .error = error, .id = *id};
}

/* Who brought a record, and who is answered. */
struct arrival {
    uint32_t peer;
    uint64_t ticket;
    bool is_batch;
};

/* Puts a record that passed the cheap checks on its way to a verify worker. */
static bool start_check(struct trust_engine *engine, const struct arrival *arrival,
                        struct trust_bytes bytes, const struct trust_claim *claim)
{
    uint32_t index = 0;
    if (!trust_pending_add(&engine->pending, &index, bytes))
        return false;
    struct trust_pending_record *record = &engine->pending.records[index];
    record->claim = *claim;
    record->peer = arrival->peer;
    record->ticket = arrival->ticket;
    record->is_batch = arrival->is_batch;
    engine->pending.verifying++;
    uint32_t author = 0;
    bool is_known = trust_keys_find(&engine->keys, &author, &claim->author) &&
                    trust_ledger_has_author(&engine->ledger, author);
    struct trust_action *action = trust_queue_push(&engine->queue, TRUST_ACTION_VERIFY);
    action->bytes = trust_pending_bytes(&engine->pending, index);
    action->verify = (struct trust_verify_action){.token = index, .check_key = !is_known};
    return true;
}

void trust_engine_publish(struct trust_engine *engine, uint64_t ticket, struct trust_bytes bytes,
                          struct trust_now now)
{
    struct trust_claim claim = {0};
    enum trust_error error = trust_gossip_admit(engine->gossip, &claim, bytes, now);
    if (error == TRUST_OK)
        error = engine->fault;
    const struct arrival arrival = {.peer = TRUST_PEER_LOCAL, .ticket = ticket};
    if (error == TRUST_OK && !start_check(engine, &arrival, bytes, &claim))
        error = TRUST_NO_BUSY;
    if (error != TRUST_OK)
        tell(engine, ticket, error, &claim.id);
}

enum trust_error trust_door_import(struct trust_engine *engine, uint64_t ticket,
                                   struct trust_bytes bytes, struct trust_now now)
{
    struct trust_claim claim = {0};
    const struct arrival arrival = {.peer = TRUST_PEER_LOCAL, .ticket = ticket, .is_batch = true};
    /* First, since most calls of a busy import end here. */
    if (!trust_engine_has_room(engine))
        return TRUST_NO_BUSY;
    enum trust_error error = trust_gossip_admit(engine->gossip, &claim, bytes, now);
    if (error == TRUST_OK)
        error = engine->fault;
    if (error != TRUST_OK)
        return error;
    bool has_room = start_check(engine, &arrival, bytes, &claim);
    assert(has_room);
    return TRUST_OK;
}

/* Peers' records come out of gossip as VERIFY actions; the shell only reads a link while there is
 * room for a whole frame of them. */
void trust_door_check(struct trust_engine *engine, const struct trust_gossip_action *action)
{
    const struct arrival arrival = {.peer = action->peer};
    bool has_room = start_check(engine, &arrival, action->bytes, &action->claim);
    assert(has_room);
}

bool trust_engine_has_room(const struct trust_engine *engine)
{
    const struct trust_pool *pool = &engine->pending.pool;
    return pool->capacity - pool->count >= TRUST_FRAME_RECORDS_MAX + TRUST_ENGINE_LOCAL_PLACES;
}

/* A store that is nearly full keeps what is left for the operator's own word. */
static bool must_stay_out(const struct trust_engine *engine,
                          const struct trust_pending_record *pending)
{
    if (!engine->is_tight || (pending->peer == TRUST_PEER_LOCAL && !pending->is_batch))
        return false;
    uint32_t author = 0;
    return !pending->is_batch || !trust_keys_find(&engine->keys, &author, &pending->claim.author) ||
           author != engine->operator_key;
}

/* Somebody waits for what was published; of a batch only the end is waited for, but it must not
 * fill all places with records that the disk takes its time for. */
static bool is_urgent(const struct trust_engine *engine, const struct trust_pending_record *pending)
{
    const struct trust_pool *pool = &engine->pending.pool;
    return pending->peer == TRUST_PEER_LOCAL &&
           (!pending->is_batch || pool->count > pool->capacity / 2);
}

/* Joins a verified record. TRUST_OK: its store change is on the way. */
static enum trust_error join(struct trust_engine *engine, uint32_t index)
{
    if (engine->fault != TRUST_OK)
        return engine->fault;
    const struct trust_pending_record *pending = &engine->pending.records[index];
    if (must_stay_out(engine, pending))
        return TRUST_NO_ROOM;
    enum trust_error error = trust_ledger_apply(&engine->ledger, &engine->effects, &pending->claim);
    if (error == TRUST_NO_ROOM && trust_evict_least(engine, &pending->claim.author))
        error = trust_ledger_apply(&engine->ledger, &engine->effects, &pending->claim);
    if (error != TRUST_OK)
        return error;
    struct trust_record record;
    error = trust_record_decode(&record, trust_pending_bytes(&engine->pending, index));
    assert(error == TRUST_OK);
    uint64_t number = trust_join_follow(engine, &record, index, is_urgent(engine, pending));
    assert(number != 0);
    trust_pending_wait(&engine->pending, index, number);
    return TRUST_OK;
}

static void pass_on(struct trust_engine *engine, uint32_t index, struct trust_now now)
{
    const struct trust_pending_record *pending = &engine->pending.records[index];
    const struct trust_accepted accepted = {.bytes = trust_pending_bytes(&engine->pending, index),
                                            .author = pending->claim.author,
                                            .kind = pending->claim.kind,
                                            .place = pending->claim.place,
                                            .peer = pending->peer};
    trust_gossip_handle_accepted(engine->gossip, &accepted, now);
}

void trust_engine_handle_verified(struct trust_engine *engine, uint64_t token,
                                  enum trust_error error, struct trust_now now)
{
    uint32_t index = (uint32_t)token;
    struct trust_pending_record *pending = &engine->pending.records[index];
    assert(engine->pending.verifying > 0);
    engine->pending.verifying--;
    if (error == TRUST_OK)
        error = join(engine, index);
    if (error == TRUST_OK)
        engine->accepted++;
    else if (error != TRUST_NO_DUPLICATE)
        engine->refused++;
    bool is_local = pending->peer == TRUST_PEER_LOCAL;
    if (!is_local) {
        trust_gossip_handle_verdict(engine->gossip, pending->peer,
                                    trust_pending_bytes(&engine->pending, index), error, now);
        if (error == TRUST_OK)
            pass_on(engine, index, now);
    } else if (error != TRUST_OK || pending->is_batch) {
        pending->is_told = true;
        tell(engine, pending->ticket, error, &pending->claim.id);
    }
    if (error != TRUST_OK)
        trust_pending_remove(&engine->pending, index);
}

void trust_engine_handle_stored(struct trust_engine *engine, uint64_t upto, struct trust_now now)
{
    (void)now;
    assert(upto >= engine->stored);
    assert(upto < engine->next_number);
    engine->stored = upto;
}

/* The operator hears of durable records only; peers have had theirs when they were accepted. Of a
 * batch peers hear by reconciliation: it would only push everything else out of the queue. */
bool trust_door_settle(struct trust_engine *engine, struct trust_now now)
{
    uint32_t index = 0;
    if (!trust_pending_next_stored(&engine->pending, &index, engine->stored))
        return false;
    const struct trust_pending_record *pending = &engine->pending.records[index];
    if (pending->peer == TRUST_PEER_LOCAL) {
        if (!pending->is_told)
            tell(engine, pending->ticket, TRUST_OK, &pending->claim.id);
        if (!pending->is_batch)
            pass_on(engine, index, now);
    }
    trust_pending_remove(&engine->pending, index);
    return true;
}

void trust_engine_handle_store_fault(struct trust_engine *engine, enum trust_error fault,
                                     struct trust_now now)
{
    (void)now;
    engine->fault = fault;
    if (fault == TRUST_OK)
        return;
    for (uint32_t at = engine->pending.first; at != 0; at = engine->pending.records[at - 1].next) {
        struct trust_pending_record *pending = &engine->pending.records[at - 1];
        if (pending->peer != TRUST_PEER_LOCAL || pending->is_told)
            continue;
        pending->is_told = true;
        tell(engine, pending->ticket, fault, &pending->claim.id);
    }
}

/* A row of the disk that the state has no place for: it was left over from a store
 * that was put together by other means than this engine. */
static void erase_stale(struct trust_engine *engine, const struct trust_claim *claim)
{
    uint32_t author = 0;
    struct trust_action *action = trust_queue_push(&engine->queue, TRUST_ACTION_STORE);
    action->store = (struct trust_store_action){.kind = TRUST_STORE_ERASE,
                                                .number = engine->next_number++,
                                                .author = claim->author,
                                                .seq = claim->seq,
                                                .id = claim->id,
                                                .place = claim->place};
    if (trust_keys_find(&engine->keys, &author, &claim->author))
        action->store.head = trust_ledger_head(&engine->ledger, author);
}

enum trust_error trust_engine_load(struct trust_engine *engine, struct trust_bytes bytes)
{
    struct trust_record record;
    enum trust_error error = trust_record_decode(&record, bytes);
    if (error != TRUST_OK)
        return error;
    struct trust_id id;
    trust_record_id(&id, bytes, &engine->network);
    struct trust_claim claim;
    trust_claim_init(&claim, &record, &id, trust_record_signature(bytes));
    error = trust_ledger_apply(&engine->ledger, &engine->effects, &claim);
    if (error == TRUST_OK)
        (void)trust_join_follow(engine, &record, TRUST_JOIN_LOADED, false);
    else if ((error == TRUST_NO_OLDER || error == TRUST_NO_REVOKED) &&
             engine->queue.count < TRUST_ENGINE_SWEEP_ACTIONS)
        erase_stale(engine, &claim);
    return error;
}

void trust_engine_handle_damaged(struct trust_engine *engine, const struct trust_key *author,
                                 uint64_t seq)
{
    uint32_t key = 0;
    if (!trust_keys_find(&engine->keys, &key, author))
        return;
    struct trust_ledger_walk walk = trust_ledger_walk_init(key, seq, seq);
    uint32_t slot = 0;
    while (trust_ledger_next_slot(&engine->ledger, &walk, &slot)) {
        const struct trust_id id = *trust_ledger_view(&engine->ledger, slot).ids[0];
        trust_ledger_forget(&engine->ledger, &engine->effects, key, seq, &id);
        (void)trust_join_follow(engine, NULL, TRUST_JOIN_LOADED, false);
    }
}
