/* pull [7, session, [[author, from_seq, to_seq, after]...]]: after is empty or an id. An author may
 * sign any number of records of one seq, so a seq alone could not say where to go on. */
#include "base/assert.h"
#include "base/limits.h"
#include "gossip/frame_kind.h"
#include "record/msgpack.h"

#define RANGE_ITEMS 4

static struct trust_pull_range take_range(struct trust_reader *reader, bool *in_range)
{
    struct trust_pull_range range = {0};
    if (trust_msgpack_take_array(reader) != RANGE_ITEMS)
        reader->failed = true;
    trust_frame_take_fixed(range.author.bytes, reader, sizeof range.author.bytes);
    range.from_seq = trust_msgpack_take_uint(reader);
    range.to_seq = trust_msgpack_take_uint(reader);
    struct trust_bytes after = trust_msgpack_take_bin(reader);
    range.has_after = after.size > 0;
    if (after.size == sizeof range.after.bytes)
        memcpy(range.after.bytes, after.data, after.size);
    else if (after.size > 0)
        reader->failed = true;
    if (range.from_seq > range.to_seq)
        *in_range = false;
    return range;
}

enum trust_error trust_frame_take_pull(struct trust_pull *out_pull, struct trust_reader *reader)
{
    bool in_range = true;
    struct trust_pull pull = {0};
    pull.session = trust_frame_take_small(reader, UINT32_MAX, &in_range);
    pull.ranges.count = trust_msgpack_take_array(reader);
    if (pull.ranges.count < 1 || pull.ranges.count > TRUST_PULL_RANGES_MAX)
        in_range = false;
    const uint8_t *start = reader->at;
    for (uint32_t i = 0; i < pull.ranges.count && !reader->failed; i++)
        (void)take_range(reader, &in_range);
    pull.ranges.packed = (struct trust_bytes){.data = start, .size = (size_t)(reader->at - start)};
    *out_pull = pull;
    return trust_frame_verdict(reader, in_range);
}

void trust_frame_put_pull(struct trust_writer *writer, const struct trust_pull *pull)
{
    assert(pull->ranges.count >= 1);
    assert(pull->ranges.count <= TRUST_PULL_RANGES_MAX);
    trust_msgpack_put_uint(writer, pull->session);
    trust_frame_put_list(writer, &pull->ranges);
}

bool trust_list_next_range(struct trust_pull_range *out_range, struct trust_reader *reader)
{
    if (trust_reader_left(reader) == 0)
        return false;
    bool in_range = true;
    *out_range = take_range(reader, &in_range);
    assert(!reader->failed);
    return true;
}

void trust_list_put_range(struct trust_writer *writer, const struct trust_pull_range *range)
{
    assert(range->from_seq <= range->to_seq);
    trust_msgpack_put_array(writer, RANGE_ITEMS);
    trust_msgpack_put_bin(writer, (struct trust_bytes){.data = range->author.bytes,
                                                       .size = sizeof range->author.bytes});
    trust_msgpack_put_uint(writer, range->from_seq);
    trust_msgpack_put_uint(writer, range->to_seq);
    size_t size = range->has_after ? sizeof range->after.bytes : 0;
    trust_msgpack_put_bin(writer, (struct trust_bytes){.data = range->after.bytes, .size = size});
}
