/* See face_stream.h. */
#include "guard/face/face_stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/limits.h"

#define EVENT_BEGIN "event: message\ndata: "
#define LINE_BEGIN "\ndata: "
#define EVENT_END "\n\n"
#define BEAT ": \n\n"
#define CAPACITY_FIRST 1024

void face_stream_close(struct face_stream *stream)
{
    free(stream->data);
    *stream = (struct face_stream){0};
}

size_t face_stream_waiting(const struct face_stream *stream)
{
    return stream->end - stream->start;
}

static enum trust_error reserve(struct face_stream *stream, size_t size)
{
    size_t waiting = face_stream_waiting(stream);
    if (size > TRUST_GUARD_STREAM_SIZE_MAX - waiting)
        return TRUST_NO_ROOM;
    if (stream->capacity - stream->end >= size)
        return TRUST_OK;
    if (waiting > 0 && stream->start > 0)
        memmove(stream->data, stream->data + stream->start, waiting);
    stream->start = 0;
    stream->end = waiting;
    if (stream->capacity - waiting >= size)
        return TRUST_OK;
    size_t capacity = stream->capacity == 0 ? CAPACITY_FIRST : stream->capacity;
    while (capacity < waiting + size)
        capacity *= 2;
    uint8_t *data = realloc(stream->data, capacity);
    if (data == NULL)
        return TRUST_FAIL_MEMORY;
    stream->data = data;
    stream->capacity = capacity;
    return TRUST_OK;
}

static void put(struct face_stream *stream, struct trust_bytes bytes)
{
    assert(stream->capacity - stream->end >= bytes.size);
    if (bytes.size > 0)
        memcpy(stream->data + stream->end, bytes.data, bytes.size);
    stream->end += bytes.size;
}

static bool is_break(uint8_t byte)
{
    return byte == '\n' || byte == '\r';
}

/* Up to a break of a line, which is cut off. */
static struct trust_bytes take_line(struct trust_bytes *rest)
{
    size_t size = 0;
    while (size < rest->size && !is_break(rest->data[size]))
        size++;
    struct trust_bytes line = {.data = rest->data, .size = size};
    size_t used = size < rest->size ? size + 1 : size;
    rest->data += used;
    rest->size -= used;
    return line;
}

static size_t count_breaks(struct trust_bytes message)
{
    size_t count = 0;
    for (size_t i = 0; i < message.size; i++)
        count += is_break(message.data[i]) ? 1 : 0;
    return count;
}

enum trust_error face_stream_event(struct face_stream *stream, struct trust_bytes message)
{
    size_t breaks = count_breaks(message);
    enum trust_error error =
        message.size > TRUST_GUARD_STREAM_SIZE_MAX || breaks > TRUST_GUARD_STREAM_SIZE_MAX / 16
            ? TRUST_NO_ROOM
            : reserve(stream, strlen(EVENT_BEGIN) + message.size + breaks * strlen(LINE_BEGIN) +
                                  strlen(EVENT_END));
    if (error != TRUST_OK)
        return error;
    put(stream, trust_bytes_text(EVENT_BEGIN));
    if (breaks == 0)
        put(stream, message);
    else
        put(stream, take_line(&message));
    for (size_t i = 0; i < breaks; i++) {
        put(stream, trust_bytes_text(LINE_BEGIN));
        put(stream, take_line(&message));
    }
    put(stream, trust_bytes_text(EVENT_END));
    return TRUST_OK;
}

enum trust_error face_stream_plain(struct face_stream *stream, struct trust_bytes message)
{
    enum trust_error error = reserve(stream, message.size);
    if (error == TRUST_OK)
        put(stream, message);
    return error;
}

enum trust_error face_stream_beat(struct face_stream *stream)
{
    return face_stream_plain(stream, trust_bytes_text(BEAT));
}

size_t face_stream_take(struct face_stream *stream, char *out_data, size_t room)
{
    size_t waiting = face_stream_waiting(stream);
    size_t size = waiting < room ? waiting : room;
    if (size > 0)
        memcpy(out_data, stream->data + stream->start, size);
    stream->start += size;
    if (stream->start == stream->end) {
        stream->start = 0;
        stream->end = 0;
        if (stream->capacity > TRUST_WIRE_ROOM_SIZE)
            face_stream_close(stream);
    }
    return size;
}
