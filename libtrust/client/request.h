/*
 * Requests to the node's local API: HTTP over a Unix socket, one connection kept alive. Everything
 * has a bound: the time, the answer's bytes. A refusal of the node comes back as its problem
 * document says it (RFC 9457): name, sentence, next step.
 */
#ifndef TRUST_CLIENT_REQUEST_H
#define TRUST_CLIENT_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"

#include "base/limits.h"

struct trust_requester;

enum trust_request_method {
    TRUST_REQUEST_GET,
    TRUST_REQUEST_POST,
    TRUST_REQUEST_PUT,
    TRUST_REQUEST_DELETE,
};

/* Called for each piece of a streamed answer; false ends the request with TRUST_FAIL_IO. */
typedef bool trust_request_sink(void *context, struct trust_bytes piece);
/* Fills up to size bytes of a streamed body; 0 at its end, SIZE_MAX for an error of the source. */
typedef size_t trust_request_source(void *context, void *out_bytes, size_t size);

struct trust_http_request {
    enum trust_request_method method;
    const char *path;         /* "/v1/score?limit=3", its ids escaped */
    struct trust_bytes body;  /* of POST and PUT */
    const char *type;         /* of the body; NULL: application/json */
    uint32_t timeout_ms;      /* of the whole exchange; 0: none, but it ends after as long a silence
                                 as TRUST_REQUEST_SILENCE_S */
    trust_request_sink *sink; /* NULL: the answer is kept, up to TRUST_REPLY_SIZE_MAX */
    trust_request_source *source; /* instead of body, NULL: none */
    uint64_t source_size;         /* bytes that source will give */
    void *context;                /* of sink and source */
};

struct trust_reply {
    int status;              /* of HTTP */
    struct trust_bytes body; /* until the next request; NUL-terminated; empty with a sink */
};

/* What the node, or the way to it, said against a request. */
struct trust_problem {
    int status; /* of HTTP; 0: no answer came */
    char code[48];
    char message[512];
    char next[256]; /* empty: none */
};

/* TRUST_NO_SIZE: the path does not fit a socket's name; TRUST_FAIL_MEMORY. Nothing is connected
 * yet. One thread at a time uses a requester. */
TRUST_MUST_USE enum trust_error trust_requester_open(struct trust_requester **out_requester,
                                                     const char *socket_path);
void trust_requester_close(struct trust_requester *requester);

/*
 * Sends a request and waits for its answer. TRUST_OK: the node answered with a status below 400.
 * Otherwise out_problem is filled: TRUST_NO_NODE (no socket, nobody listens, the connection broke,
 * no answer in time), TRUST_NO_PERMISSION (the socket's mode), TRUST_NO_SIZE (an answer over its
 * bound, or a path over TRUST_REQUEST_PATH_SIZE_MAX), TRUST_NO_SYNTAX (a path that is not escaped),
 * the code of the node's problem document, TRUST_FAIL_LIBRARY (what answers is no node),
 * TRUST_FAIL_MEMORY, TRUST_FAIL_SYSTEM, TRUST_FAIL_IO (the sink or the source gave up).
 */
TRUST_MUST_USE enum trust_error trust_requester_send(struct trust_requester *requester,
                                                     struct trust_reply *out_reply,
                                                     struct trust_problem *out_problem,
                                                     const struct trust_http_request *request);

/* Appends text to a NUL-terminated path with everything but RFC 3986's unreserved characters
 * escaped. TRUST_NO_SIZE: it does not fit into size. */
TRUST_MUST_USE enum trust_error trust_request_escape(char *path, size_t size, const char *text);

#endif
