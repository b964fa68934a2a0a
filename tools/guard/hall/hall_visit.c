/* See hall_visit.h. */
#include "guard/hall/hall_visit.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "guard/face/face_params.h"
#include "guard/hall/hall_answer.h"

/* ---- waiting ---- */

static void suspend(struct hall_visit *visit)
{
    assert(!visit->is_suspended);
    visit->is_suspended = true;
    MHD_suspend_connection(visit->connection);
}

static void resume(struct hall_visit *visit)
{
    visit->ground->is_due = true;
    if (!visit->is_suspended)
        return;
    visit->is_suspended = false;
    MHD_resume_connection(visit->connection);
}

void hall_visit_wake(struct face_http_request *request)
{
    resume((struct hall_visit *)(void *)((char *)request - offsetof(struct hall_visit, request)));
}

void hall_visit_left(struct hall_visit *visit)
{
    visit->is_gone = true;
    face_http_leave(&visit->request);
    resume(visit);
}

ssize_t hall_visit_produce(void *context, uint64_t position, char *buffer, size_t size)
{
    (void)position;
    struct hall_visit *visit = context;
    if (visit->is_gone || visit->request.is_cut)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t taken = face_http_take(&visit->request, buffer, size);
    if (taken > 0) {
        visit->said = visit->ground->now.mono;
        return (ssize_t)taken;
    }
    if (visit->request.is_over)
        return MHD_CONTENT_READER_END_OF_STREAM;
    suspend(visit);
    return 0;
}

/* ---- the way in ---- */

static enum MHD_Result add_header(void *context, enum MHD_ValueKind kind, const char *name,
                                  size_t name_size, const char *value, size_t value_size)
{
    (void)kind;
    struct hall_visit *visit = context;
    face_head_add(&visit->head,
                  (struct trust_bytes){.data = (const uint8_t *)name, .size = name_size},
                  (struct trust_bytes){.data = (const uint8_t *)value, .size = value_size});
    return MHD_YES;
}

/* As the client says it; 0: it says nothing. */
static uint64_t length_of(struct MHD_Connection *connection)
{
    const char *text =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return text == NULL ? 0 : strtoull(text, NULL, 10);
}

/* The head is there: what can be refused now does not have its body kept. */
static void take_head(struct hall_visit *visit, const char *path, const char *method)
{
    visit->head = (struct face_head){.method = face_head_method(method), .path = path};
    visit->post = (struct face_post){0};
    (void)MHD_get_connection_values_n(visit->connection, MHD_HEADER_KIND, add_header, visit);
    visit->verdict = face_head_judge(&visit->head, &visit->ground->rules);
    if (visit->verdict == FACE_FINE && visit->ground->is_ending)
        visit->verdict = FACE_ENDING;
    if (visit->verdict == FACE_FINE && length_of(visit->connection) > TRUST_WIRE_MESSAGE_SIZE_MAX)
        visit->verdict = FACE_TOO_LARGE;
    visit->state = VISIT_BODY;
    visit->begun = visit->ground->now.mono;
}

static void drop_body(struct hall_visit *visit)
{
    if (visit->body != NULL)
        sessions_budget(visit->ground->sessions)->bodies -= visit->body_size;
    free(visit->body);
    visit->body = NULL;
    visit->body_size = 0;
    visit->body_capacity = 0;
}

static enum face_verdict keep_piece(struct hall_visit *visit, const char *piece, size_t size)
{
    struct face_http_budget *budget = sessions_budget(visit->ground->sessions);
    size_t needed = visit->body_size + size;
    if (needed > TRUST_WIRE_MESSAGE_SIZE_MAX)
        return FACE_TOO_LARGE;
    if (size > TRUST_GUARD_BODIES_SIZE_MAX - budget->bodies)
        return FACE_BUSY;
    if (needed > visit->body_capacity) {
        size_t capacity = visit->body_capacity < 1024 ? 1024 : 2 * visit->body_capacity;
        while (capacity < needed)
            capacity *= 2;
        uint8_t *body = realloc(visit->body, capacity);
        if (body == NULL)
            return FACE_BUSY;
        visit->body = body;
        visit->body_capacity = capacity;
    }
    memcpy(visit->body + visit->body_size, piece, size);
    visit->body_size = needed;
    budget->bodies += size;
    return FACE_FINE;
}

/* False: so much of a refused body came that the connection is better closed. */
static bool take_piece(struct hall_visit *visit, const char *piece, size_t size)
{
    if (visit->verdict == FACE_FINE)
        visit->verdict = keep_piece(visit, piece, size);
    if (visit->verdict == FACE_FINE)
        return true;
    drop_body(visit);
    visit->discarded += size;
    return visit->discarded <= TRUST_GUARD_DISCARD_SIZE_MAX;
}

/* ---- to its session ---- */

/* Breaks of lines are white space between two words of JSON, and would end a line of a server. */
static void make_one_line(uint8_t *body, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (body[i] == '\n' || body[i] == '\r')
            body[i] = ' ';
    }
}

