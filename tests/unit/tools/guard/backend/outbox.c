/* guard/outbox: lines leave whole and in order, however little the reader takes, and it is known
 * which of them have begun to leave. */
#include "guard/backend/outbox.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct way {
    int reader;
    int writer;
};

/* A pipe of one page, neither end of which blocks. */
static struct way open_way(void)
{
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    assert_int_equal(fcntl(ends[1], F_SETPIPE_SZ, 4096), 4096);
    return (struct way){.reader = ends[0], .writer = ends[1]};
}

static void close_way(struct way way)
{
    (void)close(way.reader);
    (void)close(way.writer);
}

static struct trust_bytes text_of(const char *text)
{
    return (struct trust_bytes){(const uint8_t *)text, strlen(text)};
}

/* What the reader finds now, up to size bytes. */
static size_t take(struct way way, char *text, size_t size)
{
    ssize_t got = read(way.reader, text, size);
    return got < 0 ? 0 : (size_t)got;
}

static void what_fits_leaves_at_once(void **state)
{
    (void)state;
    struct way way = open_way();
    struct outbox outbox = {0};
    char text[64] = "";
    assert_int_equal(outbox_send(&outbox, way.writer, text_of("{\"a\":1}"), 1), TRUST_OK);
    assert_int_equal(outbox_send(&outbox, way.writer, text_of("{}"), 5), TRUST_OK);
    assert_false(outbox_waits(&outbox));
    assert_int_equal(outbox.written, 5);
    assert_int_equal(take(way, text, sizeof text), 11);
    assert_memory_equal(text, "{\"a\":1}\n{}\n", 11);
    outbox_close(&outbox);
    close_way(way);
}

static void a_full_pipe_lets_the_rest_wait(void **state)
{
    (void)state;
    struct way way = open_way();
    struct outbox outbox = {0};
    static char first[5001];
    static char got[10240];
    memset(first, 'x', 5000);
    assert_int_equal(outbox_send(&outbox, way.writer, text_of(first), 1), TRUST_OK);
    assert_true(outbox_waits(&outbox));
    assert_int_equal(outbox.written, 1);
    assert_int_equal(outbox_send(&outbox, way.writer, text_of("second"), 2), TRUST_OK);
    assert_int_equal(outbox_flush(&outbox, way.writer), TRUST_OK);
    assert_int_equal(outbox.written, 1); /* not a byte of the second has left */
    size_t size = take(way, got, sizeof got);
    assert_int_equal(size, 4096);
    assert_int_equal(outbox_flush(&outbox, way.writer), TRUST_OK);
    assert_false(outbox_waits(&outbox));
    assert_int_equal(outbox.written, 2);
    size += take(way, got + size, sizeof got - size);
    assert_int_equal(size, 5001 + 7);
    assert_memory_equal(got, first, 5000);
    assert_memory_equal(got + 5000, "\nsecond\n", 8);
    outbox_close(&outbox);
    close_way(way);
}

/* Messages of all sizes through a reader that takes a few bytes at a time. */
static void lines_come_whole_and_in_order(void **state)
{
    (void)state;
    struct way way = open_way();
    struct outbox outbox = {0};
    static char got[1 << 20];
    static char wanted[1 << 20];
    size_t got_size = 0;
    size_t wanted_size = 0;
    for (uint64_t number = 1; number <= 600; number++) {
        char text[1024];
        size_t size = (size_t)(number * 37 % 1000 + 1);
        memset(text, (int)('a' + number % 26), size);
        text[size] = '\0';
        assert_int_equal(outbox_send(&outbox, way.writer, text_of(text), number), TRUST_OK);
        memcpy(wanted + wanted_size, text, size);
        wanted_size += size;
        wanted[wanted_size++] = '\n';
        got_size += take(way, got + got_size, (size_t)(number % 7) * 150);
        assert_int_equal(outbox_flush(&outbox, way.writer), TRUST_OK);
        assert_true(outbox.written <= number);
    }
    while (outbox_waits(&outbox)) {
        got_size += take(way, got + got_size, sizeof got - got_size);
        assert_int_equal(outbox_flush(&outbox, way.writer), TRUST_OK);
    }
    got_size += take(way, got + got_size, sizeof got - got_size);
    assert_int_equal(got_size, wanted_size);
    assert_memory_equal(got, wanted, wanted_size);
    assert_int_equal(outbox.written, 600);
    outbox_close(&outbox);
    close_way(way);
}

