/* record/msgpack: each form at the edges of its range, in both directions. */
#include "record/msgpack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"

#define FRAME_SIZE 65536u

struct number {
    int64_t value;
    const char *bytes;
    size_t size;
};

/* A literal with its length: bytes may hold a NUL. */
#define BYTES(literal) (literal), sizeof(literal) - 1

static const struct number numbers[] = {
    {0, BYTES("\x00")},
    {127, BYTES("\x7f")},
    {128, BYTES("\xcc\x80")},
    {255, BYTES("\xcc\xff")},
    {256, BYTES("\xcd\x01\x00")},
    {65535, BYTES("\xcd\xff\xff")},
    {65536, BYTES("\xce\x00\x01\x00\x00")},
    {4294967295, BYTES("\xce\xff\xff\xff\xff")},
    {4294967296, BYTES("\xcf\x00\x00\x00\x01\x00\x00\x00\x00")},
    {INT64_MAX, BYTES("\xcf\x7f\xff\xff\xff\xff\xff\xff\xff")},
    {-1, BYTES("\xff")},
    {-32, BYTES("\xe0")},
    {-33, BYTES("\xd0\xdf")},
    {-128, BYTES("\xd0\x80")},
    {-129, BYTES("\xd1\xff\x7f")},
    {-32768, BYTES("\xd1\x80\x00")},
    {-32769, BYTES("\xd2\xff\xff\x7f\xff")},
    {-2147483648LL, BYTES("\xd2\x80\x00\x00\x00")},
    {-2147483649LL, BYTES("\xd3\xff\xff\xff\xff\x7f\xff\xff\xff")},
    {INT64_MIN, BYTES("\xd3\x80\x00\x00\x00\x00\x00\x00\x00")},
};

struct text {
    const char *bytes;
    size_t size;
};

/* None of these is an integer in its only form. */
static const struct text refused_integers[] = {
    {BYTES("")},
    {BYTES("\xcc\x7f")},
    {BYTES("\xcc")},
    {BYTES("\xcd\x00\xff")},
    {BYTES("\xcd\x01")},
    {BYTES("\xce\x00\x00\xff\xff")},
    {BYTES("\xcf\x00\x00\x00\x00\xff\xff\xff\xff")},
    {BYTES("\xcf\x00\x00\x00\x01\x00\x00\x00")},
    {BYTES("\xd0\x01")},
    {BYTES("\xd0\x7f")},
    {BYTES("\xd0\xe0")},
    {BYTES("\xd0\xff")},
    {BYTES("\xd1\x00\x01")},
    {BYTES("\xd1\xff\x80")},
    {BYTES("\xd2\x00\x01\x00\x00")},
    {BYTES("\xd2\xff\xff\x80\x00")},
    {BYTES("\xd3\x00\x00\x00\x00\x00\x00\x00\x01")},
    {BYTES("\xd3\xff\xff\xff\xff\x80\x00\x00\x00")},
    {BYTES("\xc0")},                                 /* nil */
    {BYTES("\xc1\x00")},                             /* reserved */
    {BYTES("\xc2")},                                 /* false */
    {BYTES("\xc3")},                                 /* true */
    {BYTES("\xca\x00\x00\x00\x00")},                 /* float 32 */
    {BYTES("\xcb\x00\x00\x00\x00\x00\x00\x00\x00")}, /* float 64 */
    {BYTES("\xd4\x00\x00")},                         /* fixext 1 */
    {BYTES("\xc7\x00\x00")},                         /* ext 8 */
    {BYTES("\x80")},                                 /* fixmap */
    {BYTES("\xa1\x31")},                             /* str */
    {BYTES("\xc4\x01\x01")},                         /* bin */
    {BYTES("\x91\x01")},                             /* array */
};

static struct trust_bytes view(const char *bytes, size_t size)
{
    return (struct trust_bytes){.data = (const uint8_t *)bytes, .size = size};
}

static void each_integer_has_its_shortest_form_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        uint8_t buffer[9];
        struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
        trust_msgpack_put_int(&writer, numbers[i].value);
        assert_int_equal(writer.size, numbers[i].size);
        assert_memory_equal(buffer, numbers[i].bytes, numbers[i].size);
        struct trust_reader reader = trust_reader_init(view(numbers[i].bytes, numbers[i].size));
        assert_true(trust_msgpack_take_int(&reader) == numbers[i].value);
        assert_true(trust_reader_is_done(&reader));
    }
}

