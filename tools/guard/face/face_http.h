/*
 * The client of one session as requests of HTTP: what each of them brings waits here for the
 * session, and what the session says finds the request that it belongs to. No HTTP library is seen:
 * whoever has the connections takes what is to be sent, and says when somebody left.
 *
 * A legacy session is one client's: what belongs to no request of it goes to the stream that it
 * opened with GET, else to the oldest request under way, else it waits for such a stream. A modern
 * one may be shared by clients that say the same of themselves (MCP knows no sessions there, and
 * ids of two clients may be equal): each hears what belongs to its own requests, nothing else; and
 * who leaves a request has cancelled it, which in a legacy one nobody has.
 */
#ifndef GUARD_FACE_HTTP_H
#define GUARD_FACE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guard/face/face.h"
#include "guard/face/face_stream.h"

/* How a request is answered, once that is certain. */
enum face_http_form {
    FACE_HTTP_OPEN,     /* not certain yet */
    FACE_HTTP_ACCEPTED, /* 202: there was nothing to answer */
    FACE_HTTP_JSON,     /* one message */
    FACE_HTTP_EVENTS,   /* a stream of them */
    FACE_HTTP_SILENCE,  /* there is no answer: it was cancelled, or its session has ended */
};

struct face_http;

/* One request of HTTP under way; the memory is its connection's. */
struct face_http_request {
    struct face_http *face; /* NULL: it belongs to none */
    struct face_http_request *next;
    uint64_t tag;
    uint8_t *body; /* malloc'd; the session's line */
    size_t body_size;
    enum face_http_form form;
    unsigned status;   /* of JSON */
    bool is_listening; /* it is a stream for what belongs to no request */
    bool is_answered;  /* an answer is expected: it is no notification */
    bool is_given;     /* the session has its line */
    bool is_over;      /* nothing more comes */
    bool is_cut;       /* its client reads too slowly: what comes next is an end that is none */
    struct face_stream stream;
};

/* Of all faces of a process. */
struct face_http_budget {
    size_t waiting; /* in streams */
    size_t bodies;  /* of requests that no session has taken yet; whoever reads them adds to it */
};

struct face_http {
    bool is_shared;
    /* Something of the request has changed: form, what waits, or that it is over. */
    void (*wake)(struct face_http_request *request);
    struct face_http_budget *budget;
    struct face_http_request *first; /* under way, in the order in which they came */
    struct face_http_request *last;
    uint64_t tag;   /* that was given last */
    uint64_t *left; /* of requests that nobody waits for */
    size_t left_count;
    size_t left_capacity;
    uint8_t *given; /* the line that was taken last */
    struct face_stream backlog;
};

void face_http_open(struct face_http *face, struct face_http_budget *budget, bool is_shared,
                    void (*wake)(struct face_http_request *request));

/* Requests that are still under way belong to none from here on, and are over. */
void face_http_close(struct face_http *face);

struct face face_http_face(struct face_http *face);

/* A request joins, its fields but body, body_size and is_answered zero. */
void face_http_post(struct face_http *face, struct face_http_request *request);

/* Likewise, as the stream for what belongs to no request; an earlier one is over. */
void face_http_listen(struct face_http *face, struct face_http_request *request);

/* Its connection is done with it, or gone. What it holds is freed. */
void face_http_leave(struct face_http_request *request);

/* What waits to be sent, as far as it fits; how much that is. */
size_t face_http_take(struct face_http_request *request, char *out_data, size_t room);

/* A stream says that it is still there. */
void face_http_beat(struct face_http_request *request);

/* Its reader is too slow for what others need: it is over, and cut. */
void face_http_cut(struct face_http_request *request);

/* The session is about to end: it takes no more lines, and has no more to say on its own. */
void face_http_end(struct face_http *face);

/* Nothing of the client is under way. */
bool face_http_is_idle(const struct face_http *face);

#endif
