/* See listeners.h. */
#include "guard/router/listeners.h"

#include "guard/router/send.h"
#include "guard/router/translate.h"
#include "wire/json.h"

#define SUBSCRIPTION "\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":"

static struct trust_bytes filter_of(const struct call *call)
{
    struct trust_bytes filter;
    if (call->message.params.size == 0 ||
        json_find(&filter, call->message.params, "notifications") != TRUST_OK ||
        json_kind(filter) != JSON_KIND_OBJECT)
        return trust_bytes_text("{}");
    return filter;
}

/* Through the URIs that the call is about. */
static struct json_walk resources_of(const struct call *call)
{
    struct trust_bytes uris;
    if (json_find(&uris, filter_of(call), "resourceSubscriptions") != TRUST_OK)
        uris = (struct trust_bytes){0};
    return json_walk_array(uris);
}

static bool next_uri(struct json_walk *walk, struct trust_bytes *out_uri)
{
    while (json_next_item(walk, out_uri))
        if (json_kind(*out_uri) == JSON_KIND_STRING)
            return true;
    return false;
}

static bool is_about(const struct call *call, struct trust_bytes uri)
{
    struct json_walk walk = resources_of(call);
    struct trust_bytes wanted;
    while (next_uri(&walk, &wanted))
        if (trust_bytes_equal(wanted, uri))
            return true;
    return false;
}

static bool is_heard(struct router *r, const struct call *except, struct trust_bytes uri)
{
    for (uint32_t i = 0; i < r->calls.count; i++) {
        const struct call *call = calls_at(&r->calls, i);
        if (call != except && call->is_local && call->state == CALL_SENT &&
            call->backend == except->backend && is_about(call, uri))
            return true;
    }
    return false;
}

static void acknowledge(struct router *r, struct call *call)
{
    struct text text = {0};
    if (call->is_acknowledged)
        return;
    call->is_acknowledged = true;
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\","
                    "\"params\":{\"notifications\":");
    text_put_bytes(&text, filter_of(call));
    text_put(&text, "," SUBSCRIPTION);
    text_put_bytes(&text, call->message.id);
    text_put(&text, "}}}");
    send_aside(r, text, call->tag);
}

bool listeners_take(struct router *r, struct call *call, uint64_t now)
{
    call->is_local = call->is_endless && translate_is_between(r, call->backend, ERA_MODERN);
    if (!call->is_local)
        return false;
    send_settle(r, call, TRUST_OUTCOME_CANCELLED, now);
    call->state = CALL_SENT;
    call->number = 0;
    call->began_ms = now;
    state_touch(r, call, now);
    acknowledge(r, call);
    struct json_walk walk = resources_of(call);
    struct trust_bytes uri;
    while (r->backends[call->backend].has_resources && next_uri(&walk, &uri))
        if (!is_heard(r, call, uri))
            send_own(r, call->backend, "resources/subscribe", "uri", uri);
    return true;
}

void listeners_end(struct router *r, const struct call *call)
{
    struct json_walk walk = resources_of(call);
    struct trust_bytes uri;
    while (r->backends[call->backend].has_resources && next_uri(&walk, &uri))
        if (!is_heard(r, call, uri))
            send_own(r, call->backend, "resources/unsubscribe", "uri", uri);
}

bool listeners_updated(struct router *r, uint32_t backend, const struct message *message)
{
    if (!translate_is_between(r, backend, ERA_MODERN))
        return false;
    for (uint32_t i = 0; i < r->calls.count; i++) {
        const struct call *call = calls_at(&r->calls, i);
        if (!call->is_local || call->state != CALL_SENT || call->backend != backend ||
            !is_about(call, message->uri))
            continue;
        struct text text = {0};
        text_put(&text, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\","
                        "\"params\":{\"uri\":");
        text_put_bytes(&text, message->uri);
        text_put(&text, "," SUBSCRIPTION);
        text_put_bytes(&text, call->message.id);
        text_put(&text, "}}}");
        send_aside(r, text, call->tag);
    }
    return true;
}