static void what_waits_is_bounded(void **state)
{
    (void)state;
    struct way way = open_way();
    struct outbox outbox = {0};
    size_t size = OUTBOX_SIZE_MAX / 2;
    uint8_t *text = calloc(1, OUTBOX_SIZE_MAX);
    assert_non_null(text);
    struct trust_bytes half = {text, size};
    assert_int_equal(outbox_send(&outbox, way.writer, half, 1), TRUST_OK);
    assert_int_equal(outbox_send(&outbox, way.writer, half, 2), TRUST_OK);
    assert_false(outbox_has_room(&outbox, 8192));
    uint64_t put = outbox.put;
    assert_int_equal(outbox_send(&outbox, way.writer, half, 3), TRUST_NO_ROOM);
    assert_int_equal(outbox.put, put);
    struct trust_bytes all = {text, OUTBOX_SIZE_MAX};
    assert_int_equal(outbox_send(&outbox, way.writer, all, 3), TRUST_NO_ROOM);
    outbox_reset(&outbox);
    assert_false(outbox_waits(&outbox));
    assert_int_equal(outbox.written, 0);
    assert_true(outbox_has_room(&outbox, size));
    free(text);
    outbox_close(&outbox);
    close_way(way);
}

static void the_memory_of_long_messages_is_given_back(void **state)
{
    (void)state;
    struct way way = open_way();
    struct outbox outbox = {0};
    static char text[100001];
    static char got[4096];
    memset(text, 'x', sizeof text - 1);
    assert_int_equal(outbox_send(&outbox, way.writer, text_of(text), 1), TRUST_OK);
    assert_true(outbox.capacity > sizeof text);
    while (outbox_waits(&outbox)) {
        assert_true(take(way, got, sizeof got) > 0);
        assert_int_equal(outbox_flush(&outbox, way.writer), TRUST_OK);
    }
    assert_int_equal(outbox.capacity, 0);
    assert_int_equal(outbox_send(&outbox, way.writer, text_of("{}"), 2), TRUST_OK);
    assert_int_equal(outbox.written, 2);
    /* One that leaves at once leaves nothing behind either. */
    assert_true(fcntl(way.writer, F_SETPIPE_SZ, 1 << 18) >= 1 << 18);
    assert_int_equal(outbox_send(&outbox, way.writer, text_of(text), 3), TRUST_OK);
    assert_int_equal(outbox.capacity, 0);
    outbox_close(&outbox);
    close_way(way);
}

static void nobody_who_reads_is_told(void **state)
{
    (void)state;
    struct way way = open_way();
    struct outbox outbox = {0};
    static char text[6001];
    memset(text, 'x', 6000);
    (void)signal(SIGPIPE, SIG_IGN);
    assert_int_equal(outbox_send(&outbox, way.writer, text_of(text), 1), TRUST_OK);
    assert_int_equal(outbox_send(&outbox, way.writer, text_of("never"), 2), TRUST_OK);
    (void)close(way.reader);
    assert_int_equal(outbox_flush(&outbox, way.writer), TRUST_NO_PEER);
    assert_int_equal(outbox.written, 1);
    outbox_reset(&outbox);
    assert_int_equal(outbox_send(&outbox, way.writer, text_of("never"), 1), TRUST_NO_PEER);
    assert_int_equal(outbox.written, 0);
    outbox_close(&outbox);
    (void)close(way.writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_leaves_at_once),
        cmocka_unit_test(a_full_pipe_lets_the_rest_wait),
        cmocka_unit_test(lines_come_whole_and_in_order),
        cmocka_unit_test(what_waits_is_bounded),
        cmocka_unit_test(the_memory_of_long_messages_is_given_back),
        cmocka_unit_test(nobody_who_reads_is_told),
    };
    return cmocka_run_group_tests_name("guard/outbox", tests, NULL, NULL);
}
