/* See requests.h. */
#include "guard/router/requests.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "guard/router/holds.h"
#include "guard/router/rounds.h"
#include "guard/router/send.h"
#include "wire/json.h"
#include "wire/splice.h"

static void release(struct router *r, struct state_asked *asked)
{
    if (asked->call == 0)
        r->backends[asked->backend].open_requests--;
    r->stats.asked--;
    free(asked->raw_id);
    free(asked->raw_token);
    *asked = (struct state_asked){0};
}

static struct state_asked *find(struct router *r, struct trust_bytes raw)
{
    uint64_t id;
    if (raw.size == 0 || json_uint(&id, raw) != TRUST_OK || id == 0)
        return NULL;
    struct state_asked *asked = &r->asked[id % TRUST_GUARD_ASKED_MAX];
    return asked->id == id ? asked : NULL;
}

/* A free place, with an id that leads to it and was never given. */
static struct state_asked *take(struct router *r)
{
    for (uint64_t i = 0; i < TRUST_GUARD_ASKED_MAX; i++) {
        if (r->asked[i].id == 0) {
            r->asked[i].id = ++r->asked_generation * TRUST_GUARD_ASKED_MAX + i;
            return &r->asked[i];
        }
    }
    return NULL;
}

uint64_t requests_tag(const struct router *r, uint32_t backend)
{
    uint64_t tag = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < r->calls.count; i++) {
        const struct call *call = calls_at(&r->calls, i);
        if (call->state == CALL_SENT && call->backend == backend) {
            tag = call->tag;
            count++;
        }
    }
    return count == 1 ? tag : 0;
}

static void answer_own(struct router *r, uint32_t backend, struct trust_bytes id, const char *rest)
{
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_bytes(&text, id);
    text_put(&text, rest);
    send_backend(r, backend, text);
}

/* Calls wait longer while the client is asked something; its time begins anew with the answer. */
static void touch(struct router *r, uint32_t backend, bool is_consumed, uint64_t now)
{
    for (uint32_t i = 0; i < r->calls.count; i++) {
        struct call *call = calls_at(&r->calls, i);
        if (call->state != CALL_SENT || call->backend != backend)
            continue;
        call->is_consumed = call->is_consumed || is_consumed;
        state_touch(r, call, now);
    }
}

void requests_ask(struct router *r, uint32_t backend, const struct message *message, uint64_t now)
{
    if (message->method == METHOD_PING) {
        answer_own(r, backend, message->id, ",\"result\":{}}");
        return;
    }
    /* In the modern era no server asks but by answering a call. */
    if (r->backends[backend].era == ERA_MODERN) {
        answer_own(r, backend, message->id,
                   ",\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}");
        return;
    }
    if (holds_ask(r, backend, message, now))
        return;
    struct state_asked *asked =
        message->id.size > TRUST_GUARD_RAW_ID_SIZE_MAX ||
                message->meta_progress_token.size > TRUST_GUARD_RAW_ID_SIZE_MAX
            ? NULL
            : take(r);
    if (asked == NULL) {
        send_note(r, ROUTER_NOTE_NO_ROOM, backend);
        answer_own(r, backend, message->id,
                   ",\"error\":{\"code\":-32603,\"message\":\"Too many requests are open\"}}");
        return;
    }
    asked->backend = backend;
    asked->method = message->method;
    asked->raw_id = text_copy(message->id);
    asked->tag = requests_tag(r, backend);
    r->backends[backend].open_requests++;
    r->stats.asked++;
    char id[24];
    snprintf(id, sizeof id, "%" PRIu64, asked->id);
    struct splice splice;
    splice_init(&splice, message->whole);
    splice_replace(&splice, message->id, trust_bytes_text(id));
    if (message->meta_progress_token.size > 0) {
        asked->raw_token = text_copy(message->meta_progress_token);
        splice_replace(&splice, message->meta_progress_token, trust_bytes_text(id));
    }
    touch(r, backend, false, now);
    send_aside(r, send_spliced(&splice), asked->tag);
}

