/* A rig's members, and its disk: an array ordered by (author, seq, id) that does what STORE actions
 * say. rig.h has the rest. */
#ifndef TESTS_UNIT_ENGINE_DISK_H
#define TESTS_UNIT_ENGINE_DISK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "engine/servers.h"
#include "record/encode.h"
#include "record/sign.h"
#include "record/sodium.h"
#include "record/verify.h"

#define RIG_START_MS UINT64_C(1795132800000)

struct rig_record {
    struct trust_key author;
    uint64_t seq;
    struct trust_id id;
    uint64_t number; /* of the change that put it here; read only once that is committed */
    uint16_t size;
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
};

struct rig_verdict {
    uint64_t ticket;
    enum trust_error error;
};

struct rig {
    struct trust_engine *engine;
    struct trust_network network;
    struct trust_now now;
    struct rig_record *records; /* the disk, ordered by (author, seq, id) */
    size_t count, capacity;
    uint64_t submitted; /* number of the last change */
    uint64_t committed; /* what the engine was told */
    bool holds_commits; /* the disk takes its time */
    struct rig_verdict verdicts[64];
    size_t verdict_count;
    uint64_t tokens[256];
    enum trust_error token_errors[256];
    size_t token_count;
    struct trust_gossip_read reads[64];
    size_t read_count;
    uint32_t boards, breakers, quarantines;
    struct trust_breaker_event last_breaker;
    struct trust_quarantine_change last_quarantine;
    struct rig *peer; /* where frames go */
    struct rig_frame {
        size_t size;
        uint8_t bytes[TRUST_FRAME_SIZE_MAX];
    } * inbox; /* frames that arrived, oldest first */
    size_t inbox_count, inbox_capacity;
};

static inline int rig_compare(const struct rig_record *record, const struct trust_store_action *at)
{
    int order = memcmp(record->author.bytes, at->author.bytes, 32);
    if (order == 0)
        order = (record->seq > at->seq) - (record->seq < at->seq);
    return order == 0 ? memcmp(record->id.bytes, at->id.bytes, 32) : order;
}

static inline void rig_put(struct rig *rig, const struct trust_action *action)
{
    size_t at = 0;
    while (at < rig->count && rig_compare(&rig->records[at], &action->store) < 0)
        at++;
    bool is_there = at < rig->count && rig_compare(&rig->records[at], &action->store) == 0;
    if (!is_there && rig->count == rig->capacity) {
        rig->capacity = rig->capacity * 2 + 64;
        rig->records = realloc(rig->records, rig->capacity * sizeof *rig->records);
        assert_non_null(rig->records);
    }
    if (!is_there) {
        memmove(&rig->records[at + 1], &rig->records[at], (rig->count - at) * sizeof *rig->records);
        rig->count++;
    }
    struct rig_record *record = &rig->records[at];
    record->author = action->store.author;
    record->seq = action->store.seq;
    record->id = action->store.id;
    record->number = action->store.number;
    record->size = (uint16_t)action->bytes.size;
    memcpy(record->bytes, action->bytes.data, action->bytes.size);
}

static inline bool rig_is_erased(const struct rig_record *record,
                                 const struct trust_store_action *store)
{
    if (memcmp(record->author.bytes, store->author.bytes, 32) != 0)
        return false;
    bool is_named = record->seq == store->seq && memcmp(record->id.bytes, store->id.bytes, 32) == 0;
    return store->kind == TRUST_STORE_ERASE ? is_named : !is_named;
}

static inline void rig_store(struct rig *rig, const struct trust_action *action)
{
    assert_true(action->store.number > rig->submitted);
    rig->submitted = action->store.number;
    if (action->store.kind == TRUST_STORE_PUT) {
        rig_put(rig, action);
        return;
    }
    size_t kept = 0;
    for (size_t i = 0; i < rig->count; i++) {
        if (!rig_is_erased(&rig->records[i], &action->store))
            rig->records[kept++] = rig->records[i];
    }
    rig->count = kept;
}

/* Answers one read of gossip from the disk. */
static inline void rig_load(struct rig *rig, const struct trust_gossip_read *read)
{
    static uint8_t bytes[TRUST_PULL_SIZE_MAX];
    struct trust_loaded loaded = {.ticket = read->ticket, .records = {.data = bytes}};
    for (size_t i = 0; i < rig->count; i++) {
        const struct rig_record *record = &rig->records[i];
        if (memcmp(record->author.bytes, read->range.author.bytes, 32) != 0 ||
            record->seq < read->range.from_seq || record->seq > read->range.to_seq ||
            record->number > rig->committed)
            continue;
        if (read->range.has_after && record->seq == read->range.from_seq &&
            memcmp(record->id.bytes, read->range.after.bytes, 32) <= 0)
            continue;
        if (loaded.records.size + record->size + 2u > read->size_max) {
            loaded.more = true;
            break;
        }
        bytes[loaded.records.size] = (uint8_t)(record->size >> 8);
        bytes[loaded.records.size + 1] = (uint8_t)record->size;
        memcpy(bytes + loaded.records.size + 2, record->bytes, record->size);
        loaded.records.size += record->size + 2u;
    }
    trust_engine_handle_loaded(rig->engine, &loaded, rig->now);
}

#endif
