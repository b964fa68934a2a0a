/* What a client asks the node while its caller waits. Each question has a connection of its own, so
 * that threads do not wait for each other, and a time that it never exceeds. */
#ifndef TRUST_CLIENT_ASK_H
#define TRUST_CLIENT_ASK_H

#include "client/state.h"

/* What the shared breaker says to who asks for a lease. */
struct trust_client_leave {
    char lease[TRUST_CLIENT_LEASE_SIZE]; /* "": none */
    enum trust_breaker_state state;
    uint64_t retry_after_ms; /* without a lease, in half_open: when to ask again */
};

/*
 * All of these: wait_ms as in trust/client.h. TRUST_NO_BUSY: no waiting was wanted; TRUST_NO_NODE:
 * nobody answered in time; TRUST_NO_TYPE: not what such an answer looks like; the code of the
 * node's refusal; TRUST_FAIL_*.
 */

/* A group of the node's configuration. TRUST_NO_FOUND: it has none of this name. */
TRUST_MUST_USE enum trust_error trust_client_ask_group(const struct trust_client *client,
                                                       struct trust_client_group *out_group,
                                                       const char *name, uint32_t wait_ms);

/* Asks for servers, so that the node shows them on the board from now on. */
TRUST_MUST_USE enum trust_error trust_client_ask_to_show(const struct trust_client *client,
                                                         char (*subjects)[TRUST_SUBJECT_TEXT_SIZE],
                                                         size_t count, uint32_t wait_ms);

/* Leave of the shared breaker. */
TRUST_MUST_USE enum trust_error trust_client_ask_leave(const struct trust_client *client,
                                                       struct trust_client_leave *out_leave,
                                                       const char *subject, uint32_t wait_ms);

#endif
