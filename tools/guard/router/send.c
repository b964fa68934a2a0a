/* See send.h. */
#include "guard/router/send.h"

#include <stdlib.h>

#include "guard/router/idle.h"

static void put_client(struct router *r, struct text text, uint64_t tag, bool is_answer)
{
    queue_put(&r->queue, &(struct router_action){.kind = ROUTER_TO_CLIENT,
                                                 .bytes = text_bytes(&text),
                                                 .tag = tag,
                                                 .is_answer = is_answer});
}

void send_client(struct router *r, struct text text, uint64_t tag)
{
    put_client(r, text, tag, true);
}

void send_silence(struct router *r, uint64_t tag)
{
    if (tag != 0)
        put_client(r, (struct text){0}, tag, true);
}

void send_aside(struct router *r, struct text text, uint64_t tag)
{
    put_client(r, text, tag, false);
}

uint64_t send_backend(struct router *r, uint32_t backend, struct text text)
{
    uint64_t number = ++r->backends[backend].next_number;
    queue_put(&r->queue, &(struct router_action){.kind = ROUTER_TO_BACKEND,
                                                 .backend = backend,
                                                 .bytes = text_bytes(&text),
                                                 .number = number});
    return number;
}

struct text send_spliced(const struct splice *splice)
{
    struct text text = {.data = text_memory(splice->size), .capacity = splice->size};
    struct trust_writer writer = trust_writer_init(text.data, text.capacity);
    splice_write(splice, &writer);
    text.size = writer.size;
    return text;
}

static uint32_t latency_of(const struct call *call, uint64_t now)
{
    if (call->state != CALL_SENT)
        return TRUST_LATENCY_UNKNOWN;
    uint64_t ms = now > call->began_ms ? now - call->began_ms : 0;
    return ms < TRUST_LATENCY_UNKNOWN ? (uint32_t)ms : TRUST_LATENCY_UNKNOWN - 1;
}

void send_settle(struct router *r, struct call *call, enum trust_outcome_class class_, uint64_t now)
{
    if (!call->has_permit)
        return;
    call->has_permit = false;
    idle_used(r, call->backend, now);
    struct router_action action = {
        .kind = ROUTER_SETTLE,
        .backend = call->backend,
        .call = call->id,
        .outcome = {.class_ = class_, .latency_ms = latency_of(call, now)}};
    if (class_ == TRUST_OUTCOME_OK)
        action.outcome.is_error = call->is_error;
    if (class_ == TRUST_OUTCOME_RATE_LIMITED && call->pause_ms != TRUST_NEVER_MS)
        action.outcome.retry_after_ms =
            call->pause_ms < UINT32_MAX ? (uint32_t)call->pause_ms : UINT32_MAX;
    queue_put(&r->queue, &action);
}

void send_settle_stale(struct router *r, uint64_t id, uint32_t backend)
{
    queue_put(&r->queue, &(struct router_action){.kind = ROUTER_SETTLE,
                                                 .backend = backend,
                                                 .call = id,
                                                 .outcome = {.class_ = TRUST_OUTCOME_CANCELLED,
                                                             .latency_ms = TRUST_LATENCY_UNKNOWN}});
}

void send_start(struct router *r, uint32_t backend)
{
    r->backends[backend].phase = BACKEND_STARTING;
    queue_put(&r->queue, &(struct router_action){.kind = ROUTER_START, .backend = backend});
}

void send_stop(struct router *r, uint32_t backend)
{
    r->backends[backend].phase = BACKEND_STOPPING;
    queue_put(&r->queue, &(struct router_action){.kind = ROUTER_STOP,
                                                 .backend = backend,
                                                 .is_idle = r->backends[backend].is_idle});
}

void send_note(struct router *r, enum router_note note, uint32_t backend)
{
    queue_put(&r->queue,
              &(struct router_action){.kind = ROUTER_LOG, .backend = backend, .note = note});
}

void send_error(struct router *r, struct trust_bytes id, int code, const char *message,
                uint64_t tag)
{
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_bytes(&text, id.size == 0 ? trust_bytes_text("null") : id);
    text_put(&text, ",\"error\":{\"code\":-");
    text_put_number(&text, (uint64_t)-code);
    text_put(&text, ",\"message\":");
    text_put_string(&text, trust_bytes_text(message));
    text_put(&text, "}}");
    send_client(r, text, tag);
}

void send_result(struct router *r, struct trust_bytes id, struct trust_bytes result, uint64_t tag)
{
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_bytes(&text, id);
    text_put(&text, ",\"result\":");
    text_put_bytes(&text, result);
    text_put(&text, "}");
    send_client(r, text, tag);
}

void send_notice(struct router *r, const char *method)
{
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"method\":\"");
    text_put(&text, method);
    text_put(&text, "\"}");
    send_aside(r, text, 0);
}

void send_own(struct router *r, uint32_t backend, const char *method, const char *key,
              struct trust_bytes value)
{
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_number(&text, calls_own_id(&r->calls));
    text_put(&text, ",\"method\":\"");
    text_put(&text, method);
    text_put(&text, "\",\"params\":{\"");
    text_put(&text, key);
    text_put(&text, "\":");
    text_put_bytes(&text, value);
    text_put(&text, "}}");
    send_backend(r, backend, text);
}

void send_cancel(struct router *r, const struct call *call, const char *reason)
{
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                    "\"requestId\":");
    text_put_number(&text, call->id);
    text_put(&text, ",\"reason\":\"");
    text_put(&text, reason);
    text_put(&text, "\"}}");
    send_backend(r, call->backend, text);
}
