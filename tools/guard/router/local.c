/* See local.h. */
#include "guard/router/local.h"

#include <stdlib.h>

#include "base/assert.h"
#include "guard/router/level.h"
#include "guard/router/send.h"
#include "guard/router/translate.h"
#include "wire/json.h"
#include "wire/splice.h"

/* What a group offers of which nothing is known: tools, later. */
static const char unknown_server[] =
    "{\"protocolVersion\":\"2024-11-05\",\"capabilities\":{\"tools\":{\"listChanged\":true}},"
    "\"serverInfo\":{\"name\":\"repute-guard\",\"version\":\"" REPUTE_VERSION "\"}}";

static struct trust_bytes offered(struct router *r, enum offer_text text)
{
    return r->config.offer.calls->text(r->config.offer.context, text);
}

static struct trust_bytes member(struct trust_bytes object, const char *name)
{
    struct trust_bytes value;
    if (json_kind(object) != JSON_KIND_OBJECT || json_find(&value, object, name) != TRUST_OK)
        return (struct trust_bytes){0};
    return value;
}

/* From here on the client is told when what it knows has changed. */
static void told(struct router *r)
{
    r->is_greeted = true;
    r->revision = r->config.offer.calls->revision(r->config.offer.context);
}

static void answer_initialize(struct router *r, const struct message *message,
                              struct trust_bytes pinned, uint64_t tag)
{
    bool is_known = pinned.size > 0;
    struct trust_bytes result = is_known ? pinned : trust_bytes_text(unknown_server);
    struct trust_bytes asked = member(message->params, "protocolVersion");
    struct trust_bytes spoken = member(result, "protocolVersion");
    struct splice splice;
    splice_init(&splice, result);
    if (spoken.size > 0)
        splice_replace(&splice, spoken, era_negotiate(asked, is_known ? spoken : asked));
    struct text text = send_spliced(&splice);
    send_result(r, message->id, text_bytes(&text), tag);
    free(text.data);
    told(r);
}

static void answer_tools(struct router *r, const struct message *message, uint64_t tag)
{
    struct trust_bytes tools = offered(r, OFFER_TEXT_TOOLS);
    struct text text = {0};
    text_put(&text, "{\"tools\":");
    text_put_bytes(&text, tools.size > 0 ? tools : trust_bytes_text("[]"));
    text_put(&text, r->era == ERA_MODERN
                        ? ",\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\"}"
                        : "}");
    send_result(r, message->id, text_bytes(&text), tag);
    free(text.data);
    told(r);
}

/* Answers if it can be answered now. */
static bool answer_known(struct router *r, const struct message *message, uint64_t tag)
{
    struct trust_bytes text;
    if (message->method == METHOD_INITIALIZE) {
        text = offered(r, OFFER_TEXT_INITIALIZE);
        if (text.size > 0)
            answer_initialize(r, message, text, tag);
        return text.size > 0;
    }
    if (message->method == METHOD_DISCOVER) {
        text = offered(r, OFFER_TEXT_DISCOVER);
        if (text.size == 0)
            return false;
        send_result(r, message->id, text, tag);
        told(r);
        return true;
    }
    if (offered(r, OFFER_TEXT_TOOLS).size == 0 && !r->is_greeted)
        return false;
    answer_tools(r, message, tag);
    return true;
}

static void answer_unknown(struct router *r, const struct message *message, uint64_t tag)
{
    if (message->method == METHOD_INITIALIZE)
        answer_initialize(r, message, (struct trust_bytes){0}, tag);
    else if (message->method == METHOD_DISCOVER)
        send_error(r, message->id, -32601, "Method not found", tag);
    else
        answer_tools(r, message, tag);
}

void local_learned(struct router *r)
{
    for (uint32_t i = r->calls.count; i-- > 0;) {
        struct call *call = calls_at(&r->calls, i);
        if (call->state == CALL_LEARNING && answer_known(r, &call->message, call->tag))
            calls_end(&r->calls, call);
    }
}

