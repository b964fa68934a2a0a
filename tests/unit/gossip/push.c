/* gossip/push: batching, replacing, urgency, loss. */
#include "gossip/push.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct trust_push push;
static struct trust_gossip_actions actions;
static struct trust_peer peers[TRUST_PEERS_MAX];
static uint8_t *memory;

static struct trust_mono at(uint64_t ms)
{
    return (struct trust_mono){.ms = ms};
}

static int open_push(void **state)
{
    (void)state;
    struct trust_arena arena = {0};
    trust_push_init(&push, &arena, (struct trust_siphash_key){.low = 1});
    trust_gossip_actions_init(&actions, &arena);
    size_t size = arena.size;
    memory = calloc(1, size);
    arena = (struct trust_arena){.memory = memory, .capacity = size};
    trust_push_init(&push, &arena, (struct trust_siphash_key){.low = 1});
    trust_gossip_actions_init(&actions, &arena);
    memset(peers, 0, sizeof peers);
    for (uint32_t peer = 0; peer < 3; peer++) {
        peers[peer].state = TRUST_PEER_UP;
        peers[peer].hello.frame_size_max = TRUST_FRAME_SIZE_MAX;
    }
    return memory == NULL;
}

static int close_push(void **state)
{
    (void)state;
    free(memory);
    return 0;
}

/* Records are told apart by their size and their filling. */
static void add(uint32_t place, uint8_t filling, size_t size, uint64_t targets, uint64_t now_ms)
{
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    memset(bytes, filling, sizeof bytes);
    struct trust_push_record record = {.bytes = {bytes, size}, .targets = targets};
    memcpy(record.place.digest, &place, sizeof place);
    trust_push_add(&push, &record, at(now_ms));
}

/* Flushes and counts the records that go to a peer; the first one's filling is written. */
static uint32_t flush(uint64_t now_ms, uint32_t peer, uint8_t *out_filling)
{
    trust_gossip_actions_start(&actions);
    trust_push_flush(&push, &actions, peers, at(now_ms));
    struct trust_gossip_action action;
    uint32_t count = 0;
    while (trust_gossip_actions_poll(&actions, &action)) {
        struct trust_frame frame;
        assert_int_equal(trust_frame_decode(&frame, action.bytes), TRUST_OK);
        assert_int_equal(frame.type, TRUST_FRAME_PUSH);
        struct trust_reader reader = trust_reader_init(frame.push.packed);
        struct trust_bytes record;
        while (trust_list_next_record(&record, &reader)) {
            if (action.peer != peer)
                continue;
            if (count++ == 0)
                *out_filling = record.data[0];
        }
    }
    return count;
}

static void records_leave_together_after_200_ms(void **state)
{
    (void)state;
    uint8_t filling;
    add(1, 1, 100, 1 | 4, 1000);
    add(2, 2, 100, 1, 1100);
    assert_int_equal(trust_push_due_ms(&push), 1200);
    assert_int_equal(flush(1199, 0, &filling), 0);
    assert_int_equal(flush(1200, 0, &filling), 1);
    assert_int_equal(trust_push_due_ms(&push), 1300);
    assert_int_equal(flush(1300, 0, &filling), 1);
    assert_int_equal(trust_push_due_ms(&push), TRUST_NEVER_MS);
    assert_int_equal(peers[0].counters.records_out, 2);
    assert_int_equal(peers[1].counters.records_out, 0);
    assert_int_equal(peers[2].counters.records_out, 1);
}

static void a_newer_record_of_the_place_replaces_the_older(void **state)
{
    (void)state;
    uint8_t filling;
    add(1, 1, 100, 1, 1000);
    add(1, 9, 100, 1, 1150);
    assert_int_equal(flush(1200, 0, &filling), 1);
    assert_int_equal(filling, 9);
    assert_int_equal(flush(2000, 0, &filling), 0);
}

static void what_is_urgent_waits_for_nobody_and_goes_first(void **state)
{
    (void)state;
    uint8_t bytes[100];
    memset(bytes, 7, sizeof bytes);
    struct trust_push_record urgent = {
        .bytes = {bytes, sizeof bytes}, .targets = 1, .is_urgent = true};
    urgent.place.digest[0] = 0xff;
    uint8_t filling;
    add(1, 1, 100, 1, 1000);
    trust_push_add(&push, &urgent, at(1000));
    assert_int_equal(trust_push_due_ms(&push), 1000);
    assert_int_equal(flush(1000, 0, &filling), 1);
    assert_int_equal(filling, 7);
    trust_push_add(&push, &urgent, at(1200));
    assert_int_equal(flush(1200, 0, &filling), 2);
    assert_int_equal(filling, 7);
}

