/* guard/backend_stdio: real processes, started by way of this test as the launcher; what they do is
 * waited for at their descriptors, and the time of starts is a number. */
#include "guard/backend/backend_stdio.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/limits.h"

#define SELF "/proc/self/exe"
#define WAIT_MS 20000
/* Two of them find no room. */
#define BIG_SIZE (OUTBOX_SIZE_MAX / 4 * 3)
#define SHELL(script)                                                                              \
    (struct child_command)                                                                         \
    {                                                                                              \
        .launcher = SELF, .program = "sh", .arguments = (const char *const[]){"-c", script},       \
        .argument_count = 2                                                                        \
    }

static struct trust_mono at(uint64_t ms)
{
    return (struct trust_mono){.ms = ms};
}

static void wait_for_it(struct backend_stdio *backend, bool may_read)
{
    struct pollfd items[BACKEND_STDIO_WATCHED];
    backend_stdio_watch(backend, items, may_read);
    assert_true(poll(items, BACKEND_STDIO_WATCHED, WAIT_MS) > 0);
    backend_stdio_heard(backend, items);
}

/* The next event, however long it takes. */
static struct backend_stdio_event await(struct backend_stdio *backend, uint64_t now_ms)
{
    struct backend_stdio_event event;
    while (!backend_stdio_next(backend, &event, at(now_ms)))
        wait_for_it(backend, true);
    return event;
}

static void expect(struct backend_stdio *backend, uint64_t now_ms, enum backend_stdio_kind kind)
{
    assert_int_equal(await(backend, now_ms).kind, kind);
}

static void expect_line(struct backend_stdio *backend, const char *text)
{
    struct backend_stdio_event event = await(backend, 0);
    assert_int_equal(event.kind, BACKEND_STDIO_LINE);
    assert_int_equal(event.line.size, strlen(text));
    assert_memory_equal(event.line.data, text, strlen(text));
}

static void begin(struct backend_stdio *backend, const struct child_command *command)
{
    backend_stdio_init(backend, command);
    backend_stdio_start(backend);
    expect(backend, 0, BACKEND_STDIO_UP);
}

static void send_text(struct backend_stdio *backend, const char *text, uint64_t number)
{
    assert_int_equal(backend_stdio_send(backend, trust_bytes_text(text), number), TRUST_OK);
}

static void it_runs_only_when_it_is_wanted(void **state)
{
    (void)state;
    struct backend_stdio backend;
    struct backend_stdio_event event;
    backend_stdio_init(&backend, &SHELL("exec cat"));
    assert_false(backend_stdio_next(&backend, &event, at(0)));
    assert_true(backend_stdio_is_gone(&backend));
    assert_int_equal(backend_stdio_deadline(&backend).ms, UINT64_MAX);
    backend_stdio_start(&backend);
    expect(&backend, 0, BACKEND_STDIO_UP);
    assert_false(backend_stdio_is_gone(&backend));
    send_text(&backend, "one", 1);
    send_text(&backend, "two", 2);
    expect_line(&backend, "one");
    expect_line(&backend, "two");
    backend_stdio_stop(&backend, at(0));
    struct backend_stdio_event down = await(&backend, 0);
    assert_int_equal(down.kind, BACKEND_STDIO_DOWN);
    assert_int_equal(down.loss.written, 2);
    assert_int_equal(down.loss.class_, TRUST_OUTCOME_REFUSED);
    struct backend_stdio_event ended = await(&backend, 0);
    assert_int_equal(ended.kind, BACKEND_STDIO_ENDED);
    assert_int_equal(ended.end.code, 0);
    assert_int_equal(ended.end.signal, 0);
    assert_true(backend_stdio_is_gone(&backend));
    assert_false(backend_stdio_next(&backend, &event, at(100000)));
    backend_stdio_close(&backend);
}

