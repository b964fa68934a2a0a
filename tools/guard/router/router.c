/* See router.h: each event finds its way to the file that knows what it means. */
#include "guard/router/router.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "guard/router/answer.h"
#include "guard/router/degraded.h"
#include "guard/router/forward.h"
#include "guard/router/handshake.h"
#include "guard/router/holds.h"
#include "guard/router/idle.h"
#include "guard/router/listeners.h"
#include "guard/router/listens.h"
#include "guard/router/local.h"
#include "guard/router/notices.h"
#include "guard/router/requests.h"
#include "guard/router/send.h"
#include "guard/router/settle.h"
#include "guard/router/state.h"
#include "wire/json.h"
#include "wire/message.h"

#define CALL_TIMEOUT_MS 60000
#define CONNECT_TIMEOUT_MS 10000
#define DEADLINE_FACTOR 10

static void complete(struct router_config *config)
{
    if (config->call_timeout_ms == 0)
        config->call_timeout_ms = CALL_TIMEOUT_MS;
    if (config->connect_timeout_ms == 0)
        config->connect_timeout_ms = CONNECT_TIMEOUT_MS;
    if (config->deadline_ms != 0)
        return;
    bool is_long = config->call_timeout_ms > UINT32_MAX / DEADLINE_FACTOR;
    config->deadline_ms = is_long ? UINT32_MAX : DEADLINE_FACTOR * config->call_timeout_ms;
}

enum trust_error router_new(struct router **out_router, const struct router_config *config)
{
    assert(config->backend_count > 0);
    assert(config->backend_count <= ROUTER_BACKENDS_MAX);
    struct router *r = calloc(1, sizeof *r);
    if (r == NULL)
        return TRUST_FAIL_MEMORY;
    r->config = *config;
    complete(&r->config);
    r->group = text_copy(trust_bytes_text(config->group));
    r->backend_count = config->backend_count;
    for (uint32_t b = 0; b < r->backend_count; b++) {
        r->backends[b].subject = text_copy(trust_bytes_text(config->subjects[b]));
        r->subjects[b] = r->backends[b].subject;
        r->backends[b].unready_class = TRUST_OUTCOME_REFUSED;
    }
    calls_init(&r->calls);
    r->basis = (struct trust_basis){.kind = TRUST_BASIS_NONE};
    r->due_ms = TRUST_NEVER_MS;
    *out_router = r;
    return TRUST_OK;
}

void router_free(struct router *r)
{
    if (r == NULL)
        return;
    for (uint32_t b = 0; b < r->backend_count; b++) {
        free(r->backends[b].subject);
        free(r->backends[b].server.data);
    }
    requests_close(r);
    notices_close(r);
    calls_close(&r->calls);
    queue_close(&r->queue);
    recall_close(&r->recall);
    free(r->hello.data);
    free(r->meta.data);
    free(r->log_level);
    free(r->group);
    free(r);
}

/* No room for one more: the same answer that a server gives that wants fewer calls. */
static void refuse(struct router *r, const struct message *message, uint64_t tag)
{
    struct degraded facts = {.reason = TRUST_REASON_RATE_LIMITED,
                             .retry_after_ms = TRUST_GUARD_NOTICE_MS,
                             .basis = r->basis,
                             .group = r->group,
                             .subjects = r->subjects,
                             .era = r->era};
    send_note(r, ROUTER_NOTE_NO_ROOM, 0);
    send_client(r, degraded_answer(message, &facts), tag);
}

/* The id of what is meant as a request, else nothing: who waits for that id is to be told. */
static struct trust_bytes id_of_request(struct trust_bytes line)
{
    struct trust_bytes id;
    struct trust_bytes other;
    enum trust_error method = json_find(&other, line, "method");
    if ((method != TRUST_OK && method != TRUST_NO_DUPLICATE) ||
        json_find(&other, line, "result") != TRUST_NO_FOUND ||
        json_find(&other, line, "error") != TRUST_NO_FOUND ||
        json_find(&id, line, "id") != TRUST_OK)
        return (struct trust_bytes){0};
    enum json_kind kind = json_kind(id);
    return kind == JSON_KIND_STRING || kind == JSON_KIND_NUMBER ? id : (struct trust_bytes){0};
}

static void refuse_line(struct router *r, struct trust_bytes id, int code, uint64_t tag)
{
    send_note(r, ROUTER_NOTE_CLIENT, 0);
    send_error(r, id, code, code == -32700 ? "Parse error" : "Not a message of JSON-RPC 2.0", tag);
}

static void client_request(struct router *r, uint8_t *line, const struct message *message,
                           uint64_t tag, uint64_t now)
{
    r->stats.calls++;
    if (holds_retry(r, line, message, tag, now))
        return;
    if (calls_are_full(&r->calls, message->whole.size)) {
        refuse(r, message, tag);
        free(line);
    } else if (!local_request(r, line, message, tag, now)) {
        forward_request(r, line, message, tag, now);
    }
}

