/* See link_line.h. */
#include "node/link_line.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "base/assert.h"
#include "base/limits.h"
#include "node/link_zap.h"
#include "record/key.h"

#define HANDSHAKE_MS 2000
#define WATER_MARK 64
#define HEARTBEAT_MS 15000
#define HEARTBEAT_TTL_MS 45000
#define NEVER (-1)
#define BACKLOG 64

struct number_option {
    int option;
    int value;
};

static bool set_numbers(void *socket, const struct number_option *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (zmq_setsockopt(socket, options[i].option, &options[i].value, sizeof(int)) != 0)
            return false;
    }
    return true;
}

/* protocol: Options are set before bind or connect: 64 KiB a message, 2 s for the handshake, 64
 * messages each way, heartbeats of 15 s that end a connection after 45 s of silence. */
static bool set_common(void *socket)
{
    static const struct number_option options[] = {
        {ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
        {ZMQ_RCVHWM, WATER_MARK},
        {ZMQ_SNDHWM, WATER_MARK},
        {ZMQ_LINGER, 0},
        {ZMQ_IMMEDIATE, 1},
        {ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS},
        {ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TTL_MS},
        {ZMQ_HEARTBEAT_TTL, HEARTBEAT_TTL_MS},
        {ZMQ_IPV6, 1},
    };
    int64_t size_max = TRUST_FRAME_SIZE_MAX;
    return zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &size_max, sizeof size_max) == 0 &&
           set_numbers(socket, options, sizeof options / sizeof *options);
}

static bool set_router(const struct link_lines *lines, void *socket)
{
    static const struct number_option options[] = {
        {ZMQ_CURVE_SERVER, 1},
        {ZMQ_ROUTER_MANDATORY, 1},
        {ZMQ_BACKLOG, BACKLOG},
    };
    return set_common(socket) && set_numbers(socket, options, sizeof options / sizeof *options) &&
           zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, lines->secret, sizeof lines->secret) == 0 &&
           zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, LINK_ZAP_DOMAIN, strlen(LINK_ZAP_DOMAIN)) == 0;
}

bool link_lines_listen(struct link_lines *lines, const char *listen)
{
    if (*listen == '\0')
        return true;
    void *socket = zmq_socket(lines->context, ZMQ_ROUTER);
    if (socket == NULL)
        return false;
    if (set_router(lines, socket) && zmq_bind(socket, listen) == 0) {
        lines->router = socket;
        return true;
    }
    int error = zmq_errno();
    (void)zmq_close(socket);
    errno = error;
    return false;
}

struct link_line *link_line_by_handle(struct link_lines *lines, uint32_t handle)
{
    for (int i = 0; i < LINK_LINES_MAX; i++) {
        struct link_line *line = &lines->lines[i];
        if (line->is_used && line->is_up && line->handle == handle)
            return line;
    }
    return NULL;
}

struct link_line *link_line_by_routing(struct link_lines *lines, const uint8_t *routing)
{
    for (int i = 0; i < LINK_LINES_MAX; i++) {
        struct link_line *line = &lines->lines[i];
        if (line->is_used && !line->is_dialled &&
            memcmp(line->routing, routing, sizeof line->routing) == 0)
            return line;
    }
    return NULL;
}

static bool is_of(const struct link_line *line, const struct trust_key *key)
{
    return line->is_used && trust_key_is_same(&line->key, key);
}

struct link_line *link_line_dialled(struct link_lines *lines, const struct trust_key *key)
{
    for (int i = 0; i < LINK_LINES_MAX; i++) {
        if (lines->lines[i].is_dialled && is_of(&lines->lines[i], key))
            return &lines->lines[i];
    }
    return NULL;
}

struct link_line *link_line_inbound(struct link_lines *lines, const struct trust_key *key)
{
    for (int i = 0; i < LINK_LINES_MAX; i++) {
        const struct link_line *line = &lines->lines[i];
        if (!line->is_dialled && line->ends_ms == 0 && is_of(line, key))
            return &lines->lines[i];
    }
    return NULL;
}

struct link_line *link_line_add(struct link_lines *lines)
{
    for (int i = 0; i < LINK_LINES_MAX; i++) {
        struct link_line *line = &lines->lines[i];
        if (!line->is_used) {
            *line = (struct link_line){.is_used = true, .fd = -1};
            return line;
        }
    }
    return NULL;
}

