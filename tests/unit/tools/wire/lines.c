/* wire/lines: the same lines however the stream is cut, and a bound on each. */
#include "wire/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

static void feed(struct lines *lines, const void *bytes, size_t size)
{
    uint8_t *room;
    size_t room_size;
    assert_int_equal(lines_room(lines, &room, &room_size), TRUST_OK);
    assert_true(room_size >= TRUST_WIRE_ROOM_SIZE);
    assert_true(size <= room_size);
    memcpy(room, bytes, size);
    lines_fed(lines, size);
}

/* Each line in brackets, "!" for one that was too long. */
static void take_all(struct lines *lines, char *heard)
{
    struct trust_bytes line;
    for (;;) {
        enum trust_error error = lines_next(lines, &line);
        if (error == TRUST_NO_FOUND)
            return;
        strcat(heard, error == TRUST_OK ? "[" : "!");
        if (error == TRUST_OK)
            strcat(strncat(heard, (const char *)line.data, line.size), "]");
        else
            assert_int_equal(error, TRUST_NO_SIZE);
    }
}

#define SIZE_MAX_HERE 5

static const struct {
    const char *stream;
    const char *heard;
} rows[] = {
    {"", ""},
    {"a", ""},
    {"a\n", "[a]"},
    {"a\nbc\n", "[a][bc]"},
    {"a\r\nb\n\r\n\n\r\nc\r\n", "[a][b][c]"},
    {"a\rb\n\r\r\n", "[a\rb][\r]"},
    {"12345\n", "[12345]"},
    {"12345\r\n", "[12345]"},
    {"123456\nab\n", "![ab]"},
    {"123456\r\nab\n", "![ab]"},
    {"12345\r", ""},
    {"12345678901234567890\nab\n12345678\n\nc\n", "![ab]![c]"},
    {"12345678", "!"},
    {"1234567\n\n", "!"},
};

static void lines_come_however_the_stream_is_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *stream = rows[i].stream;
        size_t size = strlen(stream);
        for (size_t first = 0; first <= size; first++) {
            for (size_t second = first; second <= size; second++) {
                char heard[64] = "";
                struct lines lines;
                lines_init(&lines, SIZE_MAX_HERE);
                feed(&lines, stream, first);
                take_all(&lines, heard);
                feed(&lines, stream + first, second - first);
                take_all(&lines, heard);
                feed(&lines, stream + second, size - second);
                take_all(&lines, heard);
                assert_string_equal(heard, rows[i].heard);
                lines_close(&lines);
            }
        }
    }
}

static void a_stream_that_ends_within_a_line_says_so(void **state)
{
    (void)state;
    char heard[64] = "";
    struct lines lines;
    lines_init(&lines, SIZE_MAX_HERE);
    assert_false(lines_is_within(&lines));
    feed(&lines, "a\nb", 3);
    take_all(&lines, heard);
    assert_true(lines_is_within(&lines));
    feed(&lines, "\n", 1);
    take_all(&lines, heard);
    assert_false(lines_is_within(&lines));
    feed(&lines, "1234567", 7);
    take_all(&lines, heard);
    assert_true(lines_is_within(&lines));
    assert_string_equal(heard, "[a][b]!");
    lines_close(&lines);
}

/* Feeds count bytes of filler and then a newline. */
static void feed_filler(struct lines *lines, size_t count)
{
    while (count > 0) {
        uint8_t *room;
        size_t size;
        struct trust_bytes line;
        assert_int_equal(lines_room(lines, &room, &size), TRUST_OK);
        size = size < count ? size : count;
        memset(room, 'x', size);
        lines_fed(lines, size);
        assert_int_equal(lines_next(lines, &line), TRUST_NO_FOUND);
        count -= size;
    }
    feed(lines, "\n", 1);
}

static void the_longest_line_is_taken_whole_and_the_buffer_shrinks_again(void **state)
{
    (void)state;
    struct lines lines;
    struct trust_bytes line;
    lines_init(&lines, TRUST_WIRE_MESSAGE_SIZE_MAX);
    feed_filler(&lines, TRUST_WIRE_MESSAGE_SIZE_MAX);
    assert_int_equal(lines_next(&lines, &line), TRUST_OK);
    assert_int_equal(line.size, TRUST_WIRE_MESSAGE_SIZE_MAX);
    assert_true(lines.capacity <= 2 * TRUST_WIRE_MESSAGE_SIZE_MAX + TRUST_WIRE_ROOM_SIZE);
    assert_int_equal(lines_next(&lines, &line), TRUST_NO_FOUND);
    assert_int_equal(lines.capacity, 0);
    feed_filler(&lines, TRUST_WIRE_MESSAGE_SIZE_MAX + 1);
    assert_int_equal(lines_next(&lines, &line), TRUST_NO_SIZE);
    assert_int_equal(lines_next(&lines, &line), TRUST_NO_FOUND);
    assert_int_equal(lines.capacity, 0);
    feed(&lines, "ok\n", 3);
    assert_int_equal(lines_next(&lines, &line), TRUST_OK);
    assert_int_equal(line.size, 2);
    assert_memory_equal(line.data, "ok", 2);
    feed(&lines, "", 0);
    assert_int_equal(lines.capacity, TRUST_WIRE_ROOM_SIZE);
    lines_close(&lines);
}

static void a_line_without_end_costs_no_more_than_the_bound(void **state)
{
    (void)state;
    struct lines lines;
    lines_init(&lines, 1000000);
    size_t reports = 0;
    for (int i = 0; i < 200; i++) {
        uint8_t *room;
        size_t size;
        struct trust_bytes line;
        assert_int_equal(lines_room(&lines, &room, &size), TRUST_OK);
        memset(room, 'x', size);
        lines_fed(&lines, size);
        reports += lines_next(&lines, &line) == TRUST_NO_SIZE;
        assert_true(lines.capacity < 3000000);
    }
    assert_int_equal(reports, 1);
    lines_close(&lines);
}

static void a_text_is_made_one_line(void **state)
{
    (void)state;
    uint8_t text[] = "{\r\n\"a\\n\":\n1}";
    lines_flatten(text, sizeof text - 1);
    assert_string_equal((char *)text, "{  \"a\\n\": 1}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_however_the_stream_is_cut),
        cmocka_unit_test(a_stream_that_ends_within_a_line_says_so),
        cmocka_unit_test(the_longest_line_is_taken_whole_and_the_buffer_shrinks_again),
        cmocka_unit_test(a_line_without_end_costs_no_more_than_the_bound),
        cmocka_unit_test(a_text_is_made_one_line),
    };
    return cmocka_run_group_tests_name("tools/wire/lines", tests, NULL, NULL);
}