void local_late(struct router *r, struct call *call)
{
    answer_unknown(r, &call->message, call->tag);
    calls_end(&r->calls, call);
}

void local_hopeless(struct router *r)
{
    for (uint32_t b = 0; b < r->backend_count; b++) {
        if (r->backends[b].refused_hello != r->hello_count)
            return;
    }
    for (uint32_t i = r->calls.count; i-- > 0;) {
        struct call *call = calls_at(&r->calls, i);
        if (call->state == CALL_LEARNING)
            local_late(r, call);
    }
}

/* The first request that says who speaks: backends can be greeted from here on. A client that asked
 * for server/discover in vain begins anew with initialize. */
static void meet(struct router *r, const struct message *message)
{
    enum era era = era_of_request(message);
    if (era == ERA_NONE || r->is_greeted || (r->era == era && r->hello.size > 0))
        return;
    r->era = era;
    translate_hear(r, message);
    bool is_pinned = offered(r, OFFER_TEXT_TOOLS).size > 0;
    for (uint32_t b = 0; b < (is_pinned ? 1 : r->backend_count); b++) {
        enum state_phase phase = r->backends[b].phase;
        if (phase == BACKEND_IDLE || phase == BACKEND_UNUSABLE)
            send_start(r, b);
    }
}

static void wait_for_it(struct router *r, uint8_t *line, const struct message *message,
                        uint64_t tag, uint64_t now)
{
    struct call *call = calls_take(&r->calls, line, message->whole.size);
    assert(call != NULL);
    call->message = *message;
    call->tag = tag;
    call->state = CALL_LEARNING;
    call->until_ms = now + r->config.connect_timeout_ms;
    call->deadline_ms = call->until_ms;
    state_due(r, call->until_ms);
}

static void set_level(struct router *r, const struct message *message, uint64_t tag)
{
    struct trust_bytes level = member(message->params, "level");
    if (json_kind(level) != JSON_KIND_STRING || level.size > TRUST_GUARD_LEVEL_SIZE_MAX) {
        send_error(r, message->id, -32602, "params.level must be the name of a level", tag);
        return;
    }
    level_set(r, level);
    send_result(r, message->id, trust_bytes_text("{}"), tag);
}

static bool is_listing(enum message_method method)
{
    return method == METHOD_INITIALIZE || method == METHOD_DISCOVER || method == METHOD_TOOLS_LIST;
}

/* In the modern era each request names its version. */
static bool is_of_another_version(const struct router *r, const struct message *message)
{
    return r->era != ERA_LEGACY && message->method != METHOD_INITIALIZE &&
           message->meta_version.size > 0 && era_of_version(message->meta_version) != ERA_MODERN;
}

static void refuse_version(struct router *r, const struct message *message, uint64_t tag)
{
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_bytes(&text, message->id);
    text_put(&text, ",\"error\":{\"code\":-32022,\"message\":\"Unsupported protocol version\","
                    "\"data\":{\"supported\":[\"2026-07-28\"],\"requested\":");
    text_put_bytes(&text, message->meta_version);
    text_put(&text, "}}}");
    send_client(r, text, tag);
}

bool local_request(struct router *r, uint8_t *line, const struct message *message, uint64_t tag,
                   uint64_t now)
{
    if (is_of_another_version(r, message)) {
        refuse_version(r, message, tag);
        free(line);
        return true;
    }
    meet(r, message);
    if (message->method == METHOD_PING) {
        send_result(r, message->id, trust_bytes_text("{}"), tag);
    } else if (r->era == ERA_NONE) {
        send_error(r, message->id, -32600, "The first request must be initialize", tag);
    } else if (message->method == METHOD_SET_LEVEL) {
        set_level(r, message, tag);
    } else if (!is_listing(message->method)) {
        return false;
    } else if (member(message->params, "cursor").size > 0) {
        send_error(r, message->id, -32602, "There is one page of tools", tag);
    } else if (!answer_known(r, message, tag)) {
        wait_for_it(r, line, message, tag, now);
        return true;
    }
    free(line);
    return true;
}
