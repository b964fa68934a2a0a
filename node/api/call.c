/* See call.h. */
#include "node/api/call.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "node/api/api.h"

#define DETAIL_SIZE 512

void api_call_close(struct api_call *call)
{
    if (call->release != NULL)
        call->release(call);
    free(call->answer.text);
    json_decref(call->document);
    if (call->is_held)
        call->api->held_count--;
    call->release = NULL;
    call->state = NULL;
    call->document = NULL;
    call->is_held = false;
    call->answer = (struct api_answer){0};
}

bool api_is_answered(const struct api_call *call)
{
    return call->answer.status != 0;
}

/* Memory ran out while the answer was written: the status alone says so. */
static void finish(struct api_call *call, int status, const char *type, struct api_doc *doc)
{
    assert(!api_is_answered(call));
    call->answer.status = status;
    call->answer.type = type;
    if (api_doc_take(doc, &call->answer.text, &call->answer.size) != TRUST_OK)
        call->answer.status = 500;
}

void api_answer(struct api_call *call, struct api_doc *doc)
{
    finish(call, 200, "application/json", doc);
}

void api_answer_text(struct api_call *call, const char *type, struct trust_bytes text)
{
    assert(!api_is_answered(call));
    char *copy = malloc(text.size + 1);
    if (copy == NULL) {
        call->answer.status = 500;
        return;
    }
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    call->answer = (struct api_answer){
        .status = 200, .type = type, .text = copy, .size = text.size, .produce = NULL};
}

void api_answer_stream(struct api_call *call, const char *type, api_produce *produce)
{
    assert(!api_is_answered(call));
    call->answer.status = 200;
    call->answer.type = type;
    call->answer.produce = produce;
}

int api_status_of(enum trust_error code)
{
    if (code < TRUST_OK)
        return 500;
    static const struct {
        enum trust_error code;
        int status;
    } rows[] = {
        {TRUST_NO_SIZE, 413},      {TRUST_NO_ROOM, 507},  {TRUST_NO_FOUND, 404},
        {TRUST_NO_METHOD, 405},    {TRUST_NO_PEER, 404},  {TRUST_NO_PERMISSION, 403},
        {TRUST_NO_CHALLENGE, 403}, {TRUST_NO_BUSY, 503},  {TRUST_NO_CONFLICT, 409},
        {TRUST_NO_OPERATOR, 409},  {TRUST_NO_LEASE, 409}, {TRUST_NO_DUPLICATE, 409},
        {TRUST_NO_PROVIDER, 503},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].code == code)
            return rows[i].status;
    }
    return 400;
}

/* What to do next when nobody knows better. */
static const char *next_of(enum trust_error code)
{
    static const struct {
        enum trust_error code;
        const char *next;
    } rows[] = {
        {TRUST_FAIL_MEMORY, "free memory on this machine, then try again"},
        {TRUST_FAIL_IO, "look at the node's log, and at the disk"},
        {TRUST_FAIL_CORRUPT, "stop the node and run reputed --verify"},
        {TRUST_NO_SIZE, "send less in one request"},
        {TRUST_NO_SUBJECT, "`repute help ids` shows the forms of an id"},
        {TRUST_NO_KEY, "check the key for typing errors"},
        {TRUST_NO_ROOM, "make room on the disk, or raise store.limit"},
        {TRUST_NO_FOUND, "see /openapi.json for what there is"},
        {TRUST_NO_SYNTAX, "send one JSON document in UTF-8"},
        {TRUST_NO_TYPE, "see /openapi.json for the members and their types"},
        {TRUST_NO_OPTION, "see /openapi.json for the members and parameters"},
        {TRUST_NO_RANGE, "see /openapi.json for the range"},
        {TRUST_NO_METHOD, "see /openapi.json for the methods"},
        {TRUST_NO_PERMISSION, "use operator.sock, as a user who may"},
        {TRUST_NO_CHALLENGE, "ask for a nonce and sign the order with the operator key"},
        {TRUST_NO_OPERATOR, "run repute init, or set operator in the configuration"},
        {TRUST_NO_BUSY, "try again in a moment"},
        {TRUST_NO_NETWORK, "use a node of that network"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].code == code)
            return rows[i].next;
    }
    return code < TRUST_OK ? "look at the node's log" : "correct the request";
}

void api_refuse(struct api_call *call, enum trust_error code, const char *next, const char *format,
                ...)
{
    assert(code != TRUST_OK);
    char detail[DETAIL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    int status = api_status_of(code);
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    api_doc_text(&doc, "type", "about:blank");
    api_doc_text(&doc, "title", trust_error_text(code));
    api_doc_count(&doc, "status", (uint64_t)status);
    api_doc_text(&doc, "detail", detail);
    api_doc_text(&doc, "code", trust_error_name(code));
    api_doc_text(&doc, "next", next == NULL ? next_of(code) : next);
    api_doc_close_object(&doc);
    finish(call, status, "application/problem+json", &doc);
}

bool api_hold(struct api_call *call)
{
    assert(!call->is_held);
    if (call->api->held_count == TRUST_API_HELD_MAX || call->api->is_stopping) {
        api_refuse(call, TRUST_NO_BUSY, NULL, "%s",
                   call->api->is_stopping ? "the node is stopping" : "too many requests wait");
        return false;
    }
    call->api->held_count++;
    call->is_held = true;
    return true;
}

void api_wake(struct api_call *call)
{
    if (call->go_on != NULL)
        call->go_on(call);
}
