/* See forward.h. */
#include "guard/router/forward.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "guard/router/level.h"
#include "guard/router/listeners.h"
#include "guard/router/listens.h"
#include "guard/router/notices.h"
#include "guard/router/send.h"
#include "guard/router/settle.h"
#include "guard/router/sticky.h"
#include "guard/router/translate.h"
#include "wire/json.h"
#include "wire/splice.h"

/* Backends that may take a call, and why the others may not. */
struct masks {
    uint32_t able;
    uint32_t changed;
    bool is_read; /* by the hints of all that are able */
};

static struct offer_route route_of(struct router *r, const struct call *call, uint32_t backend)
{
    struct trust_bytes tool = {.data = (const uint8_t *)call->tool, .size = call->tool_size};
    return r->config.offer.calls->route(r->config.offer.context, tool, backend);
}

static void add_route(struct masks *masks, const struct offer_route *route, uint32_t bit)
{
    switch (route->state) {
    case OFFER_COVERED:
        masks->able |= bit;
        masks->is_read = masks->is_read && route->hints.is_read_only;
        break;
    case OFFER_UNKNOWN_YET:
        masks->able |= bit;
        masks->is_read = false;
        break;
    case OFFER_CHANGED:
        masks->changed |= bit;
        break;
    case OFFER_NOT_COVERED:
        break;
    }
}

/* What a ready backend says of itself; of others nothing is known against it. */
static bool has_capability(const struct backend *backend, enum message_method method)
{
    if (backend->phase != BACKEND_READY)
        return true;
    if (method == METHOD_PROMPTS_LIST || method == METHOD_PROMPTS_GET)
        return backend->has_prompts;
    if (method == METHOD_RESOURCES_LIST || method == METHOD_RESOURCES_TEMPLATES_LIST ||
        method == METHOD_RESOURCES_READ || method == METHOD_RESOURCES_SUBSCRIBE)
        return backend->has_resources;
    return true;
}

/* Prompts and templates are text for the model too, and are pinned with the tools. */
static bool is_withheld(struct router *r, const struct call *call, uint32_t backend)
{
    const struct offer *offer = &r->config.offer;
    enum message_method method = call->message.method;
    if (method == METHOD_PROMPTS_LIST || method == METHOD_PROMPTS_GET)
        return offer->calls->withholds(offer->context, OFFER_PROMPTS, backend);
    return method == METHOD_RESOURCES_TEMPLATES_LIST &&
           offer->calls->withholds(offer->context, OFFER_TEMPLATES, backend);
}

/* One that was left out for this call may have been for its pin: it is told as that. */
static bool is_changed(struct router *r, const struct call *call, uint32_t backend)
{
    return call->kind == RESEND_CALL ? route_of(r, call, backend).state == OFFER_CHANGED
                                     : is_withheld(r, call, backend);
}

static struct masks masks_of(struct router *r, const struct call *call)
{
    struct masks masks = {.is_read = true};
    uint32_t usable = 0;
    for (uint32_t b = 0; b < r->backend_count; b++) {
        const struct backend *backend = &r->backends[b];
        uint32_t bit = state_bit(b);
        if (backend->phase == BACKEND_UNUSABLE)
            continue;
        if ((call->excluded & bit) != 0) {
            masks.changed |= is_changed(r, call, b) ? bit : 0;
            continue;
        }
        if (call->kind != RESEND_CALL && is_withheld(r, call, b)) {
            masks.changed |= bit;
            continue;
        }
        usable |= bit;
        if (call->kind == RESEND_CALL) {
            struct offer_route route = route_of(r, call, b);
            if (route.state != OFFER_UNKNOWN_YET || backend->phase != BACKEND_READY)
                add_route(&masks, &route, bit);
        } else if (has_capability(backend, call->message.method)) {
            masks.able |= bit;
        }
    }
    /* If none says that it can, whoever is asked answers that it cannot; but one that is withheld
     * could. */
    if (call->kind != RESEND_CALL && masks.able == 0 && masks.changed == 0)
        masks.able = usable;
    masks.is_read = masks.able != 0 &&
                    (call->kind == RESEND_READ || (call->kind == RESEND_CALL && masks.is_read));
    return masks;
}

static uint32_t tried_of(const struct call *call)
{
    uint32_t tried = 0;
    for (uint32_t i = 0; i < call->try_count; i++)
        tried |= state_bit(call->tries[i].backend);
    return tried;
}

