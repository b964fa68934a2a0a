/* See exchange.h. */
#include "client/exchange.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "client/connection.h"

/* ---- what is sent ---- */

static const char *method_name(enum trust_request_method method)
{
    switch (method) {
    case TRUST_REQUEST_GET:
        return "GET";
    case TRUST_REQUEST_POST:
        return "POST";
    case TRUST_REQUEST_PUT:
        return "PUT";
    case TRUST_REQUEST_DELETE:
        return "DELETE";
    }
    return "GET";
}

static bool has_body(const struct trust_http_request *request)
{
    return request->method == TRUST_REQUEST_POST || request->method == TRUST_REQUEST_PUT;
}

/* A blank would end the path, a line's end the head. */
static enum trust_error check_path(const char *path)
{
    size_t size = strlen(path);
    if (size >= TRUST_REQUEST_PATH_SIZE_MAX)
        return TRUST_NO_SIZE;
    for (size_t i = 0; i < size; i++) {
        if (path[i] <= ' ' || path[i] > '~')
            return TRUST_NO_SYNTAX;
    }
    return path[0] == '/' ? TRUST_OK : TRUST_NO_SYNTAX;
}

static void write_head(struct trust_exchange *exchange)
{
    const struct trust_http_request *request = exchange->request;
    char *text = (char *)exchange->piece;
    size_t room = sizeof exchange->piece;
    /* The host names nothing: a Unix socket has one node behind it. */
    int size = snprintf(text, room, "%s %s HTTP/1.1\r\nHost: repute\r\n",
                        method_name(request->method), request->path);
    if (has_body(request))
        size += snprintf(
            text + size, room - (size_t)size, "Content-Type: %s\r\nContent-Length: %" PRIu64 "\r\n",
            request->type == NULL ? "application/json" : request->type, exchange->body_left);
    size += snprintf(text + size, room - (size_t)size, "\r\n");
    assert((size_t)size < room);
    exchange->size = (size_t)size;
}

/* Puts the next part of the body behind what stands in piece. */
static enum trust_error append_body(struct trust_exchange *exchange)
{
    const struct trust_http_request *request = exchange->request;
    uint8_t *end = exchange->piece + exchange->size;
    size_t size = sizeof exchange->piece - exchange->size;
    if (size > exchange->body_left)
        size = (size_t)exchange->body_left;
    if (size == 0)
        return TRUST_OK;
    if (request->source == NULL) {
        memcpy(end, request->body.data + (request->body.size - exchange->body_left), size);
    } else {
        size_t given = request->source(request->context, end, size);
        exchange->is_drawn = true;
        if (given == 0 || given > size)
            return TRUST_FAIL_IO;
        size = given;
    }
    exchange->size += size;
    exchange->body_left -= size;
    return TRUST_OK;
}

static bool has_unsent(const struct trust_exchange *exchange)
{
    return exchange->sent < exchange->size || exchange->body_left > 0;
}

static enum trust_error send_more(struct trust_exchange *exchange, int fd)
{
    if (exchange->sent == exchange->size) {
        exchange->sent = 0;
        exchange->size = 0;
        enum trust_error error = append_body(exchange);
        if (error != TRUST_OK)
            return error;
    }
    struct trust_bytes rest = {.data = exchange->piece + exchange->sent,
                               .size = exchange->size - exchange->sent};
    size_t size = 0;
    if (trust_connection_send(fd, &size, rest) != TRUST_OK)
        exchange->is_deaf = true; /* an answer may have come all the same */
    exchange->sent += size;
    return TRUST_OK;
}

/* ---- what comes ---- */

static enum trust_error receive_more(struct trust_exchange *exchange, int fd)
{
    uint8_t bytes[TRUST_REQUEST_PIECE_SIZE];
    size_t size = 0;
    enum trust_error error = trust_connection_receive(fd, &size, bytes, sizeof bytes);
    exchange->is_unread = error == TRUST_NO_CONFLICT;
    if (error != TRUST_OK)
        return TRUST_NO_NODE;
    exchange->has_answer = exchange->has_answer || size > 0;
    return trust_response_feed(&exchange->response,
                               (struct trust_bytes){.data = bytes, .size = size});
}

/* ---- both ---- */

enum trust_error trust_exchange_init(struct trust_exchange *exchange,
                                     const struct trust_http_request *request,
                                     trust_response_take *take, void *context)
{
    enum trust_error error = check_path(request->path);
    if (error != TRUST_OK)
        return error;
    exchange->request = request;
    exchange->end_ms = trust_connection_now_ms() + request->timeout_ms;
    trust_response_init(&exchange->response, take, context);
    trust_exchange_rewind(exchange);
    return TRUST_OK;
}

void trust_exchange_rewind(struct trust_exchange *exchange)
{
    const struct trust_http_request *request = exchange->request;
    exchange->body_left = 0;
    if (has_body(request))
        exchange->body_left = request->source != NULL ? request->source_size : request->body.size;
    exchange->sent = 0;
    exchange->is_drawn = false;
    exchange->is_deaf = false;
    exchange->is_unread = false;
    exchange->has_answer = false;
    trust_response_init(&exchange->response, exchange->response.take, exchange->response.context);
    write_head(exchange);
}

/* One that never stops sending leaves no moment without something to read. */
static bool is_late(const struct trust_exchange *exchange)
{
    return exchange->request->timeout_ms != 0 && exchange->has_answer &&
           trust_connection_now_ms() >= exchange->end_ms;
}

static enum trust_error wait_for(const struct trust_exchange *exchange, int fd, short *out_events)
{
    short events = POLLIN;
    if (is_late(exchange))
        return TRUST_NO_BUSY;
    if (has_unsent(exchange) && !exchange->is_deaf)
        events |= POLLOUT;
    uint64_t end_ms = exchange->request->timeout_ms != 0
                          ? exchange->end_ms
                          : trust_connection_now_ms() + TRUST_REQUEST_SILENCE_S * 1000u;
    return trust_connection_wait(fd, out_events, events, end_ms);
}

enum trust_error trust_exchange_run(struct trust_exchange *exchange, int fd)
{
    enum trust_error error = append_body(exchange);
    if (error == TRUST_OK)
        error = send_more(exchange, fd);
    while (error == TRUST_OK && !exchange->response.is_whole) {
        short events = 0;
        error = wait_for(exchange, fd, &events);
        if (error == TRUST_OK && (events & POLLOUT) != 0)
            error = send_more(exchange, fd);
        if (error == TRUST_OK && (events & ~POLLOUT) != 0)
            error = receive_more(exchange, fd);
    }
    return error;
}

bool trust_exchange_is_reusable(const struct trust_exchange *exchange)
{
    return exchange->response.is_reusable && !has_unsent(exchange) && !exchange->is_deaf;
}

bool trust_exchange_may_repeat(const struct trust_exchange *exchange)
{
    if (exchange->has_answer || exchange->is_drawn)
        return false;
    /* The node carries out what it has read whole. */
    bool is_part = exchange->is_unread || has_unsent(exchange);
    return is_part || exchange->request->method != TRUST_REQUEST_POST;
}
