/* See rounds.h. */
#include "guard/router/rounds.h"

#include <stdlib.h>

#include "guard/router/forward.h"
#include "guard/router/requests.h"
#include "guard/router/send.h"
#include "guard/router/settle.h"
#include "wire/json.h"

static bool is_personal(enum message_method method)
{
    return method == METHOD_CREATE_MESSAGE || method == METHOD_ELICIT;
}

/* A question as {"method":...,"params":...}; METHOD_OTHER: it is none. */
static enum message_method read_question(struct requests_question *question,
                                         struct trust_bytes value)
{
    struct trust_bytes method;
    if (json_kind(value) != JSON_KIND_OBJECT || json_find(&method, value, "method") != TRUST_OK)
        return METHOD_OTHER;
    if (json_find(&question->params, value, "params") != TRUST_OK)
        question->params = (struct trust_bytes){0};
    question->method = message_method_of(method);
    bool is_known = is_personal(question->method) || question->method == METHOD_ROOTS_LIST;
    bool has_params = json_kind(question->params) == JSON_KIND_OBJECT;
    if (!is_known || (question->params.size > 0 && !has_params))
        return METHOD_OTHER;
    return question->method;
}

/* Nothing is asked yet. False: something of it is no question, or there are too many. */
static bool read_round(struct round *round, struct trust_bytes result)
{
    struct trust_bytes questions, state, key, value;
    if (json_find(&state, result, "requestState") == TRUST_OK) {
        if (json_kind(state) != JSON_KIND_STRING)
            return false;
        round->state = text_copy(state);
    }
    if (json_find(&questions, result, "inputRequests") != TRUST_OK)
        return round->state != NULL;
    struct json_walk walk = json_walk_object(questions);
    while (json_next_member(&walk, &key, &value)) {
        struct requests_question question;
        enum message_method method = read_question(&question, value);
        if (method == METHOD_OTHER || round->item_count == TRUST_GUARD_INPUTS_MAX)
            return false;
        key = (struct trust_bytes){.data = key.data - 1, .size = key.size + 2};
        round->items[round->item_count++].key = text_copy(key);
        round->is_personal = round->is_personal || is_personal(method);
    }
    return walk.error == TRUST_OK && (round->item_count > 0 || round->state != NULL);
}

/* False: the client has too many open already. */
static bool ask_all(struct router *r, struct call *call, struct trust_bytes result)
{
    struct trust_bytes questions, key, value;
    if (json_find(&questions, result, "inputRequests") != TRUST_OK)
        return true;
    struct json_walk walk = json_walk_object(questions);
    for (uint32_t i = 0; json_next_member(&walk, &key, &value); i++) {
        struct requests_question question = {.call = call, .item = i};
        (void)read_question(&question, value);
        if (!requests_question(r, &question)) {
            requests_drop_call(r, call->id);
            return false;
        }
        call->round->open_count++;
    }
    return true;
}

/* The same call to the same backend: nobody else knows what its state means. */
static void go_on(struct router *r, struct call *call)
{
    call->excluded = ~state_bit(call->backend);
    call->is_consumed = call->is_consumed || call->round->is_personal;
    forward_choose(r, call);
}

/* NULL: nothing that could be asked, or once too often. */
static struct round *new_round(const struct call *call, const struct message *message)
{
    struct round *round = (struct round *)(void *)text_memory(sizeof *round);
    *round = (struct round){.rounds = call->round == NULL ? 1 : call->round->rounds + 1};
    if (round->rounds <= TRUST_GUARD_ROUNDS_MAX && call->message.params.size > 0 &&
        read_round(round, message->result))
        return round;
    round_free(round);
    return NULL;
}

void rounds_begin(struct router *r, struct call *call, const struct message *message, uint64_t now)
{
    static const struct settle_cause garbage = {
        .class_ = TRUST_OUTCOME_GARBAGE, .is_sent = true, .retry_after_ms = TRUST_NEVER_MS};
    struct round *round = new_round(call, message);
    round_free(call->round);
    call->round = round;
    if (round == NULL) {
        settle_attempt(r, call, &garbage, now);
        return;
    }
    send_settle(r, call, TRUST_OUTCOME_OK, now);
    calls_renew(&r->calls, call);
    call->state = CALL_ASKING;
    call->until_ms = call->deadline_ms;
    state_due(r, call->until_ms);
    if (!calls_keep(&r->calls, call, message->result.size) || !ask_all(r, call, message->result)) {
        send_error(r, call->message.id, -32603, "Too many questions are open", call->tag);
        calls_end(&r->calls, call);
    } else if (round->open_count == 0) {
        go_on(r, call);
    }
}

/* What the client does not answer, the call cannot have: it ends with the client's own word. */
static void refuse(struct router *r, struct call *call, const struct message *message)
{
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_bytes(&text, call->message.id);
    text_put(&text, ",\"error\":");
    if (message->kind == MESSAGE_ERROR)
        text_put_bytes(&text, message->error);
    else
        text_put(&text, "{\"code\":-32602,\"message\":\"The answer to a question is no object\"}");
    text_put(&text, "}");
    send_client(r, text, call->tag);
    requests_drop_call(r, call->id);
    calls_end(&r->calls, call);
}

void rounds_answer(struct router *r, const struct state_asked *asked, const struct message *message)
{
    struct call *call = calls_find(&r->calls, asked->call);
    if (call == NULL || call->state != CALL_ASKING)
        return;
    if (message->kind == MESSAGE_ERROR || json_kind(message->result) != JSON_KIND_OBJECT) {
        refuse(r, call, message);
        return;
    }
    if (!calls_keep(&r->calls, call, message->result.size)) {
        send_note(r, ROUTER_NOTE_NO_ROOM, call->backend);
        send_error(r, call->message.id, -32603, "The answers are too large", call->tag);
        requests_drop_call(r, call->id);
        calls_end(&r->calls, call);
        return;
    }
    call->round->items[asked->item].answer = text_copy(message->result);
    if (--call->round->open_count == 0)
        go_on(r, call);
}

void rounds_put(const struct call *call, struct splice *splice, struct text *room)
{
    const struct round *round = call->round;
    if (round == NULL)
        return;
    if (round->state != NULL)
        splice_add_member(splice, call->message.params, "requestState",
                          trust_bytes_text(round->state));
    if (round->item_count == 0)
        return;
    text_put(room, "{");
    for (uint32_t i = 0; i < round->item_count; i++) {
        text_put(room, i > 0 ? "," : "");
        text_put(room, round->items[i].key);
        text_put(room, ":");
        text_put(room, round->items[i].answer);
    }
    text_put(room, "}");
    splice_add_member(splice, call->message.params, "inputResponses", text_bytes(room));
}
