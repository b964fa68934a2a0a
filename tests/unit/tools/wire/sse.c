/* wire/sse: the same events however the stream is cut, and a bound on each. */
#include "wire/sse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SIZE_MAX_HERE 12

static void add(char *heard, struct trust_bytes bytes, const char *behind)
{
    strcat(strncat(heard, (const char *)bytes.data, bytes.size), behind);
}

/* Each event as [name|data|id], "!" for one that was too long. */
static void take_all(struct sse *sse, char *heard, const char *text, size_t size)
{
    /* In memory of exactly its size, so that a sanitizer sees more. */
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    assert_non_null(copy);
    memcpy(copy, text, size);
    struct trust_bytes stream = {.data = copy, .size = size};
    struct sse_event event;
    for (;;) {
        enum trust_error error = sse_take(sse, &event, &stream);
        if (error == TRUST_NO_FOUND)
            break;
        if (error != TRUST_OK) {
            assert_int_equal(error, TRUST_NO_SIZE);
            strcat(heard, "!");
            continue;
        }
        strcat(heard, "[");
        add(heard, event.name, "|");
        add(heard, event.data, "|");
        add(heard, event.id, "]");
    }
    assert_int_equal(stream.size, 0);
    free(copy);
}

static const struct {
    const char *stream;
    const char *heard;
} rows[] = {
    {"", ""},
    {"data: a\n", ""},
    {"data: a\n\n", "[message|a|]"},
    {"data: a\r\rdata: b\r\r", "[message|a|][message|b|]"},
    {"data: a\r\n\r\ndata: b\r\n\r\n", "[message|a|][message|b|]"},
    {"data: a\n\r\ndata: b\r\n\n", "[message|a|][message|b|]"},
    {"data: a\r\n\r", "[message|a|]"},
    {"data:a\ndata: b\ndata:  c\n\n", "[message|a\nb\n c|]"},
    {"data\n\n", "[message||]"},
    {"data:\n\n", "[message||]"},
    {"data\ndata\n\n", "[message|\n|]"},
    {"\n\n\n", ""},
    {": a comment\n\ndata: a\n:\n\n", "[message|a|]"},
    {"event: x\ndata: a\n\ndata: b\n\n", "[x|a|][message|b|]"},
    {"event: x\n\ndata: b\n\n", "[message|b|]"},
    {"event: x\nevent: y\nevent\ndata: b\n\n", "[message|b|]"},
    {"id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", "[message|a|1][message|b|1][message|c|]"},
    {"id: 7\n\ndata: a\n\n", "[message|a|7]"},
    {"id: 7\ndata\n\n", "[message||7]"},
    {"id: 1\nid: 2\ndata: a\n\n", "[message|a|2]"},
    {"datum: a\nDATA: b\nda ta: c\n data: d\ndata : e\ndat: f\ndata: g\n\n", "[message|g|]"},
    {"data: a:b: c\n\n", "[message|a:b: c|]"},
    {"\xef\xbb\xbf"
     "data: a\n\n\xef\xbb\xbf"
     "data: b\n\n",
     "[message|a|]"},
    {"\xef\xbb\xbf\n\xef\xbb\xbf"
     "data: b\n\n",
     ""},
    {"\xef\xbb\xbf\xef\xbb\xbf"
     "data: b\n\n",
     ""},
    {"\xef\xbb"
     "data: a\n\n",
     ""},
    {"data: 123456789012\n\n", "[message|123456789012|]"},
    {"data: 1234567890123\n\ndata: a\n\n", "![message|a|]"},
    {"data: 12345\ndata: 123456\n\n", "[message|12345\n123456|]"},
    {"data: 12345\ndata: 1234567\ndata: 1\nid: 9\n\ndata: a\n\n", "![message|a|9]"},
    {"data: 123456789012\ndata\n\ndata: a\n\n", "![message|a|]"},
    {"data: "
     "1234567890123\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\n"
     "data\n\ndata: a\n\n",
     "![message|a|]"},
    {"data: 12345678901\ndata\n\n", "[message|12345678901\n|]"},
};

static void check(size_t row, size_t first, size_t second)
{
    const char *stream = rows[row].stream;
    char heard[128] = "";
    struct sse sse;
    sse_init(&sse, SIZE_MAX_HERE);
    take_all(&sse, heard, stream, first);
    take_all(&sse, heard, stream + first, second - first);
    take_all(&sse, heard, stream + second, strlen(stream + second));
    assert_string_equal(heard, rows[row].heard);
    sse_close(&sse);
}

static void events_come_however_the_stream_is_cut(void **state)
{
    (void)state;
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        size_t size = strlen(rows[row].stream);
        for (size_t first = 0; first <= size; first++) {
            for (size_t second = first; second <= size; second++)
                check(row, first, second);
        }
    }
}

static void events_come_byte_by_byte_too(void **state)
{
    (void)state;
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        char heard[128] = "";
        struct sse sse;
        sse_init(&sse, SIZE_MAX_HERE);
        for (const char *at = rows[row].stream; *at != '\0'; at++)
            take_all(&sse, heard, at, 1);
        assert_string_equal(heard, rows[row].heard);
        sse_close(&sse);
    }
}

