/* See reply.h. */
#include "mcp/reply.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "guard/router/text.h"

#define SUBSCRIPTION_KEY "\"io.modelcontextprotocol/subscriptionId\":"

static void begin(struct text *text, struct trust_bytes id)
{
    text_put(text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_bytes(text, id.size > 0 ? id : trust_bytes_text("null"));
}

static void leave(const struct reply *reply, struct text *text)
{
    reply->send(reply->context, text_bytes(text));
    free(text->data);
}

static char *dump(json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(6));
    json_decref(value);
    return text;
}

void reply_result(const struct reply *reply, struct trust_bytes id, json_t *result)
{
    char *dumped = dump(result);
    if (dumped == NULL) {
        reply_error(reply, id, REPLY_INTERNAL, "Out of memory", NULL);
        return;
    }
    struct text text = {0};
    begin(&text, id);
    text_put(&text, ",\"result\":");
    text_put(&text, dumped);
    text_put(&text, "}");
    free(dumped);
    leave(reply, &text);
}

void reply_error(const struct reply *reply, struct trust_bytes id, enum reply_code code,
                 const char *message, json_t *data)
{
    struct text text = {0};
    char number[16];
    char *dumped = dump(data);
    (void)snprintf(number, sizeof number, "%d", (int)code);
    begin(&text, id);
    text_put(&text, ",\"error\":{\"code\":");
    text_put(&text, number);
    text_put(&text, ",\"message\":");
    text_put_string(&text, trust_bytes_text(message));
    if (dumped != NULL) {
        text_put(&text, ",\"data\":");
        text_put(&text, dumped);
    }
    text_put(&text, "}}");
    free(dumped);
    leave(reply, &text);
}

void reply_notice(const struct reply *reply, const char *method, struct trust_bytes subscription,
                  json_t *params)
{
    char *dumped = dump(params);
    if (dumped == NULL)
        return;
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"method\":\"");
    text_put(&text, method);
    text_put(&text, "\",\"params\":{");
    if (subscription.size > 0) {
        text_put(&text, "\"_meta\":{" SUBSCRIPTION_KEY);
        text_put_bytes(&text, subscription);
        text_put(&text, dumped[1] == '}' ? "}" : "},");
    }
    /* Behind its opening brace. */
    text_put(&text, dumped + 1);
    text_put(&text, "}");
    free(dumped);
    leave(reply, &text);
}

void reply_ended(const struct reply *reply, struct trust_bytes id)
{
    struct text text = {0};
    begin(&text, id);
    text_put(&text, ",\"result\":{\"resultType\":\"complete\",\"_meta\":{" SUBSCRIPTION_KEY);
    text_put_bytes(&text, id);
    text_put(&text, "}}}");
    leave(reply, &text);
}
