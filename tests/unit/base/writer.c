/* base/writer: it writes whole or not at all, never past its capacity, and remembers a refusal. */
#include "base/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void puts_follow_each_other_up_to_the_exact_capacity(void **state)
{
    (void)state;
    uint8_t buffer[6] = {0};
    struct trust_writer writer = trust_writer_init(buffer, 5);
    trust_writer_put(&writer, trust_bytes_text("abc"));
    trust_writer_put(&writer, trust_bytes_text("de"));
    assert_false(trust_writer_has_overflowed(&writer));
    assert_true(trust_bytes_equal(trust_writer_bytes(&writer), trust_bytes_text("abcde")));
    trust_writer_put(&writer, (struct trust_bytes){0});
    assert_false(trust_writer_has_overflowed(&writer));
    assert_int_equal(buffer[5], 0);
}

static void what_does_not_fit_is_not_written_and_neither_is_anything_after(void **state)
{
    (void)state;
    uint8_t buffer[8] = {0};
    struct trust_writer writer = trust_writer_init(buffer, 4);
    trust_writer_put(&writer, trust_bytes_text("ab"));
    trust_writer_put(&writer, trust_bytes_text("cde"));
    assert_true(trust_writer_has_overflowed(&writer));
    trust_writer_put(&writer, trust_bytes_text("f"));
    trust_writer_put_be(&writer, 0x67, 1);
    assert_true(trust_writer_has_overflowed(&writer));
    assert_true(trust_bytes_equal(trust_writer_bytes(&writer), trust_bytes_text("ab")));
    const uint8_t untouched[6] = {0};
    assert_memory_equal(buffer + 2, untouched, sizeof untouched);
}

static void numbers_are_written_most_significant_byte_first(void **state)
{
    (void)state;
    uint8_t buffer[15];
    const uint8_t expected[15] = {0xef, 0xcd, 0xef, 0x89, 0xab, 0xcd, 0xef, 0x01,
                                  0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    const size_t sizes[] = {1, 2, 4, 8};
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    for (size_t i = 0; i < 4; i++)
        trust_writer_put_be(&writer, UINT64_C(0x0123456789abcdef), sizes[i]);
    assert_false(trust_writer_has_overflowed(&writer));
    assert_memory_equal(buffer, expected, sizeof expected);
}

static void a_writer_without_room_takes_nothing_but_nothing(void **state)
{
    (void)state;
    struct trust_writer writer = trust_writer_init(NULL, 0);
    trust_writer_put(&writer, (struct trust_bytes){0});
    assert_false(trust_writer_has_overflowed(&writer));
    trust_writer_put_be(&writer, 0, 1);
    assert_true(trust_writer_has_overflowed(&writer));
    assert_int_equal(trust_writer_bytes(&writer).size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_follow_each_other_up_to_the_exact_capacity),
        cmocka_unit_test(what_does_not_fit_is_not_written_and_neither_is_anything_after),
        cmocka_unit_test(numbers_are_written_most_significant_byte_first),
        cmocka_unit_test(a_writer_without_room_takes_nothing_but_nothing),
    };
    return cmocka_run_group_tests_name("base/writer", tests, NULL, NULL);
}