static void a_stream_says_how_long_to_wait(void **state)
{
    (void)state;
    static const struct {
        const char *stream;
        bool has_retry;
        uint64_t retry_ms;
    } waits[] = {
        {"retry: 1500\n", true, 1500},
        {"retry:0\n", true, 0},
        {"retry: 15\nretry: x\n", true, 15},
        {"retry\n", false, 0},
        {"retry: -1\n", false, 0},
        {"retry: 1.5\n", false, 0},
        {"retry: 18446744073709551616\n", false, 0},
        {"retry: 3", false, 0},
    };
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        char heard[64] = "";
        struct sse sse;
        sse_init(&sse, SIZE_MAX_HERE);
        take_all(&sse, heard, waits[i].stream, strlen(waits[i].stream));
        assert_string_equal(heard, "");
        assert_int_equal(sse.has_retry, waits[i].has_retry);
        assert_int_equal(sse.retry_ms, waits[i].retry_ms);
        sse_close(&sse);
    }
}

static void an_id_counts_from_the_end_of_its_event(void **state)
{
    (void)state;
    char heard[64] = "";
    struct sse sse;
    sse_init(&sse, SIZE_MAX_HERE);
    take_all(&sse, heard, "id: 4\n\nid: 5\n", 13);
    assert_int_equal(sse.id_size, 1);
    assert_memory_equal(sse.id, "4", 1);
    take_all(&sse, heard, "\n", 1);
    assert_memory_equal(sse.id, "5", 1);
    take_all(&sse, heard, "id: a\0b\n\n", 9);
    assert_memory_equal(sse.id, "5", 1);
    assert_string_equal(heard, "");
    sse_close(&sse);
}

/* A stream of before, so many bytes, after. */
static void hear_filled(char *heard, const char *before, size_t count, const char *after)
{
    char *stream = malloc(strlen(before) + count + strlen(after) + 1);
    assert_non_null(stream);
    strcpy(stream, before);
    memset(stream + strlen(before), 'x', count);
    strcpy(stream + strlen(before) + count, after);
    struct sse sse;
    sse_init(&sse, SIZE_MAX_HERE);
    *heard = '\0';
    take_all(&sse, heard, stream, strlen(stream));
    sse_close(&sse);
    free(stream);
}

static void names_and_ids_have_their_bounds(void **state)
{
    (void)state;
    char heard[2048];
    hear_filled(heard, "event: ", TRUST_WIRE_EVENT_NAME_SIZE_MAX, "\ndata: a\n\n");
    assert_int_equal(strlen(heard), TRUST_WIRE_EVENT_NAME_SIZE_MAX + strlen("[|a|]"));
    hear_filled(heard, "event: ", TRUST_WIRE_EVENT_NAME_SIZE_MAX + 1, "\ndata: a\n\ndata: b\n\n");
    assert_string_equal(heard, "![message|b|]");
    hear_filled(heard, "id: ", TRUST_WIRE_EVENT_ID_SIZE_MAX, "\ndata: a\n\n");
    assert_int_equal(strlen(heard), TRUST_WIRE_EVENT_ID_SIZE_MAX + strlen("[message|a|]"));
    hear_filled(heard, "id: ", TRUST_WIRE_EVENT_ID_SIZE_MAX + 1, "\ndata: a\n\ndata: b\n\n");
    assert_string_equal(heard, "![message|b|]");
    hear_filled(heard, "retry: ", TRUST_WIRE_EVENT_ID_SIZE_MAX + 1, "\ndata: a\n\n");
    assert_string_equal(heard, "[message|a|]");
    hear_filled(heard, ":", 100000, "\ndata: a\n\n");
    assert_string_equal(heard, "[message|a|]");
}

static void the_longest_event_is_taken_whole_and_its_memory_given_back(void **state)
{
    (void)state;
    static const char line[] = "data: ";
    size_t size = TRUST_WIRE_MESSAGE_SIZE_MAX;
    uint8_t *text = malloc(size + sizeof line + 2);
    assert_non_null(text);
    memcpy(text, line, sizeof line - 1);
    memset(text + sizeof line - 1, 'x', size);
    memcpy(text + sizeof line - 1 + size, "\n\n:", 3);
    struct sse sse;
    sse_init(&sse, size);
    struct sse_event event;
    struct trust_bytes stream = {.data = text, .size = sizeof line - 1 + size + 3};
    assert_int_equal(sse_take(&sse, &event, &stream), TRUST_OK);
    assert_int_equal(event.data.size, size);
    assert_int_equal(stream.size, 1);
    assert_int_equal(sse_take(&sse, &event, &stream), TRUST_NO_FOUND);
    assert_int_equal(sse.capacity, 0);
    memcpy(text + sizeof line - 1 + size, "x\n\n", 3);
    sse_close(&sse);
    stream = (struct trust_bytes){.data = text, .size = sizeof line - 1 + size + 3};
    assert_int_equal(sse_take(&sse, &event, &stream), TRUST_NO_SIZE);
    assert_int_equal(sse_take(&sse, &event, &stream), TRUST_NO_FOUND);
    sse_close(&sse);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_however_the_stream_is_cut),
        cmocka_unit_test(events_come_byte_by_byte_too),
        cmocka_unit_test(a_stream_says_how_long_to_wait),
        cmocka_unit_test(an_id_counts_from_the_end_of_its_event),
        cmocka_unit_test(names_and_ids_have_their_bounds),
        cmocka_unit_test(the_longest_event_is_taken_whole_and_its_memory_given_back),
    };
    return cmocka_run_group_tests_name("tools/wire/sse", tests, NULL, NULL);
}
