/* See walk.h. */
#include "gossip/walk.h"

#include "base/assert.h"
#include "base/limits.h"
#include "record/key.h"

static uint64_t prefix_of(const struct trust_key *key)
{
    uint64_t prefix = 0;
    for (int i = 0; i < 8; i++)
        prefix = prefix << 8 | key->bytes[i];
    return prefix;
}

static const struct trust_key *key_of(const struct trust_walk *walk,
                                      const struct trust_walk_item *item)
{
    return &walk->interest->entries[item->entry].key;
}

static bool is_less(const struct trust_walk *walk, const struct trust_walk_item *a,
                    const struct trust_walk_item *b)
{
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix;
    return trust_key_compare(key_of(walk, a), key_of(walk, b)) < 0;
}

/* Lets the item at top sink in the heap of the first count items (greatest first). */
static void sink(struct trust_walk *walk, uint32_t top, uint32_t count)
{
    struct trust_walk_item sinking = walk->items[top];
    for (;;) {
        uint32_t child = 2 * top + 1;
        if (child >= count)
            break;
        if (child + 1 < count && is_less(walk, &walk->items[child], &walk->items[child + 1]))
            child++;
        if (!is_less(walk, &sinking, &walk->items[child]))
            break;
        walk->items[top] = walk->items[child];
        top = child;
    }
    walk->items[top] = sinking;
}

/* Heapsort (Williams 1964): in place, without recursion and without a bad case to provoke. */
static void sort(struct trust_walk *walk)
{
    for (uint32_t top = walk->count / 2; top > 0; top--)
        sink(walk, top - 1, walk->count);
    for (uint32_t count = walk->count; count > 1; count--) {
        struct trust_walk_item greatest = walk->items[0];
        walk->items[0] = walk->items[count - 1];
        walk->items[count - 1] = greatest;
        sink(walk, 0, count - 1);
    }
}

struct trust_head trust_walk_head(const struct trust_walk *walk, const struct trust_key *author)
{
    uint32_t index;
    if (!trust_keys_find(walk->ledger->keys, &index, author))
        return (struct trust_head){0};
    return trust_ledger_head(walk->ledger, index);
}

void trust_walk_init(struct trust_walk *walk, struct trust_arena *arena,
                     const struct trust_interest *interest, const struct trust_ledger *ledger)
{
    *walk = (struct trust_walk){.interest = interest, .ledger = ledger};
    walk->items = trust_arena_cut(arena, TRUST_INTEREST_PEER_MAX, sizeof *walk->items);
}

void trust_walk_start(struct trust_walk *walk, uint32_t peer)
{
    walk->peer = peer;
    walk->count = 0;
    walk->has_from = false;
    walk->is_over = false;
    uint32_t cursor = 0;
    uint32_t entry;
    while (trust_interest_next_asked(walk->interest, &entry, &cursor, peer)) {
        const struct trust_key *key = &walk->interest->entries[entry].key;
        if (trust_walk_head(walk, key).count == 0)
            continue;
        assert(walk->count < TRUST_INTEREST_PEER_MAX);
        walk->items[walk->count++] =
            (struct trust_walk_item){.prefix = prefix_of(key), .entry = entry};
    }
    sort(walk);
}

