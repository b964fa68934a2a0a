/* board/writer: puts and removals against a plain array, read back through the reader. */
#include "board/writer.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "boarding.h"

#define CAPACITY 64u

static struct trust_board_writer *writer;

static struct trust_board open_reader(void *memory, uint32_t capacity)
{
    struct trust_board board = {0};
    assert_int_equal(trust_board_reader_init(&board, memory, trust_board_size(capacity)), TRUST_OK);
    return board;
}

static enum trust_error look_up(const struct trust_board *board, uint32_t number,
                                struct trust_board_cell *out_cell)
{
    struct trust_board_handle handle;
    uint8_t subject[32];
    subject_of(subject, number);
    trust_board_handle_init(&handle, subject);
    return trust_board_find(board, out_cell, &handle);
}

static void the_header_tells_what_the_board_is(void **state)
{
    (void)state;
    void *memory = memory_of(CAPACITY);
    struct trust_board_params params = params_of(CAPACITY);
    trust_board_writer_init(writer, memory, &params);
    const struct trust_board_header *header = memory;
    assert_memory_equal(memory, "RPETPOB1", 8);
    assert_int_equal(header->version, 1);
    assert_int_equal(header->cell_size, 176);
    assert_int_equal(header->size, 4096 + 64 * 264);
    assert_int_equal(header->capacity, 64);
    assert_int_equal(header->index_count, 128);
    assert_int_equal(header->generation, 7);
    assert_int_equal(header->started_ms, 5000000);
    assert_int_equal(atomic_load(&header->beat_mono_ms), 1000000);
    trust_board_writer_beat(writer, (struct trust_now){.wall.ms = 5000500, .mono.ms = 1000500});
    assert_int_equal(atomic_load(&header->beat_mono_ms), 1000500);
    assert_int_equal(atomic_load(&header->beat_wall_ms), 5000500);
    assert_int_equal(atomic_load(&header->superseded), 0);
    trust_board_writer_supersede(writer);
    assert_int_equal(atomic_load(&header->superseded), 1);
    free(memory);
}

static void every_slot_can_be_used_and_one_more_is_refused(void **state)
{
    (void)state;
    static const uint32_t capacities[] = {64, 1024, 65536};
    for (size_t c = 0; c < 3; c++) {
        uint32_t capacity = capacities[c];
        void *memory = memory_of(capacity);
        struct trust_board_params params = params_of(capacity);
        trust_board_writer_init(writer, memory, &params);
        struct trust_board board = open_reader(memory, capacity);
        for (uint32_t i = 1; i <= capacity; i++) {
            struct trust_board_cell cell = cell_of(i, i);
            assert_int_equal(trust_board_writer_put(writer, &cell), TRUST_OK);
        }
        struct trust_board_cell cell = cell_of(capacity + 1, 1);
        assert_int_equal(trust_board_writer_put(writer, &cell), TRUST_NO_ROOM);
        for (uint32_t i = 1; i <= capacity; i++) {
            assert_int_equal(look_up(&board, i, &cell), TRUST_OK);
            assert_int_equal(cell.p99_us, i);
        }
        assert_int_equal(look_up(&board, capacity + 1, &cell), TRUST_NO_FOUND);
        cell = cell_of(1, 99);
        assert_int_equal(trust_board_writer_put(writer, &cell), TRUST_OK);
        assert_int_equal(writer->count, capacity);
        free(memory);
    }
}

static void a_board_agrees_with_a_plain_array_after_ten_thousand_steps(void **state)
{
    (void)state;
    void *memory = memory_of(CAPACITY);
    struct trust_board_params params = params_of(CAPACITY);
    trust_board_writer_init(writer, memory, &params);
    struct trust_board board = open_reader(memory, CAPACITY);
    struct trust_random random = trust_random_init(5);
    uint32_t values[81] = {0};
    uint32_t count = 0;
    for (uint32_t step = 1; step <= 10000; step++) {
        uint32_t i = 1 + (uint32_t)trust_random_below(&random, 80);
        if (values[i] != 0 && trust_random_below(&random, 2) == 0) {
            uint8_t subject[32];
            subject_of(subject, i);
            assert_int_equal(trust_board_writer_remove(writer, subject), TRUST_OK);
            assert_int_equal(trust_board_writer_remove(writer, subject), TRUST_NO_FOUND);
            values[i] = 0;
            count--;
        } else {
            struct trust_board_cell cell = cell_of(i, step);
            enum trust_error error = trust_board_writer_put(writer, &cell);
            assert_int_equal(error, values[i] != 0 || count < CAPACITY ? TRUST_OK : TRUST_NO_ROOM);
            count += values[i] == 0 && error == TRUST_OK;
            values[i] = error == TRUST_OK ? step : values[i];
        }
        assert_int_equal(writer->count, count);
        uint32_t other = 1 + (uint32_t)trust_random_below(&random, 80);
        struct trust_board_cell cell;
        enum trust_error found = look_up(&board, other, &cell);
        assert_int_equal(found, values[other] != 0 ? TRUST_OK : TRUST_NO_FOUND);
        if (found == TRUST_OK)
            assert_int_equal(cell.p99_us, values[other]);
    }
    free(memory);
}