/* The process has ended before anything of it is read. */
static void all_that_it_wrote_is_read_before_its_end_is_told(void **state)
{
    (void)state;
    struct backend_stdio backend;
    begin(&backend, &SHELL("i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done; "
                           "printf cut; exit 7"));
    struct pollfd exit_item = {.fd = backend.child.exit_fd, .events = POLLIN};
    assert_int_equal(poll(&exit_item, 1, WAIT_MS), 1);
    for (int i = 0; i < 5000; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "line %d", i);
        expect_line(&backend, text);
    }
    expect(&backend, 0, BACKEND_STDIO_DOWN);
    struct backend_stdio_event ended = await(&backend, 0);
    assert_int_equal(ended.kind, BACKEND_STDIO_ENDED);
    assert_int_equal(ended.end.code, 7);
    backend_stdio_close(&backend);
}

/* A message that lies in the pipe of a dead process has left us all the same. */
static void the_end_says_how_far_it_was_written_to(void **state)
{
    (void)state;
    struct backend_stdio backend;
    begin(&backend, &SHELL("read line; exec sleep 1000"));
    char *big = malloc(BIG_SIZE);
    assert_non_null(big);
    memset(big, 'x', BIG_SIZE);
    const struct trust_bytes text = {.data = (uint8_t *)big, .size = BIG_SIZE};
    send_text(&backend, "small", 1);
    assert_int_equal(backend_stdio_send(&backend, text, 2), TRUST_OK);
    send_text(&backend, "waits", 3);
    assert_int_equal(backend_stdio_send(&backend, text, 4), TRUST_NO_ROOM);
    assert_int_equal(kill(backend.child.pid, SIGKILL), 0);
    struct backend_stdio_event down = await(&backend, 0);
    assert_int_equal(down.kind, BACKEND_STDIO_DOWN);
    assert_int_equal(down.loss.written, 2);
    struct backend_stdio_event ended = await(&backend, 0);
    assert_int_equal(ended.end.signal, SIGKILL);
    /* What is said to it now goes nowhere, and is no failure of its own. */
    send_text(&backend, "late", 5);
    assert_int_equal(backend.outbox.written, 2);
    free(big);
    backend_stdio_close(&backend);
}

static void a_line_too_long_is_garbage(void **state)
{
    (void)state;
    struct backend_stdio backend;
    begin(&backend, &SHELL("head -c 4194400 /dev/zero | tr '\\0' a; echo; echo good; exec cat"));
    expect(&backend, 0, BACKEND_STDIO_GARBAGE);
    expect_line(&backend, "good");
    backend_stdio_close(&backend);
}

static void what_cannot_be_started_is_tried_again_later(void **state)
{
    (void)state;
    struct backend_stdio backend;
    struct backend_stdio_event event;
    backend_stdio_init(
        &backend, &(struct child_command){.launcher = SELF, .program = "no-such-program-anywhere"});
    backend_stdio_start(&backend);
    assert_true(backend_stdio_next(&backend, &event, at(1000)));
    assert_int_equal(event.kind, BACKEND_STDIO_DOWN);
    assert_int_equal(event.failure, TRUST_NO_FOUND);
    assert_int_equal(event.loss.written, 0);
    assert_int_equal(event.loss.retry_ms, BACKOFF_MS_MIN);
    assert_false(backend_stdio_next(&backend, &event, at(1000 + BACKOFF_MS_MIN - 1)));
    assert_int_equal(backend_stdio_deadline(&backend).ms, 1000 + BACKOFF_MS_MIN);
    assert_true(backend_stdio_next(&backend, &event, at(1000 + BACKOFF_MS_MIN)));
    assert_int_equal(event.loss.retry_ms, 2 * BACKOFF_MS_MIN);
    backend_stdio_hurry(&backend);
    assert_true(backend_stdio_next(&backend, &event, at(1000 + BACKOFF_MS_MIN)));
    assert_int_equal(event.loss.retry_ms, BACKOFF_MS_MIN);
    backend_stdio_close(&backend);
}

