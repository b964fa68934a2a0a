/* See listens.h. */
#include "guard/router/listens.h"

#include "guard/router/notices.h"
#include "guard/router/send.h"
#include "guard/router/translate.h"
#include "wire/json.h"

static void put_resources(struct text *text, const struct router *r, uint32_t backend)
{
    bool is_first = true;
    for (uint32_t i = 0; i < r->subscription_count; i++) {
        if (r->subscriptions[i].backend != backend)
            continue;
        text_put(text, is_first ? "" : ",");
        text_put(text, r->subscriptions[i].uri);
        is_first = false;
    }
}

static void cancel(struct router *r, uint32_t backend, uint64_t id)
{
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                    "\"requestId\":");
    text_put_number(&text, id);
    text_put(&text, "}}");
    send_backend(r, backend, text);
}

/* The new one before the old one ends: nothing is missed between them. */
void listens_open(struct router *r, uint32_t b)
{
    struct backend *backend = &r->backends[b];
    if (!translate_is_between(r, b, ERA_LEGACY) || backend->phase != BACKEND_READY)
        return;
    uint64_t old = backend->listen_id;
    struct text text = {0};
    backend->listen_id = calls_own_id(&r->calls);
    backend->listen_ms = TRUST_NEVER_MS;
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_number(&text, backend->listen_id);
    text_put(&text, ",\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":{"
                    "\"toolsListChanged\":true,\"promptsListChanged\":true,"
                    "\"resourcesListChanged\":true,\"resourceSubscriptions\":[");
    put_resources(&text, r, b);
    text_put(&text, "]},\"_meta\":");
    text_put_bytes(&text, text_bytes(&r->meta));
    text_put(&text, "}}");
    backend->listen_number = send_backend(r, b, text);
    if (old != 0)
        cancel(r, b, old);
}

bool listens_take(struct router *r, struct call *call, uint64_t now)
{
    bool is_about = call->message.method == METHOD_RESOURCES_SUBSCRIBE ||
                    call->message.method == METHOD_RESOURCES_UNSUBSCRIBE;
    if (!is_about || !translate_is_between(r, call->backend, ERA_LEGACY))
        return false;
    uint32_t backend = call->backend;
    notices_answered(r, call);
    send_result(r, call->message.id, trust_bytes_text("{}"), call->tag);
    send_settle(r, call, TRUST_OUTCOME_CANCELLED, now);
    calls_end(&r->calls, call);
    listens_open(r, backend);
    return true;
}

bool listens_is_own(const struct router *r, uint32_t backend, const struct message *message)
{
    uint64_t id;
    return message->meta_subscription.size > 0 &&
           json_uint(&id, message->meta_subscription) == TRUST_OK && id != 0 &&
           id == r->backends[backend].listen_id;
}

/* Again, later each time. */
static void ended(struct router *r, struct backend *backend, uint64_t now)
{
    listens_lost(backend);
    backend->listen_wait_ms =
        backend->listen_wait_ms == 0 ? TRUST_GUARD_NOTICE_MS : 2 * backend->listen_wait_ms;
    if (backend->listen_wait_ms > TRUST_GUARD_LISTEN_MS_MAX)
        backend->listen_wait_ms = TRUST_GUARD_LISTEN_MS_MAX;
    backend->listen_ms = now + backend->listen_wait_ms;
    state_due(r, backend->listen_ms);
}

bool listens_answer(struct router *r, uint32_t b, uint64_t id, const struct message *message,
                    uint64_t now)
{
    struct backend *backend = &r->backends[b];
    if (id == 0 || id != backend->listen_id)
        return false;
    if (message->kind == MESSAGE_RESPONSE)
        ended(r, backend, now);
    else /* it has nothing to tell */
        listens_lost(backend);
    return true;
}

bool listens_failed(struct router *r, uint32_t b, uint64_t number, uint64_t now)
{
    struct backend *backend = &r->backends[b];
    if (backend->listen_id == 0 || backend->listen_number != number)
        return false;
    ended(r, backend, now);
    return true;
}

void listens_lost(struct backend *backend)
{
    backend->listen_id = 0;
    backend->listen_number = 0;
    backend->listen_ms = TRUST_NEVER_MS;
}

void listens_time(struct router *r, uint64_t now)
{
    for (uint32_t b = 0; b < r->backend_count; b++) {
        struct backend *backend = &r->backends[b];
        if (backend->phase != BACKEND_READY || backend->listen_id != 0 || backend->listen_ms == 0)
            continue;
        if (backend->listen_ms <= now)
            listens_open(r, b);
        else if (backend->listen_ms != TRUST_NEVER_MS)
            state_due(r, backend->listen_ms);
    }
}
