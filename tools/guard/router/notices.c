/* See notices.h. */
#include "guard/router/notices.h"

#include <stdlib.h>
#include <string.h>

#include "guard/router/handshake.h"
#include "guard/router/level.h"
#include "guard/router/listeners.h"
#include "guard/router/listens.h"
#include "guard/router/requests.h"
#include "guard/router/send.h"
#include "guard/router/settle.h"
#include "guard/router/translate.h"
#include "wire/json.h"
#include "wire/splice.h"

static const char *const notice_methods[STATE_NOTICES] = {
    [NOTICE_TOOLS] = "notifications/tools/list_changed",
    [NOTICE_PROMPTS] = "notifications/prompts/list_changed",
    [NOTICE_RESOURCES] = "notifications/resources/list_changed",
};

static void copy_to_backend(struct router *r, uint32_t backend, const struct message *message)
{
    struct translate_room room = {0};
    struct splice splice;
    splice_init(&splice, message->whole);
    translate_notice(r, &splice, &room, backend, message);
    send_backend(r, backend, send_spliced(&splice));
    translate_free(&room);
}

/* A modern backend asks for the roots when it wants them. */
static void copy_to_all(struct router *r, const struct message *message)
{
    bool is_legacy = message->method == METHOD_ROOTS_CHANGED;
    for (uint32_t b = 0; b < r->backend_count; b++) {
        if (r->backends[b].phase == BACKEND_READY &&
            !(is_legacy && r->backends[b].era == ERA_MODERN))
            copy_to_backend(r, b, message);
    }
}

/* The client's own ids are compared as they are written: one client writes one id in one way. */
static struct call *find_by_client_id(struct router *r, struct trust_bytes id)
{
    for (uint32_t i = 0; i < r->calls.count; i++) {
        struct call *call = calls_at(&r->calls, i);
        if (call->state != CALL_HELD && trust_bytes_equal(call->message.id, id))
            return call;
    }
    return NULL;
}

static void cancel(struct router *r, const struct message *message, uint64_t now)
{
    struct call *call =
        message->request_id.size == 0 ? NULL : find_by_client_id(r, message->request_id);
    if (call == NULL || call->message.method == METHOD_INITIALIZE)
        return;
    if (call->is_local && call->state == CALL_SENT) {
        listeners_end(r, call);
    } else if (call->state == CALL_SENT) {
        struct translate_room room = {0};
        struct text id = {0};
        text_put_number(&id, call->id);
        struct splice splice;
        splice_init(&splice, message->whole);
        splice_replace(&splice, message->request_id, text_bytes(&id));
        translate_notice(r, &splice, &room, call->backend, message);
        send_backend(r, call->backend, send_spliced(&splice));
        translate_free(&room);
        free(id.data);
    }
    settle_cancelled(r, call, now);
}

void notices_client(struct router *r, const struct message *message, uint64_t now)
{
    if (message->method == METHOD_CANCELLED)
        cancel(r, message, now);
    else if (message->method == METHOD_PROGRESS)
        requests_progress(r, message);
    else if (message->method != METHOD_INITIALIZED)
        copy_to_all(r, message);
}

