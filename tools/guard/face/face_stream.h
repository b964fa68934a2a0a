/*
 * What waits to be sent as the body of one HTTP answer: events of a stream, or one message.
 * Messages stay as they are; an event adds what SSE puts around them.
 *
 * No event has an id: a stream that broke off is not resumed, as no version of MCP demands, and
 * what its client has missed it asks for again.
 */
#ifndef GUARD_FACE_STREAM_H
#define GUARD_FACE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"

/* Zeros: nothing waits. */
struct face_stream {
    uint8_t *data;
    size_t capacity;
    size_t start; /* of what waits */
    size_t end;
};

void face_stream_close(struct face_stream *stream);

/* One message as an event; several lines of it are one message still. TRUST_NO_ROOM: more than
 * TRUST_GUARD_STREAM_SIZE_MAX would wait; TRUST_FAIL_MEMORY. Nothing was added then. */
TRUST_MUST_USE enum trust_error face_stream_event(struct face_stream *stream,
                                                  struct trust_bytes message);

/* A comment: it keeps the way open, and shows whether somebody is there. Errors as above. */
TRUST_MUST_USE enum trust_error face_stream_beat(struct face_stream *stream);

/* The message alone. Errors as above. */
TRUST_MUST_USE enum trust_error face_stream_plain(struct face_stream *stream,
                                                  struct trust_bytes message);

size_t face_stream_waiting(const struct face_stream *stream);

/* Moves what fits; how much that is. */
size_t face_stream_take(struct face_stream *stream, char *out_data, size_t room);

#endif