static void an_emptied_board_has_no_tombstone_left(void **state)
{
    (void)state;
    void *memory = memory_of(CAPACITY);
    struct trust_board_params params = params_of(CAPACITY);
    trust_board_writer_init(writer, memory, &params);
    for (uint32_t round = 0; round < 100; round++) {
        for (uint32_t i = 1; i <= CAPACITY; i++) {
            struct trust_board_cell cell = cell_of(round * 1000 + i, i);
            assert_int_equal(trust_board_writer_put(writer, &cell), TRUST_OK);
        }
        for (uint32_t i = 1; i <= CAPACITY; i++) {
            uint8_t subject[32];
            subject_of(subject, round * 1000 + i);
            assert_int_equal(trust_board_writer_remove(writer, subject), TRUST_OK);
        }
        assert_int_equal(writer->tombstones, 0);
        assert_int_equal(writer->count, 0);
    }
    free(memory);
}

#define STEPS 20000u
#define KEPT 16u

struct watching {
    const struct trust_board *board;
    _Atomic uint32_t *done;
    uint32_t missed; /* look-ups that did not find a server that never left */
    uint32_t wrong;  /* cells of somebody else */
    uint32_t rounds;
};

static void *watch(void *context)
{
    struct watching *watching = context;
    while (atomic_load(watching->done) == 0 || watching->rounds == 0) {
        for (uint32_t i = 1; i <= KEPT; i++) {
            struct trust_board_cell cell;
            enum trust_error error = look_up(watching->board, i, &cell);
            watching->missed += error != TRUST_OK && error != TRUST_NO_BUSY;
            watching->wrong += error == TRUST_OK && cell.subject[0] != i;
        }
        watching->rounds++;
    }
    return NULL;
}

static void a_server_that_stays_is_never_missed_while_others_come_and_go(void **state)
{
    (void)state;
    static _Atomic uint32_t done;
    void *memory = memory_of(CAPACITY);
    struct trust_board_params params = params_of(CAPACITY);
    trust_board_writer_init(writer, memory, &params);
    struct trust_board board = open_reader(memory, CAPACITY);
    for (uint32_t i = 1; i <= KEPT; i++) {
        struct trust_board_cell cell = cell_of(i, i);
        assert_int_equal(trust_board_writer_put(writer, &cell), TRUST_OK);
    }
    struct watching watching = {.board = &board, .done = &done};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, watch, &watching), 0);
    struct trust_random random = trust_random_init(6);
    for (uint32_t step = 0; step < STEPS; step++) {
        uint32_t i = 1 + (uint32_t)trust_random_below(&random, 100);
        struct trust_board_cell cell = cell_of(i, step);
        if (i <= KEPT || trust_random_below(&random, 2) == 0)
            (void)!trust_board_writer_put(writer, &cell);
        else
            (void)!trust_board_writer_remove(writer, cell.subject);
    }
    atomic_store(&done, 1);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(watching.missed, 0);
    assert_int_equal(watching.wrong, 0);
    assert_int_not_equal(watching.rounds, 0);
    free(memory);
}

static int open_writer(void **state)
{
    (void)state;
    writer = calloc(1, sizeof *writer);
    return writer == NULL ? -1 : 0;
}

static int close_writer(void **state)
{
    (void)state;
    free(writer);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_tells_what_the_board_is),
        cmocka_unit_test(every_slot_can_be_used_and_one_more_is_refused),
        cmocka_unit_test(a_board_agrees_with_a_plain_array_after_ten_thousand_steps),
        cmocka_unit_test(an_emptied_board_has_no_tombstone_left),
        cmocka_unit_test(a_server_that_stays_is_never_missed_while_others_come_and_go),
    };
    return cmocka_run_group_tests_name("board/writer", tests, open_writer, close_writer);
}
