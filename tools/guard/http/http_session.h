/*
 * What a Streamable HTTP server was agreed with, and the headers that say so in each request: the
 * session and version of a legacy server, method and name for a modern one.
 */
#ifndef GUARD_HTTP_SESSION_H
#define GUARD_HTTP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"

#include "base/limits.h"
#include "guard/http/params.h"
#include "wire/message.h"

struct curl_slist;

/* As configured: credentials, mostly. */
struct http_header {
    const char *name;
    const char *value;
};

struct http_session {
    char id[TRUST_GUARD_SESSION_ID_SIZE_MAX + 1];        /* "": there is none */
    char version[TRUST_GUARD_HTTP_VERSION_SIZE_MAX + 1]; /* "": not known yet */
    bool is_modern;                                      /* each request says the version itself */
    uint64_t life; /* counts the sessions: one that is lost is forgotten once */
};

/* What one request is. */
struct http_session_request {
    const struct http_header *headers; /* configured */
    size_t header_count;
    const struct message *message;    /* POST; NULL: GET or DELETE */
    const struct params *params;      /* of the tool that it calls; NULL: none */
    struct trust_bytes last_event_id; /* a stream is resumed behind it; empty: it begins */
};

/*
 * TRUST_NO_SYNTAX: a name that is no token, or a value with a control character. TRUST_NO_CONFLICT:
 * a header that the transport itself sets. TRUST_NO_SIZE: over TRUST_GUARD_HEADER_SIZE_MAX.
 */
TRUST_MUST_USE enum trust_error http_session_check(const struct http_header *headers, size_t count);

/* This message is about to be sent: its version counts, or a new session begins with it. */
void http_session_asked(struct http_session *session, const struct message *message);

/* initialize was answered. id: as the server names the session, NULL: not at all; one that no
 * header can hold is none. */
void http_session_begun(struct http_session *session, const char *id, const struct message *answer);

/* The server knows it no more. */
void http_session_lost(struct http_session *session);

/* The headers of a request; NULL: no memory. To be freed with curl_slist_free_all. */
struct curl_slist *http_session_headers(const struct http_session *session,
                                        const struct http_session_request *request);

#endif
