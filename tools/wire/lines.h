/*
 * Messages that end with a newline, cut from a stream that comes in pieces of any size: the stdio
 * transport of MCP. The buffer grows as far as the longest line asks and shrinks once it is empty.
 */
#ifndef WIRE_LINES_H
#define WIRE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/export.h"

#include "base/bytes.h"

struct lines {
    uint8_t *data;
    size_t capacity;
    size_t start;     /* of what has not been taken */
    size_t searched;  /* up to here there is no newline */
    size_t end;       /* of what has been fed */
    size_t size_max;  /* of a line without its newline */
    bool is_skipping; /* the rest of an over-long line that has been reported */
};

/* Nothing is reserved yet. size_max: TRUST_WIRE_MESSAGE_SIZE_MAX, less in tests. */
void lines_init(struct lines *lines, size_t size_max);

void lines_close(struct lines *lines);

/*
 * Where the next bytes of the stream may be written: at least TRUST_WIRE_ROOM_SIZE of them.
 * Lines taken before are gone then. TRUST_FAIL_MEMORY.
 */
enum trust_error lines_room(struct lines *lines, uint8_t **out_room,
                            size_t *out_size) TRUST_MUST_USE;

/* size bytes were written there. */
void lines_fed(struct lines *lines, size_t size);

/*
 * The next whole line, without its newline and one CR before that; never an empty one. It is valid
 * until the next call. TRUST_NO_FOUND: feed more. TRUST_NO_SIZE: a line is longer than
 * size_max; this is said once, as soon as it is certain, and the rest of that line is dropped.
 */
enum trust_error lines_next(struct lines *lines, struct trust_bytes *out_line) TRUST_MUST_USE;

/* A line has begun that has not ended: at the end of the stream, it was cut off. */
bool lines_is_within(const struct lines *lines);

/*
 * Makes one line of a JSON text that has passed json_check or message_read, in place: in such a
 * text a CR or LF can only be white space between its parts, so a blank may stand for it.
 */
void lines_flatten(uint8_t *text, size_t size);

#endif
