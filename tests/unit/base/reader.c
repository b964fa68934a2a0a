/* base/reader: it gives what is there, refuses the first byte beyond, and then refuses all. */
#include "base/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint8_t input[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xff};

static struct trust_reader reader_of(size_t size)
{
    return trust_reader_init((struct trust_bytes){.data = input, .size = size});
}

static void takes_follow_each_other_to_the_exact_end(void **state)
{
    (void)state;
    struct trust_reader reader = reader_of(9);
    struct trust_bytes taken = trust_reader_take(&reader, 4);
    assert_ptr_equal(taken.data, input);
    assert_int_equal(taken.size, 4);
    assert_int_equal(trust_reader_left(&reader), 5);
    assert_false(trust_reader_is_done(&reader));
    taken = trust_reader_take(&reader, 5);
    assert_ptr_equal(taken.data, input + 4);
    assert_int_equal(taken.size, 5);
    assert_int_equal(trust_reader_left(&reader), 0);
    assert_true(trust_reader_is_done(&reader));
}

static void numbers_are_read_most_significant_byte_first(void **state)
{
    (void)state;
    const struct {
        size_t size;
        uint64_t value;
    } rows[] = {
        {1, 0x01},
        {2, 0x0123},
        {4, 0x01234567},
        {8, UINT64_C(0x0123456789abcdef)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_reader reader = reader_of(9);
        assert_true(trust_reader_take_be(&reader, rows[i].size) == rows[i].value);
        assert_int_equal(trust_reader_left(&reader), 9 - rows[i].size);
    }
}

static void nothing_at_all_can_be_read(void **state)
{
    (void)state;
    struct trust_reader reader = trust_reader_init((struct trust_bytes){0});
    assert_true(trust_reader_is_done(&reader));
    struct trust_bytes taken = trust_reader_take(&reader, 0);
    assert_non_null(taken.data);
    assert_int_equal(taken.size, 0);
    assert_true(trust_reader_is_done(&reader));
    assert_int_equal(trust_reader_take_be(&reader, 1), 0);
    assert_true(reader.failed);
}

static void one_byte_too_many_is_refused_and_everything_after_it_too(void **state)
{
    (void)state;
    struct trust_reader reader = reader_of(3);
    struct trust_bytes taken = trust_reader_take(&reader, 4);
    assert_int_equal(taken.size, 0);
    assert_true(reader.failed);
    assert_int_equal(trust_reader_left(&reader), 0);
    assert_int_equal(trust_reader_take(&reader, 1).size, 0);
    assert_int_equal(trust_reader_take_be(&reader, 2), 0);
    assert_false(trust_reader_is_done(&reader));
    reader = reader_of(3);
    trust_reader_take(&reader, 3);
    trust_reader_take(&reader, 1);
    assert_false(trust_reader_is_done(&reader));
}

static void a_number_cut_short_is_refused(void **state)
{
    (void)state;
    const size_t sizes[] = {1, 2, 4, 8};
    for (size_t i = 0; i < 4; i++) {
        struct trust_reader reader = reader_of(sizes[i] - 1);
        assert_int_equal(trust_reader_take_be(&reader, sizes[i]), 0);
        assert_true(reader.failed);
    }
}

static void nothing_is_done_at_once_and_gives_nothing(void **state)
{
    (void)state;
    struct trust_reader reader = trust_reader_init((struct trust_bytes){0});
    assert_true(trust_reader_is_done(&reader));
    assert_int_equal(trust_reader_take(&reader, 0).size, 0);
    assert_false(reader.failed);
    assert_int_equal(trust_reader_take(&reader, SIZE_MAX).size, 0);
    assert_true(reader.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_follow_each_other_to_the_exact_end),
        cmocka_unit_test(numbers_are_read_most_significant_byte_first),
        cmocka_unit_test(nothing_at_all_can_be_read),
        cmocka_unit_test(one_byte_too_many_is_refused_and_everything_after_it_too),
        cmocka_unit_test(a_number_cut_short_is_refused),
        cmocka_unit_test(nothing_is_done_at_once_and_gives_nothing),
    };
    return cmocka_run_group_tests_name("base/reader", tests, NULL, NULL);
}
