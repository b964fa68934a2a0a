/*
 * Server-sent events (HTML Living Standard, section 9.2.6), in which the HTTP transport of MCP
 * wraps its messages: lines end with CR, LF or both, a blank one ends an event, and however the
 * stream is cut into pieces its events are the same.
 */
#ifndef WIRE_SSE_H
#define WIRE_SSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/export.h"

#include "base/bytes.h"
#include "base/limits.h"

/* Longer than every name that means something. */
#define SSE_FIELD_SIZE_MAX 6

struct sse_event {
    struct trust_bytes name; /* "message" if the stream gave none */
    struct trust_bytes data; /* its lines joined by LF; may be empty */
    struct trust_bytes id;   /* the last one given, with this event or before; may be empty */
};

/* The field that a line belongs to, once its name is read. */
enum sse_field {
    SSE_FIELD_UNREAD,
    SSE_FIELD_DATA,
    SSE_FIELD_EVENT,
    SSE_FIELD_ID,
    SSE_FIELD_RETRY,
    SSE_FIELD_OTHER, /* a comment, too */
};

struct sse {
    size_t size_max; /* of the data of an event */
    uint8_t *data;   /* of the event so far, an LF behind each line */
    size_t size;
    size_t capacity;
    bool is_taken;    /* the event was given: what is kept of it ends with the next call */
    bool is_skipping; /* the rest of an over-long event that has been reported */
    bool is_begun;    /* a byte order mark is none any more */
    bool was_cr;      /* an LF that follows belongs to it */

    /* The line so far. */
    enum sse_field field;
    bool is_blank_skipped; /* the one behind the colon */
    char field_name[SSE_FIELD_SIZE_MAX];
    size_t field_size; /* counted beyond its room, too */
    char value[TRUST_WIRE_EVENT_ID_SIZE_MAX];
    size_t value_size;

    char name[TRUST_WIRE_EVENT_NAME_SIZE_MAX];
    size_t name_size;
    char next_id[TRUST_WIRE_EVENT_ID_SIZE_MAX]; /* of the event so far */
    size_t next_id_size;

    char id[TRUST_WIRE_EVENT_ID_SIZE_MAX]; /* with which the stream is resumed */
    size_t id_size;
    bool has_retry;
    uint64_t retry_ms; /* that the stream asks to wait before it is resumed */
};

/* size_max: TRUST_WIRE_MESSAGE_SIZE_MAX, less in tests. Nothing is reserved yet. */
void sse_init(struct sse *sse, size_t size_max);

void sse_close(struct sse *sse);

/*
 * Takes bytes off the front of stream up to the end of an event; it is valid until the next call.
 * TRUST_NO_FOUND: all are taken, feed more. TRUST_NO_SIZE: an event has more data than size_max, or
 * a name or id beyond its bound; this is said once, as soon as it is certain, and the rest of that
 * event is dropped, but for its id. TRUST_FAIL_MEMORY: the event is dropped likewise.
 */
enum trust_error sse_take(struct sse *sse, struct sse_event *out_event,
                          struct trust_bytes *stream) TRUST_MUST_USE;

#endif
