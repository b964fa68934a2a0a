/*
 * Frames from peers: what decodes is encoded again to the same bytes, and every list in it can be
 * walked to its end and counts as many items as it says.
 */
#include "gossip/frame.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/limits.h"
#include "fuzz.h"

static void walk_records(const struct trust_list *list)
{
    struct trust_reader reader = trust_reader_init(list->packed);
    struct trust_bytes record;
    uint32_t count = 0;
    for (; trust_list_next_record(&record, &reader); count++)
        assert(record.size >= TRUST_RECORD_SIZE_MIN && record.size <= TRUST_RECORD_SIZE_MAX);
    assert(count == list->count);
    assert(count <= TRUST_FRAME_RECORDS_MAX);
}

static void walk_heads(const struct trust_list *list)
{
    struct trust_reader reader = trust_reader_init(list->packed);
    struct trust_wire_head head;
    uint32_t count = 0;
    for (; trust_list_next_head(&head, &reader); count++)
        assert(head.head.count > 0);
    assert(count == list->count);
}

static void walk_ranges(const struct trust_list *list)
{
    struct trust_reader reader = trust_reader_init(list->packed);
    struct trust_pull_range range;
    uint32_t count = 0;
    for (; trust_list_next_range(&range, &reader); count++)
        assert(range.from_seq <= range.to_seq);
    assert(count == list->count);
    assert(count >= 1 && count <= TRUST_PULL_RANGES_MAX);
}

static void walk(const struct trust_frame *frame)
{
    if (frame->type == TRUST_FRAME_PUSH)
        walk_records(&frame->push);
    if (frame->type == TRUST_FRAME_RECORDS)
        walk_records(&frame->records.records);
    if (frame->type == TRUST_FRAME_SYNC)
        walk_heads(&frame->sync.heads);
    if (frame->type == TRUST_FRAME_PULL)
        walk_ranges(&frame->pull.ranges);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_bytes input = {.data = data, .size = size};
    struct trust_frame frame;
    if (trust_frame_decode(&frame, input) != TRUST_OK)
        return 0;
    assert(size <= TRUST_FRAME_SIZE_MAX);
    walk(&frame);
    uint8_t *memory = malloc(size);
    assert(memory != NULL);
    struct trust_writer writer = trust_writer_init(memory, size);
    trust_frame_encode(&writer, &frame);
    assert(!trust_writer_has_overflowed(&writer));
    assert(trust_bytes_equal(trust_writer_bytes(&writer), input));
    free(memory);
    return 0;
}
