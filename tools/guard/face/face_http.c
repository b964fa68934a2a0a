/* See face_http.h. */
#include "guard/face/face_http.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "guard/router/text.h"
#include "wire/message.h"

/* An error of the protocol is short: what is longer is looked at no closer. */
#define ERROR_SIZE_MAX 65536
#define LEFT_FIRST 16

/* ---- what waits ---- */

/* Adds what add made of the stream to the budget. */
static bool note(struct face_http *face, size_t before, const struct face_stream *stream,
                 enum trust_error error)
{
    face->budget->waiting += face_stream_waiting(stream) - before;
    return error == TRUST_OK;
}

static bool put_event(struct face_http *face, struct face_stream *stream,
                      struct trust_bytes message)
{
    size_t before = face_stream_waiting(stream);
    return note(face, before, stream, face_stream_event(stream, message));
}

static bool put_plain(struct face_http *face, struct face_stream *stream,
                      struct trust_bytes message)
{
    size_t before = face_stream_waiting(stream);
    return note(face, before, stream, face_stream_plain(stream, message));
}

static void drop(struct face_http *face, struct face_stream *stream)
{
    face->budget->waiting -= face_stream_waiting(stream);
    face_stream_close(stream);
}

/* ---- requests under way ---- */

static void append(struct face_http *face, struct face_http_request *request)
{
    request->face = face;
    request->next = NULL;
    if (face->last == NULL)
        face->first = request;
    else
        face->last->next = request;
    face->last = request;
}

static void unlink_request(struct face_http *face, const struct face_http_request *request)
{
    struct face_http_request *before = NULL;
    struct face_http_request **at = &face->first;
    while (*at != request) {
        before = *at;
        at = &before->next;
    }
    *at = request->next;
    if (face->last == request)
        face->last = before;
}

static void add_left(struct face_http *face, uint64_t tag)
{
    if (face->left_count == face->left_capacity) {
        size_t capacity = face->left_capacity == 0 ? LEFT_FIRST : 2 * face->left_capacity;
        uint64_t *left = (uint64_t *)(void *)text_memory(capacity * sizeof *left);
        if (face->left_count > 0)
            memcpy(left, face->left, face->left_count * sizeof *left);
        free(face->left);
        face->left = left;
        face->left_capacity = capacity;
    }
    face->left[face->left_count++] = tag;
}

/* Nobody will hear the answer; in a session of one client it may ask again for what it missed. */
static void give_up(struct face_http *face, const struct face_http_request *request)
{
    if (face->is_shared && request->is_given && request->is_answered && !request->is_over)
        add_left(face, request->tag);
}

static uint8_t *take_body(struct face_http *face, struct face_http_request *request)
{
    uint8_t *body = request->body;
    face->budget->bodies -= body == NULL ? 0 : request->body_size;
    request->body = NULL;
    return body;
}

void face_http_post(struct face_http *face, struct face_http_request *request)
{
    request->tag = ++face->tag;
    append(face, request);
}

void face_http_listen(struct face_http *face, struct face_http_request *request)
{
    for (struct face_http_request *other = face->first; other != NULL; other = other->next) {
        if (other->is_listening && !other->is_over) {
            other->is_over = true;
            face->wake(other);
        }
    }
    request->is_listening = true;
    request->is_given = true;
    request->form = FACE_HTTP_EVENTS;
    request->stream = face->backlog;
    face->backlog = (struct face_stream){0};
    append(face, request);
}

void face_http_leave(struct face_http_request *request)
{
    struct face_http *face = request->face;
    if (face != NULL) {
        unlink_request(face, request);
        give_up(face, request);
        face->budget->waiting -= face_stream_waiting(&request->stream);
        free(take_body(face, request));
        request->face = NULL;
    }
    face_stream_close(&request->stream);
}

size_t face_http_take(struct face_http_request *request, char *out_data, size_t room)
{
    size_t size = face_stream_take(&request->stream, out_data, room);
    if (request->face != NULL)
        request->face->budget->waiting -= size;
    return size;
}

void face_http_cut(struct face_http_request *request)
{
    give_up(request->face, request);
    drop(request->face, &request->stream);
    request->is_over = true;
    request->is_cut = true;
    request->face->wake(request);
}

void face_http_beat(struct face_http_request *request)
{
    size_t before = face_stream_waiting(&request->stream);
    if (note(request->face, before, &request->stream, face_stream_beat(&request->stream)))
        request->face->wake(request);
}

void face_http_end(struct face_http *face)
{
    for (struct face_http_request *request = face->first; request != NULL;
         request = request->next) {
        bool is_waited_for = request->is_given && !request->is_listening;
        if (is_waited_for || request->is_over)
            continue;
        if (!request->is_listening)
            request->form = FACE_HTTP_SILENCE;
        request->is_over = true;
        request->is_given = true;
        face->wake(request);
    }
}

bool face_http_is_idle(const struct face_http *face)
{
    return face->first == NULL;
}

/* ---- what the session says ---- */

/* An answer that says that the request itself is at fault has a status of its own in the modern
 * era; anything else has 200, since clients take other statuses for an end of the connection. */
static unsigned status_of(const struct face_http *face, struct trust_bytes answer)
{
    static const struct {
        const char *code;
        unsigned status;
    } rows[] = {{"-32601", 404}, {"-32020", 400}, {"-32021", 400}, {"-32022", 400}};
    struct message message;
    if (!face->is_shared || answer.size > ERROR_SIZE_MAX ||
        message_read(&message, answer) != TRUST_OK || message.kind != MESSAGE_ERROR)
        return 200;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (trust_bytes_equal(message.error_code, trust_bytes_text(rows[i].code)))
            return rows[i].status;
    }
    return 200;
}

