/*
 * What leaves for the client: JSON-RPC messages of one line. Ids are the client's bytes, echoed as
 * they came: a number beyond 2^53 would not survive being read.
 */
#ifndef MCP_REPLY_H
#define MCP_REPLY_H

#include <jansson.h>

#include "trust/bytes.h"

/* Codes of JSON-RPC and MCP. */
enum reply_code {
    REPLY_PARSE = -32700,
    REPLY_REQUEST = -32600,
    REPLY_METHOD = -32601,
    REPLY_PARAMS = -32602,
    REPLY_INTERNAL = -32603,
    REPLY_RESOURCE = -32002, /* no such resource, in the legacy era */
    REPLY_VERSION = -32022,  /* a protocol version that is not spoken */
};

/* Where lines go, each without its newline. */
struct reply {
    void (*send)(void *context, struct trust_bytes line);
    void *context;
};

/* result becomes ours; NULL: there was no memory for it, which is what the client is told. */
void reply_result(const struct reply *reply, struct trust_bytes id, json_t *result);

/* id empty: it could not be read. data may be NULL, and becomes ours. */
void reply_error(const struct reply *reply, struct trust_bytes id, enum reply_code code,
                 const char *message, json_t *data);

/* subscription: the raw id of the listen request that it belongs to; empty: none. params, an
 * object, becomes ours. */
void reply_notice(const struct reply *reply, const char *method, struct trust_bytes subscription,
                  json_t *params);

/* The last word on a listen request. */
void reply_ended(const struct reply *reply, struct trust_bytes id);

#endif
