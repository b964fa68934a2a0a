/* See http.h. */
#include "node/api/http.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "node/api/api.h"
#include "node/api/crowd.h"
#include "node/api/socket.h"
#include "node/core.h"

#define STREAM_BLOCK_SIZE 32768
/* Answers while stopping: each held call needs a few turns to get its bytes out. */
#define CLOSE_TURNS_MAX 64

struct http {
    struct MHD_Daemon *daemon;
    int epoll_fd;
    struct http_options options;
    bool is_due; /* a held call was answered, or there is room to listen again */
    uint32_t connections;
    struct crowd crowd;
    struct line *held;
};

enum line_state {
    LINE_HEAD,     /* the request's head is there, its body begins */
    LINE_GATHER,   /* the body is gathered */
    LINE_INTAKE,   /* the body goes to the resource piece by piece */
    LINE_DISCARD,  /* refused: the body is read and thrown away */
    LINE_CALLED,   /* the handler was called */
    LINE_ANSWERED, /* the answer is in the library's hands */
};

/* One connection and the call on it: HTTP/1.1 has one at a time. */
struct line {
    struct http *http;
    struct MHD_Connection *connection;
    struct crowd_seat seat;
    int fd; /* the library's */
    enum line_state state;
    bool is_suspended;
    bool is_bad; /* the target does not parse: error says why */
    enum trust_error target_error;
    enum api_rights rights;
    uint32_t uid;
    uint64_t number;
    uint8_t *body; /* malloc'd */
    size_t body_capacity;
    size_t body_size;
    size_t discarded;
    struct line *next_held;
    struct api_call call;
};

/* ---- answers ---- */

static struct line *line_of(struct api_call *call)
{
    return (struct line *)(void *)((char *)call - offsetof(struct line, call));
}

static struct trust_mono now_of(const struct http *http)
{
    return http->options.core->now.mono;
}

static void turn(struct line *line, enum crowd_phase phase)
{
    crowd_turn(&line->seat, phase, now_of(line->http));
}

static void unlink_held(struct line *line)
{
    struct line **at = &line->http->held;
    while (*at != line)
        at = &(*at)->next_held;
    *at = line->next_held;
}

static void resume(struct api_call *call)
{
    struct line *line = line_of(call);
    if (!line->is_suspended)
        return;
    line->is_suspended = false;
    unlink_held(line);
    line->http->is_due = true;
    MHD_resume_connection(line->connection);
}

static void suspend(struct line *line)
{
    assert(!line->is_suspended);
    line->is_suspended = true;
    line->next_held = line->http->held;
    line->http->held = line;
    MHD_suspend_connection(line->connection);
}

static ssize_t stream(void *context, uint64_t position, char *buffer, size_t size)
{
    (void)position;
    struct line *line = context;
    ssize_t written = line->call.answer.produce(&line->call, buffer, size);
    if (written == API_STREAM_WAIT && line->http->options.api->is_stopping)
        written = API_STREAM_END;
    switch (written) {
    case API_STREAM_WAIT:
        suspend(line);
        return 0;
    case API_STREAM_END:
        return MHD_CONTENT_READER_END_OF_STREAM;
    case API_STREAM_FAIL:
        return MHD_CONTENT_READER_END_WITH_ERROR;
    default:
        assert(written > 0);
        return written;
    }
}

/* The text's owner is the response from now on. */
static struct MHD_Response *make_response(struct line *line)
{
    struct api_answer *answer = &line->call.answer;
    if (answer->produce != NULL)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK_SIZE, stream, line,
                                                 NULL);
    char *text = answer->text;
    answer->text = NULL;
    if (text == NULL)
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer->size, text, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        free(text);
    return response;
}

static enum MHD_Result send_answer(struct line *line)
{
    const struct api_answer *answer = &line->call.answer;
    struct MHD_Response *response = make_response(line);
    if (response == NULL)
        return MHD_NO;
    bool is_whole =
        (answer->type == NULL || MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                                         answer->type) == MHD_YES) &&
        MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store") == MHD_YES &&
        (answer->allow[0] == '\0' ||
         MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, answer->allow) == MHD_YES);
    enum MHD_Result result =
        is_whole ? MHD_queue_response(line->connection, (unsigned)answer->status, response)
                 : MHD_NO;
    MHD_destroy_response(response);
    line->state = LINE_ANSWERED;
    turn(line, answer->produce == NULL ? CROWD_MOVING : CROWD_SERVED);
    assert(answer->status >= 200 && answer->status < 600);
    line->http->options.api->answers[answer->status / 100]++;
    return result;
}

/* ---- the way in ---- */

static void refuse_target(struct line *line)
{
    if (line->target_error == TRUST_NO_SIZE)
        api_refuse(&line->call, TRUST_NO_SIZE, NULL,
                   "a target is at most %d bytes, %d segments and %d parameters long",
                   TRUST_API_TARGET_SIZE - 1, TRUST_API_SEGMENTS_MAX, TRUST_API_PARAMS_MAX);
    else
        api_refuse(&line->call, line->target_error,
                   "escape what is no letter, digit or -._~ as %XX",
                   "the target is no path with well-formed escapes");
}

