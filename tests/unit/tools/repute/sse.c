/* repute/sse: a stream in pieces of any size gives its data lines and nothing else. */
#include "repute/sse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

struct heard {
    char text[256];
    size_t ends_after; /* events; 0: never */
    size_t count;
};

static bool hear(void *context, const char *data)
{
    struct heard *heard = context;
    size_t size = strlen(heard->text);
    (void)snprintf(heard->text + size, sizeof heard->text - size, "[%s]", data);
    heard->count++;
    return heard->count != heard->ends_after;
}

static const char stream[] = "id: 1\nevent: peer\ndata: {\"a\":1}\n\n: still here\n\n"
                             "id: 2\nevent: gap\ndata:{\"b\":2}\n\nretry: 5\ndatum: x\n\n";

static void data_lines_are_heard_however_the_stream_is_cut(void **state)
{
    (void)state;
    for (size_t step = 1; step <= sizeof stream; step++) {
        struct heard heard = {0};
        struct sse sse;
        sse_init(&sse, hear, &heard);
        for (size_t at = 0; at < sizeof stream - 1; at += step) {
            size_t left = sizeof stream - 1 - at;
            struct trust_bytes piece = {.data = (const uint8_t *)stream + at,
                                        .size = left < step ? left : step};
            assert_true(sse_take(&sse, piece));
        }
        assert_string_equal(heard.text, "[{\"a\":1}][{\"b\":2}]");
    }
}

static void the_handler_ends_the_stream(void **state)
{
    (void)state;
    struct heard heard = {.ends_after = 1};
    struct sse sse;
    sse_init(&sse, hear, &heard);
    assert_false(sse_take(&sse, trust_bytes_text(stream)));
    assert_string_equal(heard.text, "[{\"a\":1}]");
}

static void an_overlong_line_is_dropped_and_the_next_one_heard(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct sse sse;
    sse_init(&sse, hear, &heard);
    assert_true(sse_take(&sse, trust_bytes_text("data: ")));
    for (int i = 0; i < SSE_LINE_SIZE_MAX; i++)
        assert_true(sse_take(&sse, trust_bytes_text("x")));
    assert_true(sse_take(&sse, trust_bytes_text("\n\ndata: {}\n\n")));
    assert_string_equal(heard.text, "[{}]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_lines_are_heard_however_the_stream_is_cut),
        cmocka_unit_test(the_handler_ends_the_stream),
        cmocka_unit_test(an_overlong_line_is_dropped_and_the_next_one_heard),
    };
    return cmocka_run_group_tests_name("tools/repute/sse", tests, NULL, NULL);
}
