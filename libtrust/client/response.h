/*
 * One answer of HTTP/1.1, read as its bytes come, cut anywhere. Interim answers (100 to 199) are
 * passed over; 101 is garbage here, as is a body whose end only the end of the connection would
 * tell: one that was cut could not be known from a whole one. No socket is touched.
 */
#ifndef TRUST_CLIENT_RESPONSE_H
#define TRUST_CLIENT_RESPONSE_H

#include <http_parser.h>
#include <stdbool.h>
#include <stddef.h>

#include "trust/bytes.h"
#include "trust/error.h"

/* Called for each piece of the body, the status known; false ends the reading. */
typedef bool trust_response_take(void *context, struct trust_bytes piece);

struct trust_response {
    struct http_parser parser;
    trust_response_take *take;
    void *context;
    size_t head_size;  /* bytes fed before the head was whole, those of interim answers too */
    int status;        /* 0: no final head yet */
    bool is_whole;     /* nothing more is to come */
    bool is_reusable;  /* whole, and the connection may carry another request */
    const char *fault; /* after TRUST_NO_SYNTAX: what was wrong; static */
};

/* It stays where it is until it is done with. */
void trust_response_init(struct trust_response *response, trust_response_take *take, void *context);

/*
 * Once an answer is whole, nothing is to be fed any more; bytes behind it make the connection one
 * that is not reusable. TRUST_NO_SYNTAX: not an answer of HTTP/1; TRUST_NO_SIZE: a head over
 * TRUST_REPLY_HEAD_SIZE_MAX; TRUST_FAIL_IO: take gave up. After any of them it is of no more use.
 */
TRUST_MUST_USE enum trust_error trust_response_feed(struct trust_response *response,
                                                    struct trust_bytes bytes);

#endif
