/*
 * One request and its answer over a connection. Both go at the same time: a node that refuses a
 * long body says so before it has read it.
 */
#ifndef TRUST_CLIENT_EXCHANGE_H
#define TRUST_CLIENT_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"

#include "base/limits.h"
#include "client/request.h"
#include "client/response.h"

struct trust_exchange {
    const struct trust_http_request *request;
    struct trust_response response;
    uint64_t end_ms;    /* of trust_connection_now_ms; unused if the request has no timeout */
    uint64_t body_left; /* bytes that are not yet in piece */
    size_t size;        /* of what stands in piece */
    size_t sent;        /* of that */
    bool is_drawn;      /* the request's source has given something */
    bool is_deaf;       /* the node reads no more of it */
    bool is_unread;     /* the node went away with bytes of it unread */
    bool has_answer;    /* a byte of the answer came */
    uint8_t piece[TRUST_REQUEST_PIECE_SIZE]; /* what is sent next: the head first */
};

/*
 * take gets the answer's body. TRUST_NO_SYNTAX: the path holds what no path may; TRUST_NO_SIZE: the
 * path is over TRUST_REQUEST_PATH_SIZE_MAX. It stays where it is until it is done with.
 */
TRUST_MUST_USE enum trust_error trust_exchange_init(struct trust_exchange *exchange,
                                                    const struct trust_http_request *request,
                                                    trust_response_take *take, void *context);

/*
 * Runs it over fd, a connection that nothing is under way on. TRUST_OK: the answer is whole.
 * TRUST_NO_NODE: the other side went away; TRUST_NO_BUSY: no answer in time; TRUST_NO_SYNTAX,
 * TRUST_NO_SIZE: as trust_response_feed; TRUST_FAIL_IO: take or the request's source gave up;
 * TRUST_FAIL_SYSTEM.
 */
TRUST_MUST_USE enum trust_error trust_exchange_run(struct trust_exchange *exchange, int fd);

/* To run it again from its beginning, over another connection, until the same moment. */
void trust_exchange_rewind(struct trust_exchange *exchange);

/* After TRUST_OK: the connection may carry another request. */
bool trust_exchange_is_reusable(const struct trust_exchange *exchange);

/* After TRUST_NO_NODE: nothing can have come of the request, or the same of it once and twice; and
 * none of its source is used up. */
bool trust_exchange_may_repeat(const struct trust_exchange *exchange);

#endif
