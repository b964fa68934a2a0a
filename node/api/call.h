/*
 * One call of the API: a request, and how it is answered. Resources get a call and nothing of
 * HTTP's library.
 *
 * A handler answers at once (api_answer, api_refuse...), or holds the call and answers it later,
 * when the store or a verdict allows; a call stays valid until it was answered, even if its caller
 * is long gone. Every call is answered exactly once.
 */
#ifndef API_CALL_H
#define API_CALL_H

#include <sys/types.h>

#include "node/api/doc.h"
#include "node/api/request.h"

struct api;
struct api_call;
struct api_route;
struct core;
struct json_t;

/* The next bytes of a streamed answer: their number, at most size; API_STREAM_WAIT: none for now,
 * api_wake says when; API_STREAM_END; API_STREAM_FAIL: the connection is cut, so that the client
 * sees that the answer is not whole. */
typedef ssize_t api_produce(struct api_call *call, char *out_bytes, size_t size);
#define API_STREAM_WAIT 0
#define API_STREAM_END (-1)
#define API_STREAM_FAIL (-2)

struct api_answer {
    int status;           /* of HTTP; 0: not answered yet */
    const char *type;     /* of the content */
    char *text;           /* malloc'd */
    size_t size;          /* bytes */
    char allow[32];       /* of a 405: the methods there are */
    api_produce *produce; /* of a streamed answer, which has no text */
};

struct api_call {
    struct core *core;
    struct api *api;
    const struct api_route *route;
    struct api_request request;
    struct api_answer answer;
    struct json_t *document; /* the body, once it was read */
    bool is_held;
    void *state;                            /* the resource's own... */
    void (*release)(struct api_call *call); /* ...and how it ends; NULL: nothing to do */
    void (*go_on)(struct api_call *call);   /* the transport's: a held call was answered, or a
                                               stream has bytes again */
};

/* Ends a call: its answer's text, its document and the resource's state are freed. */
void api_call_close(struct api_call *call);

/* ---- answers ---- */

/* 200 with the document, which is taken. */
void api_answer(struct api_call *call, struct api_doc *doc);

/* 200 with text of another type, copied. */
void api_answer_text(struct api_call *call, const char *type, struct trust_bytes text);

/* 200 with what produce gives until it ends. */
void api_answer_stream(struct api_call *call, const char *type, api_produce *produce);

/*
 * A problem document (RFC 9457) with the status that belongs to the code. The format says exactly
 * what was wrong; next is the next step, NULL: the one that the code suggests.
 */
void api_refuse(struct api_call *call, enum trust_error code, const char *next, const char *format,
                ...) __attribute__((format(printf, 4, 5)));

/* The status of HTTP for a code: 400, 403, 404, 405, 409, 413, 500, 503 or 507. */
int api_status_of(enum trust_error code);

bool api_is_answered(const struct api_call *call);

/* ---- later ---- */

/* The handler returns without an answer: it comes from an event. False: too many calls wait, and
 * this one was refused. */
bool api_hold(struct api_call *call);

/* To be called after a held call was answered, or a stream that waited has bytes. */
void api_wake(struct api_call *call);

#endif