static void answer(struct face_http *face, struct face_http_request *request,
                   struct trust_bytes bytes)
{
    bool is_put = true;
    if (bytes.size > 0 && request->form == FACE_HTTP_OPEN) {
        request->form = FACE_HTTP_JSON;
        request->status = status_of(face, bytes);
        is_put = put_plain(face, &request->stream, bytes);
    } else if (bytes.size > 0) {
        is_put = put_event(face, &request->stream, bytes);
    } else if (request->form == FACE_HTTP_OPEN) {
        request->form = FACE_HTTP_SILENCE;
    }
    request->is_over = true;
    request->is_cut = !is_put;
    face->wake(request);
}

static void tell(struct face_http *face, struct face_http_request *request,
                 struct trust_bytes bytes)
{
    if (request->form == FACE_HTTP_OPEN)
        request->form = FACE_HTTP_EVENTS;
    if (put_event(face, &request->stream, bytes))
        face->wake(request);
    else
        face_http_cut(request);
}

static struct face_http_request *find_tag(const struct face_http *face, uint64_t tag)
{
    struct face_http_request *request = face->first;
    while (request != NULL && (request->is_listening || request->tag != tag || request->is_over))
        request = request->next;
    return request;
}

static struct face_http_request *find_any(const struct face_http *face)
{
    struct face_http_request *oldest = NULL;
    for (struct face_http_request *request = face->first; request != NULL;
         request = request->next) {
        if (request->is_over || !request->is_given)
            continue;
        if (request->is_listening)
            return request;
        if (oldest == NULL && request->is_answered)
            oldest = request;
    }
    return oldest;
}

static void keep(struct face_http *face, struct trust_bytes bytes)
{
    size_t waiting = face_stream_waiting(&face->backlog);
    if (bytes.size <= TRUST_GUARD_BACKLOG_SIZE_MAX - waiting)
        (void)put_event(face, &face->backlog, bytes);
}

static void face_send(void *self, const struct face_message *message)
{
    struct face_http *face = self;
    struct face_http_request *request = message->tag == 0 ? NULL : find_tag(face, message->tag);
    if (message->is_answer) {
        if (request != NULL)
            answer(face, request, message->bytes);
        return;
    }
    if (request == NULL && face->is_shared)
        return;
    if (request == NULL)
        request = find_any(face);
    if (request != NULL)
        tell(face, request, message->bytes);
    else
        keep(face, message->bytes);
}

/* ---- as a session turns it ---- */

static bool face_is_slow(const void *self)
{
    const struct face_http *face = self;
    size_t waiting = 0;
    if (face->budget->waiting > TRUST_GUARD_STREAMS_SIZE_MAX)
        return true;
    for (const struct face_http_request *request = face->first; request != NULL;
         request = request->next)
        waiting += face_stream_waiting(&request->stream);
    return !face->is_shared && waiting > TRUST_GUARD_STREAM_SLOW_SIZE;
}

static bool face_waits(const void *self)
{
    const struct face_http *face = self;
    const struct face_http_request *request = face->first;
    while (request != NULL && face_stream_waiting(&request->stream) == 0)
        request = request->next;
    return request != NULL;
}

static void face_watch(const void *self, struct pollfd *out_items, bool may_read)
{
    (void)self, (void)out_items, (void)may_read;
}

static void face_heard(void *self, const struct pollfd *items)
{
    (void)self, (void)items;
}

static bool next_line(struct face_http *face, struct face_event *out_event)
{
    struct face_http_request *request = face->first;
    while (request != NULL && request->is_given)
        request = request->next;
    if (request == NULL)
        return false;
    face->given = take_body(face, request);
    request->is_given = true;
    *out_event = (struct face_event){
        .kind = FACE_LINE,
        .line = {.data = face->given, .size = request->body_size},
        .tag = request->tag,
    };
    if (!request->is_answered) {
        request->form = FACE_HTTP_ACCEPTED;
        request->is_over = true;
        face->wake(request);
    }
    return true;
}

static bool face_next(void *self, struct face_event *out_event, bool may_read)
{
    struct face_http *face = self;
    free(face->given);
    face->given = NULL;
    if (face->left_count > 0) {
        *out_event = (struct face_event){.kind = FACE_LEFT, .tag = face->left[--face->left_count]};
        return true;
    }
    return may_read && next_line(face, out_event);
}

struct face face_http_face(struct face_http *face)
{
    static const struct face_calls calls = {
        .watched = 0,
        .send = face_send,
        .is_slow = face_is_slow,
        .waits = face_waits,
        .watch = face_watch,
        .heard = face_heard,
        .next = face_next,
    };
    return (struct face){.calls = &calls, .self = face};
}

void face_http_open(struct face_http *face, struct face_http_budget *budget, bool is_shared,
                    void (*wake)(struct face_http_request *request))
{
    *face = (struct face_http){.is_shared = is_shared, .wake = wake, .budget = budget};
}

/* What waits in their streams is their connection's from here on. */
void face_http_close(struct face_http *face)
{
    while (face->first != NULL) {
        struct face_http_request *request = face->first;
        face->first = request->next;
        face->budget->waiting -= face_stream_waiting(&request->stream);
        free(take_body(face, request));
        request->face = NULL;
        if (!request->is_over && request->form == FACE_HTTP_OPEN)
            request->form = FACE_HTTP_SILENCE;
        request->is_over = true;
        face->wake(request);
    }
    face->last = NULL;
    drop(face, &face->backlog);
    free(face->left);
    free(face->given);
    face->left = NULL;
    face->given = NULL;
}
