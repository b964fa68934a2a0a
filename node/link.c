/* See link.h. What the operator wants of the link (keys, endpoints) is kept here, so that a new
 * process can be told all of it again. */
#include "node/link.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/writer.h"
#include "node/clock.h"
#include "node/link_gate.h"
#include "node/link_sandbox.h"
#include "node/link_wire.h"

#define START_WAIT_MS 5000
#define STOP_WAIT_MS 2000
#define BACKOFF_MS_MIN 100u
#define BACKOFF_MS_MAX 30000u
/* A process that ran this long starts its back-off anew. */
#define HEALTHY_MS 60000u
#define SOCKET_SIZE (4 << 20)
/* Orders that the process has no room for are handed over this often, and wait this long. */
#define RETRY_MS 10u
#define STUCK_MS 30000u
/* As many as a new process hears at once, and as many again. */
#define ORDERS_MAX (2 * LINK_KEYS_MAX)
/* JOIN: key, secret, endpoint. */
#define ORDER_SIZE_MAX (32 + 32 + TRUST_ENDPOINT_SIZE_MAX)
#define CHILD_FD 3

struct order {
    enum link_wire_type type;
    uint32_t handle;
    uint32_t size;
    uint8_t body[ORDER_SIZE_MAX];
};

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
    struct trust_mono now;   /* of the last poll or tick */
    struct link_gate wanted; /* keys and endpoints; holds are not repeated to a new process */
    struct link_state state;
    /* Orders may not be lost: those that found no room wait, in a ring. */
    struct order orders[ORDERS_MAX];
    uint32_t order_first;
    uint32_t order_count;
    struct trust_mono order_moved; /* when the last one left, or the first began to wait */
    uint8_t packet[LINK_WIRE_SIZE_MAX];
};

/* Starts the program with one end of the pair as descriptor 3; all others close on exec. */
static bool start_process(struct link *link, int end)
{
    static char name[] = "reputed-link";
    static char mode[] = "--link-process";
    static char number[] = "3";
    char *const arguments[] = {name, mode, number, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    (void)sigemptyset(&none);
    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    bool is_ready = posix_spawnattr_init(&attributes) == 0;
    if (!is_ready) {
        (void)posix_spawn_file_actions_destroy(&actions);
        return false;
    }
    bool is_started =
        posix_spawn_file_actions_adddup2(&actions, end, CHILD_FD) == 0 &&
        posix_spawnattr_setsigmask(&attributes, &none) == 0 &&
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK) == 0 &&
        posix_spawn(&link->pid, link->program, &actions, &attributes, arguments, environ) == 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    return is_started;
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
    bool is_running = send_config(link) && start_process(link, ends[1]);
    (void)close(ends[1]);
    if (!is_running) {
        (void)close(link->fd);
        link->fd = -1;
        return TRUST_FAIL_SYSTEM;
    }
    link->is_started = false;
    link->started = now;
    return TRUST_OK;
}

static void reap(const struct link *link)
{
    int status = 0;
    while (waitpid(link->pid, &status, 0) < 0 && errno == EINTR)
        continue;
}

static void forget_orders(struct link *link)
{
    sodium_memzero(link->orders, sizeof link->orders);
    link->order_count = 0;
}

/* Ends the process, however it is, and plans the next. */
static void lose(struct link *link, struct trust_mono now)
{
    if (link->fd < 0)
        return;
    (void)close(link->fd);
    link->fd = -1;
    (void)kill(link->pid, SIGKILL);
    reap(link);
    forget_orders(link);
    link->is_lost = link->is_lost || link->is_started;
    if (now.ms - link->started.ms >= HEALTHY_MS || link->backoff_ms == 0)
        link->backoff_ms = BACKOFF_MS_MIN;
    else if (link->backoff_ms < BACKOFF_MS_MAX)
        link->backoff_ms *= 2;
    link->restart_due.ms = now.ms + link->backoff_ms;
    link->state.connections = 0;
    link->state.restarts++;
}

/* ---- orders ---- */

/* False: the process has no room for the first of them, or is gone. */
static bool flush_orders(struct link *link, struct trust_mono now)
{
    while (link->order_count > 0) {
        struct order *order = &link->orders[link->order_first];
        enum link_wire_sent sent = link_wire_send(
            link->fd, &(struct link_wire){.type = order->type,
                                          .handle = order->handle,
                                          .body = {.data = order->body, .size = order->size}});
        if (sent != LINK_WIRE_SENT)
            return false;
        sodium_memzero(order, sizeof *order);
        link->order_first = (link->order_first + 1) % ORDERS_MAX;
        link->order_count--;
        link->order_moved = now;
    }
    return true;
}

