/*
 * One request to a Streamable HTTP server and what comes back: a message that is posted, the stream
 * on which the server speaks by itself, or the end of a session. Redirects within the origin are
 * followed here, and a stream that breaks off is resumed where it was.
 *
 * A posted message is given to libcurl at most once a connection: libcurl would send it again by
 * itself if a kept connection turns out to be dead, and a call might be executed twice. So its body
 * cannot be rewound, and what becomes of it is for the re-send rule to decide.
 */
#ifndef GUARD_HTTP_EXCHANGE_H
#define GUARD_HTTP_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/export.h"
#include "trust/time.h"

#include "guard/http/http_answer.h"
#include "guard/http/http_multi.h"
#include "guard/http/http_params.h"
#include "guard/http/http_session.h"
#include "guard/http/http_verdict.h"

enum http_exchange_kind { HTTP_EXCHANGE_POST, HTTP_EXCHANGE_LISTEN, HTTP_EXCHANGE_LEAVE };

enum http_exchange_state {
    HTTP_EXCHANGE_WAITING, /* to be launched once due */
    HTTP_EXCHANGE_RUNNING,
    HTTP_EXCHANGE_OVER, /* what it brought may not be taken yet */
    HTTP_EXCHANGE_DONE, /* to be closed */
};

/* Where it goes; shared by all of a backend, and longer there than they are. */
struct http_target {
    const char *url;
    const struct http_header *headers;
    size_t header_count;
    uint32_t connect_timeout_ms;
    bool is_plain; /* http: to loopback addresses alone */
    struct http_multi *multi;
    struct http_session *session;
    const struct http_params *params;
    struct http_budget budget;
    struct trust_mono fresh_until; /* no connection that was kept is used before */
};

struct http_exchange {
    enum http_exchange_kind kind;
    enum http_exchange_state state;
    struct http_target *target;
    uint64_t number; /* POST: the router's */
    uint8_t *body;   /* POST */
    size_t body_size;
    size_t given;        /* of it, to libcurl, on this connection */
    size_t headers_size; /* that came with the answer, before its body and behind it */
    struct message message;
    struct http_answer answer;
    CURL *easy;
    struct curl_slist *headers;
    char *hop; /* where it was redirected to; NULL: target->url */
    CURLcode code;
    uint32_t redirects;
    uint32_t resumes;      /* attempts in a row to resume its stream */
    uint64_t life;         /* of the session that it names */
    struct trust_mono due; /* WAITING: to be launched; RUNNING: to be ended; TRUST_NEVER_MS */
    bool has_session;
    bool is_fresh;    /* its connection was not kept, nor will be */
    bool is_resuming; /* the posted message is done with, its stream is resumed */
    bool has_head;    /* of the answer: all of it came */
    bool is_sent;     /* a byte of the body left */
    bool is_paused;
};

enum http_exchange_result {
    HTTP_EXCHANGE_NOTHING, /* none now */
    HTTP_EXCHANGE_MESSAGE,
    HTTP_EXCHANGE_FAILED, /* POST: and it is done */
};

struct http_exchange_event {
    enum http_exchange_result result;
    struct message message; /* MESSAGE: good until the next call */
    struct router_failure failure;
    uint32_t status;   /* FAILED: of the answer; 0: none came */
    const char *cause; /* FAILED: what libcurl says of it; static */
};

/* line: POST: one message, which is copied. TRUST_FAIL_MEMORY; TRUST_NO_SYNTAX: no message. */
TRUST_MUST_USE enum trust_error http_exchange_open(struct http_exchange **out_exchange,
                                                   enum http_exchange_kind kind,
                                                   struct http_target *target,
                                                   struct trust_bytes line);

/* Ended where it is, and freed. */
void http_exchange_close(struct http_exchange *exchange);

/* Launches it if that is due; ends it if that is. */
void http_exchange_turn(struct http_exchange *exchange, struct trust_mono now);

/* libcurl has ended it. */
void http_exchange_ended(struct http_exchange *exchange, CURLcode code, struct trust_mono now);

/* Ended where it is: DONE, and it has nothing to say. */
void http_exchange_cancel(struct http_exchange *exchange);

/* One that is OVER or DONE is launched again in wait_ms, resuming its stream. */
void http_exchange_again(struct http_exchange *exchange, uint64_t wait_ms, struct trust_mono now);

/* What comes next of it; at the end, its state is DONE. */
struct http_exchange_event http_exchange_next(struct http_exchange *exchange,
                                              struct trust_mono now);

/* A header of the answer; NULL: none. Good until the exchange goes on. */
const char *http_exchange_header(const struct http_exchange *exchange, const char *name);

/* Of the answer; 0: none yet. */
uint32_t http_exchange_status(const struct http_exchange *exchange);

#endif
