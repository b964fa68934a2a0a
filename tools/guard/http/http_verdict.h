/*
 * What became of one message that was sent by HTTP, in the classes that breakers and failover
 * share: a pure function of what came back.
 */
#ifndef GUARD_HTTP_VERDICT_H
#define GUARD_HTTP_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "guard/router/router.h"

enum http_fault {
    HTTP_FAULT_NONE,
    HTTP_FAULT_LINK,    /* no connection, or it was cut before the answer */
    HTTP_FAULT_CONTENT, /* no message, another's, a wrong type, or too large */
};

struct http_reply {
    enum http_fault fault;
    uint32_t status;    /* 0: none came */
    bool is_sent;       /* a byte of the message left */
    bool has_session;   /* it named a session */
    int64_t retry_in_s; /* that it asked to wait; 0 or less: it did not */
};

/*
 * A JSON body that came with this status may be the answer itself: modern servers refuse a request
 * with a status of 4xx and the error that answers it. What a status says of session, credentials or
 * rate holds whatever the body says.
 */
bool http_verdict_may_answer(uint32_t status, bool has_session);

/* False: it was taken, or answered; out_failure is not written then. */
bool http_verdict(struct router_failure *out_failure, const struct http_reply *reply);

#endif