/* The head is there: what can be refused now will not have its body kept. */
static void take_head(struct line *line, const char *method)
{
    struct api_call *call = &line->call;
    call->core = line->http->options.core;
    call->api = line->http->options.api;
    call->go_on = resume;
    call->request.method = api_request_method(method);
    call->request.rights = line->rights;
    call->request.uid = line->uid;
    call->request.connection = line->number;
    call->request.content_type = MHD_lookup_connection_value(line->connection, MHD_HEADER_KIND,
                                                             MHD_HTTP_HEADER_CONTENT_TYPE);
    line->state = LINE_GATHER;
    if (line->target_error != TRUST_OK)
        refuse_target(line);
    else if (api_route_find(call, line->http->options.table) && call->route->intake != NULL &&
             call->route->intake->opens(call))
        line->state = LINE_INTAKE;
    if (api_is_answered(call))
        line->state = LINE_DISCARD;
    turn(line, line->state == LINE_INTAKE ? CROWD_SERVED : CROWD_BODY);
}

static void skip_rest(struct line *line)
{
    free(line->body);
    line->body = NULL;
    line->body_capacity = 0;
    line->body_size = 0;
    line->state = LINE_DISCARD;
}

/* False: the call was refused. */
static bool grow_body(struct line *line, size_t size)
{
    size_t size_max = line->http->options.body_max;
    if (size > size_max) {
        api_refuse(&line->call, TRUST_NO_SIZE, NULL,
                   "a body is at most %zu bytes long on this socket", size_max);
        return false;
    }
    if (size <= line->body_capacity)
        return true;
    size_t capacity = line->body_capacity == 0 ? 4096 : line->body_capacity;
    while (capacity < size)
        capacity *= 2;
    uint8_t *body = realloc(line->body, capacity);
    if (body == NULL) {
        api_refuse(&line->call, TRUST_FAIL_MEMORY, NULL, "no memory for the body");
        return false;
    }
    line->body = body;
    line->body_capacity = capacity;
    return true;
}

/* False: so much of a refused body came that the connection is better closed. */
static bool take_piece(struct line *line, const char *piece, size_t size)
{
    if (line->state == LINE_GATHER) {
        if (grow_body(line, line->body_size + size)) {
            memcpy(line->body + line->body_size, piece, size);
            line->body_size += size;
            return true;
        }
        skip_rest(line);
    } else if (line->state == LINE_INTAKE) {
        line->call.route->intake->take(
            &line->call, (struct trust_bytes){.data = (const uint8_t *)piece, .size = size});
        if (api_is_answered(&line->call))
            line->state = LINE_DISCARD;
        return true;
    }
    line->discarded += size;
    return line->discarded <= TRUST_API_DISCARD_SIZE_MAX;
}

static enum MHD_Result end_body(struct line *line)
{
    struct api_call *call = &line->call;
    if (!api_is_answered(call) && line->state != LINE_CALLED) {
        call->request.body = (struct trust_bytes){.data = line->body, .size = line->body_size};
        line->state = LINE_CALLED;
        turn(line, CROWD_SERVED);
        call->route->handle(call);
    }
    if (api_is_answered(call))
        return send_answer(line);
    assert(call->is_held);
    suspend(line);
    return MHD_YES;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *piece,
                              size_t *inout_size, void **inout_line)
{
    (void)context, (void)connection, (void)url, (void)version;
    struct line *line = *inout_line;
    if (line == NULL)
        return MHD_NO;
    if (line->state == LINE_HEAD) {
        take_head(line, method);
        return MHD_YES;
    }
    if (*inout_size == 0)
        return end_body(line);
    bool goes_on = take_piece(line, piece, *inout_size);
    *inout_size = 0;
    return goes_on ? MHD_YES : MHD_NO;
}

/* ---- connections ---- */

