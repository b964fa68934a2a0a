/* See holds.h. */
#include "guard/router/holds.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "guard/router/answer.h"
#include "guard/router/send.h"
#include "guard/router/translate.h"
#include "wire/json.h"
#include "wire/splice.h"

#define PREFIX "repute-guard:"
#define SEAL_SIZE 16
/* The prefix, a number, a colon, the seal in digits, and quotes or a NUL. */
#define STATE_SIZE 80

static struct trust_bytes member(struct trust_bytes object, const char *name)
{
    struct trust_bytes value;
    if (json_kind(object) != JSON_KIND_OBJECT || json_find(&value, object, name) != TRUST_OK)
        return (struct trust_bytes){0};
    return value;
}

static void answer_backend(struct router *r, uint32_t backend, struct trust_bytes id,
                           const char *kind, struct trust_bytes value)
{
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_bytes(&text, id);
    text_put(&text, ",\"");
    text_put(&text, kind);
    text_put(&text, "\":");
    text_put_bytes(&text, value);
    text_put(&text, "}");
    send_backend(r, backend, text);
}

static void refuse(struct router *r, uint32_t backend, struct trust_bytes id, const char *error)
{
    answer_backend(r, backend, id, "error", trust_bytes_text(error));
}

/* What names the call at the client. Clients of one group do not know the states of each other. */
static void write_state(const struct router *r, char out_state[STATE_SIZE], const struct call *call)
{
    uint64_t facts[2] = {call->id, call->hold->rounds};
    uint8_t seal[SEAL_SIZE];
    char digits[2 * SEAL_SIZE + 1];
    crypto_generichash(seal, sizeof seal, (const uint8_t *)facts, sizeof facts, r->config.secret,
                       sizeof r->config.secret);
    sodium_bin2hex(digits, sizeof digits, seal, sizeof seal);
    snprintf(out_state, STATE_SIZE, PREFIX "%" PRIu64 ":%s", call->id, digits);
}

/* ---- the backend asks ---- */

static void put_item(struct text *text, const struct hold_item *item, bool is_first)
{
    text_put(text, is_first ? "\"r" : ",\"r");
    text_put_number(text, item->key);
    text_put(text, "\":{\"method\":\"");
    text_put(text, message_method_name(item->method));
    text_put(text, "\"");
    if (item->params != NULL) {
        text_put(text, ",\"params\":");
        text_put(text, item->params);
    }
    text_put(text, "}");
}

/* The client's request is answered with all that is asked, and held. */
static void tell(struct router *r, struct call *call)
{
    struct hold *hold = call->hold;
    struct text text = {0};
    char state[STATE_SIZE];
    hold->rounds++;
    write_state(r, state, call);
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_bytes(&text, call->message.id);
    text_put(&text, ",\"result\":{\"resultType\":\"input_required\",\"inputRequests\":{");
    for (uint32_t i = 0; i < hold->item_count; i++) {
        put_item(&text, &hold->items[i], i == 0);
        hold->items[i].is_told = true;
    }
    text_put(&text, "},\"requestState\":\"");
    text_put(&text, state);
    text_put(&text, "\"}}");
    send_client(r, text, call->tag);
    hold->is_of_many = call->tag != 0;
    call->tag = 0;
    call->state = CALL_HELD;
    call->until_ms = call->deadline_ms;
    state_due(r, call->until_ms);
}

static bool may_ask(const struct call *call)
{
    enum message_method method = call->message.method;
    return method == METHOD_TOOLS_CALL || method == METHOD_PROMPTS_GET ||
           method == METHOD_RESOURCES_READ;
}

/* The client says with each request what it can be asked, and another one may have said more. */
static bool can_answer(const struct call *call, enum message_method method)
{
    struct trust_bytes able =
        member(call->message.meta, "io.modelcontextprotocol/clientCapabilities");
    const char *name = method == METHOD_CREATE_MESSAGE ? "sampling"
                       : method == METHOD_ELICIT       ? "elicitation"
                                                       : "roots";
    return json_kind(member(able, name)) == JSON_KIND_OBJECT;
}

/* The client is one of several, by HTTP. */
static bool is_of_many(const struct call *call)
{
    return call->tag != 0 || (call->hold != NULL && call->hold->is_of_many);
}

static bool is_working(const struct call *call, uint32_t backend)
{
    bool is_there = call->state == CALL_SENT || call->state == CALL_HELD;
    bool is_over = call->hold != NULL && (call->hold->is_lost || call->hold->answer.size > 0);
    return is_there && call->backend == backend && may_ask(call) && !is_over;
}

