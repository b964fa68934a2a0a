/* hello [0, [version_min, version_max], features, network, [frame_size_max, interest_max], clock,
 * key]: the first frame of each side, the same in every version. */
#include "base/limits.h"
#include "gossip/frame_kind.h"
#include "record/msgpack.h"

#define VERSION_MAX 65535
#define FRAME_SIZE_LEAST 4096

enum trust_error trust_frame_take_hello(struct trust_hello *out_hello, struct trust_reader *reader)
{
    bool in_range = true;
    struct trust_hello hello = {0};
    if (trust_msgpack_take_array(reader) != 2)
        return TRUST_NO_CANONICAL;
    hello.version_min = trust_frame_take_small(reader, VERSION_MAX, &in_range);
    hello.version_max = trust_frame_take_small(reader, VERSION_MAX, &in_range);
    hello.features = trust_msgpack_take_uint(reader);
    trust_frame_take_fixed(hello.network.bytes, reader, sizeof hello.network.bytes);
    if (trust_msgpack_take_array(reader) != 2)
        return TRUST_NO_CANONICAL;
    hello.frame_size_max = trust_frame_take_small(reader, UINT32_MAX, &in_range);
    hello.interest_max = trust_frame_take_small(reader, UINT32_MAX, &in_range);
    hello.clock.ms = trust_msgpack_take_uint(reader);
    trust_frame_take_fixed(hello.key.bytes, reader, sizeof hello.key.bytes);
    in_range = in_range && hello.version_min >= 1 && hello.version_min <= hello.version_max &&
               hello.frame_size_max >= FRAME_SIZE_LEAST && hello.clock.ms <= INT64_MAX;
    *out_hello = hello;
    return trust_frame_verdict(reader, in_range);
}

void trust_frame_put_hello(struct trust_writer *writer, const struct trust_hello *hello)
{
    trust_msgpack_put_array(writer, 2);
    trust_msgpack_put_uint(writer, hello->version_min);
    trust_msgpack_put_uint(writer, hello->version_max);
    trust_msgpack_put_uint(writer, hello->features);
    trust_msgpack_put_bin(writer, (struct trust_bytes){.data = hello->network.bytes,
                                                       .size = sizeof hello->network.bytes});
    trust_msgpack_put_array(writer, 2);
    trust_msgpack_put_uint(writer, hello->frame_size_max);
    trust_msgpack_put_uint(writer, hello->interest_max);
    trust_msgpack_put_uint(writer, hello->clock.ms);
    trust_msgpack_put_bin(
        writer, (struct trust_bytes){.data = hello->key.bytes, .size = sizeof hello->key.bytes});
}
