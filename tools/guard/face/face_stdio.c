/* See face_stdio.h. */
#include "guard/face/face_stdio.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

/* Where the descriptors stand among those polled. */
enum { INPUT, OUTPUT };

/* Only for what has nobody else at its other end: a terminal is shared with a shell. */
static int make_nonblocking(int fd)
{
    struct stat found;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || (flags & O_NONBLOCK) != 0 || fstat(fd, &found) != 0)
        return -1;
    if (!S_ISFIFO(found.st_mode) && !S_ISSOCK(found.st_mode))
        return -1;
    return fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 ? flags : -1;
}

void face_stdio_open(struct face_stdio *face, int in_fd, int out_fd)
{
    *face = (struct face_stdio){.in_fd = in_fd, .out_fd = out_fd};
    face->out_flags = make_nonblocking(out_fd);
    lines_init(&face->lines, TRUST_WIRE_MESSAGE_SIZE_MAX);
}

void face_stdio_close(struct face_stdio *face)
{
    if (face->out_flags >= 0)
        (void)fcntl(face->out_fd, F_SETFL, face->out_flags);
    lines_close(&face->lines);
    outbox_close(&face->outbox);
}

void face_stdio_send(struct face_stdio *face, struct trust_bytes line)
{
    if (face->is_broken)
        return;
    if (outbox_send(&face->outbox, face->out_fd, line, ++face->number) != TRUST_OK)
        face->is_broken = true;
}

bool face_stdio_is_slow(const struct face_stdio *face)
{
    return !face->is_broken &&
           !outbox_has_room(&face->outbox, OUTBOX_SIZE_MAX - FACE_STDIO_SLOW_SIZE);
}

bool face_stdio_waits(const struct face_stdio *face)
{
    return !face->is_broken && outbox_waits(&face->outbox);
}

void face_stdio_watch(const struct face_stdio *face, struct pollfd out_items[FACE_STDIO_WATCHED],
                      bool may_read)
{
    bool is_read = may_read && !face->is_ended && !face->is_broken;
    bool is_written = outbox_waits(&face->outbox);
    out_items[INPUT] = (struct pollfd){.fd = is_read ? face->in_fd : -1, .events = POLLIN};
    out_items[OUTPUT] = (struct pollfd){.fd = face->is_broken ? -1 : face->out_fd,
                                        .events = is_written ? POLLOUT : 0};
}

void face_stdio_heard(struct face_stdio *face, const struct pollfd items[FACE_STDIO_WATCHED])
{
    if (items[INPUT].revents != 0)
        face->is_readable = true;
    if ((items[OUTPUT].revents & (POLLERR | POLLNVAL)) != 0 ||
        ((items[OUTPUT].revents & POLLOUT) != 0 &&
         outbox_flush(&face->outbox, face->out_fd) != TRUST_OK))
        face->is_broken = true;
}

static void take_some(struct face_stdio *face)
{
    uint8_t *room = NULL;
    size_t room_size = 0;
    ssize_t size = 0;
    face->is_readable = false;
    if (lines_room(&face->lines, &room, &room_size) != TRUST_OK) {
        face->is_ended = true;
        return;
    }
    do {
        size = read(face->in_fd, room, room_size);
    } while (size < 0 && errno == EINTR);
    if (size > 0)
        lines_fed(&face->lines, (size_t)size);
    else if (size == 0 || errno != EAGAIN)
        face->is_ended = true;
}

static bool take_line(struct face_stdio *face, struct face_event *out_event)
{
    struct trust_bytes line;
    enum trust_error error = lines_next(&face->lines, &line);
    if (error == TRUST_NO_FOUND)
        return false;
    *out_event = (struct face_event){.kind = FACE_GARBAGE};
    if (error == TRUST_OK)
        *out_event = (struct face_event){.kind = FACE_LINE, .line = line};
    return true;
}

bool face_stdio_next(struct face_stdio *face, struct face_event *out_event)
{
    if (face->is_gone)
        return false;
    if (!face->is_broken && take_line(face, out_event))
        return true;
    if (face->is_readable && !face->is_broken) {
        take_some(face);
        if (take_line(face, out_event))
            return true;
    }
    if (!face->is_ended && !face->is_broken)
        return false;
    face->is_gone = true;
    *out_event = (struct face_event){.kind = FACE_GONE};
    return true;
}

/* ---- as a session turns it ---- */

static void face_send(void *self, const struct face_message *message)
{
    face_stdio_send(self, message->bytes);
}

static bool face_is_slow(const void *self)
{
    return face_stdio_is_slow(self);
}

static bool face_waits(const void *self)
{
    return face_stdio_waits(self);
}

static void face_watch(const void *self, struct pollfd *out_items, bool may_read)
{
    face_stdio_watch(self, out_items, may_read);
}

static void face_heard(void *self, const struct pollfd *items)
{
    face_stdio_heard(self, items);
}

static bool face_next(void *self, struct face_event *out_event, bool may_read)
{
    return may_read && face_stdio_next(self, out_event);
}

struct face face_stdio_face(struct face_stdio *face)
{
    static const struct face_calls calls = {
        .watched = FACE_STDIO_WATCHED,
        .send = face_send,
        .is_slow = face_is_slow,
        .waits = face_waits,
        .watch = face_watch,
        .heard = face_heard,
        .next = face_next,
    };
    return (struct face){.calls = &calls, .self = face};
}
