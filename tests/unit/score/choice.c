/* score/choice: the sort orders whatever comes, of every length and in either order. */
#include "score/choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

#define COUNT_MAX 300u

static void check(trust_choice_before *before, uint64_t seed, uint32_t count)
{
    struct trust_score_choice choices[COUNT_MAX];
    struct trust_random random = trust_random_init(seed);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        choices[i] = (struct trust_score_choice){
            .author = (uint32_t)trust_random_below(&random, 20),
            .slot = i,
            .order = trust_random_below(&random, 5),
        };
        sum += i;
    }
    trust_choices_sort(choices, count, before);
    for (uint32_t i = 0; i < count; i++) {
        sum -= choices[i].slot;
        if (i > 0)
            assert_true(before(&choices[i - 1], &choices[i]));
    }
    assert_int_equal(sum, 0);
}

static void choices_of_every_count_are_sorted(void **state)
{
    (void)state;
    for (uint32_t count = 0; count <= COUNT_MAX; count++) {
        check(trust_choice_by_author, count, count);
        check(trust_choice_by_order, count + 1000, count);
    }
}

static void the_two_orders_are_what_they_say(void **state)
{
    (void)state;
    const struct trust_score_choice a = {.author = 1, .order = 5};
    const struct trust_score_choice b = {.author = 2, .order = 9};
    assert_true(trust_choice_by_author(&a, &b));
    assert_false(trust_choice_by_author(&b, &a));
    assert_true(trust_choice_by_order(&b, &a));
    assert_false(trust_choice_by_order(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choices_of_every_count_are_sorted),
        cmocka_unit_test(the_two_orders_are_what_they_say),
    };
    return cmocka_run_group_tests_name("score/choice", tests, NULL, NULL);
}