void forward_choose(struct router *r, struct call *call)
{
    assert(!call->has_permit);
    calls_renew(&r->calls, call);
    struct masks masks = masks_of(r, call);
    call->state = CALL_CHOOSING;
    call->until_ms = call->deadline_ms;
    state_due(r, call->until_ms);
    char *tool = text_copy(
        (struct trust_bytes){.data = (const uint8_t *)call->tool, .size = call->tool_size});
    queue_put(&r->queue, &(struct router_action){
                             .kind = ROUTER_CHOOSE,
                             .call = call->id,
                             .tool = tool,
                             .bytes = {.data = (const uint8_t *)tool, .size = call->tool_size},
                             .able = masks.able,
                             .changed = masks.changed,
                             .tried = tried_of(call),
                             .is_probe_allowed = masks.is_read});
}

/* The router's own sight of why nothing is able; NONE: the selection knows better. */
static enum trust_reason reason_of(struct router *r, const struct call *call)
{
    struct masks masks = masks_of(r, call);
    if (call->try_count > 0 || masks.able != 0)
        return TRUST_REASON_NONE;
    if (masks.changed != 0)
        return TRUST_REASON_TOOL_CHANGED;
    return call->kind == RESEND_CALL ? TRUST_REASON_NOT_COVERED : TRUST_REASON_NONE;
}

void forward_skip(struct router *r, struct call *call, enum trust_outcome_class class_,
                  uint64_t now)
{
    send_settle(r, call, class_, now);
    call->excluded |= state_bit(call->backend);
    forward_choose(r, call);
}

/* Nothing was given to it. */
static void skip(struct router *r, struct call *call, uint64_t now)
{
    forward_skip(r, call, TRUST_OUTCOME_CANCELLED, now);
}

struct rewriting {
    char id[24];
    struct splice splice;
    struct translate_room room;
};

static void rewrite_id(const struct router *r, struct rewriting *rewriting, const struct call *call)
{
    const struct message *message = &call->message;
    rewriting->room = (struct translate_room){0};
    snprintf(rewriting->id, sizeof rewriting->id, "%" PRIu64, call->id);
    splice_init(&rewriting->splice, message->whole);
    splice_replace(&rewriting->splice, message->id, trust_bytes_text(rewriting->id));
    bool is_written = translate_request(r, &rewriting->splice, &rewriting->room, call);
    if (!is_written && message->params.size > 0 && message->meta_progress_token.size > 0)
        splice_replace(&rewriting->splice, message->meta_progress_token,
                       trust_bytes_text(rewriting->id));
}

/* Name and arguments as that backend wants them. False: its map does not fit them. */
static bool rewrite_tool(struct router *r, struct rewriting *rewriting, const struct call *call,
                         const struct offer_route *route)
{
    const struct message *message = &call->message;
    if (route->name.size > 0)
        splice_replace(&rewriting->splice, message->name, route->name);
    if (!route->has_map)
        return true;
    struct trust_bytes tool = {.data = (const uint8_t *)call->tool, .size = call->tool_size};
    struct trust_bytes arguments;
    const struct offer *offer = &r->config.offer;
    if (offer->calls->map_arguments(offer->context, &arguments, tool, call->backend,
                                    message->arguments) != TRUST_OK)
        return false;
    if (message->arguments.size > 0)
        splice_replace(&rewriting->splice, message->arguments, arguments);
    else
        splice_add_member(&rewriting->splice, message->params, "arguments", arguments);
    return true;
}

static void post(struct router *r, struct call *call, const struct rewriting *rewriting,
                 uint64_t now)
{
    call->number = send_backend(r, call->backend, send_spliced(&rewriting->splice));
    call->state = CALL_SENT;
    call->began_ms = now;
    state_touch(r, call, now);
    if (!call->has_first) {
        call->has_first = true;
        call->first = call->backend;
    }
    state_due(r, call->until_ms);
}

static void send(struct router *r, struct call *call, uint64_t now)
{
    struct rewriting rewriting;
    if (listens_take(r, call, now) || listeners_take(r, call, now))
        return;
    if (call->kind != RESEND_CALL && is_withheld(r, call, call->backend)) {
        skip(r, call, now);
        return;
    }
    rewrite_id(r, &rewriting, call);
    if (call->kind == RESEND_CALL) {
        struct offer_route route = route_of(r, call, call->backend);
        call->hints = route.hints;
        call->has_output = route.has_output;
        /* A map may live in the memory of the route: it is written before anybody else is asked. */
        if (route.state != OFFER_COVERED || !rewrite_tool(r, &rewriting, call, &route)) {
            translate_free(&rewriting.room);
            skip(r, call, now);
            return;
        }
    }
    level_hear(r, call);
    post(r, call, &rewriting, now);
    translate_free(&rewriting.room);
}

