/* Lists of records inside frames, and the small readers that all frame types share. */
#include "base/assert.h"
#include "base/limits.h"
#include "gossip/frame_kind.h"
#include "record/msgpack.h"

void trust_frame_take_fixed(uint8_t *out_bytes, struct trust_reader *reader, size_t size)
{
    struct trust_bytes taken = trust_msgpack_take_bin(reader);
    if (reader->failed)
        return;
    if (taken.size == size)
        memcpy(out_bytes, taken.data, size);
    else
        reader->failed = true;
}

uint32_t trust_frame_take_small(struct trust_reader *reader, uint32_t max, bool *in_range)
{
    uint64_t value = trust_msgpack_take_uint(reader);
    if (value <= max)
        return (uint32_t)value;
    *in_range = false;
    return 0;
}

bool trust_list_next_record(struct trust_bytes *out_record, struct trust_reader *reader)
{
    if (trust_reader_left(reader) == 0)
        return false;
    *out_record = trust_msgpack_take_bin(reader);
    assert(!reader->failed);
    return true;
}

void trust_list_put_record(struct trust_writer *writer, struct trust_bytes record)
{
    assert(record.size >= TRUST_RECORD_SIZE_MIN);
    assert(record.size <= TRUST_RECORD_SIZE_MAX);
    trust_msgpack_put_bin(writer, record);
}

enum trust_error trust_frame_take_records_list(struct trust_list *out_list,
                                               struct trust_reader *reader)
{
    bool in_range = true;
    struct trust_list list = {.count = trust_msgpack_take_array(reader)};
    const uint8_t *start = reader->at;
    for (uint32_t i = 0; i < list.count && !reader->failed; i++) {
        struct trust_bytes record = trust_msgpack_take_bin(reader);
        if (record.size < TRUST_RECORD_SIZE_MIN || record.size > TRUST_RECORD_SIZE_MAX)
            in_range = false;
    }
    list.packed = (struct trust_bytes){.data = start, .size = (size_t)(reader->at - start)};
    *out_list = list;
    return trust_frame_verdict(reader, in_range);
}

void trust_frame_put_list(struct trust_writer *writer, const struct trust_list *list)
{
    trust_msgpack_put_array(writer, list->count);
    trust_writer_put(writer, list->packed);
}
