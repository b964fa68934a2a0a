/*
 * A bounded cursor over foreign bytes: it never reads past its end, never allocates, and after the
 * first refusal every later call refuses too, so that a decoder may check once at its end.
 */
#ifndef TRUST_BASE_READER_H
#define TRUST_BASE_READER_H

#include <stdbool.h>

#include "base/bytes.h"

struct trust_reader {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
};

static inline struct trust_reader trust_reader_init(struct trust_bytes bytes)
{
    /* No bytes may stand nowhere, and nothing may be added to that, not even nothing. */
    static const uint8_t nothing[1] = {0};
    const uint8_t *at = bytes.size == 0 ? nothing : bytes.data;
    return (struct trust_reader){.at = at, .end = at + bytes.size};
}

static inline size_t trust_reader_left(const struct trust_reader *reader)
{
    return reader->failed ? 0 : (size_t)(reader->end - reader->at);
}

static inline bool trust_reader_is_done(const struct trust_reader *reader)
{
    return !reader->failed && reader->at == reader->end;
}

/* A view of the next size bytes; on too few, an empty view and failed is set. */
static inline struct trust_bytes trust_reader_take(struct trust_reader *reader, size_t size)
{
    if (trust_reader_left(reader) < size) {
        reader->failed = true;
        return (struct trust_bytes){0};
    }
    struct trust_bytes taken = {.data = reader->at, .size = size};
    reader->at += size;
    return taken;
}

/* The next size (1, 2, 4 or 8) bytes as a big-endian number; 0 and failed on too few. */
static inline uint64_t trust_reader_take_be(struct trust_reader *reader, size_t size)
{
    struct trust_bytes taken = trust_reader_take(reader, size);
    uint64_t value = 0;
    for (size_t i = 0; i < taken.size; i++)
        value = value << 8 | taken.data[i];
    return value;
}

#endif
