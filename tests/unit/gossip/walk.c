/* gossip/walk: order, pages, answers that leave out what is equal. */
#include "gossip/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node.h"

#define AUTHORS 60u

/* Two nodes, 0 and 1; each is asked by the other for every author. */
static struct node nodes[2];
static struct trust_interest interests[2];
static struct trust_walk walks[2];
static uint8_t *memory[2];
static const struct trust_now now = {.wall = {START_WALL_MS + 100000}, .mono = {5000}};

static void cut_parts(uint32_t at, struct trust_arena *arena)
{
    trust_interest_init(&interests[at], arena, 2048, (struct trust_siphash_key){.low = at}, false);
    trust_walk_init(&walks[at], arena, &interests[at], &nodes[at].ledger);
}

static int open_walks(void **state)
{
    (void)state;
    for (uint32_t at = 0; at < 2; at++) {
        open_node(&nodes[at], at, at + 1, false, now);
        struct trust_arena arena = {0};
        cut_parts(at, &arena);
        size_t size = arena.size;
        memory[at] = calloc(1, size);
        arena = (struct trust_arena){.memory = memory[at], .capacity = size};
        cut_parts(at, &arena);
        trust_interest_add_peer(&interests[at], 0, true);
        trust_interest_add_peer(&interests[at], 1, true);
    }
    return 0;
}

static int close_walks(void **state)
{
    (void)state;
    for (uint32_t at = 0; at < 2; at++) {
        free(memory[at]);
        close_node(&nodes[at]);
    }
    return 0;
}

static void ask_for(uint32_t at, uint64_t author)
{
    uint8_t item[33] = {0};
    struct trust_key key = key_of(author);
    memcpy(item, key.bytes, 32);
    struct trust_interest_delta delta = {.epoch = 1, .added = {item, sizeof item}};
    assert_int_equal(trust_interest_hear(&interests[at], 1 - at, &delta), TRUST_NO_CONFLICT);
}

static void hold(uint32_t at, uint64_t author, uint64_t seq)
{
    struct statement statement = rate(author, 1, seq, 500);
    struct trust_record record;
    struct trust_claim claim;
    struct trust_id id;
    struct trust_accepted accepted;
    assert_int_equal(trust_record_decode(&record, bytes_of(&statement)), TRUST_OK);
    trust_record_id(&id, bytes_of(&statement), &nodes[at].network);
    trust_claim_init(&claim, &record, &id, trust_record_signature(bytes_of(&statement)));
    assert_int_equal(apply(&nodes[at], &accepted, &claim, &statement), TRUST_OK);
}

static uint8_t buffers[2][65536];

static struct trust_sync page(uint32_t at, size_t size)
{
    struct trust_writer writer = trust_writer_init(buffers[at], size);
    struct trust_sync sync = {0};
    trust_walk_page(&walks[at], &sync, &writer);
    return sync;
}

static struct trust_sync answer(uint32_t at, const struct trust_sync *asked, size_t size)
{
    struct trust_writer writer = trust_writer_init(buffers[at], size);
    struct trust_sync sync = {0};
    trust_walk_answer(&walks[at], &sync, asked, &writer);
    return sync;
}

