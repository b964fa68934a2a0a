/*
 * The connection is kept for the next request, which looks first whether it still stands: a node
 * that was started again has closed it. Nothing of the environment plays a part: no proxy, no other
 * host, no redirect.
 */
#include "client/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "client/connection.h"
#include "client/exchange.h"
#include "client/problem.h"

#define FIRST_ROOM 4096u

struct trust_requester {
    struct sockaddr_un address;
    int fd;         /* -1: no connection */
    uint8_t *bytes; /* of the last answer, or of its problem */
    size_t size;
    size_t room;
    enum trust_error stop; /* why the answer was not taken any further; TRUST_OK: it was */
    struct trust_exchange exchange;
};

static enum trust_error make_room(struct trust_requester *requester, size_t more)
{
    if (more >= TRUST_REPLY_SIZE_MAX - requester->size)
        return TRUST_NO_SIZE;
    size_t wanted = requester->size + more + 1;
    size_t room = requester->room == 0 ? FIRST_ROOM : requester->room;
    while (room < wanted)
        room *= 2;
    if (room == requester->room)
        return TRUST_OK;
    uint8_t *bytes = realloc(requester->bytes, room);
    if (bytes == NULL)
        return TRUST_FAIL_MEMORY;
    requester->bytes = bytes;
    requester->room = room;
    return TRUST_OK;
}

static bool take_answer(void *context, struct trust_bytes piece)
{
    struct trust_requester *requester = context;
    const struct trust_http_request *request = requester->exchange.request;
    if (request->sink != NULL && requester->exchange.response.status < 400) {
        if (!request->sink(request->context, piece))
            requester->stop = TRUST_FAIL_IO;
        return requester->stop == TRUST_OK;
    }
    requester->stop = make_room(requester, piece.size);
    if (requester->stop != TRUST_OK)
        return false;
    memcpy(requester->bytes + requester->size, piece.data, piece.size);
    requester->size += piece.size;
    return true;
}

enum trust_error trust_requester_open(struct trust_requester **out_requester,
                                      const char *socket_path)
{
    size_t size = strlen(socket_path);
    if (size >= sizeof out_requester[0]->address.sun_path)
        return TRUST_NO_SIZE;
    struct trust_requester *requester = calloc(1, sizeof *requester);
    if (requester == NULL)
        return TRUST_FAIL_MEMORY;
    requester->address.sun_family = AF_UNIX;
    memcpy(requester->address.sun_path, socket_path, size + 1);
    requester->fd = -1;
    *out_requester = requester;
    return TRUST_OK;
}

static void disconnect(struct trust_requester *requester)
{
    if (requester->fd >= 0)
        (void)close(requester->fd);
    requester->fd = -1;
}

void trust_requester_close(struct trust_requester *requester)
{
    if (requester == NULL)
        return;
    disconnect(requester);
    free(requester->bytes);
    free(requester);
}

/* ---- what went wrong, in words ---- */

static enum trust_error say(struct trust_problem *problem, enum trust_error error,
                            const char *message, const char *next)
{
    *problem = (struct trust_problem){0};
    (void)snprintf(problem->code, sizeof problem->code, "%s", trust_error_name(error));
    (void)snprintf(problem->message, sizeof problem->message, "%s", message);
    (void)snprintf(problem->next, sizeof problem->next, "%s", next);
    return error;
}

static enum trust_error say_late(struct trust_problem *out_problem)
{
    return say(out_problem, TRUST_NO_NODE, "the node did not answer in time",
               "look at its log; it may be busy or stopped");
}

static enum trust_error not_reached(const struct trust_requester *requester,
                                    struct trust_problem *out_problem, enum trust_error error)
{
    char message[256];
    const char *path = requester->address.sun_path;
    if (error == TRUST_NO_BUSY)
        return say_late(out_problem);
    if (error < 0)
        return say(out_problem, error, trust_error_text(error),
                   "close some of this program's files, or raise their limit");
    if (error == TRUST_NO_PERMISSION) {
        (void)snprintf(message, sizeof message, "%s may not be opened by this user", path);
        return say(out_problem, error, message,
                   "become a member of the socket's group, or run this as the node's user");
    }
    (void)snprintf(message, sizeof message, "no node answers at %s", path);
    return say(out_problem, TRUST_NO_NODE, message, "start it: `reputed`");
}

static enum trust_error not_understood(const struct trust_requester *requester,
                                       struct trust_problem *out_problem)
{
    char message[256];
    (void)snprintf(message, sizeof message, "what answers at %s does not speak as a node: %s",
                   requester->address.sun_path, requester->exchange.response.fault);
    return say(out_problem, TRUST_FAIL_LIBRARY, message,
               "see which program serves it; are `repute` and `reputed` of one version?");
}

