/* The link process: what the core orders. See link_inside.h. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "base/assert.h"
#include "node/link_inside.h"

#define BACKOFF_MS_MIN 1000u
#define BACKOFF_MS_MAX 600000u
/* A bye has this long to leave before its connection is closed. */
#define LINGER_MS 500

/* A dialled line that ended is opened again later, unless its key was forgotten. */
void link_orders_reopen(struct link_process *process, struct link_line *line)
{
    link_told_down(process, line);
    link_line_close(line, LINGER_MS);
    line->backoff_ms = line->backoff_ms == 0 ? BACKOFF_MS_MIN : line->backoff_ms * 2;
    if (line->backoff_ms > BACKOFF_MS_MAX)
        line->backoff_ms = BACKOFF_MS_MAX;
    uint64_t jitter_ms = randombytes_uniform(line->backoff_ms / 2 + 1);
    line->reopen_ms = process->now_ms + line->backoff_ms / 2 + jitter_ms;
}

void link_orders_open_due(struct link_process *process)
{
    for (int i = 0; i < LINK_LINES_MAX; i++) {
        struct link_line *line = &process->lines.lines[i];
        if (!line->is_used || !line->is_dialled || line->dealer != NULL ||
            process->now_ms < line->reopen_ms)
            continue;
        const struct link_known *known = link_gate_find(&process->gate, &line->key);
        if (known != NULL && known->held_until_ms > process->now_ms) {
            line->reopen_ms = known->held_until_ms;
            continue;
        }
        if (!link_line_open(&process->lines, line))
            link_orders_reopen(process, line);
    }
}

static void dial(struct link_process *process, const struct trust_key *key, const char *endpoint,
                 const uint8_t *secret)
{
    struct link_line *line = link_line_dialled(&process->lines, key);
    if (line == NULL)
        line = link_line_add(&process->lines);
    if (line == NULL)
        return;
    link_told_down(process, line);
    link_line_close(line, LINGER_MS);
    *line = (struct link_line){.is_used = true, .is_dialled = true, .key = *key, .fd = -1};
    (void)snprintf(line->endpoint, sizeof line->endpoint, "%s", endpoint);
    line->has_secret = secret != NULL;
    if (secret != NULL)
        memcpy(line->secret, secret, sizeof line->secret);
}

static void forget(struct link_process *process, const struct trust_key *key)
{
    link_gate_forget(&process->gate, key);
    for (int i = 0; i < LINK_LINES_MAX; i++) {
        struct link_line *line = &process->lines.lines[i];
        if (!line->is_used || memcmp(line->key.bytes, key->bytes, sizeof key->bytes) != 0)
            continue;
        if (!line->is_dialled) {
            link_line_hang_up(line);
            link_told_inbound_gone(process, line);
        } else {
            link_told_down(process, line);
            link_line_close(line, LINGER_MS);
            line->is_used = false;
        }
    }
}

static void send_frame(struct link_process *process, const struct link_wire *message)
{
    struct link_line *line = link_line_by_handle(&process->lines, message->handle);
    if (line == NULL)
        return;
    int sent = 0;
    if (line->is_dialled) {
        sent = zmq_send(line->dealer, message->body.data, message->body.size, ZMQ_DONTWAIT);
    } else {
        sent = zmq_send(process->lines.router, line->routing, sizeof line->routing,
                        ZMQ_DONTWAIT | ZMQ_SNDMORE);
        if (sent >= 0)
            sent = zmq_send(process->lines.router, message->body.data, message->body.size,
                            ZMQ_DONTWAIT);
    }
    /* A full queue drops: push may lose. Only a caller that is gone is news. */
    if (sent < 0 && zmq_errno() == EHOSTUNREACH)
        link_told_inbound_gone(process, line);
}

static void drop(struct link_process *process, uint32_t handle)
{
    struct link_line *line = link_line_by_handle(&process->lines, handle);
    if (line == NULL)
        return;
    if (line->is_dialled) {
        link_orders_reopen(process, line);
    } else {
        link_line_hang_up(line);
        link_told_inbound_gone(process, line);
    }
}

static bool take_key(struct trust_bytes *body, struct trust_key *out_key)
{
    if (body->size < sizeof out_key->bytes)
        return false;
    memcpy(out_key->bytes, body->data, sizeof out_key->bytes);
    *body = (struct trust_bytes){body->data + sizeof out_key->bytes,
                                 body->size - sizeof out_key->bytes};
    return true;
}

static bool take_endpoint(struct trust_bytes body, char out_endpoint[TRUST_ENDPOINT_SIZE_MAX + 1])
{
    if (body.size > TRUST_ENDPOINT_SIZE_MAX)
        return false;
    memcpy(out_endpoint, body.data, body.size);
    out_endpoint[body.size] = '\0';
    return true;
}

static void allow(struct link_process *process, const struct trust_key *key, const char *endpoint)
{
    if (link_gate_allow(&process->gate, key, endpoint) == TRUST_OK && *endpoint != '\0')
        dial(process, key, endpoint, NULL);
}

static void hold(struct link_process *process, const struct trust_key *key, struct trust_bytes body)
{
    uint64_t ms = 0;
    for (size_t i = 0; i < 8; i++)
        ms = ms << 8 | body.data[i];
    link_gate_hold(&process->gate, key, process->now_ms + ms, body.data[8] != 0);
}

/* The core speaks correctly; a message that is none ends the process, and the core starts another.
 */
static bool obey(struct link_process *process, const struct link_wire *message)
{
    struct trust_key key;
    char endpoint[TRUST_ENDPOINT_SIZE_MAX + 1];
    struct trust_bytes body = message->body;
    if (message->type == LINK_WIRE_SEND) {
        send_frame(process, message);
        return true;
    }
    if (message->type == LINK_WIRE_DROP) {
        drop(process, message->handle);
        return true;
    }
    if (!take_key(&body, &key))
        return false;
    if (message->type == LINK_WIRE_ALLOW && take_endpoint(body, endpoint)) {
        allow(process, &key, endpoint);
    } else if (message->type == LINK_WIRE_FORGET && body.size == 0) {
        forget(process, &key);
    } else if (message->type == LINK_WIRE_HOLD && body.size == 9) {
        hold(process, &key, body);
    } else if (message->type == LINK_WIRE_JOIN && body.size > 32 &&
               take_endpoint((struct trust_bytes){body.data + 32, body.size - 32}, endpoint)) {
        dial(process, &key, endpoint, body.data);
    } else {
        return false;
    }
    return true;
}

void link_orders_read(struct link_process *process)
{
    for (int i = 0; i < LINK_BATCH && !process->is_over && !link_told_is_behind(process); i++) {
        struct link_wire message;
        enum trust_error error = link_wire_receive(process->fd, &message, process->packet);
        if (error == TRUST_NO_FOUND)
            return;
        process->is_over = error != TRUST_OK || !obey(process, &message);
    }
}