/* In the modern era only who listens is told, with the id of its own request. */
static void tell_listeners(struct router *r, enum state_notice notice)
{
    static const char *const filters[STATE_NOTICES] = {"toolsListChanged", "promptsListChanged",
                                                       "resourcesListChanged"};
    for (uint32_t i = 0; i < r->calls.count; i++) {
        const struct call *call = calls_at(&r->calls, i);
        struct trust_bytes wanted;
        bool is_wanted = false;
        if (!call->is_endless || call->state != CALL_SENT || call->message.params.size == 0 ||
            json_find(&wanted, call->message.params, "notifications") != TRUST_OK ||
            json_find(&wanted, wanted, filters[notice]) != TRUST_OK ||
            json_bool(&is_wanted, wanted) != TRUST_OK || !is_wanted)
            continue;
        struct text text = {0};
        text_put(&text, "{\"jsonrpc\":\"2.0\",\"method\":\"");
        text_put(&text, notice_methods[notice]);
        text_put(&text, "\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":");
        text_put_bytes(&text, call->message.id);
        text_put(&text, "}}}");
        send_aside(r, text, call->tag);
    }
}

static void say(struct router *r, enum state_notice notice, uint64_t now)
{
    struct state_throttle *throttle = &r->notices[notice];
    if (throttle->next_ms <= now) {
        throttle->is_due = false;
        throttle->next_ms = now + TRUST_GUARD_NOTICE_MS;
        if (r->era == ERA_MODERN)
            tell_listeners(r, notice);
        else
            send_notice(r, notice_methods[notice]);
        return;
    }
    throttle->is_due = true;
    state_due(r, throttle->next_ms);
}

void notices_offer(struct router *r, uint64_t now)
{
    uint64_t revision = r->config.offer.calls->revision(r->config.offer.context);
    if (revision == r->revision || !r->is_greeted)
        return;
    r->revision = revision;
    say(r, NOTICE_TOOLS, now);
}

void notices_time(struct router *r, uint64_t now)
{
    for (int i = 0; i < STATE_NOTICES; i++) {
        if (r->notices[i].is_due && r->notices[i].next_ms <= now)
            say(r, (enum state_notice)i, now);
        if (r->notices[i].is_due)
            state_due(r, r->notices[i].next_ms);
    }
}

/* False: not a number that can be compared. */
static bool read_number(double *out_number, struct trust_bytes value)
{
    char digits[64];
    if (json_kind(value) != JSON_KIND_NUMBER || value.size >= sizeof digits)
        return false;
    memcpy(digits, value.data, value.size);
    digits[value.size] = '\0';
    *out_number = strtod(digits, NULL);
    return true;
}

/* A backend that steps in begins anew at nothing: what was told already is not told again. */
static void pass_progress(struct router *r, uint32_t backend, const struct message *message,
                          uint64_t now)
{
    uint64_t id;
    struct trust_bytes value;
    double progress;
    if (json_uint(&id, message->progress_token) != TRUST_OK)
        return;
    struct call *call = calls_find(&r->calls, id);
    if (call == NULL || call->state != CALL_SENT || call->backend != backend)
        return;
    state_touch(r, call, now);
    if (call->message.meta_progress_token.size == 0 ||
        json_find(&value, message->params, "progress") != TRUST_OK ||
        !read_number(&progress, value) || (call->has_progress && progress <= call->progress))
        return;
    call->has_progress = true;
    call->progress = progress;
    struct splice splice;
    splice_init(&splice, message->whole);
    splice_replace(&splice, message->progress_token, call->message.meta_progress_token);
    send_aside(r, send_spliced(&splice), call->tag);
}

/* For a request of the client that listens: by the id that the client gave it. */
static void pass_to_listener(struct router *r, uint32_t backend, const struct message *message)
{
    uint64_t id;
    struct call *call =
        json_uint(&id, message->meta_subscription) == TRUST_OK ? calls_find(&r->calls, id) : NULL;
    if (call == NULL || call->backend != backend || call->state != CALL_SENT)
        return;
    /* A backend that steps in says it again: the client has heard it. */
    if (message->method == METHOD_LISTENING && call->is_acknowledged)
        return;
    call->is_acknowledged = call->is_acknowledged || message->method == METHOD_LISTENING;
    struct splice splice;
    splice_init(&splice, message->whole);
    splice_replace(&splice, message->meta_subscription, call->message.id);
    send_aside(r, send_spliced(&splice), call->tag);
}

static void pass_on(struct router *r, uint32_t backend, const struct message *message)
{
    if ((message->method == METHOD_LOG && !level_is_wanted(r, backend)) ||
        (message->method == METHOD_RESOURCE_UPDATED && listeners_updated(r, backend, message)))
        return;
    bool is_own = listens_is_own(r, backend, message);
    if (is_own && message->method == METHOD_LISTENING)
        return;
    if (message->meta_subscription.size > 0 && !is_own) {
        pass_to_listener(r, backend, message);
        return;
    }
    /* In the modern era calls of several clients may be in flight: no guess which one it is of. */
    bool is_of_call = message->method == METHOD_LOG && r->era == ERA_LEGACY;
    struct text text = {0};
    text_put_bytes(&text, message->whole);
    send_aside(r, text, is_of_call ? requests_tag(r, backend) : 0);
}

void notices_backend(struct router *r, uint32_t backend, const struct message *message,
                     uint64_t now)
{
    if (message->method == METHOD_PROGRESS) {
        pass_progress(r, backend, message, now);
    } else if (message->method == METHOD_CANCELLED) {
        requests_cancel(r, backend, message);
    } else if (message->method == METHOD_TOOLS_CHANGED) {
        /* Whether the client hears of it is decided once its tools are judged. */
        handshake_stale(r, backend, now);
    } else if (message->method == METHOD_PROMPTS_CHANGED) {
        handshake_stale(r, backend, now);
        say(r, NOTICE_PROMPTS, now);
    } else if (message->method == METHOD_RESOURCES_CHANGED) {
        handshake_stale(r, backend, now);
        say(r, NOTICE_RESOURCES, now);
    } else {
        pass_on(r, backend, message);
    }
}

static struct state_subscription *find_subscription(const struct router *r, struct trust_bytes uri)
{
    for (uint32_t i = 0; i < r->subscription_count; i++) {
        const struct state_subscription *subscription = &r->subscriptions[i];
        if (trust_bytes_equal(trust_bytes_text(subscription->uri), uri))
            return (struct state_subscription *)(uintptr_t)subscription;
    }
    return NULL;
}

uint32_t notices_owner(const struct router *r, struct trust_bytes uri)
{
    const struct state_subscription *subscription = find_subscription(r, uri);
    if (subscription == NULL || subscription->backend == ROUTER_BACKENDS_MAX)
        return UINT32_MAX;
    return state_bit(subscription->backend);
}

static void remember(struct router *r, const struct call *call)
{
    struct trust_bytes uri = call->message.uri;
    struct state_subscription *subscription = find_subscription(r, uri);
    if (subscription != NULL) {
        subscription->backend = call->backend;
        return;
    }
    if (r->subscription_count == TRUST_GUARD_SUBSCRIPTIONS_MAX ||
        uri.size > TRUST_GUARD_URI_SIZE_MAX) {
        send_note(r, ROUTER_NOTE_NO_ROOM, call->backend);
        return;
    }
    r->subscriptions[r->subscription_count++] =
        (struct state_subscription){.uri = text_copy(uri), .backend = call->backend};
}

static void forget(struct router *r, struct trust_bytes uri)
{
    struct state_subscription *subscription = find_subscription(r, uri);
    if (subscription == NULL)
        return;
    free(subscription->uri);
    *subscription = r->subscriptions[--r->subscription_count];
}

void notices_answered(struct router *r, const struct call *call)
{
    if (json_kind(call->message.uri) != JSON_KIND_STRING)
        return;
    if (call->message.method == METHOD_RESOURCES_SUBSCRIBE)
        remember(r, call);
    else if (call->message.method == METHOD_RESOURCES_UNSUBSCRIBE)
        forget(r, call->message.uri);
}

/* Subscriptions that nobody keeps go to this backend. */
static void adopt(struct router *r, uint32_t backend)
{
    bool is_modern = r->backends[backend].era == ERA_MODERN;
    uint32_t adopted = 0;
    if (!r->backends[backend].has_resources)
        return;
    for (uint32_t i = 0; i < r->subscription_count; i++) {
        struct state_subscription *subscription = &r->subscriptions[i];
        if (subscription->backend != ROUTER_BACKENDS_MAX)
            continue;
        subscription->backend = backend;
        adopted++;
        if (!is_modern)
            send_own(r, backend, "resources/subscribe", "uri", trust_bytes_text(subscription->uri));
    }
    if (is_modern && adopted > 0)
        listens_open(r, backend);
}

void notices_ready(struct router *r, uint32_t backend)
{
    level_tell(r, backend);
    adopt(r, backend);
    if (r->backends[backend].listen_id == 0)
        listens_open(r, backend);
}

void notices_lost(struct router *r, uint32_t backend)
{
    for (uint32_t i = 0; i < r->subscription_count; i++) {
        if (r->subscriptions[i].backend == backend)
            r->subscriptions[i].backend = ROUTER_BACKENDS_MAX;
    }
    for (uint32_t b = 0; b < r->backend_count; b++) {
        if (b != backend && r->backends[b].phase == BACKEND_READY)
            adopt(r, b);
    }
}

bool notices_has_owner(const struct router *r, uint32_t backend)
{
    for (uint32_t i = 0; i < r->subscription_count; i++) {
        if (r->subscriptions[i].backend == backend)
            return true;
    }
    return false;
}

void notices_close(struct router *r)
{
    for (uint32_t i = 0; i < r->subscription_count; i++)
        free(r->subscriptions[i].uri);
    r->subscription_count = 0;
}