/* What was made must be a frame that the other side accepts. */
static void assert_sendable(const struct trust_sync *sync)
{
    static uint8_t bytes[TRUST_FRAME_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
    struct trust_frame frame = {.type = TRUST_FRAME_SYNC, .sync = *sync};
    trust_frame_encode(&writer, &frame);
    assert_int_equal(trust_frame_decode(&frame, trust_writer_bytes(&writer)), TRUST_OK);
}

static void pages_list_every_head_once_and_in_order(void **state)
{
    (void)state;
    for (uint64_t author = 0; author < AUTHORS; author++) {
        ask_for(0, author);
        if (author % 3 != 0)
            hold(0, author, START_WALL_MS + author);
    }
    trust_walk_start(&walks[0], 1);
    assert_int_equal(walks[0].count, 40);
    uint32_t heads = 0;
    uint32_t pages = 0;
    for (; !walks[0].is_over; pages++) {
        struct trust_sync sync = page(0, 1000);
        assert_sendable(&sync);
        assert_int_equal(sync.has_from, pages > 0);
        heads += sync.heads.count;
        trust_walk_advance(&walks[0], &sync);
    }
    assert_int_equal(heads, 40);
    assert_int_equal(pages, 4);
}

static void an_answer_leaves_out_what_is_equal(void **state)
{
    (void)state;
    for (uint64_t author = 0; author < AUTHORS; author++) {
        ask_for(0, author);
        ask_for(1, author);
        hold(0, author, START_WALL_MS);
        /* Node 1 has most of it, one author of another seq and one more; one it lacks. */
        if (author != 5)
            hold(1, author, START_WALL_MS + (author == 6 ? 1 : 0));
    }
    ask_for(1, 1000);
    hold(1, 1000, START_WALL_MS);
    trust_walk_start(&walks[0], 1);
    trust_walk_start(&walks[1], 0);
    struct trust_sync asked = page(0, 65536 - 128);
    assert_int_equal(asked.heads.count, AUTHORS);
    struct trust_sync answered = answer(1, &asked, 4000);
    assert_sendable(&answered);
    assert_false(answered.has_upto);
    assert_int_equal(answered.heads.count, 2);
    struct trust_reader reader = trust_reader_init(answered.heads.packed);
    struct trust_wire_head head;
    struct trust_key six = key_of(6);
    struct trust_key thousand = key_of(1000);
    while (trust_list_next_head(&head, &reader))
        assert_true(memcmp(&head.author, &six, 32) == 0 ||
                    memcmp(&head.author, &thousand, 32) == 0);
}

static void an_answer_without_room_ends_early_and_the_rest_follows(void **state)
{
    (void)state;
    for (uint64_t author = 0; author < AUTHORS; author++) {
        ask_for(0, author);
        ask_for(1, author);
        hold(1, author, START_WALL_MS);
    }
    hold(0, 3, START_WALL_MS - 5);
    trust_walk_start(&walks[0], 1);
    trust_walk_start(&walks[1], 0);
    uint32_t heads = 0;
    uint32_t rounds = 0;
    for (; !walks[0].is_over; rounds++) {
        struct trust_sync asked = page(0, 1000);
        struct trust_sync answered = answer(1, &asked, 1000);
        assert_sendable(&answered);
        heads += answered.heads.count;
        trust_walk_advance(&walks[0], &answered);
    }
    assert_int_equal(heads, AUTHORS);
    assert_int_equal(rounds, 5);
}

static void what_vanishes_during_a_walk_is_skipped(void **state)
{
    (void)state;
    for (uint64_t author = 0; author < 10; author++) {
        ask_for(0, author);
        hold(0, author, START_WALL_MS);
    }
    trust_walk_start(&walks[0], 1);
    struct trust_interest_delta nothing = {.epoch = 2};
    assert_int_equal(trust_interest_hear(&interests[0], 1, &nothing), TRUST_OK);
    /* The slots of the table are taken by other authors meanwhile. */
    for (uint64_t author = 100; author < 110; author++) {
        uint8_t item[33] = {0};
        struct trust_key key = key_of(author);
        memcpy(item, key.bytes, 32);
        struct trust_interest_delta delta = {.epoch = 2, .added = {item, sizeof item}};
        assert_int_equal(trust_interest_hear(&interests[0], 1, &delta), TRUST_NO_CONFLICT);
        hold(0, author, START_WALL_MS);
    }
    struct trust_sync sync = page(0, 4000);
    assert_sendable(&sync);
    assert_int_equal(sync.heads.count, 0);
}

static void the_head_of_a_stranger_is_empty(void **state)
{
    (void)state;
    struct trust_key key = key_of(5);
    assert_int_equal(trust_walk_head(&walks[0], &key).count, 0);
    hold(0, 5, START_WALL_MS + 9);
    assert_int_equal(trust_walk_head(&walks[0], &key).seq, START_WALL_MS + 9);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, open_walks, close_walks)

int main(void)
{
    if (trust_sodium_start() != TRUST_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        FRESH(pages_list_every_head_once_and_in_order),
        FRESH(an_answer_leaves_out_what_is_equal),
        FRESH(an_answer_without_room_ends_early_and_the_rest_follows),
        FRESH(what_vanishes_during_a_walk_is_skipped),
        FRESH(the_head_of_a_stranger_is_empty),
    };
    return cmocka_run_group_tests_name("gossip/walk", tests, NULL, NULL);
}
