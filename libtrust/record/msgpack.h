/*
 * The canonical subset of msgpack that records, frames and files of this project are written in.
 *
 * Reading is our own bounded cursor over base/reader.h: shortest forms only, no float, nil, ext,
 * map or bool, every count checked against the bytes that remain. After the first refusal `failed`
 * stays set and every later call answers 0 or an empty view, so a decoder may check once, before it
 * uses what it read. Strangers' bytes never reach msgpack-c's unpacker. Writing goes through
 * msgpack-c's packer, which always picks the shortest form.
 *
 * The readers are inline: a record has a dozen fields and 60 ns.
 */
#ifndef TRUST_RECORD_MSGPACK_H
#define TRUST_RECORD_MSGPACK_H

#include <endian.h>

#include "base/reader.h"
#include "base/writer.h"

/* Sets failed and answers 0, for what is read next to be refused too. */
static inline uint64_t trust_msgpack_refuse(struct trust_reader *reader)
{
    reader->failed = true;
    return 0;
}

/* The next byte; a tag that no form has (0xc1, reserved for ever) where there is none. */
static inline uint8_t trust_msgpack_take_tag(struct trust_reader *reader)
{
    if (trust_reader_left(reader) == 0)
        return (uint8_t)(trust_msgpack_refuse(reader) + 0xc1u);
    return *reader->at++;
}

/* The number of size (1, 2, 4 or 8) bytes behind a tag; refused below least, the smallest number
 * that the next shorter form cannot hold. */
static inline uint64_t trust_msgpack_take_wide(struct trust_reader *reader, size_t size,
                                               uint64_t least)
{
    if (trust_reader_left(reader) < size)
        return trust_msgpack_refuse(reader);
    uint64_t big_endian = 0;
    memcpy((uint8_t *)&big_endian + 8 - size, reader->at, size);
    reader->at += size;
    uint64_t value = be64toh(big_endian);
    return value < least ? trust_msgpack_refuse(reader) : value;
}

/* The number whose tag was just taken. */
static inline uint64_t trust_msgpack_take_tagged_uint(struct trust_reader *reader, uint8_t tag)
{
    if (tag < 0x80)
        return tag;
    if (tag == 0xcc)
        return trust_msgpack_take_wide(reader, 1, 0x80);
    if (tag == 0xcd)
        return trust_msgpack_take_wide(reader, 2, 0x100);
    if (tag == 0xce)
        return trust_msgpack_take_wide(reader, 4, 0x10000);
    if (tag == 0xcf)
        return trust_msgpack_take_wide(reader, 8, UINT64_C(0x100000000));
    return trust_msgpack_refuse(reader);
}

/* The content of a bin or str whose tag was just taken; tag_8 is the tag of its form with a size of
 * one byte, least the shortest content that needs it. */
static inline struct trust_bytes
trust_msgpack_take_content(struct trust_reader *reader, uint8_t tag, uint8_t tag_8, uint64_t least)
{
    uint64_t size = 0;
    if (tag == tag_8)
        size = trust_msgpack_take_wide(reader, 1, least);
    else if (tag == tag_8 + 1)
        size = trust_msgpack_take_wide(reader, 2, 0x100);
    else if (tag == tag_8 + 2)
        size = trust_msgpack_take_wide(reader, 4, 0x10000);
    else
        reader->failed = true;
    return trust_reader_take(reader, (size_t)size);
}

/* A non-negative integer in the uint family (positive fixint, uint 8, 16, 32, 64). */
static inline uint64_t trust_msgpack_take_uint(struct trust_reader *reader)
{
    return trust_msgpack_take_tagged_uint(reader, trust_msgpack_take_tag(reader));
}

/* An integer: the uint family where it is not negative (up to INT64_MAX), the int family below. */
static inline int64_t trust_msgpack_take_int(struct trust_reader *reader)
{
    static const int64_t least[4] = {-0x20, -0x80, -0x8000, -INT64_C(0x80000000)};
    uint8_t tag = trust_msgpack_take_tag(reader);
    if (tag >= 0xe0)
        return (int64_t)tag - 0x100;
    unsigned width = (unsigned)tag - 0xd0u;
    if (width >= 4) {
        uint64_t value = trust_msgpack_take_tagged_uint(reader, tag);
        return (int64_t)(value > INT64_MAX ? trust_msgpack_refuse(reader) : value);
    }
    uint64_t sign = UINT64_C(1) << ((8u << width) - 1);
    /* No negative number is below its own sign bit. */
    uint64_t value = trust_msgpack_take_wide(reader, (size_t)1 << width, sign);
    if (reader->failed)
        return 0;
    /* Two's complement: the number is -1 - (the bits inverted). */
    int64_t number = -1 - (int64_t)(~value & (sign - 1));
    return number >= least[width] ? (int64_t)trust_msgpack_refuse(reader) : number;
}

/* A view of the content of a bin. */
static inline struct trust_bytes trust_msgpack_take_bin(struct trust_reader *reader)
{
    return trust_msgpack_take_content(reader, trust_msgpack_take_tag(reader), 0xc4, 0);
}

/* A view of the content of a str. Its alphabet is the caller's to check. */
static inline struct trust_bytes trust_msgpack_take_str(struct trust_reader *reader)
{
    uint8_t tag = trust_msgpack_take_tag(reader);
    if ((tag & 0xe0u) == 0xa0)
        return trust_reader_take(reader, tag & 0x1fu);
    return trust_msgpack_take_content(reader, tag, 0xd9, 0x20);
}

/* The header of an array: the count of items that follow. Each item takes a byte or more, so a
 * count above the bytes that remain is refused. */
static inline uint32_t trust_msgpack_take_array(struct trust_reader *reader)
{
    uint8_t tag = trust_msgpack_take_tag(reader);
    uint64_t count = 0;
    if ((tag & 0xf0u) == 0x90)
        count = tag & 0x0fu;
    else if (tag == 0xdc)
        count = trust_msgpack_take_wide(reader, 2, 0x10);
    else if (tag == 0xdd)
        count = trust_msgpack_take_wide(reader, 4, 0x10000);
    else
        reader->failed = true;
    return (uint32_t)(count <= trust_reader_left(reader) ? count : trust_msgpack_refuse(reader));
}

void trust_msgpack_put_uint(struct trust_writer *writer, uint64_t value);
void trust_msgpack_put_int(struct trust_writer *writer, int64_t value);

/* Below 4 GiB each; a frame is far smaller. */
void trust_msgpack_put_bin(struct trust_writer *writer, struct trust_bytes content);
void trust_msgpack_put_str(struct trust_writer *writer, struct trust_bytes content);

/* The header only: count items must follow. */
void trust_msgpack_put_array(struct trust_writer *writer, uint32_t count);

#endif