static void an_unsigned_integer_takes_only_the_uint_family(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct trust_reader reader = trust_reader_init(view(numbers[i].bytes, numbers[i].size));
        uint64_t value = trust_msgpack_take_uint(&reader);
        assert_int_equal(reader.failed, numbers[i].value < 0);
        assert_true(value == (numbers[i].value < 0 ? 0 : (uint64_t)numbers[i].value));
        uint8_t buffer[9];
        struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
        trust_msgpack_put_uint(&writer, value);
        if (numbers[i].value >= 0)
            assert_memory_equal(buffer, numbers[i].bytes, numbers[i].size);
    }
    struct trust_bytes greatest = view("\xcf\xff\xff\xff\xff\xff\xff\xff\xff", 9);
    struct trust_reader reader = trust_reader_init(greatest);
    assert_true(trust_msgpack_take_uint(&reader) == UINT64_MAX);
    assert_true(trust_reader_is_done(&reader));
    reader = trust_reader_init(greatest);
    assert_true(trust_msgpack_take_int(&reader) == 0);
    assert_true(reader.failed);
}

static void an_integer_in_any_other_form_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused_integers / sizeof *refused_integers; i++) {
        struct trust_bytes bytes = view(refused_integers[i].bytes, refused_integers[i].size);
        struct trust_reader reader = trust_reader_init(bytes);
        assert_true(trust_msgpack_take_int(&reader) == 0);
        assert_true(reader.failed);
        reader = trust_reader_init(bytes);
        assert_true(trust_msgpack_take_uint(&reader) == 0);
        assert_true(reader.failed);
        /* What failed once stays failed, whatever follows. */
        assert_int_equal(trust_msgpack_take_array(&reader), 0);
        assert_int_equal(trust_msgpack_take_bin(&reader).size, 0);
        assert_int_equal(trust_msgpack_take_str(&reader).size, 0);
        assert_false(trust_reader_is_done(&reader));
    }
}

struct content {
    size_t size;
    const char *bin;
    size_t bin_size;
    const char *str;
    size_t str_size;
};

static const struct content contents[] = {
    {0, BYTES("\xc4\x00"), BYTES("\xa0")},
    {1, BYTES("\xc4\x01"), BYTES("\xa1")},
    {31, BYTES("\xc4\x1f"), BYTES("\xbf")},
    {32, BYTES("\xc4\x20"), BYTES("\xd9\x20")},
    {255, BYTES("\xc4\xff"), BYTES("\xd9\xff")},
    {256, BYTES("\xc5\x01\x00"), BYTES("\xda\x01\x00")},
    {65535, BYTES("\xc5\xff\xff"), BYTES("\xda\xff\xff")},
    {65536, BYTES("\xc6\x00\x01\x00\x00"), BYTES("\xdb\x00\x01\x00\x00")},
};

static void check_content(struct trust_bytes content, const char *head, size_t head_size,
                          void put(struct trust_writer *, struct trust_bytes),
                          struct trust_bytes take(struct trust_reader *))
{
    static uint8_t buffer[2 * FRAME_SIZE];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    put(&writer, content);
    assert_int_equal(writer.size, head_size + content.size);
    assert_memory_equal(buffer, head, head_size);
    struct trust_reader reader = trust_reader_init(trust_writer_bytes(&writer));
    struct trust_bytes taken = take(&reader);
    assert_true(trust_reader_is_done(&reader));
    assert_true(trust_bytes_equal(taken, content));
    if (writer.size == head_size)
        return;
    /* One byte short. */
    writer.size--;
    reader = trust_reader_init(trust_writer_bytes(&writer));
    assert_int_equal(take(&reader).size, 0);
    assert_true(reader.failed);
}

static void bin_and_str_have_one_head_for_each_size(void **state)
{
    (void)state;
    static uint8_t filler[FRAME_SIZE];
    memset(filler, 'x', sizeof filler);
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        const struct content *row = &contents[i];
        struct trust_bytes content = {.data = filler, .size = row->size};
        check_content(content, row->bin, row->bin_size, trust_msgpack_put_bin,
                      trust_msgpack_take_bin);
        check_content(content, row->str, row->str_size, trust_msgpack_put_str,
                      trust_msgpack_take_str);
    }
}

