/*
 * What follows from a change of the ledger: the scorer hears which slots count, the store gets its
 * changes in order, and the keys that vouches speak of are held as long as the vouch is.
 */
#include <string.h>

#include "base/assert.h"
#include "engine/state.h"

static void release_target(struct trust_engine *engine, uint32_t slot)
{
    if (engine->targets[slot] == 0)
        return;
    trust_keys_release(&engine->keys, engine->targets[slot] - 1);
    engine->targets[slot] = 0;
}

static void count_slot(struct trust_engine *engine, const struct trust_effect *effect,
                       const struct trust_record *record)
{
    uint32_t target = TRUST_SCORER_NONE;
    enum trust_error error = TRUST_OK;
    if (record->kind == TRUST_KIND_VOUCH)
        error = trust_keys_hold(&engine->keys, &target, &record->vouch.subject);
    if (error == TRUST_OK)
        error = trust_scorer_hold(&engine->scorer, effect->slot, record, effect->author, target);
    else
        trust_scorer_drop(&engine->scorer, effect->slot);
    if (error == TRUST_OK && record->kind == TRUST_KIND_FLAG)
        trust_ignoring_apply(engine, effect->slot);
    /* The old target goes last: it may be the new one. */
    release_target(engine, effect->slot);
    engine->targets[effect->slot] = target == TRUST_SCORER_NONE ? 0 : target + 1;
    if (error != TRUST_OK)
        engine->unscored++;
}

static void silence_range(struct trust_engine *engine, const struct trust_effect *effect)
{
    struct trust_ledger_walk walk =
        trust_ledger_walk_init(effect->author, effect->seq + 1, effect->upto_seq);
    uint32_t slot = 0;
    while (trust_ledger_next_slot(&engine->ledger, &walk, &slot)) {
        struct trust_ledger_view view = trust_ledger_view(&engine->ledger, slot);
        if (!view.is_void && view.kind != TRUST_KIND_REVOCATION)
            trust_scorer_silence(&engine->scorer, slot, TRUST_IGNORED_REVOKED);
    }
}

/* Queues a store change; a PUT borrows the bytes of a pending record. */
static uint64_t store(struct trust_engine *engine, const struct trust_effect *effect,
                      enum trust_store_kind kind, struct trust_bytes bytes)
{
    struct trust_action *action = trust_queue_push(&engine->queue, TRUST_ACTION_STORE);
    action->bytes = bytes;
    action->store = (struct trust_store_action){
        .kind = kind,
        .number = engine->next_number++,
        .author = *trust_keys_at(&engine->keys, effect->author),
        .seq = effect->seq,
        .id = effect->id,
        .place = effect->place,
        .head = trust_ledger_head(&engine->ledger, effect->author),
    };
    return action->store.number;
}

static void drop_left(struct trust_engine *engine)
{
    uint32_t cursor = 0;
    uint32_t slot = 0;
    while (trust_ledger_next_left(&engine->ledger, &cursor, &slot)) {
        trust_scorer_drop(&engine->scorer, slot);
        release_target(engine, slot);
    }
}

/* The scorer's part of one effect; STORE and its like are no matter of the scorer. */
static void tell_scorer(struct trust_engine *engine, const struct trust_effect *effect,
                        const struct trust_record *record)
{
    switch (effect->kind) {
    case TRUST_EFFECT_STORE:
    case TRUST_EFFECT_ERASE:
    case TRUST_EFFECT_ERASE_AUTHOR:
    case TRUST_EFFECT_VOID:
        return;
    case TRUST_EFFECT_COUNT:
    case TRUST_EFFECT_REVOKE:
        count_slot(engine, effect, record);
        return;
    case TRUST_EFFECT_IGNORE:
        trust_scorer_silence(&engine->scorer, effect->slot,
                             trust_ledger_view(&engine->ledger, effect->slot).is_void
                                 ? TRUST_IGNORED_VOID
                                 : TRUST_IGNORED_REVOKED);
        return;
    case TRUST_EFFECT_SILENCE:
        silence_range(engine, effect);
        return;
    }
}

/* The store's part; a record from the disk is not put there again. */
static uint64_t tell_store(struct trust_engine *engine, const struct trust_effect *effect,
                           uint32_t index)
{
    switch (effect->kind) {
    case TRUST_EFFECT_STORE:
        if (index == TRUST_JOIN_LOADED)
            return 0;
        return store(engine, effect, TRUST_STORE_PUT, trust_pending_bytes(&engine->pending, index));
    case TRUST_EFFECT_ERASE:
        return store(engine, effect, TRUST_STORE_ERASE, (struct trust_bytes){0});
    case TRUST_EFFECT_ERASE_AUTHOR:
        return store(engine, effect, TRUST_STORE_ERASE_AUTHOR, (struct trust_bytes){0});
    case TRUST_EFFECT_COUNT:
    case TRUST_EFFECT_IGNORE:
    case TRUST_EFFECT_VOID:
    case TRUST_EFFECT_SILENCE:
    case TRUST_EFFECT_REVOKE:
        return 0;
    }
    return 0;
}

/* Marks all but the last of the changes just queued as belonging into one transaction. */
static void bind_changes(struct trust_engine *engine, uint32_t before, bool is_urgent)
{
    struct trust_queue *queue = &engine->queue;
    for (uint32_t at = before; at < queue->count; at++) {
        struct trust_action *action = trust_queue_at(queue, at);
        action->store.is_urgent = is_urgent;
        action->store.continues = at + 1 < queue->count;
    }
}

uint64_t trust_join_follow(struct trust_engine *engine, const struct trust_record *record,
                           uint32_t index, bool is_urgent)
{
    uint32_t before = engine->queue.count;
    uint64_t number = 0;
    drop_left(engine);
    for (uint32_t i = 0; i < engine->effects.count; i++) {
        const struct trust_effect *effect = &engine->effects.items[i];
        tell_scorer(engine, effect, record);
        uint64_t stored = tell_store(engine, effect, index);
        number = stored == 0 ? number : stored;
    }
    bind_changes(engine, before, is_urgent);
    return number;
}
