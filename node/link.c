/* See link.h. What the operator wants of the link (keys, endpoints) is kept here, so that a new
 * process can be told all of it again. */
#include "node/link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "node/link_gate.h"
#include "node/link_wire.h"

#define START_WAIT_MS 5000
#define BACKOFF_MS_MIN 100u
#define BACKOFF_MS_MAX 30000u
/* A process that ran this long starts its back-off anew. */
#define HEALTHY_MS 60000u
#define SOCKET_SIZE (4 << 20)

struct link {
    struct link_wire_config config;
    const char *program;
    int fd; /* -1: no process */
    pid_t pid;
    bool is_started; /* this process said so */
    bool is_lost;    /* LINK_LOST is still to be told */
    struct trust_mono started;
    struct trust_mono restart_due;
    uint32_t backoff_ms;
    struct link_gate wanted; /* keys and endpoints; holds are not repeated to a new process */
    struct link_state state;
    uint8_t packet[LINK_WIRE_SIZE_MAX];
};

/* In the child: our end becomes the only descriptor beside the standard ones. */
static _Noreturn void become_link(const char *program, int fd)
{
    char number[16];
    (void)snprintf(number, sizeof number, "%d", fd);
    (void)fcntl(fd, F_SETFD, 0);
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)execl(program, "reputed", "--link-process", number, (char *)NULL);
    _exit(127);
}

static bool send_config(struct link *link)
{
    uint8_t body[LINK_WIRE_CONFIG_SIZE_MAX];
    size_t size = link_wire_encode_config(body, &link->config);
    enum link_wire_sent sent =
        link_wire_send(link->fd, &(struct link_wire){.type = LINK_WIRE_CONFIG,
                                                     .body = {.data = body, .size = size}});
    sodium_memzero(body, sizeof body);
    return sent == LINK_WIRE_SENT;
}

static enum trust_error spawn(struct link *link, struct trust_mono now)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return TRUST_FAIL_SYSTEM;
    const int size = SOCKET_SIZE;
    for (int i = 0; i < 2; i++)
        (void)setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    link->fd = ends[0];
    link->pid = send_config(link) ? fork() : -1;
    if (link->pid == 0)
        become_link(link->program, ends[1]);
    (void)close(ends[1]);
    if (link->pid < 0) {
        (void)close(link->fd);
        link->fd = -1;
        return TRUST_FAIL_SYSTEM;
    }
    link->is_started = false;
    link->started = now;
    return TRUST_OK;
}

/* Reaps the process and plans the next. */
static void lose(struct link *link, struct trust_mono now)
{
    if (link->fd < 0)
        return;
    (void)close(link->fd);
    link->fd = -1;
    (void)kill(link->pid, SIGKILL);
    int status = 0;
    (void)waitpid(link->pid, &status, 0);
    link->is_lost = link->is_lost || link->is_started;
    if (now.ms - link->started.ms >= HEALTHY_MS || link->backoff_ms == 0)
        link->backoff_ms = BACKOFF_MS_MIN;
    else if (link->backoff_ms < BACKOFF_MS_MAX)
        link->backoff_ms *= 2;
    link->restart_due.ms = now.ms + link->backoff_ms;
    link->state.connections = 0;
    link->state.restarts++;
}

static void tell(struct link *link, const struct link_wire *message)
{
    if (link->fd < 0)
        return;
    if (link_wire_send(link->fd, message) == LINK_WIRE_FULL)
        link->state.frames_lost++;
}

static void tell_allow(struct link *link, const struct link_known *known)
{
    uint8_t body[32 + TRUST_ENDPOINT_SIZE_MAX];
    size_t size = strlen(known->endpoint);
    memcpy(body, known->key.bytes, 32);
    memcpy(body + 32, known->endpoint, size);
    tell(link,
         &(struct link_wire){.type = LINK_WIRE_ALLOW, .body = {.data = body, .size = 32 + size}});
}

/* The new process listens: it hears everything that is wanted. */
static void greet(struct link *link, const struct link_wire *message)
{
    link->is_started = true;
    uint8_t held = message->body.size == 1 ? message->body.data[0] : 0;
    link->state.has_seccomp = (held & 1) != 0;
    link->state.has_landlock = (held & 2) != 0;
    for (int i = 0; i < LINK_KEYS_MAX; i++) {
        if (link->wanted.known[i].is_used)
            tell_allow(link, &link->wanted.known[i]);
    }
}

/* Waits for the first word of the first process, so that a wrong address is the start's error. */
static enum trust_error await_start(struct link *link)
{
    struct pollfd item = {.fd = link->fd, .events = POLLIN};
    struct link_wire message;
    if (poll(&item, 1, START_WAIT_MS) != 1 ||
        link_wire_receive(link->fd, &message, link->packet) != TRUST_OK)
        return TRUST_FAIL_SYSTEM;
    if (message.type == LINK_WIRE_FAILED && message.body.size == 4)
        return message.body.data[3] == EADDRINUSE ? TRUST_NO_CONFLICT : TRUST_FAIL_SYSTEM;
    if (message.type != LINK_WIRE_STARTED)
        return TRUST_FAIL_SYSTEM;
    greet(link, &message);
    return TRUST_OK;
}

