/*
 * One JSON-RPC 2.0 message of MCP as spans of its bytes: what a proxy decides by or replaces, found
 * in the one pass that also checks the text. A span is a raw value (json.h), empty if it is not
 * there; all of them end with the bytes.
 *
 * No member of params, result and error is held to a type, since whoever asked answers for it: a
 * reader looks at json_kind before it believes a name.
 */
#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

#include "trust/error.h"
#include "trust/export.h"

#include "base/bytes.h"
#include "wire/message_method.h"

enum message_kind {
    MESSAGE_REQUEST,
    MESSAGE_NOTIFICATION,
    MESSAGE_RESPONSE,
    MESSAGE_ERROR, /* id may be empty: the sender could not read ours */
    MESSAGE_BATCH, /* an array: checked, and nothing of it is found; no MCP since 2025-06-18 has it
                    */
};

struct message {
    enum message_kind kind;
    enum message_method method;    /* of requests and notifications */
    struct trust_bytes whole;      /* without white space around it */
    struct trust_bytes id;         /* a string or a number, of any length, as it is written */
    struct trust_bytes method_raw; /* a string */
    struct trust_bytes params;     /* an object */
    struct trust_bytes result;
    struct trust_bytes error;

    struct trust_bytes name;           /* params.name */
    struct trust_bytes arguments;      /* params.arguments */
    struct trust_bytes uri;            /* params.uri */
    struct trust_bytes request_id;     /* params.requestId, of notifications/cancelled */
    struct trust_bytes progress_token; /* params.progressToken, of notifications/progress */
    struct trust_bytes meta;           /* params._meta or result._meta */

    /* Members of that _meta; the last two without their io.modelcontextprotocol/ */
    struct trust_bytes meta_progress_token; /* progressToken */
    struct trust_bytes meta_version;        /* protocolVersion */
    struct trust_bytes meta_subscription;   /* subscriptionId */

    struct trust_bytes is_error;      /* result.isError */
    struct trust_bytes result_type;   /* result.resultType */
    struct trust_bytes error_code;    /* error.code */
    struct trust_bytes error_message; /* error.message */
};

/*
 * TRUST_NO_SYNTAX, TRUST_NO_RANGE: as json_check. TRUST_NO_DUPLICATE: a member that is looked for
 * stands there twice, so that two readers would differ. TRUST_NO_TYPE: JSON, but no message:
 * another version than "2.0", an id that is neither string nor number (null only in an error), a
 * method that is no string, params that are no object, or not exactly one of method, result and
 * error.
 */
enum trust_error message_read(struct message *out_message, struct trust_bytes bytes) TRUST_MUST_USE;

#endif
