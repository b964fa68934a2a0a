/*
 * A backend that is a child: started when it is wanted and its back-off allows, lines to it and
 * from it, and its end told once.
 *
 * Its end is told when nothing more can come from it: its process has ended, or it has closed a
 * stream; all that it wrote before is handed out first. What is left of the process then goes in
 * its own time, and the next one is started only after it was reaped.
 *
 * The caller turns: watch, poll, heard, then next until it is false.
 */
#ifndef GUARD_BACKEND_STDIO_H
#define GUARD_BACKEND_STDIO_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"
#include "trust/time.h"

#include "guard/backend/backoff.h"
#include "guard/backend/child.h"
#include "guard/backend/outbox.h"
#include "guard/router/router.h"
#include "wire/lines.h"

/* Descriptors of one backend. */
#define BACKEND_STDIO_WATCHED 4

struct backend_stdio {
    struct child_command command; /* what it points to is borrowed */
    struct child child;
    struct lines lines;
    struct outbox outbox;
    struct backoff backoff;
    size_t drained; /* bytes read since its process had ended */
    bool is_wanted; /* to be started when its back-off allows */
    bool is_up;     /* its start was told, its end was not */
    bool is_again;  /* it has been started before */
    bool is_readable;
    bool has_ended; /* its process has */
    bool is_silent; /* its output is at its end */
    bool is_deaf;   /* it reads no more */
};

enum backend_stdio_kind {
    BACKEND_STDIO_UP,
    BACKEND_STDIO_LINE,
    BACKEND_STDIO_GARBAGE, /* a line too long */
    BACKEND_STDIO_DOWN,
    BACKEND_STDIO_ENDED, /* after DOWN: its process has ended as well; for the log */
};

struct backend_stdio_event {
    enum backend_stdio_kind kind;
    struct trust_bytes line;  /* LINE: good until the next call */
    struct router_loss loss;  /* DOWN */
    enum trust_error failure; /* DOWN: why it could not be started; TRUST_OK: it ran */
    struct child_end end;     /* ENDED */
};

void backend_stdio_init(struct backend_stdio *backend, const struct child_command *command);

/* Ends it now, if it runs, and releases everything. */
void backend_stdio_close(struct backend_stdio *backend);

/* It is wanted running. */
void backend_stdio_start(struct backend_stdio *backend);

/* It is not wanted: its input is closed, and more if that is not enough. */
void backend_stdio_stop(struct backend_stdio *backend, struct trust_mono now);

/* Its back-off is forgotten. */
void backend_stdio_hurry(struct backend_stdio *backend);

/* TRUST_NO_ROOM: too much waits already: nothing of it was sent. That nobody reads any more shows
 * by its end, as next tells it. */
TRUST_MUST_USE enum trust_error backend_stdio_send(struct backend_stdio *backend,
                                                   struct trust_bytes line, uint64_t number);

/* What to poll for. Without may_read nothing is: what it writes waits. */
void backend_stdio_watch(const struct backend_stdio *backend,
                         struct pollfd out_items[BACKEND_STDIO_WATCHED], bool may_read);

/* What poll found. */
void backend_stdio_heard(struct backend_stdio *backend,
                         const struct pollfd items[BACKEND_STDIO_WATCHED]);

/* The next event; false: none now. */
bool backend_stdio_next(struct backend_stdio *backend, struct backend_stdio_event *out_event,
                        struct trust_mono now);

/* When next has something to do without any descriptor. */
struct trust_mono backend_stdio_deadline(const struct backend_stdio *backend);

/* No process of it is left. */
bool backend_stdio_is_gone(const struct backend_stdio *backend);

#endif
