/* engine/pending: places are bounded, keep their bytes, and leave in the order of their numbers. */
#include "engine/pending.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PLACES 8u

static struct trust_pending open_pending(uint8_t **out_memory)
{
    struct trust_pending pending;
    *out_memory = calloc(1, 65536);
    struct trust_arena arena = {.memory = *out_memory, .capacity = 65536};
    trust_pending_init(&pending, &arena, PLACES);
    return pending;
}

static void places_are_bounded_and_keep_their_bytes(void **state)
{
    (void)state;
    uint8_t *memory = NULL;
    struct trust_pending pending = open_pending(&memory);
    uint32_t indices[PLACES];
    for (uint8_t i = 0; i < PLACES; i++) {
        uint8_t bytes[80];
        memset(bytes, i, sizeof bytes);
        assert_true(trust_pending_add(&pending, &indices[i], (struct trust_bytes){bytes, 65u + i}));
    }
    uint8_t more[65] = {0};
    uint32_t index = 0;
    assert_false(trust_pending_add(&pending, &index, (struct trust_bytes){more, sizeof more}));
    for (uint8_t i = 0; i < PLACES; i++) {
        struct trust_bytes bytes = trust_pending_bytes(&pending, indices[i]);
        assert_int_equal(bytes.size, 65u + i);
        assert_int_equal(bytes.data[0], i);
        assert_int_equal(bytes.data[bytes.size - 1], i);
    }
    trust_pending_remove(&pending, indices[3]);
    assert_true(trust_pending_add(&pending, &index, (struct trust_bytes){more, sizeof more}));
    assert_int_equal(index, indices[3]);
    free(memory);
}

static void what_is_durable_leaves_in_order(void **state)
{
    (void)state;
    uint8_t *memory = NULL;
    struct trust_pending pending = open_pending(&memory);
    uint8_t bytes[65] = {0};
    uint32_t indices[3];
    for (int i = 0; i < 3; i++) {
        assert_true(
            trust_pending_add(&pending, &indices[i], (struct trust_bytes){bytes, sizeof bytes}));
    }
    trust_pending_wait(&pending, indices[2], 5);
    trust_pending_wait(&pending, indices[0], 9);
    trust_pending_wait(&pending, indices[1], 10);
    uint32_t index = 99;
    assert_false(trust_pending_next_stored(&pending, &index, 4));
    assert_true(trust_pending_next_stored(&pending, &index, 9));
    assert_int_equal(index, indices[2]);
    trust_pending_remove(&pending, index);
    assert_true(trust_pending_next_stored(&pending, &index, 9));
    assert_int_equal(index, indices[0]);
    trust_pending_remove(&pending, index);
    assert_false(trust_pending_next_stored(&pending, &index, 9));
    assert_true(trust_pending_next_stored(&pending, &index, 10));
    assert_int_equal(index, indices[1]);
    assert_false(trust_pending_next_stored(&pending, &index, UINT64_MAX));
    free(memory);
}

static void the_last_change_of_an_author_is_known(void **state)
{
    (void)state;
    uint8_t *memory = NULL;
    struct trust_pending pending = open_pending(&memory);
    uint8_t bytes[65] = {0};
    struct trust_key keys[3];
    for (uint8_t i = 0; i < 3; i++) {
        memset(keys[i].bytes, i, sizeof keys[i].bytes);
        assert_int_equal(trust_pending_last_of(&pending, &keys[i]), 0);
    }
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t index = 0;
        assert_true(trust_pending_add(&pending, &index, (struct trust_bytes){bytes, sizeof bytes}));
        pending.records[index].claim.author = keys[i % 3];
        trust_pending_wait(&pending, index, 10 + i);
    }
    assert_int_equal(trust_pending_last_of(&pending, &keys[0]), 13);
    assert_int_equal(trust_pending_last_of(&pending, &keys[1]), 11);
    uint32_t index = 0;
    assert_true(trust_pending_next_stored(&pending, &index, 11));
    assert_true(trust_pending_next_stored(&pending, &index, 11));
    assert_int_equal(trust_pending_last_of(&pending, &keys[1]), 0);
    assert_int_equal(trust_pending_last_of(&pending, &keys[2]), 12);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_bounded_and_keep_their_bytes),
        cmocka_unit_test(what_is_durable_leaves_in_order),
        cmocka_unit_test(the_last_change_of_an_author_is_known),
    };
    return cmocka_run_group_tests_name("engine/pending", tests, NULL, NULL);
}