static struct line *line_on(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

static void *begin_request(void *context, const char *target, struct MHD_Connection *connection)
{
    (void)context;
    struct line *line = line_on(connection);
    if (line != NULL) {
        line->state = LINE_HEAD;
        turn(line, CROWD_HEAD);
        line->target_error = api_request_parse(&line->call.request, target);
    }
    return line;
}

static void end_request(void *context, struct MHD_Connection *connection, void **inout_line,
                        enum MHD_RequestTerminationCode code)
{
    (void)context, (void)connection, (void)code;
    struct line *line = *inout_line;
    if (line == NULL)
        return;
    assert(!line->is_suspended);
    if (line->call.api != NULL)
        api_call_close(&line->call);
    skip_rest(line);
    memset(&line->call, 0, sizeof line->call);
    line->discarded = 0;
    turn(line, CROWD_IDLE);
    *inout_line = NULL;
}

/* The library notices when it is run next, and closes it as if the client had left. */
static void send_away(struct crowd_seat *seat)
{
    struct line *line = (struct line *)(void *)((char *)seat - offsetof(struct line, seat));
    line->http->is_due = true;
    (void)shutdown(line->fd, SHUT_RDWR);
}

static void send_late_away(struct http *http, struct crowd_seat *seat)
{
    if (seat->phase == CROWD_BODY) {
        http->options.api->slow_bodies++;
        log_write(&http->options.core->log, LOG_WARN, "api_slow_body",
                  LOG_FIELDS(log_number("uid", seat->uid)));
    }
    send_away(seat);
}

static void admit(struct http *http, struct line *line)
{
    struct api *api = http->options.api;
    struct core *core = http->options.core;
    crowd_enter(&http->crowd, &line->seat, line->uid, now_of(http));
    struct crowd_seat *leaving = crowd_squeeze(&http->crowd, &line->seat);
    if (leaving == NULL)
        return;
    api->crowded++;
    api->crowded_until.ms = now_of(http).ms + TRUST_API_CROWDED_MS;
    log_write(&core->log, LOG_WARN, "api_crowded", LOG_FIELDS(log_number("uid", leaving->uid)));
    send_away(leaving);
}

static void handle_connection(void *context, struct MHD_Connection *connection,
                              void **inout_context, enum MHD_ConnectionNotificationCode code)
{
    struct http *http = context;
    struct line *line = *inout_context;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        /* A full daemon does not listen, and begins again only when it is run after this. */
        http->is_due =
            http->is_due || http->connections == http->options.connections_max + TRUST_API_SPARE;
        http->connections--;
        if (line != NULL) {
            crowd_leave(&http->crowd, &line->seat);
            leases_end(http->options.api, line->number);
        }
        free(line);
        *inout_context = NULL;
        return;
    }
    http->connections++;
    line = calloc(1, sizeof *line);
    if (line == NULL)
        return;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    assert(info != NULL);
    line->http = http;
    line->connection = connection;
    line->fd = info->connect_fd;
    line->number = ++http->options.api->connections;
    line->rights = socket_peer(line->fd, &line->uid) ? http->options.rights : API_RIGHTS_NONE;
    *inout_context = line;
    admit(http, line);
}

/* The library would decode before we split. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

/* ---- the daemon ---- */

enum trust_error http_open(struct http **out_http, const struct http_options *options)
{
    struct http *http = calloc(1, sizeof *http);
    if (http == NULL) {
        (void)close(options->fd);
        return TRUST_FAIL_MEMORY;
    }
    http->options = *options;
    http->crowd.seats_max = options->connections_max;
    http->crowd.share_max = options->share_max;
    http->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, http,
        MHD_OPTION_LISTEN_SOCKET, options->fd, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)options->connections_max + TRUST_API_SPARE, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)TRUST_API_IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)TRUST_API_HEAD_SIZE_MAX, MHD_OPTION_URI_LOG_CALLBACK, begin_request, http,
        MHD_OPTION_NOTIFY_COMPLETED, end_request, http, MHD_OPTION_NOTIFY_CONNECTION,
        handle_connection, http, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, http,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (http->daemon == NULL) {
        (void)close(options->fd);
        free(http);
        return TRUST_FAIL_LIBRARY;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    assert(info != NULL);
    http->epoll_fd = info->epoll_fd;
    *out_http = http;
    return TRUST_OK;
}

int http_fd(const struct http *http)
{
    return http->epoll_fd;
}

void http_run(struct http *http)
{
    struct crowd_seat *late = NULL;
    http->is_due = false;
    while ((late = crowd_overdue(&http->crowd, now_of(http))) != NULL)
        send_late_away(http, late);
    (void)MHD_run(http->daemon);
}

struct trust_mono http_deadline(const struct http *http, struct trust_mono now)
{
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    if (http->is_due)
        return now;
    struct trust_mono due = crowd_deadline(&http->crowd);
    if (MHD_get_timeout(http->daemon, &wait_ms) == MHD_YES && now.ms + wait_ms < due.ms)
        due.ms = now.ms + wait_ms;
    return due;
}

/* A call that is held when the node stops was not carried out, or nobody knows whether it was. */
static void end_held(struct http *http)
{
    while (http->held != NULL) {
        struct api_call *call = &http->held->call;
        if (!api_is_answered(call))
            api_refuse(call, TRUST_NO_BUSY, "start the node again, then ask what became of it",
                       "the node is stopping");
        api_wake(call);
    }
}

void http_close(struct http *http)
{
    if (http == NULL)
        return;
    http->options.api->is_stopping = true;
    end_held(http);
    for (int i = 0; i < CLOSE_TURNS_MAX && MHD_run(http->daemon) == MHD_YES; i++) {
        MHD_UNSIGNED_LONG_LONG wait_ms = 0;
        if (MHD_get_timeout(http->daemon, &wait_ms) != MHD_YES || wait_ms > 0)
            break;
    }
    MHD_stop_daemon(http->daemon);
    free(http);
}