/* An order that finds no room waits; a process that lets hundreds wait is restarted, and hears
 * everything anew. */
static void order(struct link *link, const struct link_wire *message)
{
    if (link->fd < 0)
        return;
    if (link->order_count == 0 && link_wire_send(link->fd, message) == LINK_WIRE_SENT)
        return;
    if (link->order_count == ORDERS_MAX) {
        lose(link, link->now);
        return;
    }
    assert(message->body.size <= ORDER_SIZE_MAX);
    if (link->order_count == 0)
        link->order_moved = link->now;
    uint32_t at = (link->order_first + link->order_count++) % ORDERS_MAX;
    struct order *waiting = &link->orders[at];
    *waiting = (struct order){
        .type = message->type, .handle = message->handle, .size = (uint32_t)message->body.size};
    if (message->body.size > 0)
        memcpy(waiting->body, message->body.data, message->body.size);
}

/* ALLOW, or JOIN with the secret of an invite. */
static void order_allow(struct link *link, const struct link_known *known)
{
    uint8_t body[ORDER_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(body, sizeof body);
    trust_writer_put(&writer, (struct trust_bytes){known->key.bytes, sizeof known->key.bytes});
    if (known->has_secret)
        trust_writer_put(&writer, (struct trust_bytes){known->secret, sizeof known->secret});
    trust_writer_put(&writer, trust_bytes_text(known->endpoint));
    assert(!trust_writer_has_overflowed(&writer));
    order(link, &(struct link_wire){.type = known->has_secret ? LINK_WIRE_JOIN : LINK_WIRE_ALLOW,
                                    .body = {.data = body, .size = writer.size}});
    sodium_memzero(body, sizeof body);
}

/* The new process listens: it hears everything that is wanted. */
static void greet(struct link *link, const struct link_wire *message)
{
    link->is_started = true;
    uint8_t held = message->body.size == 1 ? message->body.data[0] : 0;
    link->state.has_seccomp = (held & LINK_SANDBOX_SECCOMP) != 0;
    link->state.has_landlock = (held & LINK_SANDBOX_LANDLOCK) != 0;
    for (int i = 0; i < LINK_KEYS_MAX; i++) {
        const struct link_known *known = &link->wanted.known[i];
        if (known->is_used && known->is_allowed)
            order_allow(link, known);
    }
}

/* ---- open and close ---- */

static enum trust_error start_fault(uint8_t code)
{
    if (code == EADDRINUSE)
        return TRUST_NO_CONFLICT;
    if (code == EADDRNOTAVAIL || code == ENODEV)
        return TRUST_NO_FOUND;
    return code == EACCES ? TRUST_NO_PERMISSION : TRUST_FAIL_SYSTEM;
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
        return start_fault(message.body.data[3]);
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
    link->now = now.mono;
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

/* Reads until the process has closed its end; what it says is not needed any more. */
static void await_end(struct link *link)
{
    struct pollfd item = {.fd = link->fd, .events = POLLIN};
    const uint64_t until_ms = clock_now().mono.ms + STOP_WAIT_MS;
    for (;;) {
        uint64_t now_ms = clock_now().mono.ms;
        if (now_ms >= until_ms || poll(&item, 1, (int)(until_ms - now_ms)) != 1)
            return;
        ssize_t size = recv(link->fd, link->packet, sizeof link->packet, MSG_DONTWAIT);
        if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR))
            return;
    }
}

void link_close(struct link *link)
{
    if (link->fd >= 0) {
        (void)flush_orders(link, link->now);
        (void)shutdown(link->fd, SHUT_WR);
        await_end(link);
        (void)kill(link->pid, SIGKILL);
        reap(link);
        (void)close(link->fd);
    }
    sodium_memzero(link, sizeof *link);
    free(link);
}

int link_fd(const struct link *link)
{
    return link->fd;
}

/* The way that a connection took; our own key got in by then, or the invite's is still needed. */
static bool take_up(struct link *link, const struct link_wire *message,
                    struct link_event *out_event)
{
    if (message->body.size != 33 || message->body.data[32] > LINK_WIRE_INVITED)
        return false;
    enum link_wire_way way = (enum link_wire_way)message->body.data[32];
    out_event->kind = LINK_UP;
    memcpy(out_event->key.bytes, message->body.data, 32);
    out_event->dialled = way != LINK_WIRE_INBOUND;
    struct link_known *known = link_gate_find(&link->wanted, &out_event->key);
    if (known != NULL && way == LINK_WIRE_DIALLED)
        link_gate_retire_secret(known);
    link->state.connections++;
    return true;
}

