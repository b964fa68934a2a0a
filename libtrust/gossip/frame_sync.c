/*
 * sync [6, session, round, ranges]. Ranges follow each other in the order of author keys, each
 * [upto, mode, list]: mode 0 skips up to a key with an empty list, mode 2 lists the heads [author,
 * seq, count, digest] up to a key or, with an empty one, to the end; 1 is kept for ranges that are
 * summed up. A session that goes on has one range of mode 2, behind one of mode 0 unless it begins
 * at the least key; one that is over has none.
 */
#include "base/assert.h"
#include "base/limits.h"
#include "gossip/frame_kind.h"
#include "record/key.h"
#include "record/msgpack.h"

#define RANGE_ITEMS 3
#define MODE_SKIP 0
#define MODE_HEADS 2
#define HEAD_ITEMS 4

static struct trust_wire_head take_head(struct trust_reader *reader, bool *in_range)
{
    struct trust_wire_head head = {0};
    if (trust_msgpack_take_array(reader) != HEAD_ITEMS)
        reader->failed = true;
    trust_frame_take_fixed(head.author.bytes, reader, sizeof head.author.bytes);
    head.head.seq = trust_msgpack_take_uint(reader);
    head.head.count = trust_frame_take_small(reader, UINT32_MAX, in_range);
    trust_frame_take_fixed(head.head.digest, reader, sizeof head.head.digest);
    if (head.head.count == 0)
        *in_range = false;
    return head;
}

/* Heads ascend strictly, behind the range's start and up to its end. */
static void take_heads(struct trust_sync *sync, struct trust_reader *reader, bool *in_range)
{
    sync->heads.count = trust_msgpack_take_array(reader);
    const uint8_t *start = reader->at;
    struct trust_key last = sync->from;
    bool has_last = sync->has_from;
    for (uint32_t i = 0; i < sync->heads.count && !reader->failed; i++) {
        struct trust_wire_head head = take_head(reader, in_range);
        if (has_last && trust_key_compare(&last, &head.author) >= 0)
            *in_range = false;
        last = head.author;
        has_last = true;
    }
    if (sync->heads.count > 0 && sync->has_upto && trust_key_compare(&last, &sync->upto) > 0)
        *in_range = false;
    sync->heads.packed = (struct trust_bytes){.data = start, .size = (size_t)(reader->at - start)};
}

/* The start of a range: its end, empty or a key, and its mode. */
static bool take_range(struct trust_key *out_upto, bool *out_has_upto, struct trust_reader *reader,
                       uint32_t mode)
{
    if (trust_msgpack_take_array(reader) != RANGE_ITEMS)
        reader->failed = true;
    struct trust_bytes upto = trust_msgpack_take_bin(reader);
    *out_has_upto = upto.size > 0;
    if (upto.size == sizeof out_upto->bytes)
        memcpy(out_upto->bytes, upto.data, upto.size);
    else if (upto.size > 0)
        reader->failed = true;
    return trust_msgpack_take_uint(reader) == mode;
}

static void take_skip(struct trust_sync *sync, struct trust_reader *reader, bool *in_range)
{
    if (!take_range(&sync->from, &sync->has_from, reader, MODE_SKIP) || !sync->has_from)
        *in_range = false;
    if (trust_msgpack_take_array(reader) != 0)
        reader->failed = true;
}

enum trust_error trust_frame_take_sync(struct trust_sync *out_sync, struct trust_reader *reader)
{
    bool in_range = true;
    struct trust_sync sync = {0};
    sync.session = trust_frame_take_small(reader, UINT32_MAX, &in_range);
    sync.round = trust_frame_take_small(reader, UINT32_MAX, &in_range);
    uint32_t ranges = trust_msgpack_take_array(reader);
    if (ranges > 2)
        return TRUST_NO_RANGE;
    if (ranges == 2)
        take_skip(&sync, reader, &in_range);
    sync.has_range = ranges > 0;
    if (sync.has_range) {
        if (!take_range(&sync.upto, &sync.has_upto, reader, MODE_HEADS))
            in_range = false;
        take_heads(&sync, reader, &in_range);
    }
    if (sync.has_from && sync.has_upto && trust_key_compare(&sync.from, &sync.upto) >= 0)
        in_range = false;
    *out_sync = sync;
    return trust_frame_verdict(reader, in_range);
}

static void put_range(struct trust_writer *writer, const struct trust_key *upto, uint32_t mode)
{
    trust_msgpack_put_array(writer, RANGE_ITEMS);
    struct trust_bytes bytes = {0};
    if (upto != NULL)
        bytes = (struct trust_bytes){.data = upto->bytes, .size = sizeof upto->bytes};
    trust_msgpack_put_bin(writer, bytes);
    trust_msgpack_put_uint(writer, mode);
}

void trust_frame_put_sync(struct trust_writer *writer, const struct trust_sync *sync)
{
    trust_msgpack_put_uint(writer, sync->session);
    trust_msgpack_put_uint(writer, sync->round);
    trust_msgpack_put_array(writer, sync->has_range ? (sync->has_from ? 2 : 1) : 0);
    if (!sync->has_range)
        return;
    if (sync->has_from) {
        put_range(writer, &sync->from, MODE_SKIP);
        trust_msgpack_put_array(writer, 0);
    }
    put_range(writer, sync->has_upto ? &sync->upto : NULL, MODE_HEADS);
    trust_frame_put_list(writer, &sync->heads);
}

bool trust_list_next_head(struct trust_wire_head *out_head, struct trust_reader *reader)
{
    if (trust_reader_left(reader) == 0)
        return false;
    bool in_range = true;
    *out_head = take_head(reader, &in_range);
    assert(!reader->failed);
    return true;
}

void trust_list_put_head(struct trust_writer *writer, const struct trust_wire_head *head)
{
    assert(head->head.count > 0);
    trust_msgpack_put_array(writer, HEAD_ITEMS);
    trust_msgpack_put_bin(writer, (struct trust_bytes){.data = head->author.bytes,
                                                       .size = sizeof head->author.bytes});
    trust_msgpack_put_uint(writer, head->head.seq);
    trust_msgpack_put_uint(writer, head->head.count);
    trust_msgpack_put_bin(
        writer, (struct trust_bytes){.data = head->head.digest, .size = sizeof head->head.digest});
}
