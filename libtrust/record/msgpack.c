/* See msgpack.h: the writing half. */
#include "record/msgpack.h"

#include <msgpack/pack.h>

#include "base/assert.h"

static int append(void *data, const char *bytes, size_t size)
{
    struct trust_writer *writer = data;
    trust_writer_put(writer, (struct trust_bytes){.data = (const uint8_t *)bytes, .size = size});
    return 0;
}

static msgpack_packer packer(struct trust_writer *writer)
{
    return (msgpack_packer){.data = writer, .callback = append};
}

void trust_msgpack_put_uint(struct trust_writer *writer, uint64_t value)
{
    msgpack_packer to = packer(writer);
    msgpack_pack_uint64(&to, value);
}

void trust_msgpack_put_int(struct trust_writer *writer, int64_t value)
{
    msgpack_packer to = packer(writer);
    msgpack_pack_int64(&to, value);
}

void trust_msgpack_put_bin(struct trust_writer *writer, struct trust_bytes content)
{
    assert(content.size <= UINT32_MAX);
    msgpack_packer to = packer(writer);
    msgpack_pack_bin(&to, content.size);
    trust_writer_put(writer, content);
}

void trust_msgpack_put_str(struct trust_writer *writer, struct trust_bytes content)
{
    assert(content.size <= UINT32_MAX);
    msgpack_packer to = packer(writer);
    msgpack_pack_str(&to, content.size);
    trust_writer_put(writer, content);
}

void trust_msgpack_put_array(struct trust_writer *writer, uint32_t count)
{
    msgpack_packer to = packer(writer);
    msgpack_pack_array(&to, count);
}
