/* See answer.h. */
#include "guard/router/answer.h"

#include <stdlib.h>

#include "base/assert.h"
#include "guard/router/degraded.h"
#include "guard/router/forward.h"
#include "guard/router/handshake.h"
#include "guard/router/holds.h"
#include "guard/router/listens.h"
#include "guard/router/notices.h"
#include "guard/router/rounds.h"
#include "guard/router/send.h"
#include "guard/router/settle.h"
#include "guard/router/sticky.h"
#include "guard/router/translate.h"
#include "wire/json.h"
#include "wire/splice.h"

/* Errors of JSON-RPC by what they say about the server. Two of MCP's own are good answers: resource
 * not found, and a URL that the user has to visit first. */
static enum trust_outcome_class class_of(struct trust_bytes code)
{
    static const struct {
        const char *code;
        enum trust_outcome_class class_;
    } rows[] = {
        {"-32700", TRUST_OUTCOME_CALLER},   {"-32600", TRUST_OUTCOME_CALLER},
        {"-32601", TRUST_OUTCOME_CALLER},   {"-32602", TRUST_OUTCOME_CALLER},
        {"-32002", TRUST_OUTCOME_CALLER},   {"-32042", TRUST_OUTCOME_CALLER},
        {"-32603", TRUST_OUTCOME_INTERNAL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (trust_bytes_equal(code, trust_bytes_text(rows[i].code)))
            return rows[i].class_;
    }
    bool is_server_error = code.size == 6 && memcmp(code.data, "-320", 4) == 0;
    return is_server_error ? TRUST_OUTCOME_INTERNAL : TRUST_OUTCOME_OK;
}

#define OWN_META "io.repute/guard"

/* What the guard says in _meta, nobody else does: a server's own words under that name are taken
 * out. value empty: the guard has nothing to say. */
static void set_own_meta(struct splice *splice, const struct message *message,
                         struct trust_bytes value, struct text *room)
{
    struct trust_bytes old;
    bool has_meta = json_kind(message->meta) == JSON_KIND_OBJECT;
    enum trust_error found = has_meta ? json_find(&old, message->meta, OWN_META) : TRUST_NO_FOUND;
    if (found == TRUST_OK) {
        splice_replace(splice, old, value.size > 0 ? value : trust_bytes_text("null"));
        return;
    }
    if (found != TRUST_NO_FOUND) { /* twice */
        text_put(room, "{");
        if (value.size > 0) {
            text_put(room, "\"" OWN_META "\":");
            text_put_bytes(room, value);
        }
        text_put(room, "}");
        splice_replace(splice, message->meta, text_bytes(room));
        return;
    }
    if (value.size == 0)
        return;
    enum trust_error error =
        splice_set_meta(splice, message->result, message->meta, OWN_META, value);
    assert(error == TRUST_OK); /* it refuses a name that stands there twice alone */
}

/* Its id for the client's; and, if another backend was tried first, who answers in its place. */
static void pass(struct router *r, const struct call *call, const struct message *message)
{
    struct splice splice;
    struct text value = {0};
    struct text room = {0};
    splice_init(&splice, message->whole);
    splice_replace(&splice, message->id, call->message.id);
    if (call->has_first && call->first != call->backend) {
        r->stats.failovers++;
        value = degraded_failover(r->subjects[call->first], r->subjects[call->backend]);
    }
    if (message->kind == MESSAGE_RESPONSE) {
        translate_result(r, &splice, call, message);
        set_own_meta(&splice, message, text_bytes(&value), &room);
    }
    send_client(r, send_spliced(&splice), call->tag);
    free(value.data);
    free(room.data);
}

/* Members of a result of tools/call. */
struct answered {
    struct trust_bytes content;
    struct trust_bytes structured;
    bool is_task; /* it stands for an answer to come */
};

static struct answered read_answered(struct trust_bytes result)
{
    struct answered answered = {.is_task = false};
    struct json_walk walk = json_walk_object(result);
    struct trust_bytes key, value;
    while (json_next_member(&walk, &key, &value)) {
        if (json_raw_is(key, "content"))
            answered.content = value;
        else if (json_raw_is(key, "structuredContent"))
            answered.structured = value;
        else if (json_raw_is(key, "task"))
            answered.is_task = true;
    }
    return answered;
}

static bool is_complete(const struct message *message)
{
    return message->result_type.size == 0 || json_is_string(message->result_type, "complete");
}

/* What a tool answered that has failed is for the model to read, what a task or another round
 * stands for is not there yet: neither is held against the schema. */
static bool is_fit(struct router *r, const struct call *call, const struct message *message)
{
    if (json_kind(message->result) != JSON_KIND_OBJECT)
        return false;
    if (call->kind != RESEND_CALL || call->is_error || !is_complete(message))
        return true;
    struct answered answered = read_answered(message->result);
    if (answered.is_task)
        return true;
    if (answered.content.size == 0 ? answered.structured.size == 0
                                   : json_kind(answered.content) != JSON_KIND_ARRAY)
        return false;
    struct trust_bytes tool = {.data = (const uint8_t *)call->tool, .size = call->tool_size};
    const struct offer *offer = &r->config.offer;
    return !call->has_output ||
           offer->calls->conforms(offer->context, tool, call->backend, answered.structured);
}

static const struct settle_cause garbage = {
    .class_ = TRUST_OUTCOME_GARBAGE, .is_sent = true, .retry_after_ms = TRUST_NEVER_MS};

/* A client drops an error without a code or a message as no answer, and waits on. */
static bool is_error_fit(const struct message *message)
{
    struct trust_bytes code = message->error_code;
    bool is_whole = json_kind(code) == JSON_KIND_NUMBER;
    for (size_t i = 0; i < code.size; i++) {
        if (code.data[i] == '.' || code.data[i] == 'e' || code.data[i] == 'E')
            is_whole = false;
    }
    return is_whole && json_kind(message->error_message) == JSON_KIND_STRING;
}

/* Prompts and templates are pinned as they were learned, and pass as the backend lists them for the
 * client: it must be the same. */
static bool is_as_learned(struct router *r, const struct call *call, const struct message *message)
{
    const struct offer *offer = &r->config.offer;
    enum message_method method = call->message.method;
    if (method != METHOD_PROMPTS_LIST && method != METHOD_RESOURCES_TEMPLATES_LIST)
        return true;
    return offer->calls->lists_known(
        offer->context, method == METHOD_PROMPTS_LIST ? OFFER_PROMPTS : OFFER_TEMPLATES,
        call->backend, message->result);
}

static void take_result(struct router *r, struct call *call, const struct message *message,
                        uint64_t now)
{
    bool is_error = false;
    if (json_bool(&is_error, message->is_error) != TRUST_OK)
        is_error = false;
    call->is_error = is_error;
    if (!is_fit(r, call, message)) {
        settle_attempt(r, call, &garbage, now);
        return;
    }
    if (!is_as_learned(r, call, message)) {
        handshake_stale(r, call->backend, now);
        forward_skip(r, call, TRUST_OUTCOME_OK, now);
        return;
    }
    if (translate_is_between(r, call->backend, ERA_LEGACY) &&
        json_is_string(message->result_type, "input_required")) {
        rounds_begin(r, call, message, now);
        return;
    }
    notices_answered(r, call);
    sticky_answered(r, call, message);
    pass(r, call, message);
    send_settle(r, call, TRUST_OUTCOME_OK, now);
    calls_end(&r->calls, call);
}

static bool is_passed(const struct router *r, const struct call *call,
                      enum trust_outcome_class class_)
{
    struct resend_case fact = {.kind = call->kind,
                               .class_ = class_,
                               .hints = call->hints,
                               .is_believed = call->is_believed,
                               .is_sent = true,
                               .is_consumed = call->is_consumed,
                               .is_state_shared = r->config.is_state_shared};
    return resend_rule(&fact) == RESEND_ANSWER;
}

/* HeaderMismatch of MCP 2026-07-28: nothing was executed, and what the server wants in headers has
 * changed since it was learned. Once, its tools are learned anew and the call is given to it again,
 * if it still may be. */
static bool is_of_headers(const struct router *r, const struct call *call,
                          const struct message *message)
{
    return call->kind == RESEND_CALL && !call->is_relearned &&
           r->backends[call->backend].phase == BACKEND_READY &&
           trust_bytes_equal(message->error_code, trust_bytes_text("-32020"));
}

static void learn_again(struct router *r, struct call *call, uint64_t now)
{
    call->is_relearned = true;
    send_settle(r, call, TRUST_OUTCOME_CANCELLED, now);
    calls_renew(&r->calls, call);
    call->state = CALL_PARKED;
    call->until_ms = now + r->config.connect_timeout_ms;
    if (call->until_ms > call->deadline_ms)
        call->until_ms = call->deadline_ms;
    state_due(r, call->until_ms);
    handshake_stale(r, call->backend, now);
}

static void take_error(struct router *r, struct call *call, const struct message *message,
                       uint64_t now)
{
    if (!is_error_fit(message)) {
        settle_attempt(r, call, &garbage, now);
        return;
    }
    enum trust_outcome_class class_ = class_of(message->error_code);
    if (is_of_headers(r, call, message)) {
        call->error.size = 0;
        text_put_bytes(&call->error, message->error);
        learn_again(r, call, now);
        return;
    }
    if (is_passed(r, call, class_)) {
        call->is_error = true;
        pass(r, call, message);
        send_settle(r, call, class_, now);
        calls_end(&r->calls, call);
        return;
    }
    call->error.size = 0;
    text_put_bytes(&call->error, message->error);
    settle_attempt(
        r, call,
        &(struct settle_cause){.class_ = class_, .is_sent = true, .retry_after_ms = TRUST_NEVER_MS},
        now);
}

void answer_line(struct router *r, uint32_t b, const struct message *message, uint64_t now)
{
    uint64_t id = 0;
    /* Ours are written in one way: 7.0 and "7" are not. */
    bool is_number = message->id.size > 0 && json_uint(&id, message->id) == TRUST_OK;
    if (is_number && id != 0 && id == r->backends[b].asked_id) {
        handshake_answer(r, b, message, now);
        return;
    }
    if (is_number && listens_answer(r, b, id, message, now))
        return;
    struct call *call = is_number ? calls_find(&r->calls, id) : NULL;
    if (call != NULL && call->state == CALL_SENT && call->backend == b) {
        if (message->kind == MESSAGE_RESPONSE)
            take_result(r, call, message, now);
        else
            take_error(r, call, message, now);
        return;
    }
    if (call != NULL && call->state == CALL_HELD && call->backend == b) {
        holds_answer(r, call, message, now);
        return;
    }
    if (call == NULL && is_number && calls_was_given(&r->calls, id)) {
        r->stats.late++;
        return;
    }
    r->stats.foreign++;
    send_note(r, ROUTER_NOTE_FOREIGN, b);
}