void router_client_line(struct router *r, struct trust_bytes bytes, uint64_t tag,
                        struct trust_now now)
{
    if (r->is_closed)
        return;
    uint8_t *line = text_memory(bytes.size);
    if (bytes.size > 0)
        memcpy(line, bytes.data, bytes.size);
    struct message message;
    struct trust_bytes own = {.data = line, .size = bytes.size};
    enum trust_error error = message_read(&message, own);
    if (error != TRUST_OK) {
        if (json_check(own) == TRUST_OK)
            refuse_line(r, id_of_request(own), -32600, tag);
        else
            refuse_line(r, (struct trust_bytes){0}, -32700, tag);
        free(line);
        return;
    }
    switch (message.kind) {
    case MESSAGE_REQUEST:
        client_request(r, line, &message, tag, now.mono.ms);
        return;
    case MESSAGE_NOTIFICATION:
        notices_client(r, &message, now.mono.ms);
        break;
    case MESSAGE_RESPONSE:
    case MESSAGE_ERROR:
        requests_answer(r, &message, now.mono.ms);
        break;
    case MESSAGE_BATCH:
        refuse_line(r, (struct trust_bytes){0}, -32600, tag);
        break;
    }
    free(line);
}

void router_client_garbage(struct router *r, uint64_t tag, struct trust_now now)
{
    (void)now;
    if (!r->is_closed)
        refuse_line(r, (struct trust_bytes){0}, -32700, tag);
}

static bool is_alive(const struct backend *backend)
{
    return backend->phase == BACKEND_HANDSHAKING || backend->phase == BACKEND_JUDGING ||
           backend->phase == BACKEND_READY;
}

static void drop(struct router *r, struct call *call, uint64_t now)
{
    if (call->state == CALL_HELD) {
        holds_end(r, call, "client gone", now);
        return;
    }
    if (call->is_local && call->state == CALL_SENT)
        listeners_end(r, call);
    else if (call->state == CALL_SENT)
        send_cancel(r, call, "client gone");
    settle_cancelled(r, call, now);
}

void router_client_left(struct router *r, uint64_t tag, struct trust_now now)
{
    for (uint32_t i = r->calls.count; i-- > 0;) {
        struct call *call = calls_at(&r->calls, i);
        if (call->tag == tag)
            drop(r, call, now.mono.ms);
    }
}

void router_client_gone(struct router *r, struct trust_now now)
{
    for (uint32_t i = r->calls.count; i-- > 0;)
        drop(r, calls_at(&r->calls, i), now.mono.ms);
    requests_close(r);
    for (uint32_t b = 0; b < r->backend_count; b++) {
        enum state_phase phase = r->backends[b].phase;
        if (phase != BACKEND_IDLE && phase != BACKEND_STOPPING && phase != BACKEND_UNUSABLE)
            send_stop(r, b);
    }
    r->is_closed = true;
    r->due_ms = TRUST_NEVER_MS;
}

void router_backend_up(struct router *r, uint32_t b, struct trust_now now)
{
    assert(b < r->backend_count);
    if (!r->is_closed && r->backends[b].phase == BACKEND_STARTING)
        handshake_begin(r, b, now.mono.ms);
}

static void garbage(struct router *r, uint32_t b, uint64_t now)
{
    send_note(r, ROUTER_NOTE_GARBAGE, b);
    settle_garbage(r, b, now);
}

void router_backend_line(struct router *r, uint32_t b, struct trust_bytes line,
                         struct trust_now now)
{
    assert(b < r->backend_count);
    if (r->is_closed || !is_alive(&r->backends[b]))
        return;
    struct message message;
    if (message_read(&message, line) != TRUST_OK) {
        garbage(r, b, now.mono.ms);
        return;
    }
    switch (message.kind) {
    case MESSAGE_REQUEST:
        requests_ask(r, b, &message, now.mono.ms);
        break;
    case MESSAGE_NOTIFICATION:
        notices_backend(r, b, &message, now.mono.ms);
        break;
    case MESSAGE_RESPONSE:
    case MESSAGE_ERROR:
        answer_line(r, b, &message, now.mono.ms);
        break;
    case MESSAGE_BATCH:
        garbage(r, b, now.mono.ms);
        break;
    }
}

void router_backend_garbage(struct router *r, uint32_t b, struct trust_now now)
{
    assert(b < r->backend_count);
    if (!r->is_closed && is_alive(&r->backends[b]))
        garbage(r, b, now.mono.ms);
}

