/* guard/calls: slots, generations, and the bounds of both. */
#include "guard/router/calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct call *take(struct calls *calls, size_t size)
{
    struct call *call = calls_take(calls, malloc(1), size);
    if (call != NULL)
        call->state = CALL_CHOOSING;
    return call;
}

static void an_id_finds_its_call_until_it_ends_or_is_renewed(void **state)
{
    (void)state;
    struct calls calls;
    calls_init(&calls);
    struct call *call = take(&calls, 1);
    uint64_t first = call->id;
    assert_true(first < UINT64_C(1) << 53);
    assert_ptr_equal(calls_find(&calls, first), call);
    calls_renew(&calls, call);
    assert_null(calls_find(&calls, first));
    assert_true(calls_was_given(&calls, first));
    uint64_t second = call->id;
    assert_ptr_equal(calls_find(&calls, second), call);
    calls_end(&calls, call);
    assert_null(calls_find(&calls, second));
    assert_null(calls_find(&calls, 0));
    assert_false(calls_was_given(&calls, 0));
    assert_false(calls_was_given(&calls, 1023));
    assert_false(calls_was_given(&calls, second + 1024));
    calls_close(&calls);
}

static void ids_of_the_guard_find_no_call(void **state)
{
    (void)state;
    struct calls calls;
    calls_init(&calls);
    uint64_t own = calls_own_id(&calls);
    assert_int_equal(own & 1023, 1023);
    assert_null(calls_find(&calls, own));
    assert_true(calls_was_given(&calls, own));
    assert_int_not_equal(calls_own_id(&calls), own);
    calls_close(&calls);
}

static void every_slot_is_used_once_and_used_again(void **state)
{
    (void)state;
    struct calls calls;
    calls_init(&calls);
    uint64_t ids[TRUST_GUARD_CALLS_MAX];
    for (uint32_t i = 0; i < TRUST_GUARD_CALLS_MAX; i++) {
        assert_false(calls_are_full(&calls, 1));
        ids[i] = take(&calls, 1)->id;
    }
    assert_true(calls_are_full(&calls, 0));
    assert_null(calls_take(&calls, NULL, 0));
    for (uint32_t i = 0; i < TRUST_GUARD_CALLS_MAX; i += 2)
        calls_end(&calls, calls_find(&calls, ids[i]));
    assert_int_equal(calls.count, TRUST_GUARD_CALLS_MAX / 2);
    for (uint32_t i = 0; i < TRUST_GUARD_CALLS_MAX; i++)
        assert_int_equal(calls_find(&calls, ids[i]) != NULL, i % 2 == 1);
    for (uint32_t i = 0; i < calls.count; i++)
        assert_int_equal(calls_at(&calls, i)->place, i);
    while (calls.count < TRUST_GUARD_CALLS_MAX)
        assert_non_null(take(&calls, 1));
    calls_close(&calls);
}

static void kept_bytes_are_bounded(void **state)
{
    (void)state;
    struct calls calls;
    calls_init(&calls);
    struct call *call = take(&calls, TRUST_GUARD_HELD_SIZE_MAX - 10);
    assert_false(calls_are_full(&calls, 10));
    assert_true(calls_are_full(&calls, 11));
    calls_end(&calls, call);
    assert_false(calls_are_full(&calls, 11));
    assert_int_equal(calls.held_size, 0);
    calls_close(&calls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_finds_its_call_until_it_ends_or_is_renewed),
        cmocka_unit_test(ids_of_the_guard_find_no_call),
        cmocka_unit_test(every_slot_is_used_once_and_used_again),
        cmocka_unit_test(kept_bytes_are_bounded),
    };
    return cmocka_run_group_tests_name("tools/guard/calls", tests, NULL, NULL);
}
