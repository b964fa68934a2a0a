/*
 * The bytes of a board file, in the byte order of the host, whose agents alone read it.
 *
 *   header   4,096 bytes
 *   index    2 x capacity entries of 4 bytes: slot + 1, 0 free, all ones removed; linear probing
 *            from SipHash-2-4 of the subject's digest
 *   slots    capacity x 256 bytes: a sequence lock and a cell
 *
 * The index stands apart from the slots so that every slot can be used, at a load of one half, and
 * so that a removal never moves another server: a reader that looks while the writer removes can
 * never miss a server that is there. docs/reference/board.md says the same for other readers.
 */
#ifndef TRUST_BOARD_LAYOUT_H
#define TRUST_BOARD_LAYOUT_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/cell.h"

#include "base/assert.h"

#define TRUST_BOARD_MAGIC UINT64_C(0x31424f5054455052) /* "RPETPOB1" */
#define TRUST_BOARD_VERSION 1u
#define TRUST_BOARD_HEADER_SIZE 4096u
#define TRUST_BOARD_SLOT_SIZE 256u
#define TRUST_BOARD_CELL_WORDS (sizeof(struct trust_board_cell) / 8)
#define TRUST_BOARD_REMOVED UINT32_MAX

struct trust_board_header {
    uint64_t magic;
    uint32_t version;
    uint32_t cell_size;
    uint64_t size; /* of the file */
    uint64_t generation;
    uint64_t seed[2];
    uint64_t started_ms; /* wall */
    uint32_t capacity;   /* slots */
    uint32_t index_count;
    _Atomic uint64_t superseded;
    _Atomic uint64_t beat_mono_ms;
    _Atomic uint64_t beat_wall_ms;
    uint8_t reserved[TRUST_BOARD_HEADER_SIZE - 88];
};

struct trust_board_index {
    _Atomic uint32_t entry;
};

struct trust_board_slot {
    _Atomic uint64_t sequence; /* odd while the writer is in it */
    _Atomic uint64_t words[31];
};

static_assert(sizeof(struct trust_board_header) == TRUST_BOARD_HEADER_SIZE, "header is a page");
static_assert(sizeof(struct trust_board_slot) == TRUST_BOARD_SLOT_SIZE, "four cache lines");
static_assert(sizeof(struct trust_board_index) == 4, "index entries are packed");
static_assert(sizeof(struct trust_board_cell) % 8 == 0, "a cell is copied by words");
static_assert(sizeof(struct trust_board_cell) <= 31 * 8, "a cell fits its slot");
static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "shared memory needs lock-free words");

/* Bytes of the file of a board with this many slots. */
static inline size_t trust_board_size(uint32_t capacity)
{
    return TRUST_BOARD_HEADER_SIZE + (size_t)capacity * (2 * 4 + TRUST_BOARD_SLOT_SIZE);
}

#endif
