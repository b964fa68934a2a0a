/*
 * The writing side of the board: pure over memory that somebody else mapped (board/mapping.h).
 *
 * One thread of one process writes. What it needs to be safe it keeps for itself and never reads
 * back from the shared memory, which others can map too.
 */
#ifndef TRUST_BOARD_WRITER_H
#define TRUST_BOARD_WRITER_H

#include "trust/cell.h"
#include "trust/error.h"

#include "base/limits.h"
#include "board/layout.h"

struct trust_board_writer {
    struct trust_board_header *header; /* NULL: no board */
    struct trust_board_index *index;
    struct trust_board_slot *slots;
    uint32_t capacity;
    uint32_t count;      /* slots in use */
    uint32_t tombstones; /* index entries of removed servers */
    uint32_t next_free;  /* where the search for a free slot begins */
    uint64_t used[TRUST_BOARD_SLOTS_MAX / 64];
};

struct trust_board_params {
    uint64_t seed[2];    /* of the placement: secret from those who choose names */
    uint64_t generation; /* differs from the replaced board's */
    uint32_t capacity;   /* slots: a power of two, 64..TRUST_BOARD_SLOTS_MAX */
    struct trust_now now;
};

/* Lays an empty board out in memory of trust_board_size(capacity) zero bytes, page-aligned. */
void trust_board_writer_init(struct trust_board_writer *writer, void *memory,
                             const struct trust_board_params *params);

/* Adds or replaces the cell of cell->subject, which is not all zeros.
 * TRUST_NO_ROOM: every slot is taken, or removals have worn the index out: make a larger or new
 * board. */
TRUST_MUST_USE enum trust_error trust_board_writer_put(struct trust_board_writer *writer,
                                                       const struct trust_board_cell *cell);

/* TRUST_NO_FOUND: it was not there. */
TRUST_MUST_USE enum trust_error trust_board_writer_remove(struct trust_board_writer *writer,
                                                          const uint8_t subject[32]);

/* To be called at least once a second: readers take a board without it for abandoned after 2 s. */
void trust_board_writer_beat(struct trust_board_writer *writer, struct trust_now now);

/* Tells the readers to open the path again. Nothing may be written afterwards. */
void trust_board_writer_supersede(struct trust_board_writer *writer);

#endif
