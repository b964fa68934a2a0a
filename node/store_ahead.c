/* See store_ahead.h. */
#include "node/store_ahead.h"

#include <string.h>

static bool same_author(const struct trust_key *left, const struct trust_key *right)
{
    return memcmp(left->bytes, right->bytes, sizeof left->bytes) == 0;
}

/* The author's index among those found, or count. */
static uint32_t find_item(const struct store_ahead *ahead, const struct trust_key *author)
{
    uint32_t i = 0;
    while (i < ahead->count && !same_author(&ahead->items[i].author, author))
        i++;
    return i;
}

/* The next message of what is looked at, and where it stands. */
static bool next(const struct store_ahead *ahead, struct ring *ring, uint64_t *position,
                 uint64_t *out_at, struct trust_bytes *out_message)
{
    *out_at = *position;
    return *position < ahead->end && ring_peek(ring, position, out_message);
}

/* The end of the last group of changes that is whole. */
static uint64_t find_end(struct ring *ring, uint64_t begin)
{
    uint64_t position = begin;
    uint64_t end = begin;
    struct trust_bytes message;
    while (ring_peek(ring, &position, &message)) {
        if (!store_message_of(message)->change.continues)
            end = position;
    }
    return end;
}

void store_ahead_find(struct store_ahead *ahead, struct ring *ring, uint64_t begin)
{
    uint64_t position = begin;
    uint64_t at = begin;
    struct trust_bytes message;
    ahead->begin = begin;
    ahead->end = find_end(ring, begin);
    ahead->count = 0;
    while (next(ahead, ring, &position, &at, &message)) {
        const struct store_message *queued = store_message_of(message);
        if (queued->change.kind != STORE_ERASE_AUTHOR || queued->is_done)
            continue;
        uint32_t i = find_item(ahead, &queued->change.author);
        if (i == STORE_AHEAD_MAX)
            continue;
        ahead->items[i].author = queued->change.author;
        ahead->items[i].from = at;
        if (i == ahead->count)
            ahead->count++;
    }
}

/* The index of the author whose records the message is about, or count. */
static uint32_t item_of(const struct store_ahead *ahead, struct trust_bytes message)
{
    const struct store_change *change = &store_message_of(message)->change;
    switch (change->kind) {
    case STORE_PUT:
    case STORE_ERASE:
    case STORE_ERASE_AUTHOR:
        return find_item(ahead, &change->author);
    case STORE_STATE_PUT:
    case STORE_STATE_ERASE:
    case STORE_SET_ASIDE:
        return ahead->count;
    }
    return ahead->count;
}

int store_ahead_apply(const struct store_ahead *ahead, struct ring *ring, struct store_txn *txn)
{
    uint64_t position = ahead->begin;
    uint64_t at = 0;
    struct trust_bytes message;
    int code = 0;
    while (code == 0 && next(ahead, ring, &position, &at, &message)) {
        uint32_t i = item_of(ahead, message);
        if (i == ahead->count || at < ahead->items[i].from)
            continue;
        struct store_change change = store_message_change(message);
        code = store_apply(txn, &change);
    }
    return code;
}

/* The ring's memory is the writer's until it drops the message. */
static void mark_done(struct trust_bytes message)
{
    union {
        const uint8_t *in;
        struct store_message *out;
    } pointer = {.in = message.data};
    pointer.out->is_done = true;
}

void store_ahead_mark(const struct store_ahead *ahead, struct ring *ring)
{
    uint64_t position = ahead->begin;
    uint64_t at = 0;
    struct trust_bytes message;
    while (next(ahead, ring, &position, &at, &message)) {
        if (item_of(ahead, message) < ahead->count)
            mark_done(message);
    }
}
