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
#include "node/link_wire.h"

/* Messages of one source in one turn, so that none starves the others. */
#define LINK_BATCH 32
/* An event makes two messages at most: up, and the frame that showed it. */
#define LINK_WAITING_MAX 4

struct link_waiting {
    struct link_wire message;
    uint8_t body[TRUST_FRAME_SIZE_MAX];
};

struct link_process {
    int fd;
    bool is_over;
    uint64_t now_ms;
    void *zap;
    struct link_gate gate;
    struct link_lines lines;
    struct link_waiting waiting[LINK_WAITING_MAX];
    uint32_t waiting_count;
    uint8_t packet[LINK_WIRE_SIZE_MAX];
};

/* True while a message waits because the core is behind: nothing is read from peers then. */
bool link_told_is_behind(const struct link_process *process);

/* Sends a message to the core, or keeps it until link_told_flush. */
void link_told(struct link_process *process, const struct link_wire *message);
void link_told_flush(struct link_process *process);

/* A line came up under a new handle; its handle is gone; an inbound line is gone with its row. */
void link_told_up(struct link_process *process, struct link_line *line);
void link_told_down(struct link_process *process, struct link_line *line);
void link_told_inbound_gone(struct link_process *process, struct link_line *line);

/* Carries out what the core sent. */
void link_orders_read(struct link_process *process);

/* Ends a dialled connection and plans its next, with back-off; opens those that are due. */
void link_orders_reopen(struct link_process *process, struct link_line *line);
void link_orders_open_due(struct link_process *process);

/* One inbound message; false: none waits. */
bool link_reading_router(struct link_process *process);
/* Messages and events of the dialled lines. */
void link_reading_dialled(struct link_process *process);
/* Requests of our ZAP handler. */
void link_reading_answer_zap(struct link_process *process);

#endif