static void a_new_life_begins_with_nothing(void **state)
{
    (void)state;
    struct backend_stdio backend;
    begin(&backend, &SHELL("printf half; read line"));
    send_text(&backend, "end", 9);
    struct backend_stdio_event down = await(&backend, 0);
    assert_int_equal(down.kind, BACKEND_STDIO_DOWN);
    assert_int_equal(down.loss.written, 9);
    expect(&backend, 0, BACKEND_STDIO_ENDED);
    expect(&backend, BACKOFF_MS_MIN, BACKEND_STDIO_UP);
    assert_int_equal(backend.outbox.written, 0);
    assert_false(lines_is_within(&backend.lines));
    send_text(&backend, "end", 1);
    down = await(&backend, BACKOFF_MS_MIN);
    assert_int_equal(down.loss.written, 1);
    assert_int_equal(down.loss.retry_ms, 2 * BACKOFF_MS_MIN);
    backend_stdio_close(&backend);
}

/* One that closes its output is of no use, though it lives: it is told at once, and then ended. */
static void one_that_falls_silent_is_down_before_it_has_ended(void **state)
{
    (void)state;
    struct backend_stdio backend;
    struct backend_stdio_event event;
    begin(&backend, &SHELL("trap '' TERM; exec >&-; exec sleep 1000"));
    expect(&backend, 0, BACKEND_STDIO_DOWN);
    assert_false(backend_stdio_is_gone(&backend));
    assert_false(backend_stdio_next(&backend, &event, at(BACKOFF_MS_MIN)));
    assert_int_equal(backend_stdio_deadline(&backend).ms, CHILD_PATIENCE_MS);
    assert_false(backend_stdio_next(&backend, &event, at(CHILD_PATIENCE_MS)));
    assert_false(backend_stdio_next(&backend, &event, at(2 * CHILD_PATIENCE_MS)));
    event = await(&backend, 2 * CHILD_PATIENCE_MS);
    assert_int_equal(event.kind, BACKEND_STDIO_ENDED);
    assert_int_equal(event.end.signal, SIGKILL);
    expect(&backend, 2 * CHILD_PATIENCE_MS, BACKEND_STDIO_UP);
    backend_stdio_close(&backend);
}

static void nothing_is_read_while_nothing_may_be(void **state)
{
    (void)state;
    struct backend_stdio backend;
    struct backend_stdio_event event;
    begin(&backend, &SHELL("echo out; echo err >&2"));
    struct pollfd items[BACKEND_STDIO_WATCHED];
    backend_stdio_watch(&backend, items, false);
    size_t watched = 0;
    for (size_t i = 0; i < BACKEND_STDIO_WATCHED; i++)
        watched += items[i].fd >= 0;
    assert_int_equal(watched, 1); /* what it says of itself */
    wait_for_it(&backend, false);
    assert_false(backend_stdio_next(&backend, &event, at(0)));
    expect_line(&backend, "out");
    expect(&backend, 0, BACKEND_STDIO_DOWN);
    backend_stdio_close(&backend);
}

int main(int count, char **words)
{
    if (count > 1 && strcmp(words[1], CHILD_LAUNCH) == 0)
        return child_launch(count, words);
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_runs_only_when_it_is_wanted),
        cmocka_unit_test(all_that_it_wrote_is_read_before_its_end_is_told),
        cmocka_unit_test(the_end_says_how_far_it_was_written_to),
        cmocka_unit_test(a_line_too_long_is_garbage),
        cmocka_unit_test(what_cannot_be_started_is_tried_again_later),
        cmocka_unit_test(a_new_life_begins_with_nothing),
        cmocka_unit_test(one_that_falls_silent_is_down_before_it_has_ended),
        cmocka_unit_test(nothing_is_read_while_nothing_may_be),
    };
    return cmocka_run_group_tests_name("guard/backend_stdio", tests, NULL, NULL);
}
