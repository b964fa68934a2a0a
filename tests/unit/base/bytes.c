/* base/bytes: equality and the order of byte strings. */
#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static void byte_strings_are_ordered_by_memcmp_with_a_prefix_first(void **state)
{
    (void)state;
    const char *ascending[] = {"", "a", "aa", "ab", "b", "\x7f", "\x80", "\xff"};
    const int count = sizeof ascending / sizeof *ascending;
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
            struct trust_bytes a = trust_bytes_text(ascending[i]);
            struct trust_bytes b = trust_bytes_text(ascending[j]);
            assert_int_equal(sign(trust_bytes_compare(a, b)), sign(i - j));
            assert_int_equal(trust_bytes_equal(a, b), i == j);
        }
    }
}

static void no_bytes_are_equal_wherever_they_point(void **state)
{
    (void)state;
    struct trust_bytes nowhere = {0};
    assert_true(trust_bytes_equal(nowhere, trust_bytes_text("")));
    assert_int_equal(trust_bytes_compare(nowhere, trust_bytes_text("")), 0);
    assert_true(trust_bytes_compare(nowhere, trust_bytes_text("a")) < 0);
}

static void what_stands_behind_a_view_does_not_count(void **state)
{
    (void)state;
    struct trust_bytes prefix = {.data = (const uint8_t *)"abz", .size = 2};
    assert_true(trust_bytes_compare(trust_bytes_text("abc"), prefix) > 0);
    assert_true(trust_bytes_compare(prefix, trust_bytes_text("abc")) < 0);
    assert_true(trust_bytes_equal(prefix, trust_bytes_text("ab")));
}

static void a_nul_is_a_byte_like_any_other(void **state)
{
    (void)state;
    struct trust_bytes a = {.data = (const uint8_t *)"x\0a", .size = 3};
    struct trust_bytes b = {.data = (const uint8_t *)"x\0b", .size = 3};
    assert_false(trust_bytes_equal(a, b));
    assert_true(trust_bytes_compare(a, b) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(byte_strings_are_ordered_by_memcmp_with_a_prefix_first),
        cmocka_unit_test(no_bytes_are_equal_wherever_they_point),
        cmocka_unit_test(what_stands_behind_a_view_does_not_count),
        cmocka_unit_test(a_nul_is_a_byte_like_any_other),
    };
    return cmocka_run_group_tests_name("base/bytes", tests, NULL, NULL);
}
