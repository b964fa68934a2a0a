/*
 * A stream of server-sent events (HTML Living Standard, section 9.2.6) as the node writes it: lines
 * `id:`, `event:` and one `data:`, a blank line behind each event, comments as heartbeats.
 */
#ifndef REPUTE_SSE_H
#define REPUTE_SSE_H

#include <stdbool.h>
#include <stddef.h>

#include "trust/bytes.h"

/* An event of the node has under 1 KiB. */
#define SSE_LINE_SIZE_MAX 8192

/* data is NUL-terminated and valid during the call; false ends the stream. */
typedef bool sse_handle(void *context, const char *data);

struct sse {
    sse_handle *handle;
    void *context;
    size_t size;      /* of the line so far */
    bool is_overlong; /* the line is dropped: no event of ours is that long */
    char line[SSE_LINE_SIZE_MAX];
};

void sse_init(struct sse *sse, sse_handle *handle, void *context);

/* Takes the next piece of the stream; false as soon as the handler said so. */
bool sse_take(struct sse *sse, struct trust_bytes piece);

#endif
