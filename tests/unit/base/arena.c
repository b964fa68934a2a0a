/* base/arena: the measuring pass and the cutting pass agree, and nothing is cut past the end. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "aborts.h"

static void measuring_gives_no_memory_and_the_size_that_cutting_then_uses(void **state)
{
    (void)state;
    struct trust_arena measure = {0};
    assert_null(trust_arena_cut(&measure, 3, 7));
    assert_null(trust_arena_cut(&measure, 1, 64));
    assert_null(trust_arena_cut(&measure, 2, 1));
    /* 21 bytes, 64 at the next line of the cache, 2 at the one after. */
    assert_int_equal(measure.size, 64 + 64 + 2);
    uint8_t *memory = aligned_alloc(64, 192);
    struct trust_arena arena = {.memory = memory, .capacity = measure.size};
    assert_ptr_equal(trust_arena_cut(&arena, 3, 7), memory);
    assert_ptr_equal(trust_arena_cut(&arena, 1, 64), memory + 64);
    assert_ptr_equal(trust_arena_cut(&arena, 2, 1), memory + 128);
    assert_int_equal(arena.size, measure.size);
    free(memory);
}

static void a_cut_of_nothing_takes_nothing(void **state)
{
    (void)state;
    struct trust_arena arena = {0};
    trust_arena_cut(&arena, 0, 100);
    assert_int_equal(arena.size, 0);
    trust_arena_cut(&arena, 100, 0);
    assert_int_equal(arena.size, 0);
}

static void cut_one_byte_too_many(void *context)
{
    uint8_t *memory = context;
    struct trust_arena arena = {.memory = memory, .capacity = 64};
    trust_arena_cut(&arena, 65, 1);
}

static void cut_more_than_an_address_space(void *context)
{
    (void)context;
    struct trust_arena arena = {0};
    trust_arena_cut(&arena, SIZE_MAX / 2, 3);
}

static void a_cut_past_the_capacity_aborts(void **state)
{
    (void)state;
    static uint8_t memory[64];
    assert_true(aborts(cut_one_byte_too_many, memory));
    assert_true(aborts(cut_more_than_an_address_space, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measuring_gives_no_memory_and_the_size_that_cutting_then_uses),
        cmocka_unit_test(a_cut_of_nothing_takes_nothing),
        cmocka_unit_test(a_cut_past_the_capacity_aborts),
    };
    return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
