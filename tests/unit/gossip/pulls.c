/* gossip/pulls: groups, cuts, progress. */
#include "gossip/pulls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

static struct trust_pulls pulls;
static uint8_t *memory;

static int open_pulls(void **state)
{
    (void)state;
    struct trust_arena arena = {0};
    trust_pulls_init(&pulls, &arena);
    size_t size = arena.size;
    memory = calloc(1, size);
    arena = (struct trust_arena){.memory = memory, .capacity = size};
    trust_pulls_init(&pulls, &arena);
    trust_pulls_start(&pulls);
    return memory == NULL;
}

static int close_pulls(void **state)
{
    (void)state;
    free(memory);
    return 0;
}

static struct trust_key key_of(uint32_t n)
{
    struct trust_key key = {{0}};
    memcpy(key.bytes, &n, sizeof n);
    return key;
}

static void add(uint32_t author, uint64_t from_seq)
{
    trust_pulls_add(&pulls,
                    &(struct trust_pull_task){
                        .range = {.author = key_of(author), .from_seq = from_seq, .to_seq = 1000},
                        .name = author});
}

static uint32_t ask(struct trust_pull_range *out_first)
{
    uint8_t buffer[4096];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    struct trust_list list;
    trust_pulls_ask(&pulls, &list, &writer);
    struct trust_reader reader = trust_reader_init(list.packed);
    assert_true(trust_list_next_range(out_first, &reader));
    return list.count;
}

static void sixteen_are_asked_for_at_a_time(void **state)
{
    (void)state;
    struct trust_pull_range first;
    for (uint32_t author = 0; author < 20; author++)
        add(author, 0);
    assert_int_equal(ask(&first), 16);
    /* Asking again asks for the same. */
    add(20, 0);
    assert_int_equal(ask(&first), 16);
    assert_int_equal(first.author.bytes[0], 0);
    for (uint64_t i = 0; i < 16; i++)
        assert_int_equal(trust_pulls_pop(&pulls).name, i);
    assert_int_equal(ask(&first), 5);
    assert_int_equal(first.author.bytes[0], 16);
}

static void an_author_is_found_while_it_waits(void **state)
{
    (void)state;
    struct trust_pull_range first;
    uint32_t at;
    for (uint32_t author = 0; author < 17; author++)
        add(author, 0);
    struct trust_key last = key_of(16);
    struct trust_key third = key_of(2);
    assert_true(trust_pulls_has(&pulls, &last));
    assert_null(trust_pulls_find_asked(&pulls, &at, &third));
    (void)ask(&first);
    assert_non_null(trust_pulls_find_asked(&pulls, &at, &third));
    assert_int_equal(at, 2);
    assert_null(trust_pulls_find_asked(&pulls, &at, &last));
    struct trust_key stranger = key_of(99);
    assert_false(trust_pulls_has(&pulls, &stranger));
}

static void a_cut_answer_goes_on_behind_its_last_record(void **state)
{
    (void)state;
    struct trust_pull_range first;
    struct trust_id id = {{5}};
    struct trust_id less = {{4}};
    struct trust_id more = {{6}};
    add(1, 100);
    (void)ask(&first);
    assert_true(trust_pulls_resume(&pulls, 300, &id));
    assert_int_equal(ask(&first), 1);
    assert_int_equal(first.from_seq, 300);
    assert_true(first.has_after);
    assert_memory_equal(first.after.bytes, id.bytes, 32);
    assert_false(trust_pulls_resume(&pulls, 300, &less));
    (void)ask(&first);
    assert_false(trust_pulls_resume(&pulls, 300, &id));
    (void)ask(&first);
    assert_true(trust_pulls_resume(&pulls, 300, &more));
    (void)ask(&first);
    assert_false(trust_pulls_resume(&pulls, 299, &more));
    (void)ask(&first);
    assert_false(trust_pulls_resume(&pulls, 1001, &more));
}

static void the_ring_holds_its_number(void **state)
{
    (void)state;
    struct trust_pull_range first;
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t author = 0; author < TRUST_SESSION_PULLS_MAX; author++)
            add(author, 0);
        assert_true(trust_pulls_is_full(&pulls));
        while (pulls.count > 0) {
            (void)ask(&first);
            (void)trust_pulls_pop(&pulls);
        }
        add(7, 0);
        (void)ask(&first);
        assert_int_equal(trust_pulls_pop(&pulls).name, 7);
    }
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, open_pulls, close_pulls)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(sixteen_are_asked_for_at_a_time),
        FRESH(an_author_is_found_while_it_waits),
        FRESH(a_cut_answer_goes_on_behind_its_last_record),
        FRESH(the_ring_holds_its_number),
    };
    return cmocka_run_group_tests_name("gossip/pulls", tests, NULL, NULL);
}
