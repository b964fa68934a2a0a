/* See slot.h. */
#include "board/slot.h"

#include <string.h>

void trust_board_slot_write(struct trust_board_slot *slot, const struct trust_board_cell *cell)
{
    uint64_t words[TRUST_BOARD_CELL_WORDS] = {0};
    if (cell != NULL)
        memcpy(words, cell, sizeof *cell);
    uint64_t sequence = atomic_load_explicit(&slot->sequence, memory_order_relaxed);
    /* A predecessor that was killed in the middle left it odd: even then this one is odd. */
    uint64_t locked = sequence | 1;
    atomic_store_explicit(&slot->sequence, locked, memory_order_relaxed);
    for (size_t i = 0; i < TRUST_BOARD_CELL_WORDS; i++)
        atomic_store_explicit(&slot->words[i], words[i], memory_order_release);
    atomic_store_explicit(&slot->sequence, locked + 1, memory_order_release);
}

/* False: the writer was in it, and out_cell holds a mixture. */
static bool try_read(struct trust_board_cell *out_cell, const struct trust_board_slot *slot)
{
    uint64_t before = atomic_load_explicit(&slot->sequence, memory_order_acquire);
    if (before % 2 != 0)
        return false;
    for (size_t i = 0; i < TRUST_BOARD_CELL_WORDS; i++) {
        uint64_t word = atomic_load_explicit(&slot->words[i], memory_order_acquire);
        memcpy((uint8_t *)out_cell + i * sizeof word, &word, sizeof word);
    }
    return atomic_load_explicit(&slot->sequence, memory_order_relaxed) == before;
}

bool trust_board_slot_read(struct trust_board_cell *out_cell, const struct trust_board_slot *slot,
                           uint32_t *spins)
{
    while (!try_read(out_cell, slot)) {
        if (*spins == 0)
            return false;
        --*spins;
    }
    return true;
}
