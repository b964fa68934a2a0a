/*
 * A slot's sequence lock, without fences: the payload is stored with release and loaded with
 * acquire order, so that neither side's sequence can drift past it (Boehm, "Can seqlocks get along
 * with programming language memory models?", MSPC 2012, section 5). On x86-64 all are plain moves.
 */
#ifndef TRUST_BOARD_SLOT_H
#define TRUST_BOARD_SLOT_H

#include "board/layout.h"

/* A local copy of a cell that is about to be filled: zeroing it first, as every release build does
 * with locals, costs as much as a look-up. */
#define TRUST_BOARD_UNFILLED __attribute__((uninitialized))

/* Spins that one look-up may spend on locked slots, 10 us or so: a writer that runs is done in
 * 20 ns, and one that was stopped may not come back. */
#define TRUST_BOARD_SPINS_MAX 1000u

/* Replaces the slot's cell; NULL empties it. One thread writes a slot at a time. */
void trust_board_slot_write(struct trust_board_slot *slot, const struct trust_board_cell *cell);

/* Copies the cell as it was at one instant, whatever its content. spins is what may be spent on
 * waiting, and is counted down. False: it stayed locked, and out_cell holds nothing of use. */
bool trust_board_slot_read(struct trust_board_cell *out_cell, const struct trust_board_slot *slot,
                           uint32_t *spins);

#endif
