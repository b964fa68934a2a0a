/* See request.h. */
#include "mcp/request.h"

void request_answer(const struct request *request, json_t *result)
{
    if (request->is_modern) {
        (void)json_object_set_new(result, "resultType", json_string("complete"));
        (void)json_object_set_new(result, "_meta",
                                  json_pack("{s:{s:s,s:s}}", "io.modelcontextprotocol/serverInfo",
                                            "name", "repute", "version", REPUTE_VERSION));
    }
    reply_result(&request->server->reply, request->message->id, result);
}

void request_answer_kept(const struct request *request, json_t *result, uint64_t ttl_ms)
{
    if (request->is_modern) {
        (void)json_object_set_new(result, "ttlMs", json_integer((json_int_t)ttl_ms));
        (void)json_object_set_new(result, "cacheScope", json_string("private"));
    }
    request_answer(request, result);
}

json_t *request_read(struct trust_bytes raw)
{
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL;
    return raw.size == 0 ? NULL : json_loadb((const char *)raw.data, raw.size, flags, NULL);
}

void request_refuse(const struct request *request, enum reply_code code, const char *message)
{
    reply_error(&request->server->reply, request->message->id, code, message, NULL);
}