/* The first item that may lie behind from: by prefix alone, read_item does the rest. */
static uint32_t first_item(const struct trust_walk *walk, const struct trust_key *from)
{
    if (from == NULL)
        return 0;
    uint64_t prefix = prefix_of(from);
    uint32_t low = 0;
    uint32_t high = walk->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (walk->items[middle].prefix < prefix)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Reads the head at an item if it still is what it was and stands behind last. */
static bool read_item(const struct trust_walk *walk, struct trust_wire_head *out_head, uint32_t at,
                      const struct trust_key *last)
{
    const struct trust_walk_item *item = &walk->items[at];
    const struct trust_key *key = key_of(walk, item);
    if (prefix_of(key) != item->prefix ||
        trust_interest_asked(walk->interest, item->entry, walk->peer) == 0)
        return false;
    if (last != NULL && trust_key_compare(key, last) <= 0)
        return false;
    struct trust_wire_head head = {.author = *key, .head = trust_walk_head(walk, key)};
    if (head.head.count == 0)
        return false;
    *out_head = head;
    return true;
}

/* The last author that a page or an answer has dealt with. */
struct progress {
    struct trust_key last;
    bool has_last;
};

static const struct trust_key *last_of(const struct progress *progress)
{
    return progress->has_last ? &progress->last : NULL;
}

static void begin_range(struct trust_sync *sync, struct progress *progress)
{
    sync->has_range = true;
    sync->has_upto = false;
    sync->has_from = progress->has_last;
    sync->from = progress->last;
    sync->heads = (struct trust_list){0};
}

/* Adds a head; false: no room is left, the range ends before it. */
static bool put_head(struct trust_sync *sync, struct trust_writer *buffer,
                     const struct trust_wire_head *head, const struct progress *progress)
{
    if (buffer->capacity - buffer->size < TRUST_HEAD_SIZE_MAX) {
        assert(sync->heads.count > 0);
        sync->has_upto = true;
        sync->upto = progress->last;
        return false;
    }
    trust_list_put_head(buffer, head);
    sync->heads.count++;
    return true;
}

void trust_walk_page(const struct trust_walk *walk, struct trust_sync *out_page,
                     struct trust_writer *buffer)
{
    struct progress progress = {.last = walk->from, .has_last = walk->has_from};
    begin_range(out_page, &progress);
    for (uint32_t at = first_item(walk, last_of(&progress)); at < walk->count; at++) {
        struct trust_wire_head head;
        if (!read_item(walk, &head, at, last_of(&progress)))
            continue;
        if (!put_head(out_page, buffer, &head, &progress))
            break;
        progress = (struct progress){.last = head.author, .has_last = true};
    }
    out_page->heads.packed = trust_writer_bytes(buffer);
}

/* Moves through the page's heads up to author; true if the page has the very same head. */
static bool page_has(struct trust_reader *page, struct trust_wire_head *theirs, bool *has_theirs,
                     const struct trust_wire_head *ours)
{
    while (*has_theirs && trust_key_compare(&theirs->author, &ours->author) < 0)
        *has_theirs = trust_list_next_head(theirs, page);
    if (!*has_theirs || trust_key_compare(&theirs->author, &ours->author) != 0)
        return false;
    return memcmp(theirs->head.digest, ours->head.digest, sizeof ours->head.digest) == 0;
}

void trust_walk_answer(const struct trust_walk *walk, struct trust_sync *out_answer,
                       const struct trust_sync *page, struct trust_writer *buffer)
{
    struct trust_reader reader = trust_reader_init(page->heads.packed);
    struct trust_wire_head theirs;
    bool has_theirs = trust_list_next_head(&theirs, &reader);
    struct progress progress = {.last = page->from, .has_last = page->has_from};
    begin_range(out_answer, &progress);
    out_answer->has_upto = page->has_upto;
    out_answer->upto = page->upto;
    for (uint32_t at = first_item(walk, last_of(&progress)); at < walk->count; at++) {
        struct trust_wire_head head;
        if (!read_item(walk, &head, at, last_of(&progress)))
            continue;
        if (page->has_upto && trust_key_compare(&head.author, &page->upto) > 0)
            break;
        if (!page_has(&reader, &theirs, &has_theirs, &head) &&
            !put_head(out_answer, buffer, &head, &progress))
            break;
        progress = (struct progress){.last = head.author, .has_last = true};
    }
    out_answer->heads.packed = trust_writer_bytes(buffer);
}

void trust_walk_advance(struct trust_walk *walk, const struct trust_sync *answer)
{
    assert(answer->has_range);
    if (!answer->has_upto) {
        walk->is_over = true;
        return;
    }
    walk->has_from = true;
    walk->from = answer->upto;
}