/* False: it is not what a link says to a core. */
static bool translate(struct link *link, const struct link_wire *message,
                      struct link_event *out_event)
{
    struct link_event event = {.handle = message->handle, .bytes = message->body};
    if (message->type == LINK_WIRE_STARTED && !link->is_started) {
        greet(link, message);
        event.kind = LINK_STARTED;
    } else if (message->type == LINK_WIRE_UP) {
        if (!take_up(link, message, &event))
            return false;
    } else if (message->type == LINK_WIRE_DOWN && link->state.connections > 0) {
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
    link->now = now.mono;
    if (link->fd >= 0) {
        struct link_wire message;
        enum trust_error error = link_wire_receive(link->fd, &message, link->packet);
        if (error == TRUST_NO_FOUND)
            return false;
        if (error == TRUST_OK && translate(link, &message, out_event))
            return true;
        lose(link, now.mono);
    }
    if (!link->is_lost)
        return false;
    link->is_lost = false;
    *out_event = (struct link_event){.kind = LINK_LOST};
    return true;
}

void link_send(struct link *link, uint32_t handle, struct trust_bytes frame)
{
    const struct link_wire message = {.type = LINK_WIRE_SEND, .handle = handle, .body = frame};
    if (link->fd >= 0 && link_wire_send(link->fd, &message) != LINK_WIRE_SENT)
        link->state.frames_lost++;
}

void link_drop(struct link *link, uint32_t handle)
{
    order(link, &(struct link_wire){.type = LINK_WIRE_DROP, .handle = handle});
}

enum trust_error link_allow(struct link *link, const struct trust_key *key, const char *endpoint)
{
    enum trust_error error = link_gate_allow(&link->wanted, key, endpoint == NULL ? "" : endpoint);
    if (error == TRUST_OK)
        order_allow(link, link_gate_find(&link->wanted, key));
    return error;
}

enum trust_error link_join(struct link *link, const struct trust_key *key, const char *endpoint,
                           const uint8_t secret[32])
{
    enum trust_error error = link_gate_allow(&link->wanted, key, endpoint);
    if (error != TRUST_OK)
        return error;
    struct link_known *known = link_gate_find(&link->wanted, key);
    known->has_secret = true;
    memcpy(known->secret, secret, sizeof known->secret);
    order_allow(link, known);
    return TRUST_OK;
}

void link_forget(struct link *link, const struct trust_key *key)
{
    link_gate_forget(&link->wanted, key);
    order(link, &(struct link_wire){.type = LINK_WIRE_FORGET,
                                    .body = {.data = key->bytes, .size = sizeof key->bytes}});
}

void link_hold_off(struct link *link, const struct trust_key *key, uint64_t ms, bool banned)
{
    uint8_t body[32 + 9];
    struct trust_writer writer = trust_writer_init(body, sizeof body);
    trust_writer_put(&writer, (struct trust_bytes){key->bytes, sizeof key->bytes});
    trust_writer_put_be(&writer, ms, 8);
    trust_writer_put_be(&writer, banned, 1);
    order(link,
          &(struct link_wire){.type = LINK_WIRE_HOLD, .body = {.data = body, .size = sizeof body}});
}

/* A process that does not start, or takes no order while nothing of its own waits to be read. */
static bool is_stuck(const struct link *link)
{
    if (!link->is_started)
        return link->now.ms - link->started.ms >= START_WAIT_MS;
    struct pollfd item = {.fd = link->fd, .events = POLLIN};
    return link->order_count > 0 && link->now.ms - link->order_moved.ms >= STUCK_MS &&
           poll(&item, 1, 0) == 0;
}

void link_tick(struct link *link, struct trust_now now)
{
    link->now = now.mono;
    if (link->fd >= 0) {
        if (!flush_orders(link, now.mono) || !link->is_started) {
            if (is_stuck(link))
                lose(link, now.mono);
        }
    } else if (!link->is_lost && now.mono.ms >= link->restart_due.ms &&
               spawn(link, now.mono) != TRUST_OK) {
        link->restart_due.ms = now.mono.ms + BACKOFF_MS_MAX;
    }
}

bool link_has_event(const struct link *link)
{
    return link->is_lost;
}

struct trust_mono link_deadline(const struct link *link)
{
    if (link->fd < 0)
        return link->is_lost ? (struct trust_mono){.ms = UINT64_MAX} : link->restart_due;
    if (link->order_count > 0)
        return (struct trust_mono){.ms = link->now.ms + RETRY_MS};
    return (struct trust_mono){.ms = link->is_started ? UINT64_MAX
                                                      : link->started.ms + START_WAIT_MS};
}

void link_state(const struct link *link, struct link_state *out_state)
{
    *out_state = link->state;
    out_state->is_running = link->fd >= 0 && link->is_started;
    out_state->pid = link->fd >= 0 ? (int)link->pid : 0;
}
