/*
 * HTTP on one listening socket: libmicrohttpd without threads, its epoll descriptor in our loop.
 * It turns connections into calls (call.h) and answers into bytes; what a route means is not its
 * business.
 *
 * Who may keep a connection, and for how long, is crowd.h's to say; each that is kept has room for
 * its body, so that no other one's can be in its way. A held call suspends its
 * connection, which then has no timeout and does not notice that its client left: their number is
 * bounded, and all are answered before the socket closes.
 */
#ifndef API_HTTP_H
#define API_HTTP_H

#include "trust/time.h"

#include "node/api/call.h"
#include "node/api/route.h"

struct http;

struct http_options {
    int fd;                   /* listening; taken over */
    enum api_rights rights;   /* of whoever connects */
    uint32_t connections_max; /* of all users */
    uint32_t share_max;       /* of one user */
    size_t body_max;          /* of each connection, but for an import's */
    struct core *core;        /* given to every call... */
    struct api *api;          /* ...likewise */
    const struct api_route_table *table;
};

/* TRUST_FAIL_MEMORY, TRUST_FAIL_LIBRARY. The descriptor is closed on an error too. */
TRUST_MUST_USE enum trust_error http_open(struct http **out_http,
                                          const struct http_options *options);

/* Answers every held call with 503, then closes all connections. */
void http_close(struct http *http);

/* Readable when there is something to do. */
int http_fd(const struct http *http);

/* Reads, calls handlers, writes: whatever is ready. */
void http_run(struct http *http);

/* When http_run has something to do though its descriptor is silent. */
struct trust_mono http_deadline(const struct http *http, struct trust_mono now);

#endif
