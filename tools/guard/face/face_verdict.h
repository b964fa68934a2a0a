/*
 * Why an HTTP request is refused before any server of the group hears of it, and how that is said:
 * a status, and an error of JSON-RPC in our own words; of the request's own, id and version alone
 * are repeated.
 */
#ifndef GUARD_FACE_VERDICT_H
#define GUARD_FACE_VERDICT_H

#include "trust/bytes.h"

#include "guard/router/text.h"

enum face_verdict {
    FACE_FINE,
    FACE_PREFLIGHT, /* a browser asks whether a listed origin may: 204 */

    FACE_HEADER_TWICE,
    FACE_HEADER_NAME,
    FACE_ENCODING,
    FACE_HEADERS_MANY,
    FACE_HOST_MISSING,
    FACE_HOST_FOREIGN,
    FACE_ORIGIN_FOREIGN,
    FACE_PATH,
    FACE_METHOD,
    FACE_METHOD_MODERN, /* GET and DELETE are legacy's */
    FACE_CONTENT_TYPE,
    FACE_ACCEPT_BOTH,
    FACE_ACCEPT_EVENTS,
    FACE_TOO_LARGE,

    FACE_NO_JSON,
    FACE_TOO_DEEP,
    FACE_NO_MESSAGE,
    FACE_BATCH,
    FACE_NO_METHOD,
    FACE_NO_RESPONSES, /* modern clients send none */

    FACE_VERSION_UNKNOWN,
    FACE_VERSION_MISSING,
    FACE_VERSION_DIFFERS,
    FACE_NO_META, /* the header names a modern version, the body none */
    FACE_METHOD_MISSING,
    FACE_METHOD_DIFFERS,
    FACE_NAME_MISSING,
    FACE_NAME_DIFFERS,
    FACE_PARAM_DIFFERS,

    FACE_SESSION_MISSING,
    FACE_SESSION_UNKNOWN,
    FACE_SESSION_NESTED,
    FACE_SESSIONS_FULL,
    FACE_BUSY,
    FACE_ENDING,
};

struct face_refusal {
    unsigned status;
    int code;          /* of JSON-RPC */
    unsigned retry_s;  /* Retry-After; 0: none */
    const char *allow; /* of 405; NULL: none */
    const char *message;
};

/* Static. Not of FACE_FINE and FACE_PREFLIGHT. */
const struct face_refusal *face_refusal(enum face_verdict verdict);

/* Two readers might differ on where the request ends. */
bool face_verdict_is_frame(enum face_verdict verdict);

/* The body. id and version are JSON values of the request, empty if it has none. */
void face_refusal_put(struct text *text, enum face_verdict verdict, struct trust_bytes id,
                      struct trust_bytes version);

#endif
