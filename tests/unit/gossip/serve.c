/* gossip/serve: what goes first, where an answer is cut. */
#include "gossip/serve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node.h"

static struct node node;
static struct trust_serve serve;
static uint8_t *memory;
static uint8_t buffer[TRUST_PULL_SIZE_MAX];

static int open_serve(void **state)
{
    (void)state;
    open_node(&node, 0, 1, false, (struct trust_now){.mono = {1}});
    struct trust_arena arena = {0};
    trust_serve_init(&serve, &arena);
    size_t size = arena.size;
    memory = calloc(1, size);
    arena = (struct trust_arena){.memory = memory, .capacity = size};
    trust_serve_init(&serve, &arena);
    return memory == NULL;
}

static int close_serve(void **state)
{
    (void)state;
    free(memory);
    close_node(&node);
    return 0;
}

static void hold(struct statement statement)
{
    struct trust_record record;
    struct trust_claim claim;
    struct trust_id id;
    struct trust_accepted accepted;
    assert_int_equal(trust_record_decode(&record, bytes_of(&statement)), TRUST_OK);
    trust_record_id(&id, bytes_of(&statement), &node.network);
    trust_claim_init(&claim, &record, &id, trust_record_signature(bytes_of(&statement)));
    assert_int_equal(apply(&node, &accepted, &claim, &statement), TRUST_OK);
}

/* Answers a pull of these ranges whole and returns the number of reads. */
static uint32_t answer(const struct trust_pull_range *ranges, uint32_t count, size_t size_max)
{
    uint8_t packed[2048];
    struct trust_writer writer = trust_writer_init(packed, sizeof packed);
    for (uint32_t i = 0; i < count; i++)
        trust_list_put_range(&writer, &ranges[i]);
    struct trust_pull pull = {.ranges = {.packed = trust_writer_bytes(&writer), .count = count}};
    trust_serve_start(&serve, &node.ledger, &pull, size_max);
    struct trust_gossip_read read = {0};
    uint32_t reads = 0;
    for (; trust_serve_next(&serve, &read.range, &read.size_max); reads++) {
        assert_int_equal(serve.state, TRUST_SERVE_READING);
        struct trust_writer loaded_bytes = trust_writer_init(buffer, sizeof buffer);
        struct trust_loaded loaded = load(&node, &read, &loaded_bytes);
        trust_serve_take(&serve, loaded.records, loaded.more);
    }
    assert_int_equal(serve.state, TRUST_SERVE_READY);
    assert_true(serve.packed.size <= size_max);
    return reads;
}

/* The record at a place of the answer. */
static struct trust_record record_at(uint32_t at)
{
    struct trust_reader reader = trust_reader_init(trust_writer_bytes(&serve.packed));
    struct trust_bytes bytes;
    for (uint32_t i = 0; i <= at; i++)
        assert_true(trust_list_next_record(&bytes, &reader));
    struct trust_record record;
    assert_int_equal(trust_record_decode(&record, bytes), TRUST_OK);
    return record;
}

static struct trust_pull_range whole(uint64_t author)
{
    return (struct trust_pull_range){.author = key_of(author), .to_seq = UINT64_MAX};
}

static void records_come_range_by_range_in_order(void **state)
{
    (void)state;
    for (uint64_t author = 1; author <= 2; author++)
        for (uint64_t i = 0; i < 5; i++)
            hold(rate(author, i, START_WALL_MS + 5 - i, 500));
    struct trust_pull_range ranges[] = {whole(2), whole(9), whole(1)};
    ranges[2].from_seq = START_WALL_MS + 4;
    assert_int_equal(answer(ranges, 3, TRUST_PULL_SIZE_MAX), 3);
    assert_int_equal(serve.count, 7);
    assert_false(serve.more);
    struct trust_key second = key_of(2);
    for (uint32_t i = 0; i < 5; i++) {
        assert_memory_equal(record_at(i).author.bytes, second.bytes, 32);
        assert_int_equal(record_at(i).seq, START_WALL_MS + 1 + i);
    }
    assert_int_equal(record_at(5).seq, START_WALL_MS + 4);
    assert_int_equal(record_at(6).seq, START_WALL_MS + 5);
}

static void revocations_and_void_pairs_go_first(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 5; i++)
        hold(rate(1, i, START_WALL_MS + i, 500));
    hold(rate(1, 4, START_WALL_MS + 4, 501));
    hold(rate(2, 1, START_WALL_MS, 500));
    struct trust_record retired = {
        .kind = TRUST_KIND_REVOCATION, .author = key_of(2), .seq = START_WALL_MS + 9};
    retired.revocation =
        (struct trust_revocation){.reason = TRUST_REVOKED_RETIRED, .last_seq = START_WALL_MS + 8};
    hold(sign(&retired));
    struct trust_pull_range ranges[] = {whole(1), whole(2)};
    assert_int_equal(answer(ranges, 2, TRUST_PULL_SIZE_MAX), 4);
    assert_int_equal(serve.count, 1 + 2 + 6 + 2);
    assert_int_equal(record_at(0).kind, TRUST_KIND_REVOCATION);
    assert_int_equal(record_at(1).seq, START_WALL_MS + 4);
    assert_int_equal(record_at(2).seq, START_WALL_MS + 4);
    assert_int_equal(record_at(3).seq, START_WALL_MS);
    /* A pull that goes on has seen them. */
    ranges[0].has_after = true;
    ranges[1].has_after = true;
    assert_int_equal(answer(ranges, 2, TRUST_PULL_SIZE_MAX), 2);
    assert_int_equal(record_at(0).seq, START_WALL_MS);
}

static void an_answer_ends_where_its_room_ends(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 100; i++)
        hold(rate(1, i, START_WALL_MS + i, 500));
    hold(rate(2, 1, START_WALL_MS, 500));
    struct trust_pull_range ranges[] = {whole(1), whole(2)};
    (void)answer(ranges, 2, 4000);
    assert_true(serve.more);
    assert_true(serve.count >= 10);
    uint64_t last = record_at(serve.count - 1).seq;
    assert_int_equal(last, START_WALL_MS + serve.count - 1);
    ranges[0].from_seq = last + 1;
    (void)answer(ranges, 2, TRUST_PULL_SIZE_MAX);
    assert_false(serve.more);
    assert_int_equal(record_at(0).seq, last + 1);
    assert_int_equal(serve.count, START_WALL_MS + 99 - last + 1);
}

static void what_goes_first_leaves_room_for_the_rest(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 20; i++) {
        hold(rate(1, i, START_WALL_MS + i, 500));
        hold(rate(1, i, START_WALL_MS + i, 501));
    }
    struct trust_pull_range range = whole(1);
    (void)answer(&range, 1, 3968);
    assert_true(serve.more);
    /* Four void pairs go first, as far as a third of the room takes them; then the range. */
    uint32_t first = 0;
    while (record_at(first).seq == START_WALL_MS + first / 2)
        first++;
    assert_true(first >= 2 && first <= 8);
    for (uint32_t i = first; i < serve.count; i++)
        assert_int_equal(record_at(i).seq, START_WALL_MS + (i - first) / 2);
    assert_true(serve.count - first >= 10);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, open_serve, close_serve)

int main(void)
{
    if (trust_sodium_start() != TRUST_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        FRESH(records_come_range_by_range_in_order),
        FRESH(revocations_and_void_pairs_go_first),
        FRESH(an_answer_ends_where_its_room_ends),
        FRESH(what_goes_first_leaves_room_for_the_rest),
    };
    return cmocka_run_group_tests_name("gossip/serve", tests, NULL, NULL);
}
