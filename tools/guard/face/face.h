/*
 * The client's side of a session, however it is reached: standard streams, or requests of HTTP. The
 * session turns both alike: watch, poll, heard, then next until it is false.
 *
 * A table of calls stands between the two, so that a program that offers no HTTP loads no library
 * for it.
 */
#ifndef GUARD_FACE_H
#define GUARD_FACE_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"

/* Descriptors of one face, at most. */
#define FACE_WATCHED 2

enum face_kind {
    FACE_LINE,
    FACE_GARBAGE, /* a line too long */
    FACE_LEFT,    /* nobody waits for the answer to one line any more */
    FACE_GONE,    /* the last event */
};

struct face_event {
    enum face_kind kind;
    struct trust_bytes line; /* LINE: good until the next call */
    uint64_t tag;            /* of the line, as router_client_line takes it; 0: there is but one
                                stream */
};

/* As ROUTER_TO_CLIENT has it. */
struct face_message {
    struct trust_bytes bytes;
    uint64_t tag;
    bool is_answer;
};

struct face_calls {
    uint32_t watched; /* descriptors, FACE_WATCHED at most */

    /* One that the client will never read is dropped. */
    void (*send)(void *self, const struct face_message *message);
    /* The client does not read what it is sent: its servers are not to be read either. */
    bool (*is_slow)(const void *self);
    /* Something waits to be read by a client that still may. */
    bool (*waits)(const void *self);
    /* What to poll for. Without may_read the client's own lines wait. */
    void (*watch)(const void *self, struct pollfd *out_items, bool may_read);
    /* What poll found. */
    void (*heard)(void *self, const struct pollfd *items);
    /* False: none now. Without may_read lines wait, and with them the end behind them. */
    bool (*next)(void *self, struct face_event *out_event, bool may_read);
};

/* Zeros: none. */
struct face {
    const struct face_calls *calls;
    void *self;
};

#endif
