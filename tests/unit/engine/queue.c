/* engine/queue: actions come out in the order they went in, around the end of the ring. */
#include "engine/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void actions_keep_their_order_around_the_end(void **state)
{
    (void)state;
    uint8_t *memory = calloc(1, 65536);
    struct trust_arena arena = {.memory = memory, .capacity = 65536};
    struct trust_queue queue;
    trust_queue_init(&queue, &arena, 5);
    struct trust_action action;
    assert_false(trust_queue_take(&queue, &action));
    uint32_t in = 0;
    uint32_t out = 0;
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 1 + round % 5; i++) {
            trust_queue_push(&queue, TRUST_ACTION_SEND)->peer = in;
            assert_int_equal(trust_queue_at(&queue, queue.count - 1)->peer, in);
            in++;
        }
        assert_int_equal(trust_queue_at(&queue, 0)->peer, out);
        while (trust_queue_take(&queue, &action)) {
            assert_int_equal(action.kind, TRUST_ACTION_SEND);
            assert_int_equal(action.peer, out);
            out++;
        }
        assert_int_equal(in, out);
    }
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actions_keep_their_order_around_the_end),
    };
    return cmocka_run_group_tests_name("engine/queue", tests, NULL, NULL);
}
