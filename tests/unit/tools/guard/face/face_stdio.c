/* guard/face_stdio: pipes stand for the client. */
#include "guard/face/face_stdio.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/limits.h"

struct desk {
    struct face_stdio face;
    int to_face;   /* where the client writes */
    int from_face; /* where it reads */
    int ends[2];   /* the face's own */
};

static int set_up(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);
    int in[2];
    int out[2];
    assert_non_null(desk);
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    desk->to_face = in[1];
    desk->from_face = out[0];
    desk->ends[0] = in[0];
    desk->ends[1] = out[1];
    face_stdio_open(&desk->face, in[0], out[1]);
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;
    face_stdio_close(&desk->face);
    const int fds[] = {desk->to_face, desk->from_face, desk->ends[0], desk->ends[1]};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
        if (fds[i] >= 0)
            (void)close(fds[i]);
    }
    free(desk);
    return 0;
}

static void hear(struct desk *desk)
{
    struct pollfd items[FACE_STDIO_WATCHED];
    face_stdio_watch(&desk->face, items, true);
    assert_true(poll(items, FACE_STDIO_WATCHED, 0) >= 0);
    face_stdio_heard(&desk->face, items);
}

static void expect_line(struct desk *desk, const char *text)
{
    struct face_event event;
    assert_true(face_stdio_next(&desk->face, &event));
    assert_int_equal(event.kind, FACE_LINE);
    assert_int_equal(event.line.size, strlen(text));
    assert_memory_equal(event.line.data, text, strlen(text));
}

static void write_text(const struct desk *desk, const char *text)
{
    assert_int_equal(write(desk->to_face, text, strlen(text)), strlen(text));
}

static void hang_up(int *fd)
{
    (void)close(*fd);
    *fd = -1;
}

static void lines_come_one_by_one_and_then_the_end(void **state)
{
    struct desk *desk = *state;
    struct face_event event;
    assert_false(face_stdio_next(&desk->face, &event));
    write_text(desk, "one\ntwo\nthr");
    assert_false(face_stdio_next(&desk->face, &event)); /* nobody has heard of it */
    hear(desk);
    expect_line(desk, "one");
    expect_line(desk, "two");
    assert_false(face_stdio_next(&desk->face, &event));
    write_text(desk, "ee\n");
    hang_up(&desk->to_face);
    hear(desk);
    expect_line(desk, "three");
    hear(desk);
    assert_true(face_stdio_next(&desk->face, &event));
    assert_int_equal(event.kind, FACE_GONE);
    hear(desk);
    assert_false(face_stdio_next(&desk->face, &event));
}

static void a_line_too_long_is_told(void **state)
{
    struct desk *desk = *state;
    struct face_event event;
    char piece[4096];
    memset(piece, 'x', sizeof piece);
    bool is_told = false;
    for (size_t size = 0; size <= TRUST_WIRE_MESSAGE_SIZE_MAX; size += sizeof piece) {
        assert_int_equal(write(desk->to_face, piece, sizeof piece), sizeof piece);
        hear(desk);
        if (face_stdio_next(&desk->face, &event)) {
            assert_false(is_told);
            assert_int_equal(event.kind, FACE_GARBAGE);
            is_told = true;
        }
    }
    assert_true(is_told);
    write_text(desk, "\nnext\n");
    hear(desk);
    expect_line(desk, "next");
}

static void answers_arrive_each_on_its_line(void **state)
{
    struct desk *desk = *state;
    char text[32] = "";
    face_stdio_send(&desk->face, trust_bytes_text("first"));
    face_stdio_send(&desk->face, trust_bytes_text("second"));
    assert_int_equal(read(desk->from_face, text, sizeof text), 13);
    assert_memory_equal(text, "first\nsecond\n", 13);
    assert_false(face_stdio_waits(&desk->face));
}

static void one_that_does_not_read_is_slow_until_it_does(void **state)
{
    struct desk *desk = *state;
    char *text = malloc(FACE_STDIO_SLOW_SIZE);
    assert_non_null(text);
    memset(text, 'x', FACE_STDIO_SLOW_SIZE);
    const struct trust_bytes part = {.data = (uint8_t *)text, .size = 65535};
    size_t count = 0;
    while (!face_stdio_is_slow(&desk->face)) {
        face_stdio_send(&desk->face, part);
        count++;
        assert_true(count < 100);
    }
    assert_true(face_stdio_waits(&desk->face));
    size_t size = 0;
    while (size < count * 65536) {
        ssize_t got = read(desk->from_face, text, FACE_STDIO_SLOW_SIZE);
        assert_true(got > 0);
        size += (size_t)got;
        hear(desk);
    }
    assert_int_equal(size, count * 65536);
    assert_false(face_stdio_is_slow(&desk->face));
    assert_false(face_stdio_waits(&desk->face));
    free(text);
}

static void one_that_reads_no_more_is_gone(void **state)
{
    struct desk *desk = *state;
    struct face_event event;
    write_text(desk, "never heard\n");
    hang_up(&desk->from_face);
    hear(desk);
    assert_true(face_stdio_next(&desk->face, &event));
    assert_int_equal(event.kind, FACE_GONE);
    face_stdio_send(&desk->face, trust_bytes_text("to nobody"));
    assert_false(face_stdio_waits(&desk->face));
    assert_false(face_stdio_is_slow(&desk->face));
}

/* The other end of a pipe may be shared with somebody who does not expect it. */
static void the_output_is_left_as_it_was_found(void **state)
{
    struct desk *desk = *state;
    assert_true((fcntl(desk->ends[1], F_GETFL) & O_NONBLOCK) != 0);
    assert_int_equal(fcntl(desk->ends[0], F_GETFL) & O_NONBLOCK, 0);
    face_stdio_close(&desk->face);
    assert_int_equal(fcntl(desk->ends[1], F_GETFL) & O_NONBLOCK, 0);
    int file = open("/dev/null", O_WRONLY | O_CLOEXEC);
    assert_true(file >= 0);
    face_stdio_open(&desk->face, desk->ends[0], file);
    assert_int_equal(fcntl(file, F_GETFL) & O_NONBLOCK, 0);
    (void)close(file);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_come_one_by_one_and_then_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_line_too_long_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers_arrive_each_on_its_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_does_not_read_is_slow_until_it_does, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(one_that_reads_no_more_is_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_output_is_left_as_it_was_found, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("guard/face_stdio", tests, NULL, NULL);
}