enum trust_error link_open(struct link **out_link, const struct link_options *options,
                           struct trust_now now)
{
    struct link *link = calloc(1, sizeof *link);
    if (link == NULL)
        return TRUST_FAIL_MEMORY;
    link->fd = -1;
    link->program = options->program;
    link->config.key = options->key;
    link->config.newcomers = options->newcomers;
    memcpy(link->config.secret, options->secret, sizeof link->config.secret);
    (void)snprintf(link->config.listen, sizeof link->config.listen, "%s",
                   options->listen == NULL ? "" : options->listen);
    enum trust_error error = spawn(link, now.mono);
    if (error == TRUST_OK)
        error = await_start(link);
    if (error != TRUST_OK) {
        link_close(link);
        return error;
    }
    *out_link = link;
    return TRUST_OK;
}

void link_close(struct link *link)
{
    if (link->fd >= 0) {
        (void)shutdown(link->fd, SHUT_WR);
        (void)close(link->fd);
        int status = 0;
        (void)waitpid(link->pid, &status, 0);
    }
    sodium_memzero(&link->config, sizeof link->config);
    free(link);
}

int link_fd(const struct link *link)
{
    return link->fd;
}

/* False: a message that says nothing to the engine, or none of ours. */
static bool translate(struct link *link, const struct link_wire *message,
                      struct link_event *out_event)
{
    struct link_event event = {.handle = message->handle, .bytes = message->body};
    if (message->type == LINK_WIRE_STARTED) {
        greet(link, message);
        event.kind = LINK_STARTED;
    } else if (message->type == LINK_WIRE_UP && message->body.size == 33) {
        event.kind = LINK_UP;
        memcpy(event.key.bytes, message->body.data, 32);
        event.dialled = message->body.data[32] != 0;
        link->state.connections++;
    } else if (message->type == LINK_WIRE_DOWN) {
        event.kind = LINK_DOWN;
        link->state.connections--;
    } else if (message->type == LINK_WIRE_BYTES) {
        event.kind = LINK_BYTES;
    } else if (message->type == LINK_WIRE_REFUSED && message->body.size == 32) {
        event.kind = LINK_REFUSED;
        memcpy(event.key.bytes, message->body.data, 32);
    } else {
        return false;
    }
    *out_event = event;
    return true;
}

bool link_poll(struct link *link, struct link_event *out_event, struct trust_now now)
{
    struct link_wire message;
    while (link->fd >= 0) {
        enum trust_error error = link_wire_receive(link->fd, &message, link->packet);
        if (error == TRUST_NO_FOUND)
            return false;
        if (error != TRUST_OK)
            lose(link, now.mono);
        else if (translate(link, &message, out_event))
            return true;
    }
    if (!link->is_lost)
        return false;
    link->is_lost = false;
    *out_event = (struct link_event){.kind = LINK_LOST};
    return true;
}

void link_send(struct link *link, uint32_t handle, struct trust_bytes frame)
{
    tell(link, &(struct link_wire){.type = LINK_WIRE_SEND, .handle = handle, .body = frame});
}

void link_drop(struct link *link, uint32_t handle)
{
    tell(link, &(struct link_wire){.type = LINK_WIRE_DROP, .handle = handle});
}

enum trust_error link_allow(struct link *link, const struct trust_key *key, const char *endpoint)
{
    enum trust_error error = link_gate_allow(&link->wanted, key, endpoint == NULL ? "" : endpoint);
    if (error == TRUST_OK)
        tell_allow(link, link_gate_find(&link->wanted, key));
    return error;
}

void link_forget(struct link *link, const struct trust_key *key)
{
    link_gate_forget(&link->wanted, key);
    tell(link, &(struct link_wire){.type = LINK_WIRE_FORGET,
                                   .body = {.data = key->bytes, .size = sizeof key->bytes}});
}

void link_join(struct link *link, const struct trust_key *key, const uint8_t secret[32],
               const char *endpoint)
{
    uint8_t body[64 + TRUST_ENDPOINT_SIZE_MAX];
    size_t size = strlen(endpoint);
    memcpy(body, key->bytes, 32);
    memcpy(body + 32, secret, 32);
    memcpy(body + 64, endpoint, size);
    tell(link,
         &(struct link_wire){.type = LINK_WIRE_JOIN, .body = {.data = body, .size = 64 + size}});
    sodium_memzero(body, sizeof body);
}

void link_hold_off(struct link *link, const struct trust_key *key, uint64_t ms, bool banned)
{
    uint8_t body[32 + 9];
    memcpy(body, key->bytes, 32);
    for (size_t i = 0; i < 8; i++)
        body[32 + i] = (uint8_t)(ms >> (56 - 8 * i));
    body[40] = banned;
    tell(link,
         &(struct link_wire){.type = LINK_WIRE_HOLD, .body = {.data = body, .size = sizeof body}});
}

void link_tick(struct link *link, struct trust_now now)
{
    if (link->fd >= 0 || now.mono.ms < link->restart_due.ms)
        return;
    if (spawn(link, now.mono) != TRUST_OK)
        link->restart_due.ms = now.mono.ms + BACKOFF_MS_MAX;
}

struct trust_mono link_deadline(const struct link *link)
{
    return link->fd >= 0 ? (struct trust_mono){.ms = UINT64_MAX} : link->restart_due;
}

void link_state(const struct link *link, struct link_state *out_state)
{
    *out_state = link->state;
    out_state->is_running = link->fd >= 0 && link->is_started;
    out_state->pid = link->fd >= 0 ? (int)link->pid : 0;
}