static void a_proof_goes_as_one_frame(void **state)
{
    (void)state;
    uint8_t first[65] = {1};
    uint8_t second[70] = {2};
    struct trust_push_record proof = {.bytes = {first, sizeof first},
                                      .rival = {second, sizeof second},
                                      .targets = 2,
                                      .is_urgent = true};
    trust_push_add(&push, &proof, at(1000));
    trust_gossip_actions_start(&actions);
    trust_push_flush(&push, &actions, peers, at(1000));
    struct trust_gossip_action action;
    assert_true(trust_gossip_actions_poll(&actions, &action));
    assert_int_equal(action.peer, 1);
    struct trust_frame frame;
    assert_int_equal(trust_frame_decode(&frame, action.bytes), TRUST_OK);
    assert_int_equal(frame.type, TRUST_FRAME_PROOF);
    assert_int_equal(frame.proof[1].size, 70);
    assert_int_equal(peers[1].counters.records_out, 2);
    assert_false(trust_gossip_actions_poll(&actions, &action));
}

static void many_records_fill_several_frames(void **state)
{
    (void)state;
    uint8_t filling;
    for (uint32_t i = 0; i < 500; i++)
        add(i, 1, 512, 1, 1000);
    assert_int_equal(flush(1200, 0, &filling), 500);
    peers[0].hello.frame_size_max = 4096;
    for (uint32_t i = 0; i < 500; i++)
        add(i, 1, 512, 1, 2000);
    trust_gossip_actions_start(&actions);
    trust_push_flush(&push, &actions, peers, at(2200));
    struct trust_gossip_action action;
    uint32_t frames = 0;
    for (; trust_gossip_actions_poll(&actions, &action); frames++)
        assert_true(action.bytes.size <= 4096);
    assert_int_equal(frames, 72);
}

static void a_full_queue_drops_the_oldest(void **state)
{
    (void)state;
    uint8_t filling;
    for (uint32_t i = 0; i < TRUST_PUSH_QUEUE_MAX; i++)
        add(i, i == 0 ? 1 : 2, 65, 1, 1000);
    assert_true(trust_push_is_full(&push));
    add(TRUST_PUSH_QUEUE_MAX, 3, 65, 1, 1000);
    assert_true(trust_push_is_full(&push));
    trust_push_hurry(&push, 10, at(1050));
    assert_int_equal(flush(1050, 0, &filling), 10);
    assert_int_equal(filling, 2);
    assert_int_equal(flush(1200, 0, &filling), TRUST_PUSH_QUEUE_MAX - 10);
}

static void what_finds_no_room_waits_for_the_next_event(void **state)
{
    (void)state;
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++) {
        peers[peer].state = TRUST_PEER_UP;
        peers[peer].hello.frame_size_max = TRUST_FRAME_SIZE_MAX;
    }
    for (uint32_t i = 0; i < 100; i++)
        add(i, 1, 512, UINT64_MAX, 1000);
    uint8_t filling;
    uint32_t events = 0;
    uint32_t last = 0;
    for (; trust_push_due_ms(&push) != TRUST_NEVER_MS && events < 20; events++)
        last += flush(1200, TRUST_PEERS_MAX - 1, &filling);
    assert_int_equal(last, 100);
    assert_true(events >= 3);
    assert_true(events <= 5);
}

static void a_peer_that_left_is_forgotten(void **state)
{
    (void)state;
    uint8_t filling;
    add(1, 1, 100, 1, 1000);
    add(2, 1, 100, 3, 1000);
    trust_push_forget(&push, 0);
    assert_int_equal(flush(1200, 0, &filling), 0);
    assert_int_equal(peers[1].counters.records_out, 1);
    assert_int_equal(trust_push_due_ms(&push), TRUST_NEVER_MS);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, open_push, close_push)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(records_leave_together_after_200_ms),
        FRESH(a_newer_record_of_the_place_replaces_the_older),
        FRESH(what_is_urgent_waits_for_nobody_and_goes_first),
        FRESH(a_proof_goes_as_one_frame),
        FRESH(many_records_fill_several_frames),
        FRESH(a_full_queue_drops_the_oldest),
        FRESH(what_finds_no_room_waits_for_the_next_event),
        FRESH(a_peer_that_left_is_forgotten),
    };
    return cmocka_run_group_tests_name("gossip/push", tests, NULL, NULL);
}
