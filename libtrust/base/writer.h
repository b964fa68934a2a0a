/*
 * A bounded writer into the caller's buffer. Nothing is written past its capacity; after the first
 * write that did not fit every later one is dropped too, and has_overflowed says so.
 */
#ifndef TRUST_BASE_WRITER_H
#define TRUST_BASE_WRITER_H

#include <stdbool.h>

#include "base/bytes.h"

struct trust_writer {
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool overflowed;
};

static inline struct trust_writer trust_writer_init(void *buffer, size_t capacity)
{
    return (struct trust_writer){.data = buffer, .capacity = capacity};
}

static inline bool trust_writer_has_overflowed(const struct trust_writer *writer)
{
    return writer->overflowed;
}

static inline struct trust_bytes trust_writer_bytes(const struct trust_writer *writer)
{
    return (struct trust_bytes){.data = writer->data, .size = writer->size};
}

/* Appends the bytes whole or, if they do not fit, not at all. */
static inline void trust_writer_put(struct trust_writer *writer, struct trust_bytes bytes)
{
    if (writer->overflowed || writer->capacity - writer->size < bytes.size) {
        writer->overflowed = true;
        return;
    }
    if (bytes.size > 0)
        memcpy(writer->data + writer->size, bytes.data, bytes.size);
    writer->size += bytes.size;
}

/* Appends the low size (1, 2, 4 or 8) bytes of value, most significant first. */
static inline void trust_writer_put_be(struct trust_writer *writer, uint64_t value, size_t size)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    trust_writer_put(writer, (struct trust_bytes){.data = bytes, .size = size});
}

#endif
