/* See push.h. */
#include "gossip/push.h"

#include "base/assert.h"
#include "base/writer.h"

static struct trust_push_item *item_at(const struct trust_push *push, uint32_t offset)
{
    return &push->items[(push->first + offset) % TRUST_PUSH_QUEUE_MAX];
}

static bool is_proof(const struct trust_push_item *item)
{
    return item->sizes[1] > 0;
}

static uint32_t tag_of(const struct trust_push *push, const struct trust_register *place)
{
    struct trust_bytes bytes = {.data = place->digest, .size = sizeof place->digest};
    return trust_table_tag(trust_siphash(&push->seed, bytes));
}

static bool has_place(const void *context, uint32_t index, const void *key)
{
    const struct trust_push_item *items = context;
    return memcmp(&items[index].place, key, sizeof(struct trust_register)) == 0;
}

void trust_push_init(struct trust_push *push, struct trust_arena *arena,
                     struct trust_siphash_key seed)
{
    *push = (struct trust_push){.seed = seed};
    push->items = trust_arena_cut(arena, TRUST_PUSH_QUEUE_MAX, sizeof *push->items);
    trust_table_init(&push->table, arena, TRUST_PUSH_QUEUE_MAX, has_place);
    push->packed = trust_arena_cut(arena, TRUST_FRAME_SIZE_MAX, 1);
}

bool trust_push_is_full(const struct trust_push *push)
{
    return push->count == TRUST_PUSH_QUEUE_MAX;
}

static void remove_first(struct trust_push *push)
{
    struct trust_push_item *item = item_at(push, 0);
    if (!is_proof(item))
        trust_table_remove(&push->table, tag_of(push, &item->place), push->first);
    push->urgent_count -= item->is_urgent ? 1 : 0;
    push->first = (push->first + 1) % TRUST_PUSH_QUEUE_MAX;
    push->count--;
}

static void remove_done(struct trust_push *push)
{
    while (push->count > 0 && item_at(push, 0)->targets == 0)
        remove_first(push);
}

static void copy_bytes(struct trust_push_item *item, int half, struct trust_bytes bytes)
{
    assert(bytes.size <= TRUST_RECORD_SIZE_MAX);
    item->sizes[half] = (uint16_t)bytes.size;
    if (bytes.size > 0)
        memcpy(item->bytes[half], bytes.data, bytes.size);
}

void trust_push_add(struct trust_push *push, const struct trust_push_record *record,
                    struct trust_mono now)
{
    assert(record->bytes.size > 0);
    if (record->targets == 0)
        return;
    uint32_t index = 0;
    bool makes_proof = record->rival.size > 0;
    bool replaces =
        !makes_proof && trust_table_find(&push->table, &index, tag_of(push, &record->place),
                                         push->items, &record->place);
    if (!replaces) {
        if (trust_push_is_full(push))
            remove_first(push);
        index = (push->first + push->count) % TRUST_PUSH_QUEUE_MAX;
        push->count++;
        push->items[index].due_ms = now.ms + (record->is_urgent ? 0 : TRUST_PUSH_DELAY_MS);
        push->items[index].is_urgent = record->is_urgent;
        push->urgent_count += record->is_urgent ? 1 : 0;
    }
    struct trust_push_item *item = &push->items[index];
    item->place = record->place;
    item->targets = record->targets;
    copy_bytes(item, 0, record->bytes);
    copy_bytes(item, 1, record->rival);
    if (!replaces && !makes_proof)
        trust_table_add(&push->table, tag_of(push, &item->place), index);
}

void trust_push_hurry(struct trust_push *push, uint32_t count, struct trust_mono now)
{
    for (uint32_t i = 0; i < push->count && i < count; i++)
        if (item_at(push, i)->due_ms > now.ms)
            item_at(push, i)->due_ms = now.ms;
}

/* One frame under construction for one peer. */
struct batch {
    struct trust_gossip_actions *actions;
    struct trust_peer *to;
    uint32_t peer;
    struct trust_writer packed;
    uint32_t count;
};

