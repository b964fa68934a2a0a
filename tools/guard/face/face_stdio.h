/*
 * The client on the guard's own standard streams: its lines in, answers out.
 *
 * What the client does not read waits, up to a bound. From FACE_STDIO_SLOW_SIZE on the client
 * counts as slow, and its caller reads no backend until it has caught up; the room above that is
 * for what is settled at once when a backend dies.
 */
#ifndef GUARD_FACE_STDIO_H
#define GUARD_FACE_STDIO_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"

#include "guard/backend/outbox.h"
#include "guard/face/face.h"
#include "wire/lines.h"

#define FACE_STDIO_WATCHED 2
/* Bytes that wait for a client that is slow. */
#define FACE_STDIO_SLOW_SIZE (UINT32_C(256) << 10)

struct face_stdio {
    int in_fd;
    int out_fd;
    int out_flags; /* as they were found; -1: left alone */
    struct lines lines;
    struct outbox outbox;
    uint64_t number; /* of the last message */
    bool is_readable;
    bool is_ended;  /* it writes no more */
    bool is_broken; /* it reads no more */
    bool is_gone;   /* that was told */
};

/* The descriptors stay the caller's. A pipe or socket of the output is made not to block. */
void face_stdio_open(struct face_stdio *face, int in_fd, int out_fd);
void face_stdio_close(struct face_stdio *face);

/* A message to the client. One that it will never read is dropped. */
void face_stdio_send(struct face_stdio *face, struct trust_bytes line);

/* It does not read what it is sent. */
bool face_stdio_is_slow(const struct face_stdio *face);

/* Something waits to be read by a client that still may. */
bool face_stdio_waits(const struct face_stdio *face);

/* What to poll for. Without may_read the client's own lines wait. */
void face_stdio_watch(const struct face_stdio *face, struct pollfd out_items[FACE_STDIO_WATCHED],
                      bool may_read);

/* What poll found. */
void face_stdio_heard(struct face_stdio *face, const struct pollfd items[FACE_STDIO_WATCHED]);

/* The next event; false: none now. */
bool face_stdio_next(struct face_stdio *face, struct face_event *out_event);

/* As a session turns it; face outlives what is made of it. */
struct face face_stdio_face(struct face_stdio *face);

#endif
