/*
 * A link process without its program: the core's end of the socketpair is the test's, peers are
 * ZeroMQ clients of the test on loopback, and the test turns the process by hand.
 */
#ifndef LINKING_H
#define LINKING_H

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "node/clock.h"
#include "node/link_inside.h"
#include "node/link_zap.h"

#define LINKING_WAIT_MS 5000

struct pair {
    uint8_t secret[32];
    struct trust_key key;
};

struct linking {
    struct link_process *process;
    int core; /* the core's end */
    struct pair server;
    char endpoint[64];
    uint8_t packet[LINK_WIRE_SIZE_MAX];
};

static inline struct pair pair_of(uint8_t number)
{
    struct pair pair;
    memset(pair.secret, number, sizeof pair.secret);
    if (crypto_scalarmult_base(pair.key.bytes, pair.secret) != 0)
        abort();
    return pair;
}

static inline struct linking linking_open(void)
{
    struct linking linking = {.process = calloc(1, sizeof *linking.process), .server = pair_of(1)};
    int ends[2];
    if (sodium_init() < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
        abort();
    linking.core = ends[0];
    struct link_process *process = linking.process;
    process->fd = ends[1];
    process->now_ms = clock_now().mono.ms;
    process->lines.key = linking.server.key;
    memcpy(process->lines.secret, linking.server.secret, 32);
    process->lines.context = zmq_ctx_new();
    process->zap = link_zap_open(process->lines.context);
    size_t size = sizeof linking.endpoint;
    if (process->zap == NULL || !link_lines_listen(&process->lines, "tcp://127.0.0.1:*") ||
        zmq_getsockopt(process->lines.router, ZMQ_LAST_ENDPOINT, linking.endpoint, &size) != 0)
        abort();
    return linking;
}

static inline void linking_close(struct linking *linking)
{
    struct link_lines *lines = &linking->process->lines;
    for (int i = 0; i < LINK_LINES_MAX; i++)
        link_line_close(&lines->lines[i], 0);
    if (lines->router != NULL)
        zmq_close(lines->router);
    zmq_close(linking->process->zap);
    zmq_ctx_term(lines->context);
    close(linking->process->fd);
    close(linking->core);
    free(linking->process);
}

/* One turn, as the process's loop makes it, without its waiting. */
static inline void linking_turn(struct linking *linking)
{
    struct link_process *process = linking->process;
    process->now_ms = clock_now().mono.ms;
    link_told_flush(process);
    if (!link_told_is_behind(process))
        link_reading_answer_zap(process);
    link_orders_read(process);
    while (!link_told_is_behind(process) && link_reading_router(process))
        continue;
    link_reading_dialled(process);
    link_orders_time(process);
}

/* Turns until the core's end has a message; false: none came in time. The body lives in packet. */
static inline bool linking_next(struct linking *linking, struct link_wire *out_message)
{
    uint64_t until_ms = clock_now().mono.ms + LINKING_WAIT_MS;
    while (clock_now().mono.ms < until_ms) {
        linking_turn(linking);
        if (link_wire_receive(linking->core, out_message, linking->packet) == TRUST_OK)
            return true;
        usleep(1000);
    }
    return false;
}

/* Turns for a while and says whether nothing was told. */
static inline bool linking_is_quiet(struct linking *linking, int turns)
{
    struct link_wire message;
    for (int i = 0; i < turns; i++) {
        linking_turn(linking);
        if (link_wire_receive(linking->core, &message, linking->packet) == TRUST_OK)
            return false;
        usleep(1000);
    }
    return true;
}

/* An order of the core, by way of the socket. */
static inline void linking_order(struct linking *linking, enum link_wire_type type, uint32_t handle,
                                 const void *body, size_t size)
{
    const struct link_wire message = {
        .type = type, .handle = handle, .body = {.data = body, .size = size}};
    if (link_wire_send(linking->core, &message) != LINK_WIRE_SENT)
        abort();
    linking_turn(linking);
}

static inline void linking_allow(struct linking *linking, const struct trust_key *key,
                                 const char *endpoint)
{
    uint8_t body[32 + TRUST_ENDPOINT_SIZE_MAX];
    memcpy(body, key->bytes, 32);
    memcpy(body + 32, endpoint, strlen(endpoint));
    linking_order(linking, LINK_WIRE_ALLOW, 0, body, 32 + strlen(endpoint));
}

/* A client of the link; NULL pair: without CURVE. */
static inline void *client_open(void *context, const struct linking *linking,
                                const struct pair *pair, const char *routing)
{
    void *client = zmq_socket(context, ZMQ_DEALER);
    int zero = 0;
    zmq_setsockopt(client, ZMQ_LINGER, &zero, sizeof zero);
    if (routing != NULL)
        zmq_setsockopt(client, ZMQ_ROUTING_ID, routing, strlen(routing));
    if (pair != NULL) {
        zmq_setsockopt(client, ZMQ_CURVE_SERVERKEY, linking->server.key.bytes, 32);
        zmq_setsockopt(client, ZMQ_CURVE_PUBLICKEY, pair->key.bytes, 32);
        zmq_setsockopt(client, ZMQ_CURVE_SECRETKEY, pair->secret, 32);
    }
    if (zmq_connect(client, linking->endpoint) != 0)
        abort();
    return client;
}

#endif
