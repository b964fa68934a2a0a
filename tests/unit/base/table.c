/* base/table: find, add and remove against a plain array that does the same by brute force. */
#include "base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"

#define CAPACITY 96u

static bool same_number(const void *context, uint32_t index, const void *key)
{
    const uint64_t *numbers = context;
    return numbers[index] == *(const uint64_t *)key;
}

static void a_table_agrees_with_a_plain_array_after_ten_thousand_steps(void **state)
{
    (void)state;
    uint8_t *memory = calloc(1, 65536);
    struct trust_arena arena = {.memory = memory, .capacity = 65536};
    struct trust_table table;
    trust_table_init(&table, &arena, CAPACITY, same_number);
    uint64_t numbers[CAPACITY];
    bool present[CAPACITY] = {false};
    for (uint32_t i = 0; i < CAPACITY; i++)
        numbers[i] = i * 7 + 1;
    struct trust_random random = trust_random_init(1);
    uint32_t count = 0;
    for (int step = 0; step < 10000; step++) {
        uint32_t i = (uint32_t)trust_random_below(&random, CAPACITY);
        /* Few tags, so that runs collide and wrap around the end. */
        uint32_t tag = 120 + i % 9;
        uint32_t found = 0;
        assert_int_equal(trust_table_find(&table, &found, tag, numbers, &numbers[i]), present[i]);
        uint32_t again = 0;
        assert_int_equal(trust_table_find_or_ready(&table, &again, tag, numbers, &numbers[i]),
                         present[i]);
        assert_int_equal(again, found);
        if (present[i]) {
            assert_int_equal(found, i);
            trust_table_remove(&table, tag, i);
            count--;
        } else {
            trust_table_add(&table, tag, i);
            count++;
        }
        present[i] = !present[i];
        assert_int_equal(table.count, count);
    }
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_agrees_with_a_plain_array_after_ten_thousand_steps),
    };
    return cmocka_run_group_tests_name("base/table", tests, NULL, NULL);
}
