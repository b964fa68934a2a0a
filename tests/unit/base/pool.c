/* base/pool: each index is handed out once, comes back once, and memory is touched late. */
#include "base/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "aborts.h"
#include "base/random.h"

#define CAPACITY 40u

struct fixture {
    uint32_t links[CAPACITY];
    struct trust_pool pool;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    struct trust_arena arena = {.memory = (uint8_t *)f->links, .capacity = sizeof f->links};
    trust_pool_init(&f->pool, &arena, CAPACITY);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static void fresh_indices_come_in_order_until_there_is_none(void **state)
{
    struct fixture *f = *state;
    uint32_t index = 0;
    for (uint32_t i = 0; i < CAPACITY; i++) {
        assert_true(trust_pool_take(&f->pool, &index));
        assert_int_equal(index, i);
    }
    assert_int_equal(f->pool.count, CAPACITY);
    assert_false(trust_pool_take(&f->pool, &index));
    assert_int_equal(index, CAPACITY - 1);
}

static void what_was_given_back_is_taken_before_anything_fresh(void **state)
{
    struct fixture *f = *state;
    uint32_t index = 0;
    for (uint32_t i = 0; i < 3; i++)
        assert_true(trust_pool_take(&f->pool, &index));
    trust_pool_give(&f->pool, 0);
    trust_pool_give(&f->pool, 2);
    assert_int_equal(f->pool.count, 1);
    assert_true(trust_pool_take(&f->pool, &index));
    assert_int_equal(index, 2);
    assert_true(trust_pool_take(&f->pool, &index));
    assert_int_equal(index, 0);
    assert_true(trust_pool_take(&f->pool, &index));
    assert_int_equal(index, 3);
    assert_int_equal(f->pool.fresh, 4);
}

static void no_index_is_in_use_twice_over_ten_thousand_steps(void **state)
{
    struct fixture *f = *state;
    bool in_use[CAPACITY] = {false};
    uint32_t count = 0;
    struct trust_random random = trust_random_init(7);
    for (int step = 0; step < 10000; step++) {
        uint32_t index = (uint32_t)trust_random_below(&random, CAPACITY);
        if (in_use[index]) {
            trust_pool_give(&f->pool, index);
            in_use[index] = false;
            count--;
            continue;
        }
        assert_int_equal(trust_pool_take(&f->pool, &index), count < CAPACITY);
        assert_false(in_use[index]);
        in_use[index] = true;
        count++;
        assert_int_equal(f->pool.count, count);
    }
}

static void give_what_was_never_taken(void *context)
{
    trust_pool_give(context, 1);
}

static void an_index_that_was_never_handed_out_cannot_come_back(void **state)
{
    struct fixture *f = *state;
    uint32_t index = 0;
    assert_true(trust_pool_take(&f->pool, &index));
    assert_true(aborts(give_what_was_never_taken, &f->pool));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fresh_indices_come_in_order_until_there_is_none, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_given_back_is_taken_before_anything_fresh, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(no_index_is_in_use_twice_over_ten_thousand_steps, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_index_that_was_never_handed_out_cannot_come_back, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("base/pool", tests, NULL, NULL);
}
