/* One request of the client, and in which era it speaks. */
#ifndef MCP_REQUEST_H
#define MCP_REQUEST_H

#include <stdbool.h>

#include "mcp/server.h"
#include "wire/message.h"

/* How long a client may keep what does not change: the lists of tools and templates. */
#define REQUEST_KEEP_MS 3600000

struct request {
    struct server *server;
    const struct message *message;
    bool is_modern;
};

/* Answers. result becomes ours; in the modern era it gets what every result there has. */
void request_answer(const struct request *request, json_t *result);

/* The same for what a client may keep for ttl_ms. */
void request_answer_kept(const struct request *request, json_t *result, uint64_t ttl_ms);

/* A part of the message as a value, numbers of any size as doubles; NULL: there is none, or a key
 * stands there twice. */
json_t *request_read(struct trust_bytes raw);

void request_refuse(const struct request *request, enum reply_code code, const char *message);

#endif
