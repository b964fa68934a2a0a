/*
 * One backend, however it is reached: a command that is started, or a URL. The session turns them
 * all alike: watch, poll, heard, then next until it is false.
 *
 * A table of calls stands between the two, so that a program that reaches no URL loads no HTTP
 * library.
 */
#ifndef GUARD_BACKEND_H
#define GUARD_BACKEND_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"
#include "trust/time.h"

#include "guard/router/router.h"
#include "host/group.h"

/* Descriptors of one backend, at most. */
#define BACKEND_WATCHED 4
#define BACKEND_WHY_SIZE 256

enum backend_kind {
    BACKEND_UP, /* messages can be given to it */
    BACKEND_LINE,
    BACKEND_GARBAGE, /* a line too long */
    BACKEND_FAILED,  /* one message; the backend lives on */
    BACKEND_DOWN,
    BACKEND_ENDED, /* after DOWN: nothing of it is left; only its note counts */
};

struct backend_event {
    enum backend_kind kind;
    struct trust_bytes line;       /* LINE: good until the next call */
    uint64_t number;               /* FAILED: of the message */
    struct router_failure failure; /* FAILED */
    struct router_loss loss;       /* DOWN */
    const char *note;              /* to be logged behind its subject; NULL: nothing. Likewise */
};

/* All of it is borrowed, and outlives the backend. */
struct backend_config {
    const struct trust_group_server *server;
    const char *launcher; /* the guard's own program */
    uint32_t connect_timeout_ms;
};

struct backend_calls {
    uint32_t watched; /* descriptors, BACKEND_WATCHED at most */

    /* TRUST_FAIL_*: it cannot be had now; TRUST_NO_*: nor ever, as it is configured, and out_why
     * says what to mend. */
    enum trust_error (*open)(void **out_self, char out_why[BACKEND_WHY_SIZE],
                             const struct backend_config *config);
    /* Ends it at once. */
    void (*close)(void *self);
    /* It is wanted: it comes up when its back-off allows. */
    void (*start)(void *self);
    /* It is not wanted: it goes in its own time. */
    void (*stop)(void *self, struct trust_mono now);
    /* Its back-off is forgotten. */
    void (*hurry)(void *self);
    /* TRUST_NO_ROOM: too much waits; TRUST_FAIL_MEMORY. Nothing of it was sent then. */
    enum trust_error (*send)(void *self, struct trust_bytes line, uint64_t number,
                             struct trust_mono now);
    /* What to poll for. Without may_read what it says waits. */
    void (*watch)(const void *self, struct pollfd *out_items, bool may_read);
    /* After each poll, whatever it found. */
    void (*heard)(void *self, const struct pollfd *items, struct trust_mono now);
    bool (*next)(void *self, struct backend_event *out_event, struct trust_mono now);
    /* When heard or next has something to do without any descriptor. */
    struct trust_mono (*deadline)(const void *self);
    /* It is down, and comes up no earlier than in so many milliseconds; else 0. */
    uint64_t (*rest_ms)(const void *self, struct trust_mono now);
    /* Nothing of it is left, or under way. */
    bool (*is_gone)(const void *self);
};

#endif
