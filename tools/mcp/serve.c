/* See serve.h. */
#include "mcp/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/limits.h"
#include "guard/backend/outbox.h"
#include "mcp/server.h"
#include "wire/lines.h"

/* The longest answer echoes the longest id, and lists all servers of a configuration. */
#define ANSWER_SIZE_MAX (OUTBOX_SIZE_MAX - (1u << 19))

struct serve {
    struct server server;
    struct lines lines;
    struct outbox outbox;
    int in;
    int out;
    uint64_t sent;
    uint64_t tick_ms;       /* when to look for news next */
    bool is_read;           /* in has ended */
    enum trust_error error; /* of sending */
};

static uint64_t now_ms(void)
{
    struct timespec now = {0};
    int failed = clock_gettime(CLOCK_MONOTONIC, &now);
    assert(failed == 0);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void send_line(void *context, struct trust_bytes line)
{
    struct serve *serve = context;
    if (serve->error == TRUST_OK)
        serve->error = outbox_send(&serve->outbox, serve->out, line, ++serve->sent);
}

static bool may_answer(const struct serve *serve)
{
    return !outbox_waits(&serve->outbox) || outbox_has_room(&serve->outbox, ANSWER_SIZE_MAX);
}

/* False: no whole line is there. */
static bool answer_next(struct serve *serve)
{
    struct trust_bytes line;
    enum trust_error error = lines_next(&serve->lines, &line);
    if (error == TRUST_OK)
        server_line(&serve->server, line);
    else if (error == TRUST_NO_SIZE)
        server_overlong(&serve->server);
    return error != TRUST_NO_FOUND;
}

/* True: everything that was read is answered. */
static bool answer_all(struct serve *serve)
{
    while (serve->error == TRUST_OK && may_answer(serve)) {
        if (!answer_next(serve))
            return true;
    }
    return false;
}

static enum trust_error read_some(struct serve *serve)
{
    uint8_t *room;
    size_t size;
    enum trust_error error = lines_room(&serve->lines, &room, &size);
    if (error != TRUST_OK)
        return error;
    ssize_t taken = read(serve->in, room, size);
    if (taken < 0)
        return errno == EINTR || errno == EAGAIN ? TRUST_OK : TRUST_FAIL_IO;
    lines_fed(&serve->lines, (size_t)taken);
    serve->is_read = taken == 0;
    return TRUST_OK;
}

static void tick(struct serve *serve)
{
    uint64_t now = now_ms();
    if (!server_is_watching(&serve->server) || now < serve->tick_ms || !may_answer(serve))
        return;
    serve->tick_ms = now + TRUST_MCP_POLL_MS;
    server_tick(&serve->server, now);
}

/* Waits for whatever there is to wait for, and does it. */
static enum trust_error step(struct serve *serve, bool wants_more)
{
    struct pollfd ways[2] = {
        {.fd = wants_more ? serve->in : -1, .events = POLLIN},
        {.fd = serve->out, .events = outbox_waits(&serve->outbox) ? POLLOUT : 0},
    };
    int timeout = server_is_watching(&serve->server) ? TRUST_MCP_POLL_MS : -1;
    if (poll(ways, 2, timeout) < 0)
        return errno == EINTR ? TRUST_OK : TRUST_FAIL_SYSTEM;
    if ((ways[1].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0)
        return TRUST_NO_PEER;
    enum trust_error error = TRUST_OK;
    if (ways[1].revents != 0)
        error = outbox_flush(&serve->outbox, serve->out);
    if (error == TRUST_OK && ways[0].revents != 0)
        error = read_some(serve);
    return error;
}

/* A line that was cut off by the end is nothing that could be answered. */
static enum trust_error loop(struct serve *serve)
{
    for (;;) {
        bool is_answered = answer_all(serve);
        if (serve->error == TRUST_OK && is_answered && serve->is_read)
            return TRUST_OK;
        tick(serve);
        enum trust_error error =
            serve->error == TRUST_OK ? step(serve, is_answered && !serve->is_read) : serve->error;
        if (error != TRUST_OK)
            return error;
    }
}

/* What still waits leaves, as long as the client takes it. */
static enum trust_error drain(struct serve *serve)
{
    while (serve->error == TRUST_OK && outbox_waits(&serve->outbox)) {
        struct pollfd way = {.fd = serve->out, .events = POLLOUT};
        int ready = poll(&way, 1, TRUST_MCP_DRAIN_MS);
        if (ready == 0)
            return TRUST_OK;
        if (ready > 0)
            serve->error = outbox_flush(&serve->outbox, serve->out);
        else if (errno != EINTR)
            return TRUST_FAIL_SYSTEM;
    }
    return serve->error;
}

enum trust_error serve_run(struct view *view, int in, int out)
{
    int flags = fcntl(out, F_GETFL);
    if (flags < 0 || fcntl(out, F_SETFL, flags | O_NONBLOCK) != 0)
        return TRUST_FAIL_SYSTEM;
    struct serve *serve = calloc(1, sizeof *serve);
    if (serve == NULL)
        return TRUST_FAIL_MEMORY;
    serve->in = in;
    serve->out = out;
    lines_init(&serve->lines, TRUST_WIRE_MESSAGE_SIZE_MAX);
    server_init(&serve->server, view, (struct reply){.send = send_line, .context = serve});
    enum trust_error error = loop(serve);
    if (error == TRUST_OK) {
        server_end(&serve->server);
        error = drain(serve);
    }
    server_close(&serve->server);
    lines_close(&serve->lines);
    outbox_close(&serve->outbox);
    free(serve);
    (void)fcntl(out, F_SETFL, flags);
    /* A client that is gone has heard all that it wanted. */
    return error == TRUST_NO_PEER ? TRUST_OK : error;
}
