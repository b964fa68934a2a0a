/* See backend_stdio.h. */
#include "guard/backend/backend_stdio.h"

#include <errno.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/limits.h"

/* Where the descriptors stand among those polled. */
enum { OUTPUT, INPUT, ERROR, EXIT };

/* The most that a pipe holds: more than this after the end of a process was written by another. */
#define DRAIN_SIZE_MAX ((size_t)1 << 20)

static_assert(EXIT + 1 == BACKEND_STDIO_WATCHED, "each descriptor has its place");

void backend_stdio_init(struct backend_stdio *backend, const struct child_command *command)
{
    *backend = (struct backend_stdio){.command = *command};
    child_init(&backend->child);
    lines_init(&backend->lines, TRUST_WIRE_MESSAGE_SIZE_MAX);
}

void backend_stdio_close(struct backend_stdio *backend)
{
    child_kill(&backend->child);
    lines_close(&backend->lines);
    outbox_close(&backend->outbox);
}

void backend_stdio_start(struct backend_stdio *backend)
{
    backend->is_wanted = true;
}

void backend_stdio_stop(struct backend_stdio *backend, struct trust_mono now)
{
    backend->is_wanted = false;
    child_leave(&backend->child, now);
}

void backend_stdio_hurry(struct backend_stdio *backend)
{
    backend->backoff.wait_ms = 0;
    backend->backoff.due.ms = 0;
}

enum trust_error backend_stdio_send(struct backend_stdio *backend, struct trust_bytes line,
                                    uint64_t number)
{
    /* Of one that has ended meanwhile: not written, as its end will say. */
    if (!backend->is_up || backend->is_deaf || backend->child.input_fd < 0)
        return TRUST_OK;
    enum trust_error error = outbox_send(&backend->outbox, backend->child.input_fd, line, number);
    if (error == TRUST_NO_PEER) {
        backend->is_deaf = true;
        return TRUST_OK;
    }
    return error;
}

void backend_stdio_watch(const struct backend_stdio *backend,
                         struct pollfd out_items[BACKEND_STDIO_WATCHED], bool may_read)
{
    const struct child *child = &backend->child;
    bool is_read = may_read || !backend->is_up;
    bool is_written = !backend->is_deaf && outbox_waits(&backend->outbox);
    out_items[OUTPUT] = (struct pollfd){
        .fd = is_read && backend->is_up && !backend->is_silent ? child->output_fd : -1,
        .events = POLLIN};
    out_items[INPUT] = (struct pollfd){.fd = is_written ? child->input_fd : -1, .events = POLLOUT};
    out_items[ERROR] = (struct pollfd){.fd = child->error_fd, .events = POLLIN};
    out_items[EXIT] = (struct pollfd){.fd = is_read ? child->exit_fd : -1, .events = POLLIN};
}

void backend_stdio_heard(struct backend_stdio *backend,
                         const struct pollfd items[BACKEND_STDIO_WATCHED])
{
    if (items[OUTPUT].revents != 0)
        backend->is_readable = true;
    if (items[INPUT].revents != 0 &&
        outbox_flush(&backend->outbox, backend->child.input_fd) != TRUST_OK)
        backend->is_deaf = true;
    if (items[ERROR].revents != 0)
        (void)child_listen(&backend->child);
    if (items[EXIT].revents != 0)
        backend->has_ended = true;
}

static bool tell_down(struct backend_stdio *backend, struct backend_stdio_event *out_event,
                      struct trust_mono now)
{
    backoff_end(&backend->backoff, now);
    backend->is_up = false;
    *out_event =
        (struct backend_stdio_event){.kind = BACKEND_STDIO_DOWN,
                                     .loss = {.class_ = TRUST_OUTCOME_REFUSED,
                                              .written = backend->outbox.written,
                                              .retry_ms = backoff_left_ms(&backend->backoff, now)}};
    return true;
}

