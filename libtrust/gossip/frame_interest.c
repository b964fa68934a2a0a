/* interest [4, epoch, count, digest, added, removed]: keys stand side by side in one bin, each of
 * the added ones with its distance, so that a whole list costs 33 bytes an author. */
#include "base/limits.h"
#include "gossip/frame_kind.h"
#include "record/msgpack.h"

#define ADDED_SIZE 33
#define REMOVED_SIZE 32

static bool has_good_distances(struct trust_bytes added)
{
    for (size_t at = ADDED_SIZE - 1; at < added.size; at += ADDED_SIZE)
        if (added.data[at] > TRUST_RELAY_HOPS_MAX)
            return false;
    return true;
}

enum trust_error trust_frame_take_interest(struct trust_interest_delta *out_delta,
                                           struct trust_reader *reader)
{
    bool in_range = true;
    struct trust_interest_delta delta = {.epoch = trust_msgpack_take_uint(reader)};
    delta.count = trust_frame_take_small(reader, UINT32_MAX, &in_range);
    trust_frame_take_fixed(delta.digest, reader, sizeof delta.digest);
    delta.added = trust_msgpack_take_bin(reader);
    delta.removed = trust_msgpack_take_bin(reader);
    in_range = in_range && delta.added.size % ADDED_SIZE == 0 &&
               delta.removed.size % REMOVED_SIZE == 0 && has_good_distances(delta.added);
    *out_delta = delta;
    return trust_frame_verdict(reader, in_range);
}

void trust_frame_put_interest(struct trust_writer *writer, const struct trust_interest_delta *delta)
{
    trust_msgpack_put_uint(writer, delta->epoch);
    trust_msgpack_put_uint(writer, delta->count);
    trust_msgpack_put_bin(
        writer, (struct trust_bytes){.data = delta->digest, .size = sizeof delta->digest});
    trust_msgpack_put_bin(writer, delta->added);
    trust_msgpack_put_bin(writer, delta->removed);
}
