/* See lines.h. */
#include "wire/lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"

void lines_init(struct lines *lines, size_t size_max)
{
    *lines = (struct lines){.size_max = size_max};
}

void lines_close(struct lines *lines)
{
    free(lines->data);
    *lines = (struct lines){.size_max = lines->size_max};
}

/* What has not been taken goes to the front. */
static void compact(struct lines *lines)
{
    size_t left = lines->end - lines->start;
    if (lines->start > 0 && left > 0)
        memmove(lines->data, lines->data + lines->start, left);
    lines->searched -= lines->start;
    lines->start = 0;
    lines->end = left;
}

static enum trust_error resize(struct lines *lines, size_t capacity)
{
    uint8_t *data = realloc(lines->data, capacity);
    if (data == NULL)
        return TRUST_FAIL_MEMORY;
    lines->data = data;
    lines->capacity = capacity;
    return TRUST_OK;
}

enum trust_error lines_room(struct lines *lines, uint8_t **out_room, size_t *out_size)
{
    if (lines->end - lines->start == 0 || lines->capacity - lines->end < TRUST_WIRE_ROOM_SIZE)
        compact(lines);
    size_t needed = lines->end + TRUST_WIRE_ROOM_SIZE;
    size_t capacity = lines->capacity;
    if (capacity < needed)
        capacity = needed > capacity * 2 ? needed : capacity * 2;
    if (lines->end == 0)
        capacity = TRUST_WIRE_ROOM_SIZE;
    if (capacity != lines->capacity) {
        enum trust_error error = resize(lines, capacity);
        if (error != TRUST_OK)
            return error;
    }
    *out_room = lines->data + lines->end;
    *out_size = lines->capacity - lines->end;
    return TRUST_OK;
}

void lines_fed(struct lines *lines, size_t size)
{
    assert(size <= lines->capacity - lines->end);
    lines->end += size;
}

/* True if a newline lies ahead; out_line is then what stands before it, which has been passed. */
static bool cut(struct lines *lines, struct trust_bytes *out_line)
{
    size_t left = lines->end - lines->searched;
    if (left == 0)
        return false;
    const uint8_t *newline = memchr(lines->data + lines->searched, '\n', left);
    if (newline == NULL) {
        lines->searched = lines->end;
        return false;
    }
    const uint8_t *line = lines->data + lines->start;
    *out_line = (struct trust_bytes){.data = line, .size = (size_t)(newline - line)};
    lines->start = (size_t)(newline - lines->data) + 1;
    lines->searched = lines->start;
    return true;
}

/* A reader may be idle for hours behind the longest of all lines. */
static void let_go(struct lines *lines)
{
    free(lines->data);
    lines->data = NULL;
    lines->capacity = 0;
    lines->start = 0;
    lines->searched = 0;
    lines->end = 0;
}

/* Without a newline in sight: TRUST_NO_SIZE the first time that no line can come of it. */
static enum trust_error wait_for_more(struct lines *lines)
{
    /* A CR may be the last byte, and is none of the line then. */
    bool is_overlong = lines->end - lines->start > lines->size_max + 1;
    bool is_news = is_overlong && !lines->is_skipping;
    if (is_overlong || lines->is_skipping)
        lines->start = lines->end;
    lines->is_skipping = lines->is_skipping || is_overlong;
    if (lines->start == lines->end && lines->capacity > TRUST_WIRE_ROOM_SIZE)
        let_go(lines);
    return is_news ? TRUST_NO_SIZE : TRUST_NO_FOUND;
}

enum trust_error lines_next(struct lines *lines, struct trust_bytes *out_line)
{
    struct trust_bytes line;
    while (cut(lines, &line)) {
        bool was_skipping = lines->is_skipping;
        lines->is_skipping = false;
        if (line.size > 0 && line.data[line.size - 1] == '\r')
            line.size--;
        if (was_skipping || line.size == 0)
            continue;
        if (line.size > lines->size_max)
            return TRUST_NO_SIZE;
        *out_line = line;
        return TRUST_OK;
    }
    return wait_for_more(lines);
}

bool lines_is_within(const struct lines *lines)
{
    return lines->is_skipping || lines->end > lines->start;
}

void lines_flatten(uint8_t *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\n' || text[i] == '\r')
            text[i] = ' ';
    }
}
