/* board/slot: what is written is read, and a writer that died in the middle blocks nobody. */
#include "board/slot.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "boarding.h"

static void a_cell_comes_back_as_it_went_in(void **state)
{
    (void)state;
    struct trust_board_slot slot = {0};
    uint32_t spins = 5;
    for (uint32_t value = 1; value < 4; value++) {
        struct trust_board_cell cell = cell_of(9, value);
        trust_board_slot_write(&slot, &cell);
        struct trust_board_cell read;
        assert_true(trust_board_slot_read(&read, &slot, &spins));
        assert_memory_equal(&read, &cell, sizeof cell);
        assert_int_equal(atomic_load(&slot.sequence), 2 * value);
    }
    assert_int_equal(spins, 5);
}

static void an_emptied_slot_reads_as_zeros(void **state)
{
    (void)state;
    struct trust_board_slot slot = {0};
    struct trust_board_cell cell = cell_of(9, 1);
    trust_board_slot_write(&slot, &cell);
    trust_board_slot_write(&slot, NULL);
    uint32_t spins = 0;
    struct trust_board_cell read = cell;
    static const struct trust_board_cell zeros;
    assert_true(trust_board_slot_read(&read, &slot, &spins));
    assert_memory_equal(&read, &zeros, sizeof zeros);
}

static void a_locked_slot_is_given_up_and_its_next_writer_frees_it(void **state)
{
    (void)state;
    struct trust_board_slot slot = {0};
    struct trust_board_cell cell = cell_of(9, 1);
    trust_board_slot_write(&slot, &cell);
    atomic_fetch_add(&slot.sequence, 1);
    uint32_t spins = 100;
    struct trust_board_cell read;
    assert_false(trust_board_slot_read(&read, &slot, &spins));
    assert_int_equal(spins, 0);
    cell = cell_of(9, 2);
    trust_board_slot_write(&slot, &cell);
    assert_true(trust_board_slot_read(&read, &slot, &spins));
    assert_int_equal(read.updated.ms, 2);
}

/* Changes that each reader must have met before the writer stops, and when it stops anyway. */
#define CHANGES 1000u
#define WRITES_MAX 100000000u

struct reading {
    struct trust_board_slot *slot;
    _Atomic uint32_t *done; /* bit 31: the writer has stopped; else readers that have seen enough */
    uint32_t torn;          /* copies that mix two writes */
    uint32_t backward;      /* copies older than an earlier one */
    uint32_t seen;          /* changes */
};

static void *read_until_enough(void *context)
{
    struct reading *reading = context;
    uint64_t last = 0;
    while (reading->seen < CHANGES && atomic_load(reading->done) >> 31 == 0) {
        uint32_t spins = TRUST_BOARD_SPINS_MAX;
        struct trust_board_cell cell;
        if (!trust_board_slot_read(&cell, reading->slot, &spins))
            continue;
        struct trust_board_cell expected = cell_of(9, (uint32_t)cell.updated.ms);
        reading->torn += memcmp(&cell, &expected, sizeof cell) != 0;
        reading->backward += cell.updated.ms < last;
        reading->seen += cell.updated.ms != last;
        last = cell.updated.ms;
    }
    atomic_fetch_add(reading->done, 1);
    return NULL;
}

static void readers_see_whole_cells_while_one_writer_writes(void **state)
{
    (void)state;
    static struct trust_board_slot slot;
    static _Atomic uint32_t done;
    struct trust_board_cell cell = cell_of(9, 1);
    trust_board_slot_write(&slot, &cell);
    struct reading readings[2] = {{.slot = &slot, .done = &done}, {.slot = &slot, .done = &done}};
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_until_enough, &readings[i]), 0);
    for (uint32_t value = 2; value < WRITES_MAX && atomic_load(&done) < 2; value++) {
        cell = cell_of(9, value);
        trust_board_slot_write(&slot, &cell);
        /* Gaps of many lengths: without any, readers would starve. */
        for (uint32_t i = 0; i < value * 7919 % 512; i++)
            (void)atomic_load(&done);
    }
    atomic_fetch_or(&done, UINT32_C(1) << 31);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(readings[i].torn, 0);
        assert_int_equal(readings[i].backward, 0);
        assert_int_equal(readings[i].seen, CHANGES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_comes_back_as_it_went_in),
        cmocka_unit_test(an_emptied_slot_reads_as_zeros),
        cmocka_unit_test(a_locked_slot_is_given_up_and_its_next_writer_frees_it),
        cmocka_unit_test(readers_see_whole_cells_while_one_writer_writes),
    };
    return cmocka_run_group_tests_name("board/slot", tests, NULL, NULL);
}
