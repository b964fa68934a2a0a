/* See hall.h. */
#include "guard/hall/hall.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/limits.h"
#include "guard/hall/hall_visit.h"

/* Connections above the bound for the moment that the one who makes room needs to go. */
#define SPARE 16
/* Answers at the end: each request needs a few turns to get its bytes out. */
#define CLOSE_TURNS_MAX 64
/* Any that is not TRUST_GUARD_FACE_IDLE_S. */
#define GIVEN_UP_S 1u

struct hall {
    struct hall_ground ground;
    struct MHD_Daemon *daemon;
    int epoll_fd;
    struct hall_visit *first; /* of all connections */
    struct hall_visit *last;
    uint32_t visit_count;
    uint32_t suspended_count; /* items of them among those watched last */
};

/* ---- connections ---- */

static void append(struct hall *hall, struct hall_visit *visit)
{
    visit->next = NULL;
    visit->previous = hall->last;
    if (hall->last == NULL)
        hall->first = visit;
    else
        hall->last->next = visit;
    hall->last = visit;
}

static void unlink_visit(struct hall *hall, struct hall_visit *visit)
{
    if (visit->previous == NULL)
        hall->first = visit->next;
    else
        visit->previous->next = visit->next;
    if (visit->next == NULL)
        hall->last = visit->previous;
    else
        visit->next->previous = visit->previous;
}

static struct hall_visit *find_idle(const struct hall *hall, bool is_used)
{
    struct hall_visit *visit = hall->first;
    while (visit != NULL &&
           (visit->state != VISIT_IDLE || visit->is_leaving || visit->is_used != is_used))
        visit = visit->next;
    return visit;
}

/* When it may be sent away for another one. */
static uint64_t body_due(const struct hall_visit *visit)
{
    bool is_coming = visit->state == VISIT_BODY && !visit->is_leaving;
    return is_coming ? visit->begun.ms + TRUST_GUARD_FACE_BODY_MS : UINT64_MAX;
}

/* The one whose body is on its way for longest, and for longer than one takes on this host. */
static struct hall_visit *find_slow(const struct hall *hall)
{
    struct hall_visit *slowest = NULL;
    uint64_t due_ms = hall->ground.now.mono.ms;
    for (struct hall_visit *visit = hall->first; visit != NULL; visit = visit->next) {
        if (body_due(visit) <= due_ms) {
            slowest = visit;
            due_ms = body_due(visit);
        }
    }
    return slowest;
}

static void send_away(struct hall *hall, struct hall_visit *visit)
{
    visit->is_leaving = true;
    hall->ground.is_due = true;
    (void)shutdown(visit->fd, SHUT_RDWR);
}

/* A connection may be closed between two requests: the one longest without a request goes, but
 * before it those that never had one, and after it those whose request never ends. */
static void make_room(struct hall *hall)
{
    struct hall_visit *leaving = find_idle(hall, false);
    if (leaving == NULL)
        leaving = find_idle(hall, true);
    if (leaving == NULL)
        leaving = find_slow(hall);
    if (leaving != NULL)
        send_away(hall, leaving);
}

static bool is_crowded(const struct hall *hall)
{
    return hall->visit_count > TRUST_GUARD_FACE_CONNECTIONS_MAX;
}

/* Those who come while there is no room at all are not let in, and cannot ask for it. */
static void make_room_in_time(struct hall *hall)
{
    struct hall_visit *slow = is_crowded(hall) ? find_slow(hall) : NULL;
    if (slow != NULL)
        send_away(hall, slow);
}

static void connected(struct hall *hall, struct MHD_Connection *connection, void **inout_visit)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct hall_visit *visit = calloc(1, sizeof *visit);
    *inout_visit = visit;
    if (visit == NULL)
        return;
    assert(info != NULL);
    visit->ground = &hall->ground;
    visit->connection = connection;
    visit->fd = info->connect_fd;
    /* Before it is one of them: it is not to go itself. */
    if (hall->visit_count >= TRUST_GUARD_FACE_CONNECTIONS_MAX)
        make_room(hall);
    hall->visit_count++;
    append(hall, visit);
}

static void closed(struct hall *hall, struct hall_visit *visit)
{
    if (visit == NULL)
        return;
    /* A full daemon does not listen, and begins again only when it is run after this. */
    hall->ground.is_due = true;
    hall->visit_count--;
    unlink_visit(hall, visit);
    free(visit);
}

