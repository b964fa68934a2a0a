/* The link process: what peers send. See link_inside.h. */
#include <sodium.h>
#include <string.h>
#include <zmq.h>

#include "node/link_inside.h"
#include "node/link_zap.h"
#include "record/key.h"

/* A name that does not resolve, or an address that swallows packets, ends without an event. */
#define CONNECT_MS 30000

static bool read_user(zmq_msg_t *message, struct trust_key *out_key)
{
    const char *user = zmq_msg_gets(message, "User-Id");
    size_t size = 0;
    return user != NULL &&
           sodium_hex2bin(out_key->bytes, sizeof out_key->bytes, user, strlen(user), NULL, &size,
                          NULL) == 0 &&
           size == sizeof out_key->bytes;
}

static void skip_rest(void *socket)
{
    int more = 1;
    size_t size = sizeof more;
    while (zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) == 0 && more != 0) {
        uint8_t byte = 0;
        if (zmq_recv(socket, &byte, sizeof byte, ZMQ_DONTWAIT) < 0)
            return;
    }
}

static void pass_frame(struct link_process *process, const struct link_line *line, zmq_msg_t *frame)
{
    size_t size = zmq_msg_size(frame);
    if (size == 0 || size > TRUST_FRAME_SIZE_MAX)
        return;
    link_told(process, &(struct link_wire){.type = LINK_WIRE_BYTES,
                                           .handle = line->handle,
                                           .body = {.data = zmq_msg_data(frame), .size = size}});
}

/* A row for a connection that has none yet. ZAP let its key in, but that may be long ago: the gate
 * is asked again. A key has one inbound line; its newer one takes the place of the older. */
static struct link_line *new_inbound(struct link_process *process, const uint8_t *routing,
                                     const struct trust_key *key)
{
    if (link_gate_judge(&process->gate, key, process->now_ms) != LINK_LET_IN)
        return NULL;
    struct link_line *older = link_line_inbound(&process->lines, key);
    if (older != NULL)
        link_orders_hang_up(process, older, false);
    struct link_line *line = link_line_add(&process->lines);
    if (line == NULL)
        return NULL;
    line->key = *key;
    memcpy(line->routing, routing, sizeof line->routing);
    const struct link_known *known = link_gate_find(&process->gate, key);
    line->is_newcomer = known == NULL || !known->is_allowed;
    process->gate.newcomer_count += line->is_newcomer;
    return line;
}

static struct link_line *inbound_line(struct link_process *process, const uint8_t *routing,
                                      const struct trust_key *key)
{
    struct link_line *line = link_line_by_routing(&process->lines, routing);
    if (line == NULL)
        return new_inbound(process, routing, key);
    /* libzmq gives a routing id to one connection only, and a connection proves one key. */
    return trust_key_is_same(&line->key, key) ? line : NULL;
}

/* The part of an inbound message behind its routing id, and whose it is; NULL: it is none of ours.
 */
static struct link_line *read_inbound(struct link_process *process, const uint8_t *routing,
                                      zmq_msg_t *out_frame)
{
    struct link_line stranger = {.fd = -1};
    struct link_line *line = NULL;
    struct trust_key key;
    if (zmq_msg_recv(out_frame, process->lines.router, ZMQ_DONTWAIT) < 0)
        return NULL;
    link_line_note_source(&stranger, zmq_msg_get(out_frame, ZMQ_SRCFD));
    if (routing != NULL && zmq_msg_more(out_frame) == 0 && read_user(out_frame, &key))
        line = inbound_line(process, routing, &key);
    if (line == NULL) {
        link_line_hang_up(&stranger);
        return NULL;
    }
    line->fd = stranger.fd;
    line->address = stranger.address;
    line->address_size = stranger.address_size;
    return line;
}

/* One inbound message: [routing id][frame]. A routing id that is not an automatic one was claimed,
 * and a message of several frames is none of ours: both hang up. */
bool link_reading_router(struct link_process *process)
{
    void *router = process->lines.router;
    uint8_t routing[LINK_ROUTING_SIZE];
    int size = zmq_recv(router, routing, sizeof routing, ZMQ_DONTWAIT);
    if (size < 0)
        return false;
    bool is_automatic = size == sizeof routing && routing[0] == 0;
    zmq_msg_t frame;
    (void)zmq_msg_init(&frame);
    struct link_line *line = read_inbound(process, is_automatic ? routing : NULL, &frame);
    if (line != NULL && line->ends_ms == 0) {
        if (!line->is_up)
            link_told_up(process, line);
        pass_frame(process, line, &frame);
    }
    (void)zmq_msg_close(&frame);
    skip_rest(router);
    return true;
}

/* What came before the end is read first: a bye is its last word. */
static void read_monitor(struct link_process *process, struct link_line *line)
{
    enum link_monitor_event event = LINK_MONITOR_NOTHING;
    while (!line->is_over && !link_told_is_behind(process) && link_line_monitor(line, &event)) {
        switch (event) {
        case LINK_MONITOR_NOTHING:
            break;
        case LINK_MONITOR_UP:
            line->backoff_ms = 0;
            if (!line->uses_secret)
                line->has_secret = false;
            link_told_up(process, line);
            break;
        case LINK_MONITOR_DOWN:
            line->is_over = true;
            break;
        }
    }
}

static bool read_dealer(struct link_process *process, struct link_line *line)
{
    zmq_msg_t frame;
    (void)zmq_msg_init(&frame);
    bool is_there = zmq_msg_recv(&frame, line->dealer, ZMQ_DONTWAIT) >= 0;
    /* The event of its handshake came before it, maybe since the events were read. */
    if (is_there && !line->is_up)
        read_monitor(process, line);
    if (is_there && zmq_msg_more(&frame) != 0) {
        line->is_over = true;
        skip_rest(line->dealer);
    } else if (is_there && line->is_up) {
        pass_frame(process, line, &frame);
    }
    (void)zmq_msg_close(&frame);
    return is_there;
}

void link_reading_dialled(struct link_process *process)
{
    for (int i = 0; i < LINK_LINES_MAX; i++) {
        struct link_line *line = &process->lines.lines[i];
        if (!line->is_used || !line->is_dialled || line->dealer == NULL)
            continue;
        read_monitor(process, line);
        bool is_empty = false;
        for (int j = 0; j < LINK_BATCH && !is_empty && !link_told_is_behind(process); j++)
            is_empty = !read_dealer(process, line);
        bool is_late = !line->is_up && process->now_ms - line->opened_ms >= CONNECT_MS;
        if (is_empty && (line->is_over || is_late))
            link_orders_reopen(process, line);
    }
}

void link_reading_answer_zap(struct link_process *process)
{
    struct link_zap_result result;
    for (int i = 0; i < LINK_BATCH && !link_told_is_behind(process) &&
                    link_zap_answer(process->zap, &result, &process->gate, process->now_ms);
         i++) {
        if (result.is_key && result.answer != LINK_LET_IN)
            link_told(process, &(struct link_wire){.type = LINK_WIRE_REFUSED,
                                                   .body = {.data = result.key.bytes,
                                                            .size = sizeof result.key.bytes}});
    }
}
