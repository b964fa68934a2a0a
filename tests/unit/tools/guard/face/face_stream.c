/* guard/face_stream: what waits to be sent to one client. */
#include "guard/face/face_stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/limits.h"

static void expect(struct face_stream *stream, const char *text)
{
    char room[512];
    size_t size = face_stream_take(stream, room, sizeof room);
    assert_int_equal(size, strlen(text));
    assert_memory_equal(room, text, size);
}

static void a_message_is_an_event_and_stays_as_it_is(void **state)
{
    (void)state;
    struct face_stream stream = {0};
    assert_int_equal(face_stream_event(&stream, trust_bytes_text("{\"a\" : 1}")), TRUST_OK);
    assert_int_equal(face_stream_event(&stream, trust_bytes_text("{\"b\":\r\n2}\n")), TRUST_OK);
    assert_int_equal(face_stream_beat(&stream), TRUST_OK);
    expect(&stream, "event: message\ndata: {\"a\" : 1}\n\n"
                    "event: message\ndata: {\"b\":\ndata: \ndata: 2}\ndata: \n\n"
                    ": \n\n");
    expect(&stream, "");
    assert_int_equal(face_stream_plain(&stream, trust_bytes_text("{}")), TRUST_OK);
    expect(&stream, "{}");
    face_stream_close(&stream);
}

static void it_is_taken_in_any_pieces(void **state)
{
    (void)state;
    struct face_stream stream = {0};
    char whole[4000];
    char taken[4000];
    size_t end = 0;
    size_t sent = 0;
    for (size_t i = 0; i < sizeof whole; i++)
        whole[i] = (char)('a' + i % 26);
    /* Room that was used is used again. */
    while (end < sizeof whole) {
        struct trust_bytes piece = {.data = (const uint8_t *)whole + end, .size = 100};
        assert_int_equal(face_stream_plain(&stream, piece), TRUST_OK);
        end += 100;
        sent += face_stream_take(&stream, taken + sent, end % 300 == 0 ? 250 : 7);
    }
    sent += face_stream_take(&stream, taken + sent, sizeof taken - sent);
    assert_int_equal(sent, sizeof whole);
    assert_memory_equal(taken, whole, sizeof whole);
    assert_true(stream.capacity <= 4096);
    face_stream_close(&stream);
}

static void what_waits_is_bounded(void **state)
{
    (void)state;
    struct face_stream stream = {0};
    uint8_t *large = malloc(TRUST_WIRE_MESSAGE_SIZE_MAX);
    assert_non_null(large);
    memset(large, 'x', TRUST_WIRE_MESSAGE_SIZE_MAX);
    struct trust_bytes message = {.data = large, .size = TRUST_WIRE_MESSAGE_SIZE_MAX};
    assert_int_equal(face_stream_event(&stream, message), TRUST_OK);
    assert_int_equal(face_stream_event(&stream, message), TRUST_OK);
    size_t waiting = face_stream_waiting(&stream);
    assert_int_equal(face_stream_event(&stream, message), TRUST_NO_ROOM);
    assert_int_equal(face_stream_waiting(&stream), waiting);
    /* Breaks of lines cost more than themselves. */
    memset(large, '\n', TRUST_WIRE_MESSAGE_SIZE_MAX);
    struct face_stream other = {0};
    assert_int_equal(face_stream_event(&other, message), TRUST_NO_ROOM);
    /* Large room is given back. */
    char *room = malloc(waiting);
    assert_non_null(room);
    assert_int_equal(face_stream_take(&stream, room, waiting), waiting);
    assert_null(stream.data);
    free(room);
    free(large);
    face_stream_close(&stream);
    face_stream_close(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_an_event_and_stays_as_it_is),
        cmocka_unit_test(it_is_taken_in_any_pieces),
        cmocka_unit_test(what_waits_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
