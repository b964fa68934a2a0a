/* guard/backend_command: a server's entry becomes a process with its words, variables and folder,
 * and how that ends is put into words. This test is the launcher. */
#include "guard/backend/backend_command.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "guard/backend/child.h"

#define SELF "/proc/self/exe"
#define WAIT_MS 20000

static const struct backend_calls *const calls = &backend_command_calls;

static struct trust_mono at(uint64_t ms)
{
    return (struct trust_mono){.ms = ms};
}

static void *open_shell(const char *script)
{
    const char *const words[] = {"-c", script};
    const struct trust_group_pair pairs[] = {{"TEST_ONE", "1 and more"}, {"TEST_TWO", "2"}};
    const struct trust_group_server server = {.subject = "mcp:a/b",
                                              .command = "sh",
                                              .args = {.texts = words, .count = 2},
                                              .env = {.pairs = pairs, .count = 2},
                                              .cwd = "/usr"};
    const struct backend_config config = {.server = &server, .launcher = SELF};
    char why[BACKEND_WHY_SIZE];
    void *self = NULL;
    assert_int_equal(calls->open(&self, why, &config), TRUST_OK);
    /* What is borrowed from the entry is read at the start, which is now. */
    struct backend_event event;
    assert_false(calls->next(self, &event, at(0)));
    calls->start(self);
    assert_true(calls->next(self, &event, at(0)));
    assert_int_equal(event.kind, BACKEND_UP);
    assert_null(event.note);
    return self;
}

static struct backend_event await(void *self)
{
    struct backend_event event;
    struct pollfd items[BACKEND_WATCHED];
    while (!calls->next(self, &event, at(0))) {
        calls->watch(self, items, true);
        assert_true(poll(items, calls->watched, WAIT_MS) > 0);
        calls->heard(self, items, at(0));
    }
    return event;
}

static void expect_line(void *self, const char *text)
{
    struct backend_event event = await(self);
    assert_int_equal(event.kind, BACKEND_LINE);
    assert_int_equal(event.line.size, strlen(text));
    assert_memory_equal(event.line.data, text, strlen(text));
}

static void it_runs_as_its_entry_says(void **state)
{
    (void)state;
    void *self = open_shell("echo \"$TEST_ONE/$TEST_TWO/$PWD\"; exec cat");
    expect_line(self, "1 and more/2//usr");
    assert_int_equal(calls->send(self, trust_bytes_text("there"), 7, at(0)), TRUST_OK);
    expect_line(self, "there");
    assert_false(calls->is_gone(self));
    assert_int_equal(calls->rest_ms(self, at(0)), 0);
    calls->stop(self, at(0));
    struct backend_event down = await(self);
    assert_int_equal(down.kind, BACKEND_DOWN);
    assert_int_equal(down.loss.written, 7);
    assert_int_equal(down.loss.retry_ms, 250);
    assert_null(down.note);
    assert_int_equal(calls->rest_ms(self, at(100)), 150);
    struct backend_event ended = await(self);
    assert_int_equal(ended.kind, BACKEND_ENDED);
    assert_string_equal(ended.note, "exited with code 0; it is tried again in 250 ms");
    assert_true(calls->is_gone(self));
    assert_int_equal(calls->deadline(self).ms, UINT64_MAX);
    calls->start(self);
    assert_int_equal(calls->deadline(self).ms, 250);
    calls->hurry(self);
    assert_int_equal(calls->rest_ms(self, at(0)), 0);
    calls->close(self);
}

static void it_is_told_how_it_ended_and_what_it_said(void **state)
{
    (void)state;
    void *self = open_shell("printf 'out of\\033[31m order\\n' >&2; exit 3");
    assert_int_equal(await(self).kind, BACKEND_DOWN);
    assert_string_equal(await(self).note, "exited with code 3; it is tried again in 250 ms; it "
                                          "said: out of [31m order ");
    calls->close(self);
    self = open_shell("kill -9 $$");
    assert_int_equal(await(self).kind, BACKEND_DOWN);
    assert_string_equal(await(self).note, "was ended by signal 9; it is tried again in 250 ms");
    calls->close(self);
}

static void what_cannot_be_started_says_why(void **state)
{
    (void)state;
    const struct trust_group_server server = {.subject = "mcp:a/b", .command = "no-such-program"};
    const struct backend_config config = {.server = &server, .launcher = SELF};
    char why[BACKEND_WHY_SIZE];
    void *self = NULL;
    struct backend_event event;
    assert_int_equal(calls->open(&self, why, &config), TRUST_OK);
    calls->start(self);
    assert_true(calls->next(self, &event, at(0)));
    assert_int_equal(event.kind, BACKEND_DOWN);
    char expected[256];
    (void)snprintf(expected, sizeof expected, "cannot be started: %s; it is tried again in 250 ms",
                   trust_error_text(TRUST_NO_FOUND));
    assert_string_equal(event.note, expected);
    calls->close(self);
}

int main(int count, char **words)
{
    if (count > 1 && strcmp(words[1], CHILD_LAUNCH) == 0)
        return child_launch(count, words);
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_runs_as_its_entry_says),
        cmocka_unit_test(it_is_told_how_it_ended_and_what_it_said),
        cmocka_unit_test(what_cannot_be_started_says_why),
    };
    return cmocka_run_group_tests_name("guard/backend_command", tests, NULL, NULL);
}