static void await(struct router *r, struct call *call, uint32_t wait_ms, uint64_t now)
{
    call->state = CALL_WAITING;
    call->until_ms = now + (wait_ms == 0 ? r->config.connect_timeout_ms : wait_ms);
    call->is_short_wait = wait_ms != 0;
    call->is_last_wait = false;
    if (call->until_ms > call->deadline_ms)
        call->until_ms = call->deadline_ms;
    state_due(r, call->until_ms);
    if (r->backends[call->backend].phase == BACKEND_IDLE)
        send_start(r, call->backend);
}

void forward_chosen(struct router *r, uint64_t id, const struct router_choice *choice, uint64_t now)
{
    r->basis = choice->answer.basis;
    struct call *call = calls_find(&r->calls, id);
    if (call == NULL || call->state != CALL_CHOOSING) {
        if (choice->is_found)
            send_settle_stale(r, id, choice->backend);
        return;
    }
    if (!choice->is_found) {
        settle_refused(r, call, choice, reason_of(r, call), now);
        return;
    }
    assert(choice->backend < r->backend_count);
    call->backend = choice->backend;
    call->is_believed = choice->is_believed;
    call->has_permit = true;
    enum state_phase phase = r->backends[choice->backend].phase;
    if (phase == BACKEND_READY)
        send(r, call, now);
    else if (phase == BACKEND_UNUSABLE)
        skip(r, call, now);
    else
        await(r, call, choice->wait_ms, now);
}

void forward_ready(struct router *r, uint32_t backend, uint64_t now)
{
    for (uint32_t i = r->calls.count; i-- > 0;) {
        struct call *call = calls_at(&r->calls, i);
        if (call->backend == backend && call->state == CALL_WAITING)
            send(r, call, now);
        else if (call->backend == backend && call->state == CALL_PARKED)
            forward_choose(r, call);
    }
}

/* "retry_unknown" of the guard's member in _meta: the caller has looked, and means it. */
static bool is_retry_meant(const struct message *message)
{
    struct trust_bytes own;
    struct trust_bytes value;
    bool is_meant = false;
    return message->meta.size > 0 &&
           json_find(&own, message->meta, "io.repute/guard") == TRUST_OK &&
           json_find(&value, own, "retry_unknown") == TRUST_OK &&
           json_bool(&is_meant, value) == TRUST_OK && is_meant;
}

static bool is_recalled(struct router *r, const struct call *call, uint64_t now)
{
    if (recall_is_empty(&r->recall) || is_retry_meant(&call->message))
        return false;
    struct trust_bytes tool = {.data = (const uint8_t *)call->tool, .size = call->tool_size};
    struct recall_digest digest = recall_digest(tool, call->message.arguments);
    return recall_has(&r->recall, &digest, now);
}

/* The name of the tool, decoded. False: there is none that could be looked for. */
static bool read_tool(struct call *call)
{
    struct trust_bytes name = call->message.name;
    if (json_kind(name) != JSON_KIND_STRING)
        return false;
    call->tool = (char *)text_memory(name.size + 1);
    size_t size = 0;
    if (json_string_copy(call->tool, name.size, &size, name) != TRUST_OK)
        return false;
    call->tool[size] = '\0';
    call->tool_size = size;
    return strlen(call->tool) == size;
}

static void begin(struct router *r, struct call *call, uint64_t now)
{
    if (call->kind != RESEND_CALL) {
        call->tool = text_copy((struct trust_bytes){0});
    } else if (!read_tool(call)) {
        send_error(r, call->message.id, -32602, "params.name must be the name of a tool",
                   call->tag);
        calls_end(&r->calls, call);
        return;
    } else if (is_recalled(r, call, now)) {
        settle_refused(r, call, NULL, TRUST_REASON_OUTCOME_UNKNOWN, now);
        return;
    }
    forward_choose(r, call);
}

void forward_request(struct router *r, uint8_t *line, const struct message *message, uint64_t tag,
                     uint64_t now)
{
    struct call *call = calls_take(&r->calls, line, message->whole.size);
    assert(call != NULL);
    call->message = *message;
    call->tag = tag;
    call->kind = resend_kind_of(message->method);
    call->deadline_ms = now + r->config.deadline_ms;
    call->is_endless = message->method == METHOD_LISTEN;
    if (call->is_endless)
        call->deadline_ms = TRUST_NEVER_MS;
    sticky_bind(r, call);
    if (message->method == METHOD_RESOURCES_UNSUBSCRIBE)
        call->excluded = ~notices_owner(r, message->uri);
    begin(r, call, now);
}