/* A legacy backend does not say which call it asks for: the one that waits longest, and if the
 * client is away with all of them, one of those. What is asked for one client is no other's to
 * answer: then it has to be the only one. */
static struct call *find_asking(struct router *r, uint32_t backend)
{
    struct call *found = NULL;
    for (uint32_t i = 0; i < r->calls.count; i++) {
        struct call *call = calls_at(&r->calls, i);
        if (!is_working(call, backend))
            continue;
        if (found != NULL && (is_of_many(found) || is_of_many(call)))
            return NULL;
        bool is_better = found == NULL || (found->state == CALL_HELD && call->state == CALL_SENT) ||
                         (found->state == call->state && call->number < found->number);
        if (is_better)
            found = call;
    }
    return found;
}

static bool add_item(struct router *r, struct call *call, const struct message *message)
{
    if (call->hold == NULL) {
        call->hold = (struct hold *)(void *)text_memory(sizeof *call->hold);
        *call->hold = (struct hold){.next_key = 1};
    }
    struct hold *hold = call->hold;
    if (hold->item_count == TRUST_GUARD_INPUTS_MAX || hold->rounds >= TRUST_GUARD_ROUNDS_MAX ||
        !calls_keep(&r->calls, call, message->whole.size))
        return false;
    struct hold_item *item = &hold->items[hold->item_count++];
    *item = (struct hold_item){
        .key = hold->next_key++, .method = message->method, .raw_id = text_copy(message->id)};
    if (message->params.size > 0)
        item->params = text_copy(message->params);
    return true;
}

bool holds_ask(struct router *r, uint32_t backend, const struct message *message, uint64_t now)
{
    (void)now;
    if (!translate_is_between(r, backend, ERA_MODERN))
        return false;
    bool is_known = message->method == METHOD_CREATE_MESSAGE || message->method == METHOD_ELICIT ||
                    message->method == METHOD_ROOTS_LIST;
    if (!is_known) {
        refuse(r, backend, message->id, "{\"code\":-32601,\"message\":\"Method not found\"}");
        return true;
    }
    struct call *call = find_asking(r, backend);
    if (call != NULL && !can_answer(call, message->method))
        refuse(r, backend, message->id, "{\"code\":-32601,\"message\":\"Method not found\"}");
    else if (call == NULL || !add_item(r, call, message))
        refuse(r, backend, message->id,
               "{\"code\":-32603,\"message\":\"The client can be asked only while it waits for an "
               "answer, and not for ever\"}");
    else if (call->state == CALL_SENT)
        tell(r, call);
    return true;
}

void holds_cancel(struct router *r, uint32_t backend, const struct message *message)
{
    for (uint32_t i = 0; i < r->calls.count; i++) {
        struct call *call = calls_at(&r->calls, i);
        if (call->hold == NULL || call->backend != backend)
            continue;
        for (uint32_t k = call->hold->item_count; k-- > 0;) {
            if (trust_bytes_equal(trust_bytes_text(call->hold->items[k].raw_id),
                                  message->request_id))
                hold_remove(call->hold, k);
        }
    }
}

/* ---- the client comes back ---- */

/* It is the same request: what the backend works at is what the client waits for. */
static bool is_same(const struct message *a, const struct message *b)
{
    struct recall_digest one = recall_digest(a->name, a->arguments);
    struct recall_digest other = recall_digest(b->name, b->arguments);
    return a->method == b->method && trust_bytes_equal(a->uri, b->uri) &&
           memcmp(&one, &other, sizeof one) == 0;
}

static struct call *find_held(struct router *r, const char *state, const struct message *message)
{
    char expected[STATE_SIZE];
    uint64_t id = strtoull(state + strlen(PREFIX), NULL, 10);
    struct call *call = calls_find(&r->calls, id);
    if (call == NULL || call->state != CALL_HELD || !is_same(&call->message, message))
        return NULL;
    write_state(r, expected, call);
    return strcmp(expected, state) == 0 ? call : NULL;
}

/* What was not answered stays, and is asked again. */
static void deliver(struct router *r, struct call *call, struct trust_bytes responses)
{
    struct hold *hold = call->hold;
    for (uint32_t i = hold->item_count; i-- > 0;) {
        const struct hold_item *item = &hold->items[i];
        char key[16];
        snprintf(key, sizeof key, "r%" PRIu32, item->key);
        struct trust_bytes response = member(responses, key);
        if (!item->is_told || json_kind(response) != JSON_KIND_OBJECT)
            continue;
        call->is_consumed = call->is_consumed || item->method != METHOD_ROOTS_LIST;
        answer_backend(r, call->backend, trust_bytes_text(item->raw_id), "result", response);
        hold_remove(hold, i);
    }
}

