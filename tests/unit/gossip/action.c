/* gossip/action: the queue's order, its bounds, and what it keeps free. */
#include "gossip/action.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../aborts.h"
#include "base/limits.h"

static struct trust_gossip_actions actions;
static uint8_t *memory;

static int open_actions(void **state)
{
    (void)state;
    struct trust_arena arena = {0};
    trust_gossip_actions_init(&actions, &arena);
    size_t size = arena.size;
    memory = calloc(1, size);
    arena = (struct trust_arena){.memory = memory, .capacity = size};
    trust_gossip_actions_init(&actions, &arena);
    return memory == NULL;
}

static int close_actions(void **state)
{
    (void)state;
    free(memory);
    return 0;
}

static const struct trust_frame ping = {.type = TRUST_FRAME_PING, .nonce = 7};
static const struct trust_gossip_action drop = {.kind = TRUST_GOSSIP_DROP, .peer = 3};

static void actions_come_out_in_the_order_they_went_in(void **state)
{
    (void)state;
    trust_gossip_actions_start(&actions);
    assert_true(trust_gossip_actions_send(&actions, 2, &ping));
    trust_gossip_actions_add(&actions, &drop);
    struct trust_gossip_action action;
    assert_true(trust_gossip_actions_poll(&actions, &action));
    assert_int_equal(action.kind, TRUST_GOSSIP_SEND);
    assert_int_equal(action.peer, 2);
    static const uint8_t expected[] = {0x92, 12, 7};
    assert_int_equal(action.bytes.size, sizeof expected);
    assert_memory_equal(action.bytes.data, expected, sizeof expected);
    assert_true(trust_gossip_actions_poll(&actions, &action));
    assert_int_equal(action.kind, TRUST_GOSSIP_DROP);
    assert_int_equal(action.peer, 3);
    assert_false(trust_gossip_actions_poll(&actions, &action));
}

static void frames_leave_room_for_the_end_of_every_link(void **state)
{
    (void)state;
    trust_gossip_actions_start(&actions);
    uint32_t sent = 0;
    while (trust_gossip_actions_send(&actions, 1, &ping))
        sent++;
    assert_int_equal(sent, TRUST_GOSSIP_ACTIONS_MAX - TRUST_GOSSIP_ACTIONS_SPARE);
    assert_false(trust_gossip_actions_has_room(&actions));
    for (uint32_t i = 0; i < TRUST_PEERS_MAX; i++)
        trust_gossip_actions_add(&actions, &drop);
    struct trust_gossip_action action;
    uint32_t polled = 0;
    while (trust_gossip_actions_poll(&actions, &action))
        polled++;
    assert_int_equal(polled, sent + TRUST_PEERS_MAX);
}

static void the_bytes_of_large_frames_are_bounded(void **state)
{
    (void)state;
    static uint8_t keys[33 * 1900];
    struct trust_frame frame = {.type = TRUST_FRAME_INTEREST,
                                .interest = {.added = {keys, sizeof keys}}};
    trust_gossip_actions_start(&actions);
    uint32_t sent = 0;
    while (trust_gossip_actions_send(&actions, 1, &frame))
        sent++;
    assert_int_equal(sent, 16);
    struct trust_gossip_action action;
    while (trust_gossip_actions_poll(&actions, &action))
        continue;
    trust_gossip_actions_start(&actions);
    assert_true(trust_gossip_actions_has_room(&actions));
}

static void start_with_unpolled_actions(void *context)
{
    (void)context;
    trust_gossip_actions_add(&actions, &drop);
    trust_gossip_actions_start(&actions);
}

static void an_event_before_all_was_polled_is_a_bug(void **state)
{
    (void)state;
    trust_gossip_actions_start(&actions);
    assert_true(aborts(start_with_unpolled_actions, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actions_come_out_in_the_order_they_went_in),
        cmocka_unit_test(frames_leave_room_for_the_end_of_every_link),
        cmocka_unit_test(the_bytes_of_large_frames_are_bounded),
        cmocka_unit_test(an_event_before_all_was_polled_is_a_bug),
    };
    return cmocka_run_group_tests_name("gossip/action", tests, open_actions, close_actions);
}
