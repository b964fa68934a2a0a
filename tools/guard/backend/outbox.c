/* See outbox.h. */
#include "guard/backend/outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/assert.h"

#define CAPACITY_MIN 4096u
#define MARKS_MIN 64u
/* What is kept once nothing waits any more. */
#define CAPACITY_KEPT 65536u

void outbox_close(struct outbox *outbox)
{
    free(outbox->data);
    free(outbox->marks);
    *outbox = (struct outbox){0};
}

void outbox_reset(struct outbox *outbox)
{
    struct outbox kept = *outbox;
    *outbox = (struct outbox){.data = kept.data,
                              .capacity = kept.capacity,
                              .marks = kept.marks,
                              .mark_capacity = kept.mark_capacity};
}

bool outbox_waits(const struct outbox *outbox)
{
    return outbox->end > outbox->start;
}

bool outbox_has_room(const struct outbox *outbox, size_t size)
{
    return size < OUTBOX_SIZE_MAX && outbox->end - outbox->start + size + 1 <= OUTBOX_SIZE_MAX;
}

static void empty(struct outbox *outbox)
{
    outbox->start = 0;
    outbox->end = 0;
    if (outbox->capacity <= CAPACITY_KEPT)
        return;
    free(outbox->data);
    outbox->data = NULL;
    outbox->capacity = 0;
}

/* Room for size bytes at the end; what waits is moved to the front first. */
static bool make_room(struct outbox *outbox, size_t size)
{
    size_t waiting = outbox->end - outbox->start;
    if (outbox->capacity - outbox->end >= size)
        return true;
    if (waiting > 0)
        memmove(outbox->data, outbox->data + outbox->start, waiting);
    outbox->start = 0;
    outbox->end = waiting;
    if (outbox->capacity - waiting >= size)
        return true;
    size_t capacity = outbox->capacity == 0 ? CAPACITY_MIN : outbox->capacity;
    while (capacity - waiting < size)
        capacity *= 2;
    uint8_t *data = realloc(outbox->data, capacity);
    if (data == NULL)
        return false;
    outbox->data = data;
    outbox->capacity = capacity;
    return true;
}

static bool make_mark(struct outbox *outbox)
{
    if (outbox->mark_end < outbox->mark_capacity)
        return true;
    uint32_t count = outbox->mark_end - outbox->mark_start;
    if (count > 0)
        memmove(outbox->marks, outbox->marks + outbox->mark_start, count * sizeof *outbox->marks);
    outbox->mark_start = 0;
    outbox->mark_end = count;
    if (count < outbox->mark_capacity)
        return true;
    uint32_t capacity = outbox->mark_capacity == 0 ? MARKS_MIN : outbox->mark_capacity * 2;
    struct outbox_mark *marks = realloc(outbox->marks, capacity * sizeof *marks);
    if (marks == NULL)
        return false;
    outbox->marks = marks;
    outbox->mark_capacity = capacity;
    return true;
}

/* size bytes have left. */
static void note_left(struct outbox *outbox, size_t size)
{
    outbox->left += size;
    while (outbox->mark_start < outbox->mark_end &&
           outbox->marks[outbox->mark_start].begin < outbox->left)
        outbox->written = outbox->marks[outbox->mark_start++].number;
}

/* How many bytes the descriptor took: 0 if none fits now; below 0: nobody reads. */
static ssize_t write_some(int fd, const struct iovec *parts, int count)
{
    ssize_t size = 0;
    do {
        size = writev(fd, parts, count);
    } while (size < 0 && errno == EINTR);
    return size < 0 && errno == EAGAIN ? 0 : size;
}

/* The parts from offset on. */
static void append_rest(struct outbox *outbox, struct trust_bytes text, size_t offset)
{
    if (offset < text.size)
        memcpy(outbox->data + outbox->end, text.data + offset, text.size - offset);
    outbox->end += text.size - (offset < text.size ? offset : text.size);
    outbox->data[outbox->end++] = '\n';
}

enum trust_error outbox_send(struct outbox *outbox, int fd, struct trust_bytes text,
                             uint64_t number)
{
    assert(text.size > 0);
    assert(number > outbox->written);
    if (!outbox_has_room(outbox, text.size))
        return TRUST_NO_ROOM;
    /* Room for all of it first: what is half sent must not fail to wait. */
    if (!make_room(outbox, text.size + 1) || !make_mark(outbox))
        return TRUST_FAIL_MEMORY;
    outbox->marks[outbox->mark_end++] =
        (struct outbox_mark){.begin = outbox->put, .number = number};
    outbox->put += text.size + 1;
    size_t sent = 0;
    if (!outbox_waits(outbox)) {
        char newline = '\n';
        uint8_t *start = NULL;
        memcpy(&start, &text.data, sizeof start);
        const struct iovec parts[2] = {{.iov_base = start, .iov_len = text.size},
                                       {.iov_base = &newline, .iov_len = 1}};
        ssize_t size = write_some(fd, parts, 2);
        if (size < 0)
            return TRUST_NO_PEER;
        sent = (size_t)size;
        note_left(outbox, sent);
    }
    if (sent <= text.size)
        append_rest(outbox, text, sent);
    if (!outbox_waits(outbox))
        empty(outbox);
    return TRUST_OK;
}

enum trust_error outbox_flush(struct outbox *outbox, int fd)
{
    while (outbox_waits(outbox)) {
        const struct iovec part = {.iov_base = outbox->data + outbox->start,
                                   .iov_len = outbox->end - outbox->start};
        ssize_t size = write_some(fd, &part, 1);
        if (size < 0)
            return TRUST_NO_PEER;
        if (size == 0)
            return TRUST_OK;
        outbox->start += (size_t)size;
        note_left(outbox, (size_t)size);
    }
    empty(outbox);
    return TRUST_OK;
}
