/*
 * A backend that is a Streamable HTTP server: a message is a POST of its own, and what the server
 * says comes with its answer, or on the stream that a legacy server may keep for it. It stands
 * beside backend_stdio and is turned likewise: watch, poll, heard, then next until it is false.
 *
 * It is up as soon as it is wanted and its back-off allows: a connection is made for the first
 * message. What fails is a message, and the backend lives on; it is down once it was stopped.
 */
#ifndef GUARD_BACKEND_HTTP_H
#define GUARD_BACKEND_HTTP_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"
#include "trust/time.h"

#include "base/limits.h"
#include "guard/backend/backoff.h"
#include "guard/http/http_exchange.h"
#include "guard/http/http_multi.h"
#include "guard/http/http_session.h"
#include "guard/router/router.h"

/* Descriptors of one backend. */
#define BACKEND_HTTP_WATCHED 1

struct backend_http_config {
    const char *url;
    const struct http_header *headers;
    size_t header_count;
    uint32_t connect_timeout_ms; /* names, connection and TLS; 0: 10,000 */
};

struct backend_http {
    struct http_target target; /* what it points to is borrowed */
    struct http_multi multi;
    struct http_session session;
    struct http_params params;
    struct http_exchange *exchanges[TRUST_GUARD_EXCHANGES_MAX]; /* in the order of their start */
    uint32_t exchange_count;
    uint32_t turn; /* whose message is next: they take turns */
    struct backoff backoff;
    struct backoff listening; /* of the server's own stream */
    uint64_t written;         /* the last message of which a byte left */
    struct trust_mono rest;   /* not started again before: a server asked for it */
    bool is_wanted;           /* to be started when its back-off allows */
    bool is_up;
    bool has_news; /* that it is up, or down, is to be told */
};

enum backend_http_kind {
    BACKEND_HTTP_UP,
    BACKEND_HTTP_LINE,
    BACKEND_HTTP_FAILED, /* one message, for router_backend_failed */
    BACKEND_HTTP_DOWN,
};

struct backend_http_event {
    enum backend_http_kind kind;
    struct trust_bytes line;       /* LINE: good until the next call */
    uint64_t number;               /* FAILED: of the message */
    struct router_failure failure; /* FAILED */
    uint32_t status;               /* FAILED: as http_exchange_event has it, and cause */
    const char *cause;
    struct router_loss loss; /* DOWN */
    const char *note;        /* LINE: what of it was taken out; NULL: nothing. Likewise */
};

/*
 * As http_origin_check and http_session_check judge the configuration; TRUST_FAIL_MEMORY,
 * TRUST_FAIL_SYSTEM, TRUST_FAIL_LIBRARY. It stays where it is until it is closed.
 */
TRUST_MUST_USE enum trust_error backend_http_open(struct backend_http *backend,
                                                  const struct backend_http_config *config);

/* Ends everything now. */
void backend_http_close(struct backend_http *backend);

/* It is wanted. */
void backend_http_start(struct backend_http *backend);

/* It is not wanted: what is under way is dropped, and the server told that the session ends. */
void backend_http_stop(struct backend_http *backend, struct trust_mono now);

/* Its back-off is forgotten. */
void backend_http_hurry(struct backend_http *backend);

/*
 * TRUST_NO_ROOM: too many messages are under way. TRUST_FAIL_MEMORY; TRUST_NO_SYNTAX: no message.
 * Nothing of it was sent then.
 */
TRUST_MUST_USE enum trust_error backend_http_send(struct backend_http *backend,
                                                  struct trust_bytes line, uint64_t number,
                                                  struct trust_mono now);

/* What to poll for; what nobody takes by next is not read for long. */
void backend_http_watch(const struct backend_http *backend,
                        struct pollfd out_items[BACKEND_HTTP_WATCHED]);

/* Does what sockets and deadlines ask for: after each poll, whatever it found. */
void backend_http_heard(struct backend_http *backend, struct trust_mono now);

/* The next event; false: none now. */
bool backend_http_next(struct backend_http *backend, struct backend_http_event *out_event,
                       struct trust_mono now);

/* When heard has something to do without any descriptor. */
struct trust_mono backend_http_deadline(const struct backend_http *backend);

/* It is down, and comes up no earlier than in so many milliseconds; else 0. */
uint64_t backend_http_rest_ms(const struct backend_http *backend, struct trust_mono now);

/* Nothing of it is under way. */
bool backend_http_is_gone(const struct backend_http *backend);

#endif