static bool begin(struct backend_stdio *backend, struct backend_stdio_event *out_event,
                  struct trust_mono now)
{
    if (!backend->is_wanted || backoff_left_ms(&backend->backoff, now) > 0)
        return false;
    outbox_reset(&backend->outbox);
    lines_close(&backend->lines);
    lines_init(&backend->lines, TRUST_WIRE_MESSAGE_SIZE_MAX);
    backoff_start(&backend->backoff, now);
    enum trust_error error = child_start(&backend->child, &backend->command);
    backend->is_again = true;
    backend->is_readable = false;
    backend->has_ended = false;
    backend->is_silent = false;
    backend->is_deaf = false;
    backend->drained = 0;
    if (error != TRUST_OK) {
        (void)tell_down(backend, out_event, now);
        out_event->failure = error;
        return true;
    }
    backend->is_up = true;
    *out_event = (struct backend_stdio_event){.kind = BACKEND_STDIO_UP};
    return true;
}

/* One read: how much came. */
static size_t take_some(struct backend_stdio *backend)
{
    uint8_t *room = NULL;
    size_t room_size = 0;
    ssize_t size = 0;
    if (lines_room(&backend->lines, &room, &room_size) != TRUST_OK) {
        /* Without memory for it, what it says is as good as nothing. */
        backend->is_silent = true;
        return 0;
    }
    do {
        size = read(backend->child.output_fd, room, room_size);
    } while (size < 0 && errno == EINTR);
    if (size > 0) {
        lines_fed(&backend->lines, (size_t)size);
        return (size_t)size;
    }
    if (size == 0 || errno != EAGAIN)
        backend->is_silent = true;
    return 0;
}

/* Reads once if poll found something, and on to the end of what an ended process left. */
static bool read_more(struct backend_stdio *backend)
{
    bool is_last = backend->has_ended || backend->is_deaf;
    if (backend->is_silent || !(backend->is_readable || is_last))
        return false;
    backend->is_readable = false;
    size_t size = take_some(backend);
    if (is_last)
        backend->drained += size;
    if (is_last && (size == 0 || backend->drained > DRAIN_SIZE_MAX))
        backend->is_silent = true;
    return size > 0;
}

static bool take_line(struct backend_stdio *backend, struct backend_stdio_event *out_event)
{
    struct trust_bytes line;
    enum trust_error error = lines_next(&backend->lines, &line);
    if (error == TRUST_NO_FOUND)
        return false;
    *out_event = (struct backend_stdio_event){.kind = BACKEND_STDIO_GARBAGE};
    if (error == TRUST_OK)
        *out_event = (struct backend_stdio_event){.kind = BACKEND_STDIO_LINE, .line = line};
    return true;
}

/* Nothing more comes from it; its process may still take its time. */
static bool fall(struct backend_stdio *backend, struct backend_stdio_event *out_event,
                 struct trust_mono now)
{
    child_leave(&backend->child, now);
    return tell_down(backend, out_event, now);
}

static bool bury(struct backend_stdio *backend, struct backend_stdio_event *out_event,
                 struct trust_mono now)
{
    *out_event = (struct backend_stdio_event){
        .kind = BACKEND_STDIO_ENDED, .loss = {.retry_ms = backoff_left_ms(&backend->backoff, now)}};
    return child_reap(&backend->child, &out_event->end);
}

bool backend_stdio_next(struct backend_stdio *backend, struct backend_stdio_event *out_event,
                        struct trust_mono now)
{
    child_time(&backend->child, now);
    if (backend->child.state == CHILD_NONE)
        return begin(backend, out_event, now);
    if (!backend->is_up)
        return bury(backend, out_event, now);
    do {
        if (take_line(backend, out_event))
            return true;
    } while (read_more(backend));
    return backend->is_silent && fall(backend, out_event, now);
}

struct trust_mono backend_stdio_deadline(const struct backend_stdio *backend)
{
    if (backend->child.state == CHILD_NONE && backend->is_wanted)
        return backend->backoff.due;
    return child_deadline(&backend->child);
}

bool backend_stdio_is_gone(const struct backend_stdio *backend)
{
    return backend->child.state == CHILD_NONE;
}