static bool send(const struct batch *batch, const struct trust_frame *frame, uint32_t records)
{
    if (!trust_gossip_actions_send(batch->actions, batch->peer, frame))
        return false;
    batch->to->counters.records_out += records;
    return true;
}

static bool send_batch(struct batch *batch)
{
    if (batch->count == 0)
        return true;
    struct trust_frame frame = {
        .type = TRUST_FRAME_PUSH,
        .push = {.packed = trust_writer_bytes(&batch->packed), .count = batch->count}};
    bool sent = send(batch, &frame, batch->count);
    batch->packed.size = 0;
    batch->count = 0;
    return sent;
}

static bool send_proof(const struct batch *batch, const struct trust_push_item *item)
{
    struct trust_frame frame = {.type = TRUST_FRAME_PROOF};
    for (int half = 0; half < 2; half++)
        frame.proof[half] =
            (struct trust_bytes){.data = item->bytes[half], .size = item->sizes[half]};
    return send(batch, &frame, 2);
}

/* Puts one item into the peer's frame, sending the frame when it is full. What a frame that found
 * no room had taken in is lost: pushing may lose. */
static bool put_item(struct batch *batch, const struct trust_push_item *item)
{
    if (is_proof(item))
        return send_proof(batch, item);
    struct trust_bytes bytes = {.data = item->bytes[0], .size = item->sizes[0]};
    size_t needed = bytes.size + 3;
    if (batch->packed.capacity - batch->packed.size < needed && !send_batch(batch))
        return false;
    trust_list_put_record(&batch->packed, bytes);
    batch->count++;
    return true;
}

/* Urgent items in one pass, the others in another; false: no room is left. */
static bool flush_pass(struct trust_push *push, struct batch *batch, bool urgent,
                       struct trust_mono now)
{
    uint64_t bit = UINT64_C(1) << batch->peer;
    for (uint32_t i = 0; i < push->count; i++) {
        struct trust_push_item *item = item_at(push, i);
        if ((item->targets & bit) == 0 || item->is_urgent != urgent || item->due_ms > now.ms)
            continue;
        if (!put_item(batch, item))
            return false;
        item->targets &= ~bit;
    }
    return send_batch(batch);
}

void trust_push_flush(struct trust_push *push, struct trust_gossip_actions *actions,
                      struct trust_peer *peers, struct trust_mono now)
{
    if (trust_push_due_ms(push) > now.ms)
        return;
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++) {
        if (!trust_peer_is_up(&peers[peer]))
            continue;
        size_t size_max = peers[peer].hello.frame_size_max;
        if (size_max > TRUST_FRAME_SIZE_MAX)
            size_max = TRUST_FRAME_SIZE_MAX;
        struct batch batch = {.actions = actions, .to = &peers[peer], .peer = peer};
        batch.packed = trust_writer_init(push->packed, size_max - TRUST_FRAME_HEADER_SIZE_MAX);
        if (push->urgent_count > 0 && !flush_pass(push, &batch, true, now))
            break;
        if (!flush_pass(push, &batch, false, now))
            break;
    }
    remove_done(push);
}

void trust_push_forget(struct trust_push *push, uint32_t peer)
{
    for (uint32_t i = 0; i < push->count; i++)
        item_at(push, i)->targets &= ~(UINT64_C(1) << peer);
    remove_done(push);
}

uint64_t trust_push_due_ms(const struct trust_push *push)
{
    uint64_t due_ms = TRUST_NEVER_MS;
    if (push->count == 0)
        return due_ms;
    due_ms = item_at(push, 0)->due_ms;
    for (uint32_t i = 0; i < push->count && push->urgent_count > 0; i++) {
        const struct trust_push_item *item = item_at(push, i);
        if (item->is_urgent && item->targets != 0 && item->due_ms < due_ms)
            due_ms = item->due_ms;
    }
    return due_ms;
}
