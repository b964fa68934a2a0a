/* record/keys: interning, references and iteration. */
#include "record/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

#define CAPACITY 6u

struct keys_fixture {
    struct trust_arena arena;
    struct trust_keys keys;
};

static const struct trust_siphash_key seed = {.low = 1, .high = 2};

static int open_keys(void **state)
{
    struct keys_fixture *fixture = calloc(1, sizeof *fixture);
    trust_keys_init(&fixture->keys, &fixture->arena, CAPACITY, seed);
    size_t size = fixture->arena.size;
    fixture->arena = (struct trust_arena){.memory = calloc(1, size), .capacity = size};
    trust_keys_init(&fixture->keys, &fixture->arena, CAPACITY, seed);
    *state = fixture;
    return 0;
}

static int close_keys(void **state)
{
    struct keys_fixture *fixture = *state;
    free(fixture->arena.memory);
    free(fixture);
    return 0;
}

static struct trust_key key_of(uint8_t number)
{
    struct trust_key key;
    memset(key.bytes, number, sizeof key.bytes);
    return key;
}

static uint32_t hold(struct trust_keys *keys, uint8_t number)
{
    struct trust_key key = key_of(number);
    uint32_t index = UINT32_MAX;
    assert_int_equal(trust_keys_hold(keys, &index, &key), TRUST_OK);
    return index;
}

static void a_key_has_one_index_however_often_it_is_held(void **state)
{
    struct trust_keys *keys = &((struct keys_fixture *)*state)->keys;
    uint32_t first = hold(keys, 7);
    uint32_t other = hold(keys, 8);
    assert_int_not_equal(first, other);
    assert_int_equal(hold(keys, 7), first);
    assert_int_equal(trust_keys_count(keys), 2);
    struct trust_key key = key_of(7);
    assert_memory_equal(trust_keys_at(keys, first), &key, sizeof key);
    uint32_t found;
    assert_true(trust_keys_find(keys, &found, &key));
    assert_int_equal(found, first);
}

static void the_last_release_frees_the_index_and_no_other_does(void **state)
{
    struct trust_keys *keys = &((struct keys_fixture *)*state)->keys;
    struct trust_key key = key_of(7);
    uint32_t index = hold(keys, 7);
    trust_keys_hold_index(keys, index);
    trust_keys_release(keys, index);
    uint32_t found;
    assert_true(trust_keys_find(keys, &found, &key));
    trust_keys_release(keys, index);
    assert_false(trust_keys_find(keys, &found, &key));
    assert_int_equal(trust_keys_count(keys), 0);
    assert_int_equal(hold(keys, 9), index);
}

static void a_full_set_refuses_a_new_key_and_still_holds_a_known_one(void **state)
{
    struct trust_keys *keys = &((struct keys_fixture *)*state)->keys;
    for (uint8_t n = 0; n < CAPACITY; n++)
        (void)hold(keys, n);
    struct trust_key key = key_of(CAPACITY);
    uint32_t index = 77;
    assert_int_equal(trust_keys_hold(keys, &index, &key), TRUST_NO_ROOM);
    assert_int_equal(index, 77);
    assert_int_equal(trust_keys_count(keys), CAPACITY);
    (void)hold(keys, 3);
}

static void iteration_shows_held_indices_in_ascending_order(void **state)
{
    struct trust_keys *keys = &((struct keys_fixture *)*state)->keys;
    uint32_t indices[4];
    for (uint8_t n = 0; n < 4; n++)
        indices[n] = hold(keys, n);
    trust_keys_release(keys, indices[1]);
    uint32_t cursor = 0;
    uint32_t index;
    static const uint32_t expected[] = {0, 2, 3};
    for (size_t i = 0; i < 3; i++) {
        assert_true(trust_keys_next(keys, &cursor, &index));
        assert_int_equal(index, expected[i]);
    }
    assert_false(trust_keys_next(keys, &cursor, &index));
}

static void ten_thousand_holds_and_releases_keep_the_counts(void **state)
{
    struct trust_keys *keys = &((struct keys_fixture *)*state)->keys;
    struct trust_random random = trust_random_init(4);
    uint32_t holds[CAPACITY] = {0};
    for (int step = 0; step < 10000; step++) {
        uint8_t n = (uint8_t)trust_random_below(&random, CAPACITY);
        struct trust_key key = key_of(n);
        uint32_t index;
        bool is_held = trust_keys_find(keys, &index, &key);
        assert_int_equal(is_held, holds[n] > 0);
        if (is_held && trust_random_below(&random, 2) == 0) {
            trust_keys_release(keys, index);
            holds[n]--;
        } else {
            (void)hold(keys, n);
            holds[n]++;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_key_has_one_index_however_often_it_is_held, open_keys,
                                        close_keys),
        cmocka_unit_test_setup_teardown(the_last_release_frees_the_index_and_no_other_does,
                                        open_keys, close_keys),
        cmocka_unit_test_setup_teardown(a_full_set_refuses_a_new_key_and_still_holds_a_known_one,
                                        open_keys, close_keys),
        cmocka_unit_test_setup_teardown(iteration_shows_held_indices_in_ascending_order, open_keys,
                                        close_keys),
        cmocka_unit_test_setup_teardown(ten_thousand_holds_and_releases_keep_the_counts, open_keys,
                                        close_keys),
    };
    return cmocka_run_group_tests_name("record/keys", tests, NULL, NULL);
}
