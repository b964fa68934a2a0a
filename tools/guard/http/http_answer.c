/* See http_answer.h. */
#include "guard/http/http_answer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "base/limits.h"
#include "wire/lines.h"

#define CAPACITY_MIN 4096u
/* Of a body of no use: an error page. */
#define OTHER_SIZE_MAX 65536u

void http_answer_init(struct http_answer *answer, struct http_budget *budget, struct trust_bytes id)
{
    *answer = (struct http_answer){.budget = budget, .id = id};
    sse_init(&answer->sse, TRUST_WIRE_MESSAGE_SIZE_MAX);
}

void http_answer_close(struct http_answer *answer)
{
    answer->budget->used -= answer->capacity;
    free(answer->data);
    free(answer->line);
    sse_close(&answer->sse);
    http_answer_init(answer, answer->budget, answer->id);
}

void http_answer_again(struct http_answer *answer)
{
    /* With what comes next, the id of the last event is replaced; until then it stands. */
    struct sse fresh;
    sse_init(&fresh, TRUST_WIRE_MESSAGE_SIZE_MAX);
    memcpy(fresh.id, answer->sse.id, answer->sse.id_size);
    memcpy(fresh.next_id, answer->sse.id, answer->sse.id_size);
    fresh.id_size = answer->sse.id_size;
    fresh.next_id_size = answer->sse.id_size;
    fresh.has_retry = answer->sse.has_retry;
    fresh.retry_ms = answer->sse.retry_ms;
    sse_close(&answer->sse);
    answer->sse = fresh;
    answer->mode = HTTP_ANSWER_UNREAD;
    answer->is_bad = false;
    answer->start = 0;
    answer->size = 0;
}

static bool is_type(const char *content_type, const char *type)
{
    size_t size = strlen(type);
    if (content_type == NULL || strncasecmp(content_type, type, size) != 0)
        return false;
    return content_type[size] == '\0' || strchr("; \t", content_type[size]) != NULL;
}

void http_answer_begin(struct http_answer *answer, const struct http_answer_head *head)
{
    answer->mode = HTTP_ANSWER_OTHER;
    if (head->may_answer && is_type(head->content_type, "application/json"))
        answer->mode = HTTP_ANSWER_JSON;
    else if (head->may_stream && is_type(head->content_type, "text/event-stream"))
        answer->mode = HTTP_ANSWER_STREAM;
}

static bool make_room(struct http_answer *answer, size_t more)
{
    size_t capacity = answer->capacity == 0 ? CAPACITY_MIN : answer->capacity;
    while (capacity - answer->size < more)
        capacity *= 2;
    if (capacity == answer->capacity)
        return true;
    size_t growth = capacity - answer->capacity;
    if (growth > TRUST_GUARD_ANSWERS_SIZE_MAX - answer->budget->used)
        return false;
    uint8_t *data = realloc(answer->data, capacity);
    if (data == NULL)
        return false;
    answer->data = data;
    answer->capacity = capacity;
    answer->budget->used += growth;
    return true;
}

static enum http_answer_feed append(struct http_answer *answer, struct trust_bytes bytes,
                                    size_t size_max)
{
    if (bytes.size > size_max - answer->size || !make_room(answer, bytes.size)) {
        answer->is_bad = true;
        return HTTP_ANSWER_ENOUGH;
    }
    memcpy(answer->data + answer->size, bytes.data, bytes.size);
    answer->size += bytes.size;
    return HTTP_ANSWER_FED;
}

enum http_answer_feed http_answer_feed(struct http_answer *answer, struct trust_bytes bytes)
{
    assert(answer->mode != HTTP_ANSWER_UNREAD);
    if (answer->is_bad)
        return HTTP_ANSWER_ENOUGH;
    if (bytes.size == 0)
        return HTTP_ANSWER_FED;
    if (answer->mode == HTTP_ANSWER_JSON)
        return append(answer, bytes, TRUST_WIRE_MESSAGE_SIZE_MAX);
    if (answer->mode == HTTP_ANSWER_STREAM)
        return http_answer_is_drained(answer) ? append(answer, bytes, TRUST_GUARD_PIECE_SIZE_MAX)
                                              : HTTP_ANSWER_FULL;
    answer->size += bytes.size;
    return answer->size > OTHER_SIZE_MAX ? HTTP_ANSWER_ENOUGH : HTTP_ANSWER_FED;
}

static bool is_answer(const struct http_answer *answer, const struct message *message)
{
    bool is_kind = message->kind == MESSAGE_RESPONSE || message->kind == MESSAGE_ERROR;
    return is_kind && answer->id.size > 0 && trust_bytes_equal(message->id, answer->id);
}

static bool take_json(struct http_answer *answer, struct message *out_message)
{
    if (answer->is_answered || answer->size == 0)
        return false;
    struct trust_bytes whole = {.data = answer->data, .size = answer->size};
    if (message_read(out_message, whole) != TRUST_OK || !is_answer(answer, out_message)) {
        answer->is_bad = true;
        return false;
    }
    lines_flatten(answer->data, answer->size);
    answer->is_answered = true;
    return true;
}

/* An event of more than one line is copied, since it belongs to the parser. */
static bool flatten(struct http_answer *answer, struct trust_bytes data,
                    struct message *out_message)
{
    if (memchr(data.data, '\n', data.size) == NULL && memchr(data.data, '\r', data.size) == NULL)
        return true;
    if (data.size > answer->line_capacity) {
        uint8_t *line = realloc(answer->line, data.size);
        if (line == NULL)
            return false;
        answer->line = line;
        answer->line_capacity = data.size;
    }
    memcpy(answer->line, data.data, data.size);
    lines_flatten(answer->line, data.size);
    struct trust_bytes line = {.data = answer->line, .size = data.size};
    return message_read(out_message, line) == TRUST_OK;
}

static bool take_event(struct http_answer *answer, struct message *out_message)
{
    struct sse_event event;
    struct trust_bytes rest = {.data = answer->data + answer->start,
                               .size = answer->size - answer->start};
    enum trust_error error = TRUST_OK;
    while (rest.size > 0 && !answer->is_bad) {
        error = sse_take(&answer->sse, &event, &rest);
        answer->start = answer->size - rest.size;
        if (error == TRUST_NO_FOUND)
            return false;
        /* Without data it only says where the stream is; other names are not ours. */
        if (error == TRUST_OK &&
            (event.data.size == 0 || !trust_bytes_equal(event.name, trust_bytes_text("message"))))
            continue;
        answer->is_bad = error != TRUST_OK || message_read(out_message, event.data) != TRUST_OK ||
                         out_message->kind == MESSAGE_BATCH ||
                         !flatten(answer, event.data, out_message);
        if (answer->is_bad)
            return false;
        answer->is_answered = answer->is_answered || is_answer(answer, out_message);
        return true;
    }
    return false;
}

bool http_answer_next(struct http_answer *answer, struct message *out_message, bool is_over)
{
    bool is_taken = false;
    if (answer->is_bad)
        return false;
    if (answer->mode == HTTP_ANSWER_JSON)
        return is_over && take_json(answer, out_message);
    if (answer->mode == HTTP_ANSWER_STREAM) {
        is_taken = take_event(answer, out_message);
        if (http_answer_is_drained(answer)) {
            answer->start = 0;
            answer->size = 0;
        }
    }
    return is_taken;
}

bool http_answer_is_drained(const struct http_answer *answer)
{
    return answer->start == answer->size;
}
