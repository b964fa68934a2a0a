/* See msgpack.h. Tags have the names of the msgpack specification. */
#include "record/msgpack.h"

#include <msgpack/pack.h>

#include "base/assert.h"

#define TAG_FIXARRAY 0x90u
#define TAG_FIXSTR 0xa0u
#define TAG_BIN_8 0xc4u
#define TAG_UINT_8 0xccu
#define TAG_INT_8 0xd0u
#define TAG_STR_8 0xd9u
#define TAG_ARRAY_16 0xdcu
#define TAG_NEGATIVE_FIXINT 0xe0u

/* No tag of the format: 0xc1 is reserved for ever. */
#define TAG_NONE 0xc1u

static uint64_t refuse(struct trust_reader *reader)
{
    reader->failed = true;
    return 0;
}

static inline uint8_t take_tag(struct trust_reader *reader)
{
    if (trust_reader_left(reader) == 0) {
        reader->failed = true;
        return TAG_NONE;
    }
    return *reader->at++;
}

/* The number behind a tag of 1 << width bytes; refused unless it needs that width. least is the
 * smallest number that the next shorter form cannot hold. */
static uint64_t take_wide(struct trust_reader *reader, unsigned width, uint64_t least)
{
    uint64_t value = trust_reader_take_be(reader, (size_t)1 << width);
    return value < least ? refuse(reader) : value;
}

static uint64_t take_tagged_uint(struct trust_reader *reader, uint8_t tag)
{
    static const uint64_t least[4] = {0x80, 0x100, 0x10000, UINT64_C(0x100000000)};
    if (tag < 0x80)
        return tag;
    unsigned width = (unsigned)tag - TAG_UINT_8;
    return width < 4 ? take_wide(reader, width, least[width]) : refuse(reader);
}

uint64_t trust_msgpack_take_uint(struct trust_reader *reader)
{
    return take_tagged_uint(reader, take_tag(reader));
}

int64_t trust_msgpack_take_int(struct trust_reader *reader)
{
    static const int64_t least[4] = {-0x20, -0x80, -0x8000, -INT64_C(0x80000000)};
    uint8_t tag = take_tag(reader);
    if (tag >= TAG_NEGATIVE_FIXINT)
        return (int64_t)tag - 0x100;
    unsigned width = (unsigned)tag - TAG_INT_8;
    if (width >= 4) {
        uint64_t value = take_tagged_uint(reader, tag);
        return value > INT64_MAX ? (int64_t)refuse(reader) : (int64_t)value;
    }
    uint64_t sign = UINT64_C(1) << ((8u << width) - 1);
    uint64_t value = trust_reader_take_be(reader, (size_t)1 << width);
    if ((value & sign) == 0)
        return (int64_t)refuse(reader);
    /* Two's complement: the number is -1 - (the bits inverted). */
    int64_t number = -1 - (int64_t)(~value & (sign - 1));
    return number >= least[width] ? (int64_t)refuse(reader) : number;
}

/* The content of a bin or str whose size has 1 << width bytes; least is the shortest content that
 * needs the form of one byte. */
static struct trust_bytes take_content(struct trust_reader *reader, unsigned width, uint64_t least)
{
    static const uint64_t wider[3] = {0, 0x100, 0x10000};
    uint64_t size =
        width < 3 ? take_wide(reader, width, width == 0 ? least : wider[width]) : refuse(reader);
    return trust_reader_take(reader, (size_t)size);
}

struct trust_bytes trust_msgpack_take_bin(struct trust_reader *reader)
{
    return take_content(reader, (unsigned)take_tag(reader) - TAG_BIN_8, 0);
}

struct trust_bytes trust_msgpack_take_str(struct trust_reader *reader)
{
    uint8_t tag = take_tag(reader);
    if ((tag & 0xe0u) == TAG_FIXSTR)
        return trust_reader_take(reader, tag & 0x1fu);
    return take_content(reader, (unsigned)tag - TAG_STR_8, 0x20);
}

uint32_t trust_msgpack_take_array(struct trust_reader *reader)
{
    uint8_t tag = take_tag(reader);
    uint64_t count = 0;
    if ((tag & 0xf0u) == TAG_FIXARRAY)
        count = tag & 0x0fu;
    else if (tag == TAG_ARRAY_16)
        count = take_wide(reader, 1, 0x10);
    else if (tag == TAG_ARRAY_16 + 1)
        count = take_wide(reader, 2, 0x10000);
    else
        reader->failed = true;
    return count <= trust_reader_left(reader) ? (uint32_t)count : (uint32_t)refuse(reader);
}

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