void router_backend_down(struct router *r, uint32_t b, const struct router_loss *loss,
                         struct trust_now now)
{
    assert(b < r->backend_count);
    struct backend *backend = &r->backends[b];
    if (r->is_closed || backend->phase == BACKEND_IDLE || backend->phase == BACKEND_UNUSABLE)
        return;
    if (backend->phase == BACKEND_STOPPING && backend->is_idle) {
        listens_lost(backend);
        notices_lost(r, b);
        idle_stopped(r, b);
        return;
    }
    handshake_lost(r, b, loss->written);
    handshake_reset(backend);
    if (backend->phase == BACKEND_STARTING)
        backend->unready_class = TRUST_OUTCOME_REFUSED;
    /* No call may be given to it while its calls are settled. */
    bool is_unusable = backend->refused_hello == r->hello_count && r->hello_count > 0;
    backend->phase = is_unusable ? BACKEND_UNUSABLE : BACKEND_STARTING;
    settle_backend(r, b, loss, now.mono.ms);
    requests_drop(r, b);
    listens_lost(backend);
    notices_lost(r, b);
    backend->next_number = 0;
    if (!is_unusable)
        send_start(r, b);
}

static struct call *find_number(struct router *r, uint32_t b, uint64_t number)
{
    for (uint32_t i = 0; i < r->calls.count; i++) {
        struct call *call = calls_at(&r->calls, i);
        bool is_there = call->state == CALL_SENT || call->state == CALL_HELD;
        if (is_there && call->backend == b && call->number == number)
            return call;
    }
    return NULL;
}

void router_backend_failed(struct router *r, uint32_t b, uint64_t number,
                           const struct router_failure *failure, struct trust_now now)
{
    assert(b < r->backend_count);
    struct backend *backend = &r->backends[b];
    if (r->is_closed || !is_alive(backend))
        return;
    if (listens_failed(r, b, number, now.mono.ms))
        return;
    bool is_own = backend->asked_id != 0 && backend->asked_number == number;
    struct call *call = is_own ? NULL : find_number(r, b, number);
    if (failure->class_ == TRUST_OUTCOME_SESSION_LOST && backend->phase == BACKEND_READY)
        handshake_begin(r, b, now.mono.ms);
    else if (is_own)
        handshake_failed(r, b, failure->class_, now.mono.ms);
    if (call == NULL)
        return;
    struct settle_cause cause = {
        .class_ = failure->class_,
        .is_sent = failure->is_sent,
        .retry_after_ms = failure->retry_after_ms == 0 ? TRUST_NEVER_MS : failure->retry_after_ms};
    settle_there(r, call, &cause, now.mono.ms);
}

void router_chosen(struct router *r, uint64_t call, const struct router_choice *choice,
                   struct trust_now now)
{
    forward_chosen(r, call, choice, now.mono.ms);
}

void router_judged(struct router *r, uint32_t b, struct trust_now now)
{
    assert(b < r->backend_count);
    struct backend *backend = &r->backends[b];
    if (r->is_closed || !is_alive(backend))
        return;
    bool is_new = backend->phase == BACKEND_JUDGING;
    if (is_new) {
        backend->phase = BACKEND_READY;
        idle_used(r, b, now.mono.ms);
    }
    local_learned(r);
    notices_offer(r, now.mono.ms);
    if (backend->is_stale)
        state_due(r, backend->relearn_ms);
    if (is_new)
        notices_ready(r, b);
    forward_ready(r, b, now.mono.ms);
}

void router_offer_changed(struct router *r, struct trust_now now)
{
    if (r->is_closed)
        return;
    local_learned(r);
    notices_offer(r, now.mono.ms);
}

void router_want(struct router *r, uint32_t b)
{
    if (!r->is_closed && r->era != ERA_NONE && r->backends[b].phase == BACKEND_IDLE)
        send_start(r, b);
}

void router_spare(struct router *r, uint32_t b)
{
    if (!r->is_closed)
        idle_spare(r, b);
}

void router_time(struct router *r, struct trust_now now)
{
    if (r->is_closed || now.mono.ms < r->due_ms)
        return;
    r->due_ms = TRUST_NEVER_MS;
    handshake_time(r, now.mono.ms);
    settle_time(r, now.mono.ms);
    notices_time(r, now.mono.ms);
    idle_time(r, now.mono.ms);
    listens_time(r, now.mono.ms);
}

bool router_poll(struct router *r, struct router_action *out_action)
{
    return queue_take(&r->queue, out_action);
}

struct trust_mono router_deadline(const struct router *r)
{
    return (struct trust_mono){.ms = r->due_ms};
}

bool router_is_full(const struct router *r)
{
    return calls_are_full(&r->calls, TRUST_WIRE_MESSAGE_SIZE_MAX);
}

bool router_is_ready(const struct router *r, uint32_t b)
{
    assert(b < r->backend_count);
    return r->backends[b].phase == BACKEND_READY;
}

enum trust_outcome_class router_unready_class(const struct router *r, uint32_t b)
{
    assert(b < r->backend_count);
    return r->backends[b].unready_class;
}

struct router_stats router_stats(const struct router *r)
{
    struct router_stats stats = r->stats;
    stats.in_flight = r->calls.count;
    stats.held_size = r->calls.held_size;
    return stats;
}
