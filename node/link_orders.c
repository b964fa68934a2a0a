/* The link process: what the core orders. See link_inside.h. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "base/assert.h"
#include "node/link_inside.h"
#include "record/key.h"

#define BACKOFF_MS_MIN 1000u
#define BACKOFF_MS_MAX 600000u
/* While a peer has dialled us, it is not dialled; this often it is looked whether it still has. */
#define RECHECK_MS 2000u

void link_orders_reopen(struct link_process *process, struct link_line *line)
{
    link_told_down(process, line);
    link_line_close(line, LINK_LINGER_MS);
    line->backoff_ms = line->backoff_ms == 0 ? BACKOFF_MS_MIN : line->backoff_ms * 2;
    if (line->backoff_ms > BACKOFF_MS_MAX)
        line->backoff_ms = BACKOFF_MS_MAX;
    uint64_t jitter_ms = randombytes_uniform(line->backoff_ms / 2 + 1);
    line->reopen_ms = process->now_ms + line->backoff_ms / 2 + jitter_ms;
}

/* An invite's key may be used up or not known yet, and ours not let in yet: both have their turn.
 */
static void open_dialled(struct link_process *process, struct link_line *line)
{
    const struct link_known *known = link_gate_find(&process->gate, &line->key);
    if (known != NULL && known->held_until_ms > process->now_ms) {
        line->reopen_ms = known->held_until_ms;
        return;
    }
    if (link_line_inbound(&process->lines, &line->key) != NULL) {
        line->reopen_ms = process->now_ms + RECHECK_MS;
        return;
    }
    line->uses_secret = line->has_secret && !line->uses_secret;
    line->opened_ms = process->now_ms;
    if (!link_line_open(&process->lines, line))
        link_orders_reopen(process, line);
}

static void end_inbound(struct link_process *process, struct link_line *line)
{
    link_line_hang_up(line);
    process->gate.newcomer_count -= line->is_newcomer;
    link_line_free(line);
}

void link_orders_hang_up(struct link_process *process, struct link_line *line, bool lingers)
{
    assert(!line->is_dialled);
    link_told_down(process, line);
    if (lingers)
        line->ends_ms = process->now_ms + LINK_LINGER_MS;
    else
        end_inbound(process, line);
}

void link_orders_time(struct link_process *process)
{
    for (int i = 0; i < LINK_LINES_MAX; i++) {
        struct link_line *line = &process->lines.lines[i];
        if (!line->is_used)
            continue;
        if (line->is_dialled && line->dealer == NULL && process->now_ms >= line->reopen_ms)
            open_dialled(process, line);
        else if (line->ends_ms != 0 && process->now_ms >= line->ends_ms)
            end_inbound(process, line);
    }
}

static void stop_dialling(struct link_process *process, struct link_line *line)
{
    link_told_down(process, line);
    link_line_close(line, LINK_LINGER_MS);
    link_line_free(line);
}

static void dial(struct link_process *process, const struct trust_key *key, const char *endpoint,
                 const uint8_t *secret)
{
    struct link_line *line = link_line_dialled(&process->lines, key);
    if (line != NULL && !line->has_secret && secret == NULL &&
        strcmp(line->endpoint, endpoint) == 0)
        return;
    if (line != NULL)
        stop_dialling(process, line);
    line = link_line_add(&process->lines);
    if (line == NULL)
        return;
    line->is_dialled = true;
    line->key = *key;
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
        if (!line->is_used || !trust_key_is_same(&line->key, key))
            continue;
        if (line->is_dialled)
            stop_dialling(process, line);
        else if (line->ends_ms == 0)
            link_orders_hang_up(process, line, true);
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
        link_orders_hang_up(process, line, false);
}

static void drop(struct link_process *process, uint32_t handle)
{
    struct link_line *line = link_line_by_handle(&process->lines, handle);
    if (line == NULL)
        return;
    if (line->is_dialled)
        link_orders_reopen(process, line);
    else
        link_orders_hang_up(process, line, true);
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

/* secret: of an invite, or NULL. */
static void allow(struct link_process *process, const struct trust_key *key, const char *endpoint,
                  const uint8_t *secret)
{
    if (link_gate_allow(&process->gate, key, endpoint) != TRUST_OK)
        return;
    struct link_line *line = link_line_dialled(&process->lines, key);
    if (*endpoint != '\0')
        dial(process, key, endpoint, secret);
    else if (line != NULL)
        stop_dialling(process, line);
}

static void hold(struct link_process *process, const struct trust_key *key, struct trust_bytes body)
{
    uint64_t ms = 0;
    for (size_t i = 0; i < 8; i++)
        ms = ms << 8 | body.data[i];
    link_gate_hold(&process->gate, key, process->now_ms + ms, body.data[8] != 0);
}

bool link_orders_obey(struct link_process *process, const struct link_wire *message)
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
        allow(process, &key, endpoint, NULL);
    } else if (message->type == LINK_WIRE_FORGET && body.size == 0) {
        forget(process, &key);
    } else if (message->type == LINK_WIRE_HOLD && body.size == 9) {
        hold(process, &key, body);
    } else if (message->type == LINK_WIRE_JOIN && body.size > 32 &&
               take_endpoint((struct trust_bytes){body.data + 32, body.size - 32}, endpoint)) {
        allow(process, &key, endpoint, body.data);
    } else {
        return false;
    }
    return true;
}

/* The core speaks correctly; a message that is none ends the process, and the core starts another.
 */
void link_orders_read(struct link_process *process)
{
    for (int i = 0; i < LINK_BATCH && !process->is_over && !link_told_is_behind(process); i++) {
        struct link_wire message;
        enum trust_error error = link_wire_receive(process->fd, &message, process->packet);
        if (error == TRUST_NO_FOUND)
            return;
        process->is_over = error != TRUST_OK || !link_orders_obey(process, &message);
    }
}
