/* guard/queue: order, growth, and whose the bytes are. */
#include "guard/router/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "guard/router/text.h"

static void put(struct queue *queue, uint64_t number)
{
    struct text text = {0};
    text_put_number(&text, number);
    queue_put(queue, &(struct router_action){.number = number, .bytes = text_bytes(&text)});
}

static void what_came_first_leaves_first_over_any_growth(void **state)
{
    (void)state;
    struct queue queue = {0};
    struct router_action action;
    uint64_t in = 0;
    uint64_t out = 0;
    for (int round = 0; round < 40; round++) {
        for (int i = 0; i < round; i++)
            put(&queue, in++);
        for (int i = 0; i < round / 2; i++) {
            assert_true(queue_take(&queue, &action));
            assert_int_equal(action.number, out++);
            assert_int_equal(action.bytes.data[0], '0' + (action.number >= 100 ? action.number / 100
                                                          : action.number >= 10 ? action.number / 10
                                                                                : action.number));
        }
    }
    while (queue_take(&queue, &action))
        assert_int_equal(action.number, out++);
    assert_int_equal(out, in);
    assert_false(queue_take(&queue, &action));
    queue_close(&queue);
}

static void what_was_not_taken_is_freed(void **state)
{
    (void)state;
    struct queue queue = {0};
    for (uint64_t i = 0; i < 20; i++)
        put(&queue, i);
    queue_put(&queue, &(struct router_action){.kind = ROUTER_START});
    struct router_action action;
    assert_true(queue_take(&queue, &action));
    queue_close(&queue);
    assert_int_equal(queue.capacity, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_first_leaves_first_over_any_growth),
        cmocka_unit_test(what_was_not_taken_is_freed),
    };
    return cmocka_run_group_tests_name("tools/guard/queue", tests, NULL, NULL);
}
