/* board/reader: nothing in the bytes is believed, and what cannot be read is named. */
#include "board/reader.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trust/score.h"

#include "board/slot.h"
#include "boarding.h"

#define CAPACITY 64u
#define SIZE (4096u + 64u * 264u)

struct fixture {
    void *memory;
    struct trust_board_writer writer;
    struct trust_board board;
};

static int open_fixture(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    f->memory = memory_of(CAPACITY);
    struct trust_board_params params = params_of(CAPACITY);
    trust_board_writer_init(&f->writer, f->memory, &params);
    for (uint32_t i = 1; i <= 20; i++) {
        struct trust_board_cell cell = cell_of(i, i);
        if (trust_board_writer_put(&f->writer, &cell) != TRUST_OK)
            return -1;
    }
    *state = f;
    return trust_board_reader_init(&f->board, f->memory, SIZE) == TRUST_OK ? 0 : -1;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;
    free(f->memory);
    free(f);
    return 0;
}

static struct trust_board_handle handle_of(uint32_t number)
{
    uint8_t subject[32];
    subject_of(subject, number);
    struct trust_board_handle handle;
    trust_board_handle_init(&handle, subject);
    return handle;
}

static void a_header_that_contradicts_itself_is_refused(void **state)
{
    struct fixture *f = *state;
    static const struct {
        size_t offset;
        uint8_t value;
        enum trust_error error;
    } rows[] = {
        {0, 'X', TRUST_NO_VERSION},  {8, 2, TRUST_NO_VERSION},     {12, 184, TRUST_NO_VERSION},
        {16, 1, TRUST_FAIL_CORRUPT}, {56, 32, TRUST_FAIL_CORRUPT}, {56, 65, TRUST_FAIL_CORRUPT},
        {57, 1, TRUST_FAIL_CORRUPT}, {59, 1, TRUST_FAIL_CORRUPT},  {60, 0, TRUST_FAIL_CORRUPT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t *at = (uint8_t *)f->memory + rows[i].offset;
        uint8_t kept = *at;
        *at = rows[i].value;
        struct trust_board board = {.size = 3};
        assert_int_equal(trust_board_reader_init(&board, f->memory, SIZE), rows[i].error);
        assert_int_equal(board.size, 3);
        *at = kept;
    }
    struct trust_board board = {0};
    assert_int_equal(trust_board_reader_init(&board, f->memory, 4095), TRUST_NO_VERSION);
    assert_int_equal(trust_board_reader_init(&board, f->memory, SIZE - 1), TRUST_FAIL_CORRUPT);
    assert_int_equal(trust_board_reader_init(&board, f->memory, 4096), TRUST_FAIL_CORRUPT);
}

static void a_handle_remembers_its_slot_and_follows_its_server(void **state)
{
    struct fixture *f = *state;
    struct trust_board_handle handle = handle_of(3);
    assert_int_equal(handle.slot, TRUST_BOARD_NO_SLOT);
    struct trust_board_cell cell;
    assert_int_equal(trust_board_find(&f->board, &cell, &handle), TRUST_OK);
    assert_int_equal(cell.updated.ms, 3);
    assert_true(handle.slot < CAPACITY);
    assert_int_equal(trust_board_writer_remove(&f->writer, handle.subject), TRUST_OK);
    assert_int_equal(trust_board_find(&f->board, &cell, &handle), TRUST_NO_FOUND);
    assert_int_equal(cell.updated.ms, 3);
    /* another server takes the slot, then the old one returns elsewhere */
    uint32_t slot = handle.slot;
    f->writer.next_free = 0;
    struct trust_board_cell other = cell_of(77, 77);
    assert_int_equal(trust_board_writer_put(&f->writer, &other), TRUST_OK);
    struct trust_board_cell again = cell_of(3, 33);
    assert_int_equal(trust_board_writer_put(&f->writer, &again), TRUST_OK);
    assert_int_equal(trust_board_find(&f->board, &cell, &handle), TRUST_OK);
    assert_int_equal(cell.updated.ms, 33);
    assert_int_not_equal(handle.slot, slot);
}

static void a_locked_slot_is_busy_by_handle_and_by_search(void **state)
{
    struct fixture *f = *state;
    struct trust_board_handle handle = handle_of(5);
    struct trust_board_cell cell;
    assert_int_equal(trust_board_find(&f->board, &cell, &handle), TRUST_OK);
    atomic_fetch_add(&f->writer.slots[handle.slot].sequence, 1);
    assert_int_equal(trust_board_find(&f->board, &cell, &handle), TRUST_NO_BUSY);
    handle = handle_of(5);
    assert_int_equal(trust_board_find(&f->board, &cell, &handle), TRUST_NO_BUSY);
    assert_int_equal(cell.updated.ms, 5);
    handle = handle_of(6);
    trust_board_prefetch(&f->board, &handle);
    assert_int_equal(trust_board_find(&f->board, &cell, &handle), TRUST_OK);
    trust_board_prefetch(&f->board, &handle);
    assert_int_equal(trust_board_find(&f->board, &cell, &handle), TRUST_OK);
    assert_int_equal(cell.updated.ms, 6);
}

static void values_that_no_writer_writes_are_corrupt(void **state)
{
    struct fixture *f = *state;
    const struct trust_board_cell good = cell_of(5, 5);
    struct trust_board_cell bad[13];
    for (size_t i = 0; i < 13; i++)
        bad[i] = good;
    bad[0].status = TRUST_SCORE_FLAGGED + 1;
    bad[1].flag_severity = 5;
    bad[2].manifest_state = 4;
    bad[3].quarantine = 6;
    bad[4].breaker_state = 6;
    bad[5].breaker_reason = 14;
    bad[6].lower_ppm = TRUST_PPM + 1;
    bad[7].score_ppm = TRUST_PPM_NONE - 1;
    bad[8].factor_ppm = TRUST_PPM_NONE;
    bad[9].fail_ppm = TRUST_PPM + 1;
    bad[10].evidence = -1;
    bad[11].evidence = (double)INFINITY;
    bad[12].evidence = (double)NAN;
    struct trust_board_handle handle = handle_of(5);
    for (size_t i = 0; i < 13; i++) {
        struct trust_board_cell cell = {.p99_us = 4};
        assert_int_equal(trust_board_writer_put(&f->writer, &bad[i]), TRUST_OK);
        assert_int_equal(trust_board_find(&f->board, &cell, &handle), TRUST_FAIL_CORRUPT);
        assert_int_equal(cell.p99_us, 4);
    }
    struct trust_board_cell cell;
    struct trust_board_cell unknown = good;
    unknown.status = TRUST_SCORE_FLAGGED;
    unknown.score_ppm = TRUST_PPM_NONE;
    unknown.lower_ppm = TRUST_PPM_NONE;
    assert_int_equal(trust_board_writer_put(&f->writer, &unknown), TRUST_OK);
    assert_int_equal(trust_board_find(&f->board, &cell, &handle), TRUST_OK);
}

static void an_index_of_garbage_ends_the_search(void **state)
{
    struct fixture *f = *state;
    for (uint32_t i = 0; i < 2 * CAPACITY; i++)
        atomic_store(&f->writer.index[i].entry, i % 3 == 0 ? CAPACITY + 1 + i : 1 + i % CAPACITY);
    struct trust_board_handle handle = handle_of(500);
    struct trust_board_cell cell;
    assert_int_equal(trust_board_find(&f->board, &cell, &handle), TRUST_NO_FOUND);
    for (uint32_t i = 0; i < CAPACITY; i++)
        atomic_store(&f->writer.slots[i].sequence, 1);
    assert_int_equal(trust_board_find(&f->board, &cell, &handle), TRUST_NO_BUSY);
    handle.slot = CAPACITY - 1;
    assert_int_equal(trust_board_find(&f->board, &cell, &handle), TRUST_NO_BUSY);
    handle.slot = CAPACITY;
    assert_int_equal(trust_board_find(&f->board, &cell, &handle), TRUST_NO_BUSY);
}

static void without_a_board_there_is_no_node_and_no_basis(void **state)
{
    (void)state;
    struct trust_board board = {0};
    struct trust_board_handle handle = handle_of(5);
    struct trust_board_cell cell;
    assert_int_equal(trust_board_find(&board, &cell, &handle), TRUST_NO_NODE);
    struct trust_now now = {.wall.ms = 1, .mono.ms = 1};
    assert_int_equal(trust_board_basis(&board, now).kind, TRUST_BASIS_NONE);
}

static void the_basis_is_fresh_for_two_seconds_then_ages(void **state)
{
    struct fixture *f = *state;
    static const struct {
        struct trust_now now;
        enum trust_basis_kind kind;
        uint32_t age_s;
    } rows[] = {
        {{.wall.ms = 5000000, .mono.ms = 1000000}, TRUST_BASIS_FRESH, 0},
        {{.wall.ms = 9, .mono.ms = 1002000}, TRUST_BASIS_FRESH, 0},
        {{.wall.ms = 9, .mono.ms = 1002001}, TRUST_BASIS_STALE, 2},
        {{.wall.ms = 9, .mono.ms = 1090999}, TRUST_BASIS_STALE, 90},
        {{.wall.ms = 9, .mono.ms = 998000}, TRUST_BASIS_FRESH, 0},
        /* the clock of another boot */
        {{.wall.ms = 5060000, .mono.ms = 997999}, TRUST_BASIS_STALE, 60},
        {{.wall.ms = 9, .mono.ms = 5}, TRUST_BASIS_STALE, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_basis basis = trust_board_basis(&f->board, rows[i].now);
        assert_int_equal(basis.kind, rows[i].kind);
        assert_int_equal(basis.age_s, rows[i].age_s);
    }
    trust_board_writer_supersede(&f->writer);
    assert_int_equal(trust_board_basis(&f->board, rows[0].now).kind, TRUST_BASIS_STALE);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_header_that_contradicts_itself_is_refused),
        CASE(a_handle_remembers_its_slot_and_follows_its_server),
        CASE(a_locked_slot_is_busy_by_handle_and_by_search),
        CASE(values_that_no_writer_writes_are_corrupt),
        CASE(an_index_of_garbage_ends_the_search),
        CASE(without_a_board_there_is_no_node_and_no_basis),
        CASE(the_basis_is_fresh_for_two_seconds_then_ages),
    };
    return cmocka_run_group_tests_name("board/reader", tests, NULL, NULL);
}
