/*
 * The link process's own members, shared by its files: link_told.c (to the core), link_orders.c
 * (from the core), link_reading.c (from peers) and link_process.c (the loop).
 */
#ifndef LINK_INSIDE_H
#define LINK_INSIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "node/link_gate.h"
#include "node/link_line.h"
#include "node/link_sandbox.h"
#include "node/link_wire.h"

/* Messages of one source in one turn, so that none starves the others. */
#define LINK_BATCH 32
/* One event makes at most: the end of every line, or an end, an up and the frame that showed it.
 * Nothing that makes more is read while one waits. */
#define LINK_WAITING_MAX (LINK_LINES_MAX + 8)
/* What was sent before has this long to leave before its connection is closed. */
#define LINK_LINGER_MS 500

/* A message that waits; the body of a frame stands beside the list, for there is one at most. */
struct link_waiting {
    enum link_wire_type type;
    uint32_t handle;
    uint32_t size;
    uint8_t body[33];
};

struct link_process {
    int fd;
    bool is_over;
    uint64_t now_ms;
    void *zap;
    struct link_sandbox sandbox;
    struct link_gate gate;
    struct link_lines lines;
    struct link_waiting waiting[LINK_WAITING_MAX];
    uint32_t waiting_count;
    bool has_waiting_frame;
    uint8_t waiting_frame[TRUST_FRAME_SIZE_MAX];
    uint8_t packet[LINK_WIRE_SIZE_MAX];
};

/* True while a message waits because the core is behind: nothing is read from peers then. */
bool link_told_is_behind(const struct link_process *process);

/* Sends a message to the core, or keeps it until link_told_flush. */
void link_told(struct link_process *process, const struct link_wire *message);
void link_told_flush(struct link_process *process);

/* A line came up under a new handle; its handle is gone. */
void link_told_up(struct link_process *process, struct link_line *line);
void link_told_down(struct link_process *process, struct link_line *line);

/* Carries out what the core sent. */
void link_orders_read(struct link_process *process);

/* Carries out one order; false: it is none. */
bool link_orders_obey(struct link_process *process, const struct link_wire *message);

/* Ends a dialled connection and plans its next, with back-off. */
void link_orders_reopen(struct link_process *process, struct link_line *line);

/* Ends an inbound connection: at once, or once what was sent to it had time to leave. Its messages
 * are ignored meanwhile. */
void link_orders_hang_up(struct link_process *process, struct link_line *line, bool lingers);

/* What is due by now: dialling anew, and hanging up what lingered. */
void link_orders_time(struct link_process *process);

/* One inbound message; false: none waits. */
bool link_reading_router(struct link_process *process);
/* Messages and events of the dialled lines. */
void link_reading_dialled(struct link_process *process);
/* Requests of our ZAP handler. */
void link_reading_answer_zap(struct link_process *process);

#endif
