/*
 * The HTTP listener of a guard: libmicrohttpd without threads, its epoll descriptor in our loop. It
 * turns connections into requests of sessions and what sessions say into answers; who may ask what
 * is judged elsewhere (face_head.h, face_agree.h, face_params.h).
 *
 * While a request waits its connection is suspended: the library then watches it no more, so we do,
 * to see its client leave.
 */
#ifndef GUARD_HALL_H
#define GUARD_HALL_H

#include "guard/face/face_head.h"
#include "guard/session/loop.h"
#include "guard/session/session.h"

struct hall_config {
    int fd; /* listening; taken over */
    struct face_rules rules;
    const struct session_config *session; /* of each, all but its face */
};

/* Serves until a signal ends it. TRUST_NO_FOUND: as session_open; TRUST_FAIL_*. */
TRUST_MUST_USE enum trust_error hall_serve(const struct hall_config *config, int signal_fd);

#endif