static void handle_connection(void *context, struct MHD_Connection *connection,
                              void **inout_context, enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        connected(context, connection, inout_context);
        return;
    }
    closed(context, *inout_context);
    *inout_context = NULL;
}

/* ---- requests ---- */

static void *begin_request(void *context, const char *target, struct MHD_Connection *connection)
{
    (void)context, (void)target;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *piece,
                              size_t *inout_size, void **inout_visit)
{
    (void)context, (void)connection, (void)version;
    struct hall_visit *visit = *inout_visit;
    return visit == NULL ? MHD_NO : hall_visit_handle(visit, url, method, piece, inout_size);
}

static void end_request(void *context, struct MHD_Connection *connection, void **inout_visit,
                        enum MHD_RequestTerminationCode code)
{
    struct hall *hall = context;
    struct hall_visit *visit = *inout_visit;
    /* The library forgets some that it has given up until their time is over; those with a time of
     * their own it looks at in each run. */
    if (code != MHD_REQUEST_TERMINATED_COMPLETED_OK) {
        (void)MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, GIVEN_UP_S);
        hall->ground.is_due = true;
    }
    if (visit == NULL)
        return;
    hall_visit_end(visit);
    unlink_visit(hall, visit);
    append(hall, visit);
    *inout_visit = NULL;
}

/* The path is compared as it came: the library would decode it before. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

/* ---- the daemon ---- */

static void run(struct hall *hall)
{
    hall->ground.is_due = false;
    (void)MHD_run(hall->daemon);
}

static enum trust_error start(struct hall *hall, int fd)
{
    hall->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, hall,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)TRUST_GUARD_FACE_CONNECTIONS_MAX + SPARE, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)TRUST_GUARD_FACE_IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)TRUST_GUARD_FACE_HEAD_SIZE_MAX, MHD_OPTION_URI_LOG_CALLBACK, begin_request, hall,
        MHD_OPTION_NOTIFY_COMPLETED, end_request, hall, MHD_OPTION_NOTIFY_CONNECTION,
        handle_connection, hall, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, hall,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (hall->daemon == NULL)
        return TRUST_FAIL_LIBRARY;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(hall->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    assert(info != NULL);
    hall->epoll_fd = info->epoll_fd;
    return TRUST_OK;
}

static void stop(struct hall *hall)
{
    sessions_close(hall->ground.sessions); /* what still waited is over now, and resumed */
    for (int i = 0; i < CLOSE_TURNS_MAX && MHD_run(hall->daemon) == MHD_YES; i++) {
        MHD_UNSIGNED_LONG_LONG wait_ms = 0;
        if (MHD_get_timeout(hall->daemon, &wait_ms) != MHD_YES || wait_ms > 0)
            break;
    }
    /* Requests on their way in, which end here, know the sessions still. */
    MHD_stop_daemon(hall->daemon);
    sessions_free(hall->ground.sessions);
}

/* ---- turning ---- */

static uint32_t work_watch(void *self, struct pollfd *out_items)
{
    struct hall *hall = self;
    uint32_t count = 1;
    out_items[0] = (struct pollfd){.fd = hall->epoll_fd, .events = POLLIN};
    for (struct hall_visit *visit = hall->first; visit != NULL; visit = visit->next) {
        visit->watched = visit->is_suspended ? count++ : 0;
        if (visit->is_suspended)
            out_items[visit->watched] = (struct pollfd){.fd = visit->fd, .events = POLLRDHUP};
    }
    hall->suspended_count = count - 1;
    return count + sessions_watch(hall->ground.sessions, out_items + count);
}

/* A signal that came with it may have resumed some of those that were watched. */
static void see_who_left(struct hall *hall, const struct pollfd *items)
{
    struct hall_visit *next = NULL;
    for (struct hall_visit *visit = hall->first; visit != NULL; visit = next) {
        next = visit->next;
        if (visit->is_suspended && visit->watched != 0 && items[visit->watched].revents != 0)
            hall_visit_left(visit);
    }
}

static uint64_t beat_due(const struct hall_visit *visit)
{
    bool is_silent = visit->is_suspended && visit->state == VISIT_ANSWERED &&
                     visit->request.form == FACE_HTTP_EVENTS && visit->request.face != NULL;
    return is_silent ? visit->said.ms + TRUST_GUARD_BEAT_MS : UINT64_MAX;
}

