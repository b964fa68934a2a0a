/*
 * libcurl's transfers in the caller's loop. All their sockets stand behind one epoll descriptor,
 * which the caller polls; a readiness or a deadline is followed by a turn. Nothing blocks, and no
 * thread is started but those in which libcurl looks up names.
 */
#ifndef GUARD_HTTP_MULTI_H
#define GUARD_HTTP_MULTI_H

#include <curl/curl.h>
#include <stdbool.h>

#include "trust/error.h"
#include "trust/export.h"
#include "trust/time.h"

struct http_multi {
    CURLM *multi;
    int fd;                /* readable: something is to be done */
    struct trust_mono now; /* of the call that runs */
    struct trust_mono due; /* of libcurl's timer; TRUST_NEVER_MS: none */
};

/* TRUST_FAIL_SYSTEM, TRUST_FAIL_MEMORY. multi stays where it is until it is closed. */
TRUST_MUST_USE enum trust_error http_multi_open(struct http_multi *multi);

/* Every transfer was removed before. */
void http_multi_close(struct http_multi *multi);

/* TRUST_FAIL_LIBRARY. It begins with the next turn that is due. */
TRUST_MUST_USE enum trust_error http_multi_add(struct http_multi *multi, CURL *easy,
                                               struct trust_mono now);

void http_multi_remove(struct http_multi *multi, CURL *easy);

/* Goes on with a transfer that was paused. */
void http_multi_resume(struct http_multi *multi, CURL *easy, struct trust_mono now);

/* Does what sockets and timer allow. */
void http_multi_turn(struct http_multi *multi, struct trust_mono now);

/* The next transfer that has ended; it is to be removed. False: none. */
bool http_multi_ended(struct http_multi *multi, CURL **out_easy, CURLcode *out_code);

#endif
