/* See sticky.h. */
#include "guard/router/sticky.h"

#include <string.h>

#include "wire/json.h"

static const char of_task[] = "task";
static const char of_state[] = "state";

static void add(struct router *r, const char *what, struct trust_bytes text, uint32_t backend)
{
    if (json_kind(text) != JSON_KIND_STRING)
        return;
    r->sticky[r->sticky_next] = (struct state_sticky){
        .digest = recall_digest(trust_bytes_text(what), text), .backend = backend, .is_used = true};
    r->sticky_next = (r->sticky_next + 1) % TRUST_GUARD_STICKY_MAX;
}

void sticky_answered(struct router *r, const struct call *call, const struct message *message)
{
    struct trust_bytes value;
    if (json_is_string(message->result_type, "input_required")) {
        if (json_find(&value, message->result, "requestState") == TRUST_OK)
            add(r, of_state, value, call->backend);
        return;
    }
    /* Only who asked for a task can get one; results are large, requests are not. */
    struct trust_bytes task;
    if (call->kind != RESEND_CALL || json_find(&task, call->message.params, "task") != TRUST_OK)
        return;
    if (json_find(&task, message->result, "task") == TRUST_OK &&
        json_find(&value, task, "taskId") == TRUST_OK)
        add(r, of_task, value, call->backend);
}

static void bind(struct router *r, struct call *call, const char *what, struct trust_bytes text)
{
    if (json_kind(text) != JSON_KIND_STRING)
        return;
    struct recall_digest digest = recall_digest(trust_bytes_text(what), text);
    for (uint32_t i = 0; i < TRUST_GUARD_STICKY_MAX; i++) {
        const struct state_sticky *sticky = &r->sticky[i];
        if (sticky->is_used && memcmp(&sticky->digest, &digest, sizeof digest) == 0)
            call->excluded = ~state_bit(sticky->backend);
    }
}

static bool is_about_a_task(enum message_method method)
{
    return method == METHOD_TASKS_GET || method == METHOD_TASKS_RESULT ||
           method == METHOD_TASKS_CANCEL || method == METHOD_TASKS_UPDATE;
}

void sticky_bind(struct router *r, struct call *call)
{
    struct trust_bytes value;
    if (call->message.params.size == 0)
        return;
    if (is_about_a_task(call->message.method)) {
        if (json_find(&value, call->message.params, "taskId") == TRUST_OK)
            bind(r, call, of_task, value);
        return;
    }
    if (r->era != ERA_MODERN)
        return;
    if (json_find(&value, call->message.params, "requestState") == TRUST_OK)
        bind(r, call, of_state, value);
    if (json_find(&value, call->message.params, "inputResponses") == TRUST_OK)
        call->is_consumed = true;
}