/* Once too often: the backend has to do without. */
static void refuse_all(struct router *r, struct call *call)
{
    while (call->hold->item_count > 0) {
        refuse(r, call->backend, trust_bytes_text(call->hold->items[0].raw_id),
               "{\"code\":-32603,\"message\":\"The client does not answer\"}");
        hold_remove(call->hold, 0);
    }
}

/* The request as it was first, with the id and the token of its present copy: should it be sent
 * again, it begins anew. */
static void rewrite(struct router *r, struct call *call, const struct message *message)
{
    struct splice splice;
    struct message read;
    const struct message *first = &call->message;
    splice_init(&splice, first->whole);
    splice_replace(&splice, first->id, message->id);
    if (first->meta_progress_token.size > 0 && message->meta_progress_token.size > 0)
        splice_replace(&splice, first->meta_progress_token, message->meta_progress_token);
    struct text text = send_spliced(&splice);
    enum trust_error error = message_read(&read, text_bytes(&text));
    assert(error == TRUST_OK);
    calls_replace(&r->calls, call, text.data, &read);
}

/* It is as if it had been sent just now, and what has happened meanwhile happens now. */
static void go_on(struct router *r, struct call *call, struct trust_bytes responses, uint64_t now)
{
    struct hold *hold = call->hold;
    call->state = CALL_SENT;
    call->began_ms = now;
    state_touch(r, call, now);
    state_due(r, call->until_ms);
    if (!hold->is_lost && hold->answer.size == 0) {
        deliver(r, call, responses);
        if (hold->rounds >= TRUST_GUARD_ROUNDS_MAX)
            refuse_all(r, call);
        if (hold->item_count > 0)
            tell(r, call);
        return;
    }
    struct settle_cause cause = {
        .class_ = hold->class_, .is_sent = hold->is_sent, .retry_after_ms = hold->retry_after_ms};
    struct text answer = hold->answer;
    struct message message;
    hold->answer = (struct text){0};
    hold_free(hold);
    call->hold = NULL;
    if (answer.size == 0)
        settle_attempt(r, call, &cause, now);
    else if (message_read(&message, text_bytes(&answer)) == TRUST_OK)
        answer_line(r, call->backend, &message, now);
    free(answer.data);
}

bool holds_retry(struct router *r, uint8_t *line, const struct message *message, uint64_t tag,
                 uint64_t now)
{
    char state[STATE_SIZE];
    size_t size = 0;
    if (r->era != ERA_MODERN ||
        json_string_copy(state, sizeof state - 1, &size, member(message->params, "requestState")) !=
            TRUST_OK)
        return false;
    state[size] = '\0';
    if (strncmp(state, PREFIX, strlen(PREFIX)) != 0)
        return false;
    struct call *call = find_held(r, state, message);
    if (call == NULL) {
        send_error(r, message->id, -32602, "requestState is of no call that waits for an answer",
                   tag);
    } else {
        rewrite(r, call, message);
        call->tag = tag;
        go_on(r, call, member(message->params, "inputResponses"), now);
    }
    free(line);
    return true;
}

/* ---- meanwhile ---- */

void holds_answer(struct router *r, struct call *call, const struct message *message, uint64_t now)
{
    static const struct settle_cause no_room = {
        .class_ = TRUST_OUTCOME_REFUSED, .is_sent = true, .retry_after_ms = TRUST_NEVER_MS};
    struct hold *hold = call->hold;
    if (hold->is_lost || hold->answer.size > 0) {
        r->stats.late++;
        return;
    }
    if (!calls_keep(&r->calls, call, message->whole.size)) {
        send_note(r, ROUTER_NOTE_NO_ROOM, call->backend);
        holds_lost(r, call, &no_room, now);
        return;
    }
    text_put_bytes(&hold->answer, message->whole);
}

void holds_lost(struct router *r, struct call *call, const struct settle_cause *cause, uint64_t now)
{
    struct hold *hold = call->hold;
    if (hold->is_lost || hold->answer.size > 0)
        return;
    send_settle(r, call, cause->class_, now);
    hold->is_lost = true;
    hold->is_sent = cause->is_sent;
    hold->class_ = cause->class_;
    hold->retry_after_ms = cause->retry_after_ms;
}

void holds_end(struct router *r, struct call *call, const char *reason, uint64_t now)
{
    bool is_there = !call->hold->is_lost && call->hold->answer.size == 0;
    if (is_there) {
        refuse_all(r, call);
        send_cancel(r, call, reason);
    } else if (call->hold->is_lost && call->hold->is_sent) {
        settle_remember(r, call, now);
    }
    settle_cancelled(r, call, now);
}
