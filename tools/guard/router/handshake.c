/* See handshake.h. */
#include "guard/router/handshake.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "guard/router/local.h"
#include "guard/router/send.h"
#include "wire/json.h"
#include "wire/splice.h"

static const struct {
    const char *method;
    enum offer_part part;
} steps[] = {
    [STEP_NONE] = {"", OFFER_SERVER},
    [STEP_SERVER] = {"", OFFER_SERVER},
    [STEP_TOOLS] = {"tools/list", OFFER_TOOLS},
    [STEP_PROMPTS] = {"prompts/list", OFFER_PROMPTS},
    [STEP_TEMPLATES] = {"resources/templates/list", OFFER_TEMPLATES},
};

void handshake_reset(struct backend *backend)
{
    backend->step = STEP_NONE;
    backend->asked_id = 0;
    backend->asked_number = 0;
    backend->is_stale = false;
}

static void give_up(struct router *r, uint32_t b, enum router_note note)
{
    struct backend *backend = &r->backends[b];
    handshake_reset(backend);
    send_note(r, note, b);
    if (note == ROUTER_NOTE_ERA)
        backend->refused_hello = r->hello_count;
    send_stop(r, b);
    if (note == ROUTER_NOTE_ERA)
        local_hopeless(r);
}

static uint32_t era_bit(enum era era)
{
    return UINT32_C(1) << era;
}

/* server/discover, of a backend that may as well be legacy: such a one may say nothing at all. */
static bool is_probe(const struct backend *backend)
{
    return backend->step == STEP_SERVER && backend->era == ERA_MODERN && !backend->is_era_known &&
           (backend->eras_tried & era_bit(ERA_LEGACY)) == 0;
}

static void ask(struct router *r, uint32_t b, uint64_t id, struct text text, uint64_t now)
{
    struct backend *backend = &r->backends[b];
    backend->asked_id = id;
    backend->asked_number = send_backend(r, b, text);
    uint32_t timeout_ms = r->config.connect_timeout_ms;
    backend->asked_until_ms = now + (is_probe(backend) ? timeout_ms / 2 : timeout_ms);
    state_due(r, backend->asked_until_ms);
}

/* The client's own initialize, so that each backend is offered exactly the client's capabilities;
 * of a modern client, one that says the same. */
static void ask_initialize(struct router *r, uint32_t b, uint64_t now)
{
    struct message hello;
    if (message_read(&hello, text_bytes(&r->hello)) != TRUST_OK)
        return; /* it was read before it was kept */
    uint64_t own = calls_own_id(&r->calls);
    char id[24];
    snprintf(id, sizeof id, "%" PRIu64, own);
    struct splice splice;
    splice_init(&splice, hello.whole);
    splice_replace(&splice, hello.id, trust_bytes_text(id));
    struct trust_bytes version;
    if (hello.params.size > 0 && json_find(&version, hello.params, "protocolVersion") == TRUST_OK)
        splice_replace(&splice, version, era_negotiate(version, version));
    ask(r, b, own, send_spliced(&splice), now);
}

