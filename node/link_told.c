/* The link process: what it tells the core. See link_inside.h. */
#include <string.h>

#include "base/assert.h"
#include "node/link_inside.h"

bool link_told_is_behind(const struct link_process *process)
{
    return process->waiting_count > 0;
}

static void keep(struct link_process *process, const struct link_wire *message)
{
    assert(process->waiting_count < LINK_WAITING_MAX);
    struct link_waiting *waiting = &process->waiting[process->waiting_count++];
    *waiting = (struct link_waiting){
        .type = message->type, .handle = message->handle, .size = (uint32_t)message->body.size};
    uint8_t *body = waiting->body;
    if (message->type == LINK_WIRE_BYTES) {
        assert(!process->has_waiting_frame);
        process->has_waiting_frame = true;
        body = process->waiting_frame;
    } else {
        assert(message->body.size <= sizeof waiting->body);
    }
    if (message->body.size > 0)
        memcpy(body, message->body.data, message->body.size);
}

void link_told(struct link_process *process, const struct link_wire *message)
{
    enum link_wire_sent sent =
        link_told_is_behind(process) ? LINK_WIRE_FULL : link_wire_send(process->fd, message);
    if (sent == LINK_WIRE_FULL)
        keep(process, message);
    process->is_over = process->is_over || sent == LINK_WIRE_GONE;
}

void link_told_flush(struct link_process *process)
{
    uint32_t sent = 0;
    while (sent < process->waiting_count) {
        const struct link_waiting *waiting = &process->waiting[sent];
        bool is_frame = waiting->type == LINK_WIRE_BYTES;
        const struct link_wire message = {
            .type = waiting->type,
            .handle = waiting->handle,
            .body = {.data = is_frame ? process->waiting_frame : waiting->body,
                     .size = waiting->size}};
        enum link_wire_sent result = link_wire_send(process->fd, &message);
        process->is_over = process->is_over || result == LINK_WIRE_GONE;
        if (result != LINK_WIRE_SENT)
            break;
        process->has_waiting_frame = process->has_waiting_frame && !is_frame;
        sent++;
    }
    process->waiting_count -= sent;
    memmove(process->waiting, process->waiting + sent,
            process->waiting_count * sizeof *process->waiting);
}

static enum link_wire_way way_of(const struct link_line *line)
{
    if (!line->is_dialled)
        return LINK_WIRE_INBOUND;
    return line->uses_secret ? LINK_WIRE_INVITED : LINK_WIRE_DIALLED;
}

void link_told_up(struct link_process *process, struct link_line *line)
{
    uint8_t body[33];
    line->is_up = true;
    line->handle = ++process->lines.last_handle;
    memcpy(body, line->key.bytes, 32);
    body[32] = (uint8_t)way_of(line);
    link_told(process, &(struct link_wire){.type = LINK_WIRE_UP,
                                           .handle = line->handle,
                                           .body = {.data = body, .size = sizeof body}});
}

void link_told_down(struct link_process *process, struct link_line *line)
{
    if (!line->is_up)
        return;
    line->is_up = false;
    link_told(process, &(struct link_wire){.type = LINK_WIRE_DOWN, .handle = line->handle});
}
