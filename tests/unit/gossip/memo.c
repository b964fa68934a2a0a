/* gossip/memo: remembers, forgets on demand and by displacement. */
#include "gossip/memo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static _Alignas(64) uint8_t memory[8 * 8];

static struct trust_memo new_memo(uint64_t seed)
{
    memset(memory, 0, sizeof memory);
    struct trust_arena arena = {.memory = memory, .capacity = sizeof memory};
    struct trust_memo memo;
    trust_memo_init(&memo, &arena, 8, (struct trust_siphash_key){.low = seed});
    return memo;
}

static void what_was_added_is_there_until_it_is_removed(void **state)
{
    (void)state;
    struct trust_memo memo = new_memo(1);
    uint64_t hash = trust_memo_hash(&memo, trust_bytes_text("a record"));
    assert_false(trust_memo_has(&memo, hash));
    trust_memo_add(&memo, hash);
    assert_true(trust_memo_has(&memo, hash));
    trust_memo_remove(&memo, hash + 8);
    assert_true(trust_memo_has(&memo, hash));
    trust_memo_remove(&memo, hash);
    assert_false(trust_memo_has(&memo, hash));
}

static void a_later_thing_displaces_the_one_in_its_place(void **state)
{
    (void)state;
    struct trust_memo memo = new_memo(1);
    trust_memo_add(&memo, 3);
    trust_memo_add(&memo, 4);
    trust_memo_add(&memo, 3 + 8);
    assert_false(trust_memo_has(&memo, 3));
    assert_true(trust_memo_has(&memo, 4));
    assert_true(trust_memo_has(&memo, 3 + 8));
}

static void names_depend_on_the_seed(void **state)
{
    (void)state;
    struct trust_memo one = new_memo(1);
    uint64_t hash = trust_memo_hash(&one, trust_bytes_text("a record"));
    assert_int_not_equal(hash, trust_memo_hash(&one, trust_bytes_text("a recore")));
    struct trust_memo two = new_memo(2);
    assert_int_not_equal(hash, trust_memo_hash(&two, trust_bytes_text("a record")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_there_until_it_is_removed),
        cmocka_unit_test(a_later_thing_displaces_the_one_in_its_place),
        cmocka_unit_test(names_depend_on_the_seed),
    };
    return cmocka_run_group_tests_name("gossip/memo", tests, NULL, NULL);
}