static void put_request(struct text *text, uint64_t id, const char *method)
{
    text_put(text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_number(text, id);
    text_put(text, ",\"method\":\"");
    text_put(text, method);
    text_put(text, "\",\"params\":{");
}

static void ask_discover(struct router *r, uint32_t b, uint64_t now)
{
    uint64_t own = calls_own_id(&r->calls);
    struct text text = {0};
    put_request(&text, own, "server/discover");
    text_put(&text, "\"_meta\":");
    text_put_bytes(&text, text_bytes(&r->meta));
    text_put(&text, "}}");
    ask(r, b, own, text, now);
}

static void ask_list(struct router *r, uint32_t b, struct trust_bytes cursor, uint64_t now)
{
    struct backend *backend = &r->backends[b];
    uint64_t own = calls_own_id(&r->calls);
    struct text text = {0};
    put_request(&text, own, steps[backend->step].method);
    if (cursor.size > 0) {
        text_put(&text, "\"cursor\":");
        text_put_bytes(&text, cursor);
    }
    if (backend->era == ERA_MODERN) {
        text_put(&text, cursor.size > 0 ? ",\"_meta\":" : "\"_meta\":");
        text_put_bytes(&text, text_bytes(&r->meta));
    }
    text_put(&text, "}}");
    ask(r, b, own, text, now);
}

static enum era other_era(enum era era)
{
    return era == ERA_MODERN ? ERA_LEGACY : ERA_MODERN;
}

static void greet(struct router *r, uint32_t b, enum era era, uint64_t now)
{
    struct backend *backend = &r->backends[b];
    backend->phase = BACKEND_HANDSHAKING;
    backend->step = STEP_SERVER;
    backend->era = era;
    backend->eras_tried |= era_bit(era);
    backend->unready_class = TRUST_OUTCOME_REFUSED;
    if (era == ERA_MODERN)
        ask_discover(r, b, now);
    else
        ask_initialize(r, b, now);
}

/* In the client's era, so that what it says passes unchanged, unless the backend is known to speak
 * the other one. */
void handshake_begin(struct router *r, uint32_t b, uint64_t now)
{
    struct backend *backend = &r->backends[b];
    enum era era = backend->is_era_known ? backend->era : backend->begin_era;
    handshake_reset(backend);
    backend->eras_tried = 0;
    backend->is_foreign = true;
    backend->hello = r->hello_count;
    greet(r, b, era == ERA_NONE ? r->era : era, now);
}

/* It does not speak that era. */
static void greet_otherwise(struct router *r, uint32_t b, bool is_foreign, uint64_t now)
{
    struct backend *backend = &r->backends[b];
    enum era other = other_era(backend->era);
    backend->is_foreign = backend->is_foreign && is_foreign;
    backend->is_era_known = false;
    if ((backend->eras_tried & era_bit(other)) == 0)
        greet(r, b, other, now);
    else
        give_up(r, b, backend->is_foreign ? ROUTER_NOTE_ERA : ROUTER_NOTE_HANDSHAKE);
}

static bool has_list(const struct backend *backend, enum state_step step)
{
    switch (step) {
    case STEP_TOOLS:
        return backend->has_tools;
    case STEP_PROMPTS:
        return backend->has_prompts;
    case STEP_TEMPLATES:
        return backend->has_resources;
    case STEP_NONE:
    case STEP_SERVER:
        break;
    }
    return false;
}

/* The first list from step on that the backend has; behind the last one it has been learned. */
static void next_list(struct router *r, uint32_t b, enum state_step step, uint64_t now)
{
    struct backend *backend = &r->backends[b];
    while (step <= STEP_TEMPLATES && !has_list(backend, step))
        step++;
    backend->pages = 0;
    if (step <= STEP_TEMPLATES) {
        backend->step = step;
        ask_list(r, b, (struct trust_bytes){0}, now);
        return;
    }
    backend->step = STEP_NONE;
    if (backend->phase == BACKEND_HANDSHAKING)
        backend->phase = BACKEND_JUDGING;
    queue_put(&r->queue, &(struct router_action){.kind = ROUTER_LEARNED, .backend = b});
}

static bool has_member(struct trust_bytes object, const char *name)
{
    struct trust_bytes value;
    return json_kind(object) == JSON_KIND_OBJECT && json_find(&value, object, name) == TRUST_OK &&
           json_kind(value) == JSON_KIND_OBJECT;
}

static void read_capabilities(struct backend *backend, struct trust_bytes result)
{
    struct trust_bytes capabilities = {0};
    if (json_find(&capabilities, result, "capabilities") != TRUST_OK)
        capabilities = (struct trust_bytes){0};
    backend->has_tools = has_member(capabilities, "tools");
    backend->has_prompts = has_member(capabilities, "prompts");
    backend->has_resources = has_member(capabilities, "resources");
    backend->has_logging = has_member(capabilities, "logging");
}

/* A result of initialize names the one version that is spoken from here on. */
static bool is_spoken(const struct backend *backend, struct trust_bytes result)
{
    struct trust_bytes version;
    if (backend->era == ERA_MODERN)
        return true;
    return json_find(&version, result, "protocolVersion") == TRUST_OK &&
           era_of_version(version) == ERA_LEGACY;
}

static bool learn(struct router *r, uint32_t b, enum offer_part part, struct trust_bytes result)
{
    const struct offer *offer = &r->config.offer;
    if (offer->calls->learn(offer->context, b, part, result) == TRUST_OK)
        return true;
    give_up(r, b, ROUTER_NOTE_MANIFEST);
    return false;
}

static void greeted(struct router *r, uint32_t b, struct trust_bytes result, uint64_t now)
{
    struct backend *backend = &r->backends[b];
    if (!is_spoken(backend, result)) {
        greet_otherwise(r, b, true, now);
        return;
    }
    backend->is_era_known = true;
    read_capabilities(backend, result);
    backend->server.size = 0;
    text_put_bytes(&backend->server, result);
    if (!learn(r, b, OFFER_SERVER, result))
        return;
    if (backend->era == ERA_LEGACY) {
        struct text text = {0};
        text_put(&text, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        send_backend(r, b, text);
    }
    next_list(r, b, STEP_TOOLS, now);
}

static void take_page(struct router *r, uint32_t b, struct trust_bytes result, uint64_t now)
{
    struct backend *backend = &r->backends[b];
    if (!learn(r, b, steps[backend->step].part, result))
        return;
    struct trust_bytes cursor;
    if (json_find(&cursor, result, "nextCursor") != TRUST_OK ||
        json_kind(cursor) != JSON_KIND_STRING) {
        next_list(r, b, backend->step + 1, now);
        return;
    }
    if (++backend->pages == TRUST_GUARD_PAGES_MAX) {
        give_up(r, b, ROUTER_NOTE_MANIFEST);
        return;
    }
    ask_list(r, b, cursor, now);
}

/* Only tools are worth a handshake: a server that names prompts and does not list them serves. */
static void refused(struct router *r, uint32_t b, const struct message *message, uint64_t now)
{
    struct backend *backend = &r->backends[b];
    bool is_other_era = trust_bytes_equal(message->error_code, trust_bytes_text("-32601")) ||
                        trust_bytes_equal(message->error_code, trust_bytes_text("-32022"));
    if (backend->step == STEP_SERVER)
        greet_otherwise(r, b, is_other_era, now);
    else if (backend->step == STEP_TOOLS)
        give_up(r, b, ROUTER_NOTE_HANDSHAKE);
    else
        next_list(r, b, backend->step + 1, now);
}

void handshake_answer(struct router *r, uint32_t b, const struct message *message, uint64_t now)
{
    struct backend *backend = &r->backends[b];
    backend->asked_id = 0;
    if (backend->hello != r->hello_count)
        handshake_begin(r, b, now);
    else if (message->kind == MESSAGE_ERROR)
        refused(r, b, message, now);
    else if (json_kind(message->result) != JSON_KIND_OBJECT && backend->step == STEP_SERVER)
        greet_otherwise(r, b, false, now);
    else if (json_kind(message->result) != JSON_KIND_OBJECT)
        give_up(r, b, ROUTER_NOTE_HANDSHAKE);
    else if (backend->step == STEP_SERVER)
        greeted(r, b, message->result, now);
    else
        take_page(r, b, message->result, now);
}

/* What the calls that wait for it are told; a server that refuses to begin, or does not in its
 * time, is one that refused them. */
static enum trust_outcome_class unready_class(enum trust_outcome_class class_)
{
    bool is_told = class_ == TRUST_OUTCOME_HTTP5XX || class_ == TRUST_OUTCOME_GARBAGE ||
                   class_ == TRUST_OUTCOME_RATE_LIMITED || class_ == TRUST_OUTCOME_AUTH;
    return is_told ? class_ : TRUST_OUTCOME_REFUSED;
}

void handshake_failed(struct router *r, uint32_t b, enum trust_outcome_class class_, uint64_t now)
{
    struct backend *backend = &r->backends[b];
    /* A plain 400 is what servers behind HTTP say to a greeting that they do not know. */
    bool is_refused = backend->step == STEP_SERVER && class_ == TRUST_OUTCOME_CALLER;
    if (backend->phase != BACKEND_READY && (is_refused || is_probe(backend))) {
        backend->unready_class = unready_class(class_);
        greet_otherwise(r, b, false, now);
        return;
    }
    if (backend->phase != BACKEND_READY) {
        backend->unready_class = unready_class(class_);
        give_up(r, b, ROUTER_NOTE_HANDSHAKE);
        return;
    }
    /* What it was found to be still holds; it is asked again. */
    handshake_reset(backend);
    handshake_stale(r, b, now);
}

/* A server whose list changes each millisecond is asked once a second, and then less and less. */
void handshake_stale(struct router *r, uint32_t b, uint64_t now)
{
    struct backend *backend = &r->backends[b];
    if (backend->phase != BACKEND_READY && backend->phase != BACKEND_JUDGING &&
        backend->phase != BACKEND_HANDSHAKING)
        return;
    backend->is_stale = true;
    if (backend->relearn_ms < now)
        backend->relearn_ms = now;
    state_due(r, backend->relearn_ms);
}

void handshake_lost(struct router *r, uint32_t b, uint64_t written)
{
    struct backend *backend = &r->backends[b];
    bool is_of_greeting =
        backend->step == STEP_SERVER && backend->asked_id != 0 && backend->asked_number <= written;
    if (!is_of_greeting)
        return;
    backend->begin_era = backend->is_era_known ? ERA_NONE : other_era(backend->era);
    backend->is_era_known = false;
}

/* It has been at rest for as long again as it had to wait. */
static bool has_rested(const struct backend *backend, uint64_t now)
{
    return now >= backend->relearned_ms + 2 * backend->relearn_wait_ms;
}

static void relearn(struct router *r, uint32_t b, uint64_t now)
{
    struct backend *backend = &r->backends[b];
    uint64_t wait_ms = 2 * backend->relearn_wait_ms;
    if (has_rested(backend, now))
        wait_ms = TRUST_GUARD_NOTICE_MS;
    if (wait_ms > TRUST_GUARD_RELEARN_MS_MAX)
        wait_ms = TRUST_GUARD_RELEARN_MS_MAX;
    backend->is_stale = false;
    backend->relearned_ms = now;
    backend->relearn_wait_ms = wait_ms;
    backend->relearn_ms = now + wait_ms;
    if (learn(r, b, OFFER_SERVER, text_bytes(&backend->server)))
        next_list(r, b, STEP_TOOLS, now);
}

void handshake_time(struct router *r, uint64_t now)
{
    for (uint32_t b = 0; b < r->backend_count; b++) {
        struct backend *backend = &r->backends[b];
        if (backend->asked_id != 0 && backend->asked_until_ms <= now)
            handshake_failed(r, b, TRUST_OUTCOME_TIMEOUT, now);
        if (backend->is_stale && backend->phase == BACKEND_READY && backend->asked_id == 0 &&
            backend->relearn_ms <= now)
            relearn(r, b, now);
        if (backend->asked_id != 0)
            state_due(r, backend->asked_until_ms);
        if (backend->is_stale && backend->phase == BACKEND_READY && backend->asked_id == 0)
            state_due(r, backend->relearn_ms);
    }
}