static void beat(struct hall *hall)
{
    for (struct hall_visit *visit = hall->first; visit != NULL; visit = visit->next) {
        if (beat_due(visit) <= hall->ground.now.mono.ms)
            face_http_beat(&visit->request);
    }
}

/* More waits than there is room for: whoever keeps most of it waiting is cut off. */
static void cut_slow(struct hall *hall)
{
    while (sessions_budget(hall->ground.sessions)->waiting > TRUST_GUARD_STREAMS_SIZE_MAX) {
        struct hall_visit *slowest = NULL;
        size_t most = 0;
        for (struct hall_visit *visit = hall->first; visit != NULL; visit = visit->next) {
            size_t waiting = face_stream_waiting(&visit->request.stream);
            if (visit->request.face != NULL && waiting > most) {
                slowest = visit;
                most = waiting;
            }
        }
        if (slowest == NULL)
            return;
        face_http_cut(&slowest->request);
    }
}

static struct trust_mono work_deadline(const void *self)
{
    const struct hall *hall = self;
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    struct trust_mono due = sessions_deadline(hall->ground.sessions);
    if (hall->ground.is_due)
        return (struct trust_mono){.ms = 0};
    uint64_t now_ms = hall->ground.now.mono.ms;
    if (MHD_get_timeout(hall->daemon, &wait_ms) == MHD_YES && now_ms + wait_ms < due.ms)
        due.ms = now_ms + wait_ms;
    for (const struct hall_visit *visit = hall->first; visit != NULL; visit = visit->next) {
        if (beat_due(visit) < due.ms)
            due.ms = beat_due(visit);
        if (is_crowded(hall) && body_due(visit) < due.ms)
            due.ms = body_due(visit);
    }
    return due;
}

static void work_turn(void *self, const struct pollfd *items, struct trust_now now)
{
    struct hall *hall = self;
    const struct pollfd *of_sessions = items + 1 + hall->suspended_count;
    hall->ground.now = now;
    see_who_left(hall, items);
    run(hall);
    make_room_in_time(hall);
    sessions_turn(hall->ground.sessions, of_sessions, now);
    beat(hall);
    if (hall->ground.is_due)
        run(hall);
    cut_slow(hall);
}

static bool work_end(void *self, struct trust_now now)
{
    struct hall *hall = self;
    bool is_first = !hall->ground.is_ending;
    hall->ground.is_ending = true;
    if (is_first)
        sessions_end(hall->ground.sessions, now);
    return is_first;
}

static void work_refresh(void *self, struct trust_now now)
{
    struct hall *hall = self;
    sessions_refresh(hall->ground.sessions, now);
}

static bool work_is_over(const void *self, struct trust_mono now)
{
    (void)now;
    const struct hall *hall = self;
    return sessions_are_over(hall->ground.sessions);
}

static enum trust_error turn(struct hall *hall, int signal_fd)
{
    const struct loop_work work = {
        .self = hall,
        .watched_max = 1 + TRUST_GUARD_FACE_CONNECTIONS_MAX + SPARE + SESSIONS_WATCHED,
        .watch = work_watch,
        .deadline = work_deadline,
        .turn = work_turn,
        .end = work_end,
        .refresh = work_refresh,
        .is_over = work_is_over,
    };
    return loop_run(&work, signal_fd);
}

enum trust_error hall_serve(const struct hall_config *config, int signal_fd)
{
    struct hall *hall = calloc(1, sizeof *hall);
    if (hall == NULL) {
        (void)close(config->fd);
        return TRUST_FAIL_MEMORY;
    }
    hall->ground.rules = config->rules;
    hall->ground.now = loop_now();
    enum trust_error error =
        sessions_new(&hall->ground.sessions, config->session, hall_visit_wake, hall->ground.now);
    if (error == TRUST_OK) {
        error = start(hall, config->fd);
        if (error != TRUST_OK)
            sessions_free(hall->ground.sessions);
    }
    if (error != TRUST_OK) {
        (void)close(config->fd);
        free(hall);
        return error;
    }
    error = turn(hall, signal_fd);
    stop(hall);
    free(hall);
    return error;
}