static void a_longer_head_than_needed_is_refused(void **state)
{
    (void)state;
    static const struct text bins[] = {
        {BYTES("\xc5\x00\x01x")}, {BYTES("\xc5\x00\x00")}, {BYTES("\xc6\x00\x00\x00\x01x")},
        {BYTES("\xa1x")},         {BYTES("\xd9\x01x")},
    };
    static const struct text strs[] = {
        {BYTES("\xd9\x01x")},
        {BYTES("\xd9\x00")},
        {BYTES("\xd9\x1fxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")},
        {BYTES("\xda\x00\x01x")},
        {BYTES("\xdb\x00\x00\x00\x01x")},
        {BYTES("\xc4\x01x")},
    };
    for (size_t i = 0; i < sizeof bins / sizeof *bins; i++) {
        struct trust_reader reader = trust_reader_init(view(bins[i].bytes, bins[i].size));
        assert_int_equal(trust_msgpack_take_bin(&reader).size, 0);
        assert_true(reader.failed);
    }
    for (size_t i = 0; i < sizeof strs / sizeof *strs; i++) {
        struct trust_reader reader = trust_reader_init(view(strs[i].bytes, strs[i].size));
        assert_int_equal(trust_msgpack_take_str(&reader).size, 0);
        assert_true(reader.failed);
    }
}

static void an_array_head_counts_no_more_than_the_bytes_that_follow(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 1, 15, 16, 65535, 65536};
    static const char *const heads[] = {"\x90",         "\x91",         "\x9f",
                                        "\xdc\x00\x10", "\xdc\xff\xff", "\xdd\x00\x01\x00\x00"};
    static const size_t head_sizes[] = {1, 1, 1, 3, 3, 5};
    static uint8_t buffer[2 * FRAME_SIZE];
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
        trust_msgpack_put_array(&writer, counts[i]);
        assert_int_equal(writer.size, head_sizes[i]);
        assert_memory_equal(buffer, heads[i], head_sizes[i]);
        struct trust_bytes bytes = {.data = buffer, .size = head_sizes[i] + counts[i]};
        struct trust_reader reader = trust_reader_init(bytes);
        assert_int_equal(trust_msgpack_take_array(&reader), counts[i]);
        assert_false(reader.failed);
        assert_int_equal(trust_reader_left(&reader), counts[i]);
        if (counts[i] == 0)
            continue;
        bytes.size--;
        reader = trust_reader_init(bytes);
        assert_int_equal(trust_msgpack_take_array(&reader), 0);
        assert_true(reader.failed);
    }
}

static void an_array_head_of_four_billion_items_costs_nothing(void **state)
{
    (void)state;
    struct trust_reader reader = trust_reader_init(view("\xdd\xff\xff\xff\xff\x01\x01", 7));
    assert_int_equal(trust_msgpack_take_array(&reader), 0);
    assert_true(reader.failed);
    reader = trust_reader_init(view("\xdc\x00\x0f\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01"
                                    "\x01\x01\x01",
                                    18));
    assert_int_equal(trust_msgpack_take_array(&reader), 0);
    assert_true(reader.failed);
}

static void a_writer_that_is_full_says_so(void **state)
{
    (void)state;
    uint8_t buffer[4];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    trust_msgpack_put_uint(&writer, 65535);
    assert_false(trust_writer_has_overflowed(&writer));
    trust_msgpack_put_uint(&writer, 255);
    assert_true(trust_writer_has_overflowed(&writer));
    assert_int_equal(writer.size, 3);
}

static void ten_thousand_random_integers_come_back_as_they_went(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(1);
    for (int i = 0; i < 10000; i++) {
        uint64_t bits = trust_random_next(&random) >> (1 + trust_random_below(&random, 63));
        int64_t value = i % 2 == 0 ? (int64_t)bits : -1 - (int64_t)bits;
        uint8_t buffer[9];
        struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
        trust_msgpack_put_int(&writer, value);
        struct trust_reader reader = trust_reader_init(trust_writer_bytes(&writer));
        assert_true(trust_msgpack_take_int(&reader) == value);
        assert_true(trust_reader_is_done(&reader));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_integer_has_its_shortest_form_both_ways),
        cmocka_unit_test(an_unsigned_integer_takes_only_the_uint_family),
        cmocka_unit_test(an_integer_in_any_other_form_is_refused),
        cmocka_unit_test(bin_and_str_have_one_head_for_each_size),
        cmocka_unit_test(a_longer_head_than_needed_is_refused),
        cmocka_unit_test(an_array_head_counts_no_more_than_the_bytes_that_follow),
        cmocka_unit_test(an_array_head_of_four_billion_items_costs_nothing),
        cmocka_unit_test(a_writer_that_is_full_says_so),
        cmocka_unit_test(ten_thousand_random_integers_come_back_as_they_went),
    };
    return cmocka_run_group_tests_name("record/msgpack", tests, NULL, NULL);
}