static enum trust_error not_finished(const struct trust_requester *requester,
                                     struct trust_problem *out_problem, enum trust_error error)
{
    if (error == TRUST_NO_BUSY)
        return say_late(out_problem);
    if (error == TRUST_NO_NODE)
        return say(out_problem, error, "the node went away before its answer was whole",
                   "look at its log, start it again and repeat the command");
    if (error == TRUST_NO_SYNTAX)
        return not_understood(requester, out_problem);
    if (requester->stop != TRUST_OK)
        error = requester->stop;
    if (error == TRUST_NO_SIZE)
        return say(out_problem, error, "the node's answer is longer than this program takes",
                   "ask for less at once");
    if (error == TRUST_FAIL_IO)
        return say(out_problem, error,
                   "what was to be sent or received could not be read or written",
                   "check the room on the disk");
    return say(out_problem, error, trust_error_text(error), "");
}

/* ---- */

static enum trust_error connect_to(struct trust_requester *requester)
{
    const struct trust_exchange *exchange = &requester->exchange;
    uint64_t end_ms = trust_connection_now_ms() + TRUST_REQUEST_CONNECT_MS;
    if (exchange->request->timeout_ms != 0 && exchange->end_ms < end_ms)
        end_ms = exchange->end_ms;
    return trust_connection_open(&requester->fd, &requester->address, end_ms);
}

static enum trust_error run_on_new(struct trust_requester *requester,
                                   struct trust_problem *out_problem)
{
    disconnect(requester);
    enum trust_error error = connect_to(requester);
    if (error != TRUST_OK)
        return not_reached(requester, out_problem, error);
    error = trust_exchange_run(&requester->exchange, requester->fd);
    return error == TRUST_OK ? error : not_finished(requester, out_problem, error);
}

/* What a node that ended meanwhile left behind is tried anew, once, where nothing is done twice. */
static enum trust_error run(struct trust_requester *requester, struct trust_problem *out_problem)
{
    struct trust_exchange *exchange = &requester->exchange;
    if (requester->fd < 0 || !trust_connection_is_quiet(requester->fd))
        return run_on_new(requester, out_problem);
    enum trust_error error = trust_exchange_run(exchange, requester->fd);
    if (error == TRUST_OK)
        return TRUST_OK;
    if (error != TRUST_NO_NODE || !trust_exchange_may_repeat(exchange))
        return not_finished(requester, out_problem, error);
    trust_exchange_rewind(exchange);
    return run_on_new(requester, out_problem);
}

static enum trust_error finish(struct trust_requester *requester, struct trust_reply *out_reply,
                               struct trust_problem *out_problem)
{
    int status = requester->exchange.response.status;
    enum trust_error error = make_room(requester, 0);
    if (error != TRUST_OK)
        return not_finished(requester, out_problem, error);
    requester->bytes[requester->size] = 0;
    struct trust_bytes body = {.data = requester->bytes, .size = requester->size};
    if (status >= 400)
        return trust_problem_read(out_problem, status, body);
    *out_reply = (struct trust_reply){.status = status, .body = body};
    return TRUST_OK;
}

enum trust_error trust_requester_send(struct trust_requester *requester,
                                      struct trust_reply *out_reply,
                                      struct trust_problem *out_problem,
                                      const struct trust_http_request *request)
{
    requester->size = 0;
    requester->stop = TRUST_OK;
    enum trust_error error =
        trust_exchange_init(&requester->exchange, request, take_answer, requester);
    if (error != TRUST_OK)
        return say(out_problem, error, "what is asked for does not fit a path of the local API",
                   "ask for less, or for a name without blanks");
    error = run(requester, out_problem);
    if (error != TRUST_OK || !trust_exchange_is_reusable(&requester->exchange))
        disconnect(requester);
    return error == TRUST_OK ? finish(requester, out_reply, out_problem) : error;
}

enum trust_error trust_request_escape(char *path, size_t size, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    size_t at = strlen(path);
    for (const char *c = text; *c != '\0'; c++) {
        bool is_plain = strchr(plain, *c) != NULL;
        if (size - at < (is_plain ? 2u : 4u))
            return TRUST_NO_SIZE;
        if (is_plain) {
            path[at++] = *c;
        } else {
            path[at++] = '%';
            path[at++] = digits[(uint8_t)*c >> 4];
            path[at++] = digits[(uint8_t)*c & 15];
        }
    }
    path[at] = '\0';
    return TRUST_OK;
}