/* The other era names an elicitation by a URL, which this one has no name for. */
static void put_params(struct text *text, const struct requests_question *question, uint64_t id)
{
    struct trust_bytes value;
    struct splice splice;
    struct text name = {0};
    splice_init(&splice, question->params);
    text_put(&name, "\"repute-");
    text_put_number(&name, id);
    text_put(&name, "\"");
    bool is_url = question->method == METHOD_ELICIT &&
                  json_find(&value, question->params, "mode") == TRUST_OK &&
                  json_is_string(value, "url") &&
                  json_find(&value, question->params, "elicitationId") != TRUST_OK;
    if (is_url)
        splice_add_member(&splice, question->params, "elicitationId", text_bytes(&name));
    struct text params = send_spliced(&splice);
    text_put(text, ",\"params\":");
    text_put_bytes(text, text_bytes(&params));
    free(params.data);
    free(name.data);
}

bool requests_question(struct router *r, const struct requests_question *question)
{
    const struct call *call = question->call;
    struct state_asked *asked = take(r);
    if (asked == NULL) {
        send_note(r, ROUTER_NOTE_NO_ROOM, call->backend);
        return false;
    }
    asked->call = call->id;
    asked->item = question->item;
    asked->backend = call->backend;
    asked->method = question->method;
    asked->tag = call->tag;
    r->stats.asked++;
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_number(&text, asked->id);
    text_put(&text, ",\"method\":\"");
    text_put(&text, message_method_name(question->method));
    text_put(&text, "\"");
    if (question->params.size > 0)
        put_params(&text, question, asked->id);
    text_put(&text, "}");
    send_aside(r, text, asked->tag);
    return true;
}

void requests_answer(struct router *r, const struct message *message, uint64_t now)
{
    struct state_asked *asked = find(r, message->id);
    if (asked == NULL) {
        r->stats.late++;
        return;
    }
    if (asked->call != 0) {
        struct state_asked question = *asked;
        release(r, asked);
        rounds_answer(r, &question, message);
        return;
    }
    struct splice splice;
    splice_init(&splice, message->whole);
    splice_replace(&splice, message->id, trust_bytes_text(asked->raw_id));
    bool is_consumed = asked->method == METHOD_CREATE_MESSAGE || asked->method == METHOD_ELICIT;
    touch(r, asked->backend, is_consumed, now);
    send_backend(r, asked->backend, send_spliced(&splice));
    release(r, asked);
}

void requests_progress(struct router *r, const struct message *message)
{
    struct state_asked *asked = find(r, message->progress_token);
    if (asked == NULL || asked->raw_token == NULL)
        return;
    struct splice splice;
    splice_init(&splice, message->whole);
    splice_replace(&splice, message->progress_token, trust_bytes_text(asked->raw_token));
    send_backend(r, asked->backend, send_spliced(&splice));
}

static void cancel_at_client(struct router *r, struct state_asked *asked)
{
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                    "\"requestId\":");
    text_put_number(&text, asked->id);
    text_put(&text, "}}");
    send_aside(r, text, asked->tag);
    release(r, asked);
}

void requests_cancel(struct router *r, uint32_t backend, const struct message *message)
{
    holds_cancel(r, backend, message);
    for (uint32_t i = 0; i < TRUST_GUARD_ASKED_MAX; i++) {
        struct state_asked *asked = &r->asked[i];
        if (asked->id != 0 && asked->call == 0 && asked->backend == backend &&
            trust_bytes_equal(trust_bytes_text(asked->raw_id), message->request_id)) {
            cancel_at_client(r, asked);
            return;
        }
    }
}

void requests_drop(struct router *r, uint32_t backend)
{
    for (uint32_t i = 0; i < TRUST_GUARD_ASKED_MAX; i++) {
        if (r->asked[i].id != 0 && r->asked[i].call == 0 && r->asked[i].backend == backend)
            cancel_at_client(r, &r->asked[i]);
    }
}

void requests_drop_call(struct router *r, uint64_t call)
{
    for (uint32_t i = 0; i < TRUST_GUARD_ASKED_MAX; i++) {
        if (r->asked[i].id != 0 && r->asked[i].call == call)
            cancel_at_client(r, &r->asked[i]);
    }
}

void requests_close(struct router *r)
{
    for (uint32_t i = 0; i < TRUST_GUARD_ASKED_MAX; i++) {
        if (r->asked[i].id != 0)
            release(r, &r->asked[i]);
    }
}
