/*
 * The canonical subset of msgpack that records, frames and files of this project are written in.
 *
 * Reading is our own bounded cursor over base/reader.h: shortest forms only, no float, nil, ext,
 * map or bool, every count checked against the bytes that remain. After the first refusal `failed`
 * stays set and every later call answers 0 or an empty view, so a decoder may check once, before it
 * uses what it read. Strangers' bytes never reach msgpack-c's unpacker. Writing goes through
 * msgpack-c's packer, which always picks the shortest form.
 */
#ifndef TRUST_RECORD_MSGPACK_H
#define TRUST_RECORD_MSGPACK_H

#include "base/reader.h"
#include "base/writer.h"

/* A non-negative integer in the uint family (positive fixint, uint 8, 16, 32, 64). */
uint64_t trust_msgpack_take_uint(struct trust_reader *reader);

/* An integer: the uint family where it is not negative (up to INT64_MAX), the int family below. */
int64_t trust_msgpack_take_int(struct trust_reader *reader);

/* A view of the content of a bin. */
struct trust_bytes trust_msgpack_take_bin(struct trust_reader *reader);

/* A view of the content of a str. Its alphabet is the caller's to check. */
struct trust_bytes trust_msgpack_take_str(struct trust_reader *reader);

/* The header of an array: the count of items that follow. Each item takes a byte or more, so a
 * count above the bytes that remain is refused. */
uint32_t trust_msgpack_take_array(struct trust_reader *reader);

void trust_msgpack_put_uint(struct trust_writer *writer, uint64_t value);
void trust_msgpack_put_int(struct trust_writer *writer, int64_t value);

/* Below 4 GiB each; a frame is far smaller. */
void trust_msgpack_put_bin(struct trust_writer *writer, struct trust_bytes content);
void trust_msgpack_put_str(struct trust_writer *writer, struct trust_bytes content);

/* The header only: count items must follow. */
void trust_msgpack_put_array(struct trust_writer *writer, uint32_t count);

#endif