/* The body is the request's from here on. */
static void join(struct hall_visit *visit, struct face_http *face)
{
    enum message_kind kind = visit->post.message.kind;
    make_one_line(visit->body, visit->body_size);
    visit->request = (struct face_http_request){
        .body = visit->body,
        .body_size = visit->body_size,
        .is_answered = kind == MESSAGE_REQUEST,
    };
    visit->body = NULL;
    visit->body_size = 0;
    visit->body_capacity = 0;
    visit->post = (struct face_post){0};
    visit->state = VISIT_WAITING;
    face_http_post(face, &visit->request);
}

/* In the modern era who leaves its request has cancelled it: a notification with an id, which may
 * be another client's as well, is of no meaning here. */
static bool is_idle_talk(const struct face_post *post)
{
    return post->era == ERA_MODERN && post->message.kind == MESSAGE_NOTIFICATION &&
           (post->message.method == METHOD_CANCELLED || post->message.method == METHOD_PROGRESS);
}

static enum face_verdict find_modern(struct hall_visit *visit, struct face_http **out_face)
{
    const struct message *message = &visit->post.message;
    if (message->method == METHOD_INITIALIZE)
        return FACE_NO_METHOD;
    enum face_verdict verdict =
        sessions_share(visit->ground->sessions, out_face, message, visit->ground->now);
    if (verdict != FACE_FINE)
        return verdict;
    bool agrees =
        face_params_agree(sessions_input(*out_face, message), message->arguments, &visit->head);
    return agrees ? FACE_FINE : FACE_PARAM_DIFFERS;
}

static enum face_verdict find_legacy(struct hall_visit *visit, struct face_http **out_face)
{
    struct sessions *sessions = visit->ground->sessions;
    const struct message *message = &visit->post.message;
    visit->is_beginning = message->method == METHOD_INITIALIZE && message->kind == MESSAGE_REQUEST;
    if (visit->is_beginning && visit->head.session.data == NULL)
        return sessions_begin(sessions, out_face, visit->ground->now);
    enum face_verdict verdict = sessions_find(sessions, out_face, visit->head.session);
    return verdict == FACE_FINE && visit->is_beginning ? FACE_SESSION_NESTED : verdict;
}

static enum MHD_Result go_post(struct hall_visit *visit)
{
    struct face_http *face = NULL;
    struct trust_bytes body = {.data = visit->body, .size = visit->body_size};
    visit->verdict = face_agree_read(&visit->post, &visit->head, body);
    if (visit->verdict != FACE_FINE)
        return hall_answer_refuse(visit);
    if (is_idle_talk(&visit->post))
        return hall_answer_empty(visit, MHD_HTTP_ACCEPTED);
    visit->verdict =
        visit->post.era == ERA_MODERN ? find_modern(visit, &face) : find_legacy(visit, &face);
    if (visit->verdict != FACE_FINE)
        return hall_answer_refuse(visit);
    join(visit, face);
    suspend(visit);
    visit->ground->is_due = true;
    return MHD_YES;
}

static enum MHD_Result go_legacy(struct hall_visit *visit)
{
    struct face_http *face = NULL;
    visit->verdict = sessions_find(visit->ground->sessions, &face, visit->head.session);
    if (visit->verdict != FACE_FINE)
        return hall_answer_refuse(visit);
    if (visit->head.method == FACE_DELETE) {
        sessions_drop(visit->ground->sessions, face, visit->ground->now);
        return hall_answer_empty(visit, MHD_HTTP_NO_CONTENT);
    }
    visit->request = (struct face_http_request){0};
    visit->state = VISIT_WAITING;
    face_http_listen(face, &visit->request);
    return hall_answer(visit);
}

static enum MHD_Result go(struct hall_visit *visit)
{
    if (visit->verdict == FACE_PREFLIGHT)
        return hall_answer_preflight(visit);
    if (visit->verdict != FACE_FINE)
        return hall_answer_refuse(visit);
    return visit->head.method == FACE_POST ? go_post(visit) : go_legacy(visit);
}

enum MHD_Result hall_visit_handle(struct hall_visit *visit, const char *path, const char *method,
                                  const char *piece, size_t *inout_size)
{
    bool goes_on = true;
    switch (visit->state) {
    case VISIT_IDLE:
        take_head(visit, path, method);
        /* Where its body ends cannot be known. */
        return visit->verdict == FACE_ENCODING ? hall_answer_refuse(visit) : MHD_YES;
    case VISIT_BODY:
        if (*inout_size == 0)
            return go(visit);
        goes_on = take_piece(visit, piece, *inout_size);
        *inout_size = 0;
        return goes_on ? MHD_YES : MHD_NO;
    case VISIT_WAITING:
        if (visit->is_gone)
            return MHD_NO;
        if (visit->request.form != FACE_HTTP_OPEN)
            return hall_answer(visit);
        suspend(visit);
        return MHD_YES;
    case VISIT_ANSWERED:
        break;
    }
    return MHD_YES;
}

void hall_visit_end(struct hall_visit *visit)
{
    assert(!visit->is_suspended);
    face_http_leave(&visit->request);
    drop_body(visit);
    visit->request = (struct face_http_request){0};
    visit->state = VISIT_IDLE;
    visit->discarded = 0;
    visit->is_beginning = false;
    visit->is_used = true;
}
