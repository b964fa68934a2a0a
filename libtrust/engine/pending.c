/* See pending.h. */
#include "engine/pending.h"

#include <string.h>

#include "base/assert.h"
#include "record/key.h"

void trust_pending_init(struct trust_pending *pending, struct trust_arena *arena, uint32_t capacity)
{
    *pending = (struct trust_pending){0};
    trust_pool_init(&pending->pool, arena, capacity);
    pending->records = trust_arena_cut(arena, capacity, sizeof *pending->records);
}

bool trust_pending_add(struct trust_pending *pending, uint32_t *out_index, struct trust_bytes bytes)
{
    assert(bytes.size <= TRUST_RECORD_SIZE_MAX);
    uint32_t index = 0;
    if (!trust_pool_take(&pending->pool, &index))
        return false;
    struct trust_pending_record *record = &pending->records[index];
    record->ticket = 0;
    record->number = 0;
    record->next = 0;
    record->is_told = false;
    record->is_batch = false;
    record->size = (uint16_t)bytes.size;
    memcpy(record->bytes, bytes.data, bytes.size);
    *out_index = index;
    return true;
}

struct trust_bytes trust_pending_bytes(const struct trust_pending *pending, uint32_t index)
{
    const struct trust_pending_record *record = &pending->records[index];
    return (struct trust_bytes){.data = record->bytes, .size = record->size};
}

void trust_pending_remove(struct trust_pending *pending, uint32_t index)
{
    trust_pool_give(&pending->pool, index);
}

void trust_pending_wait(struct trust_pending *pending, uint32_t index, uint64_t number)
{
    assert(number != 0);
    struct trust_pending_record *record = &pending->records[index];
    record->number = number;
    record->next = 0;
    if (pending->last == 0) {
        pending->first = index + 1;
    } else {
        assert(pending->records[pending->last - 1].number < number);
        pending->records[pending->last - 1].next = index + 1;
    }
    pending->last = index + 1;
}

bool trust_pending_next_stored(struct trust_pending *pending, uint32_t *out_index, uint64_t upto)
{
    if (pending->first == 0)
        return false;
    uint32_t index = pending->first - 1;
    if (pending->records[index].number > upto)
        return false;
    pending->first = pending->records[index].next;
    if (pending->first == 0)
        pending->last = 0;
    *out_index = index;
    return true;
}

uint64_t trust_pending_last_of(const struct trust_pending *pending, const struct trust_key *author)
{
    uint64_t number = 0;
    for (uint32_t at = pending->first; at != 0; at = pending->records[at - 1].next) {
        const struct trust_pending_record *record = &pending->records[at - 1];
        if (trust_key_is_same(&record->claim.author, author))
            number = record->number;
    }
    return number;
}
