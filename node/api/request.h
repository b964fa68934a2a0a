/*
 * One request as resources see it: nothing of HTTP's library, everything checked and bounded.
 *
 * The path is split before it is decoded, so that an id with an escaped slash stays one segment.
 */
#ifndef API_REQUEST_H
#define API_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"

#include "base/limits.h"

enum api_method {
    API_GET, /* HEAD too */
    API_POST,
    API_PUT,
    API_DELETE,
    API_OTHER,
};

/* What the socket gives its callers. */
enum api_rights {
    API_RIGHTS_NONE,     /* the peer's credentials could not be read */
    API_RIGHTS_AGENT,    /* read, select, lease, outcomes */
    API_RIGHTS_OPERATOR, /* everything */
};

struct api_param {
    const char *name;
    const char *value;
};

struct api_request {
    enum api_method method;
    enum api_rights rights;
    uint32_t uid;        /* of the caller's process when it connected */
    uint64_t connection; /* a number that no other connection of this process had */
    uint32_t segment_count;
    uint32_t param_count;
    const char *segments[TRUST_API_SEGMENTS_MAX]; /* decoded, NUL-terminated, without NUL inside */
    struct api_param params[TRUST_API_PARAMS_MAX];
    const char *content_type;         /* as sent, NULL: none */
    struct trust_bytes body;          /* empty where the route takes it piece by piece */
    char text[TRUST_API_TARGET_SIZE]; /* what segments and params point into */
};

/* "GET"... to the enum; names are case-sensitive as in RFC 9110. */
enum api_method api_request_method(const char *name);

/*
 * Splits a request target ("/v1/servers/mcp%3Aa%2Fb?limit=3") into segments and params. An empty
 * segment, a broken escape or an escaped NUL is TRUST_NO_SYNTAX; too long or too many parts
 * TRUST_NO_SIZE. The rest of the request is left as it is.
 */
TRUST_MUST_USE enum trust_error api_request_parse(struct api_request *request, const char *target);

/* The value of a query parameter; NULL: it is not there. */
const char *api_request_param(const struct api_request *request, const char *name);

/* True if the media type before any ";" is this one, whatever the case. */
bool api_request_has_type(const struct api_request *request, const char *type);

#endif