void link_line_free(struct link_line *line)
{
    assert(line->dealer == NULL);
    sodium_memzero(line, sizeof *line);
}

static bool set_dealer(const struct link_lines *lines, const struct link_line *line, void *socket)
{
    static const struct number_option options[] = {
        {ZMQ_RECONNECT_IVL, NEVER},
    };
    const uint8_t *secret = line->uses_secret ? line->secret : lines->secret;
    uint8_t public[32];
    int failed = crypto_scalarmult_base(public, secret);
    assert(failed == 0);
    return set_common(socket) && set_numbers(socket, options, sizeof options / sizeof *options) &&
           zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, line->key.bytes, 32) == 0 &&
           zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, public, sizeof public) == 0 &&
           zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, 32) == 0;
}

static void *open_monitor(struct link_lines *lines, void *dealer)
{
    char name[40];
    (void)snprintf(name, sizeof name, "inproc://line-%u", lines->opened++);
    int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                 ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                 ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED;
    if (zmq_socket_monitor(dealer, name, events) != 0)
        return NULL;
    void *monitor = zmq_socket(lines->context, ZMQ_PAIR);
    int linger = 0;
    if (monitor == NULL)
        return NULL;
    if (zmq_setsockopt(monitor, ZMQ_LINGER, &linger, sizeof linger) == 0 &&
        zmq_connect(monitor, name) == 0)
        return monitor;
    (void)zmq_close(monitor);
    return NULL;
}

/* The monitor is stopped before its reader goes: without a reader an event waits for one, and with
 * it libzmq's I/O thread and every other line. */
static void close_sockets(void *dealer, void *monitor)
{
    (void)zmq_socket_monitor(dealer, NULL, 0);
    if (monitor != NULL)
        (void)zmq_close(monitor);
    (void)zmq_close(dealer);
}

bool link_line_open(struct link_lines *lines, struct link_line *line)
{
    assert(line->is_dialled);
    assert(line->dealer == NULL);
    void *dealer = zmq_socket(lines->context, ZMQ_DEALER);
    if (dealer == NULL)
        return false;
    void *monitor = set_dealer(lines, line, dealer) ? open_monitor(lines, dealer) : NULL;
    if (monitor != NULL && zmq_connect(dealer, line->endpoint) == 0) {
        line->dealer = dealer;
        line->monitor = monitor;
        return true;
    }
    close_sockets(dealer, monitor);
    return false;
}

void link_line_close(struct link_line *line, int linger_ms)
{
    if (line->dealer == NULL)
        return;
    (void)zmq_setsockopt(line->dealer, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    close_sockets(line->dealer, line->monitor);
    line->dealer = NULL;
    line->monitor = NULL;
    line->is_over = false;
}

void link_line_note_source(struct link_line *line, int fd)
{
    socklen_t size = sizeof line->address;
    line->fd = -1;
    if (fd < 0 || getpeername(fd, (struct sockaddr *)&line->address, &size) != 0)
        return;
    line->fd = fd;
    line->address_size = size;
}

/* Address and port together name one live connection: a descriptor that was given to another caller
 * meanwhile has others. */
void link_line_hang_up(const struct link_line *line)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (line->fd < 0 || getpeername(line->fd, (struct sockaddr *)&address, &size) != 0)
        return;
    if (size == line->address_size && memcmp(&address, &line->address, size) == 0)
        (void)shutdown(line->fd, SHUT_RDWR);
}

bool link_line_monitor(const struct link_line *line, enum link_monitor_event *out_event)
{
    uint8_t frame[6];
    int size = zmq_recv(line->monitor, frame, sizeof frame, ZMQ_DONTWAIT);
    if (size < 0)
        return false;
    char address[TRUST_ENDPOINT_SIZE_MAX + 64];
    (void)zmq_recv(line->monitor, address, sizeof address, ZMQ_DONTWAIT);
    uint16_t event = 0;
    if (size == sizeof frame)
        memcpy(&event, frame, sizeof event);
    *out_event = LINK_MONITOR_NOTHING;
    if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
        *out_event = LINK_MONITOR_UP;
    else if (event != 0)
        *out_event = LINK_MONITOR_DOWN;
    return true;
}
