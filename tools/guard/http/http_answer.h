/*
 * The body of one HTTP answer as messages: one JSON text, or a stream of server-sent events. It is
 * fed as it comes and taken when it is wanted; a stream that nobody takes is not read on, so that
 * a slow client slows the server and fills no memory.
 */
#ifndef GUARD_HTTP_ANSWER_H
#define GUARD_HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/bytes.h"

#include "wire/message.h"
#include "wire/sse.h"

enum http_answer_mode {
    HTTP_ANSWER_UNREAD, /* its head has not come yet */
    HTTP_ANSWER_JSON,
    HTTP_ANSWER_STREAM,
    HTTP_ANSWER_OTHER, /* of no use; read over while it is short, so that its connection lives on */
};

/* Bytes of answers that one backend holds. */
struct http_budget {
    size_t used;
};

struct http_answer {
    enum http_answer_mode mode;
    struct http_budget *budget;
    struct trust_bytes id; /* the answer that is waited for, raw; empty: none. Borrowed */
    uint8_t *data;         /* JSON: all so far; STREAM: the piece that is read */
    size_t start;          /* of what of it was not taken */
    size_t size;
    size_t capacity;
    uint8_t *line; /* an event on one line */
    size_t line_capacity;
    struct sse sse;
    bool is_answered; /* with the message that id waits for */
    bool is_bad;      /* too large, or no message: nothing of it counts any more */
};

enum http_answer_feed {
    HTTP_ANSWER_FED,
    HTTP_ANSWER_FULL,   /* nothing of it was taken: again when what came before was */
    HTTP_ANSWER_ENOUGH, /* no more of it is wanted */
};

/* id outlives it. Nothing is reserved yet. */
void http_answer_init(struct http_answer *answer, struct http_budget *budget,
                      struct trust_bytes id);

void http_answer_close(struct http_answer *answer);

/* A new body begins: of the next hop, or of the same stream resumed. */
void http_answer_again(struct http_answer *answer);

/* What its head says. */
struct http_answer_head {
    bool may_answer; /* JSON may be the answer that is waited for */
    bool may_stream;
    const char *content_type; /* NULL: none */
};

void http_answer_begin(struct http_answer *answer, const struct http_answer_head *head);

enum http_answer_feed http_answer_feed(struct http_answer *answer, struct trust_bytes bytes);

/*
 * The next message, on one line; good until the next call. is_over: nothing more is fed. False:
 * none now, or is_bad.
 */
bool http_answer_next(struct http_answer *answer, struct message *out_message, bool is_over);

/* All that was fed to a stream was taken. */
bool http_answer_is_drained(const struct http_answer *answer);

#endif
