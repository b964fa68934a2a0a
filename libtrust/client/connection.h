/*
 * A stream to a Unix socket of this host. Nothing here waits longer than until a moment that the
 * caller names, raises a signal or leaks the descriptor into a program that is started meanwhile.
 */
#ifndef TRUST_CLIENT_CONNECTION_H
#define TRUST_CLIENT_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/un.h>

#include "trust/bytes.h"
#include "trust/error.h"

/* Milliseconds of the clock that end_ms of all functions here means. */
uint64_t trust_connection_now_ms(void);

/*
 * TRUST_NO_NODE: nobody listens there; TRUST_NO_PERMISSION: this user may not; TRUST_NO_BUSY: the
 * queue of those who wait for it did not move until end_ms; TRUST_FAIL_SYSTEM: no descriptor.
 */
TRUST_MUST_USE enum trust_error
trust_connection_open(int *out_fd, const struct sockaddr_un *address, uint64_t end_ms);

/* Between two requests: the other side has neither gone nor said what nobody asked. */
bool trust_connection_is_quiet(int fd);

/* Waits for some of events, of poll(2). TRUST_NO_BUSY: end_ms came first. TRUST_FAIL_SYSTEM. */
TRUST_MUST_USE enum trust_error trust_connection_wait(int fd, short *out_events, short events,
                                                      uint64_t end_ms);

/* As much as goes at once, which may be nothing. TRUST_NO_NODE: the other side reads no more. */
TRUST_MUST_USE enum trust_error trust_connection_send(int fd, size_t *out_size,
                                                      struct trust_bytes bytes);

/*
 * What is there; *out_size 0: nothing as yet. TRUST_NO_NODE: the other side has ended;
 * TRUST_NO_CONFLICT: it has ended with bytes unread that were sent to it.
 */
TRUST_MUST_USE enum trust_error trust_connection_receive(int fd, size_t *out_size, void *out_bytes,
                                                         size_t room);

#endif
