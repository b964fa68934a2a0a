/* A board in plain memory, and cells to put on it. */
#ifndef UNIT_BOARDING_H
#define UNIT_BOARDING_H

#include <stdlib.h>
#include <string.h>

#include "board/reader.h"
#include "board/writer.h"

/* A subject digest that tells the number. */
static inline void subject_of(uint8_t out_subject[32], uint32_t number)
{
    memset(out_subject, 0x5a, 32);
    memcpy(out_subject, &number, sizeof number);
}

/* A cell of this subject in which every word follows from value. */
static inline struct trust_board_cell cell_of(uint32_t number, uint32_t value)
{
    struct trust_board_cell cell;
    memset(&cell, 0, sizeof cell);
    subject_of(cell.subject, number);
    memset(cell.manifest, (int)(value & 0xff), sizeof cell.manifest);
    cell.updated.ms = value;
    cell.evidence = value;
    cell.lower_ppm = value % TRUST_PPM;
    cell.p99_us = value;
    cell.breaker_generation = value;
    return cell;
}

static inline struct trust_board_params params_of(uint32_t capacity)
{
    return (struct trust_board_params){.seed = {11, 22},
                                       .generation = 7,
                                       .capacity = capacity,
                                       .now = {.wall.ms = 5000000, .mono.ms = 1000000}};
}

/* Zeroed, aligned memory for a board, not a byte more; the caller frees it. */
static inline void *memory_of(uint32_t capacity)
{
    void *memory = aligned_alloc(64, trust_board_size(capacity));
    if (memory == NULL)
        abort();
    memset(memory, 0, trust_board_size(capacity));
    return memory;
}

#endif
