/* guard/notes: a pipe stands for standard error. */
#include "guard/session/notes.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct trust_mono at(uint64_t ms)
{
    return (struct trust_mono){.ms = ms};
}

/* What was said, up to room bytes; 0: nothing. */
static size_t read_said(int fd, char *text, size_t room)
{
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    size_t size = 0;
    ssize_t got = 0;
    while ((got = read(fd, text + size, room - 1 - size)) > 0)
        size += (size_t)got;
    text[size] = '\0';
    return size;
}

static void expect(int fd, const char *line)
{
    char text[4096];
    (void)read_said(fd, text, sizeof text);
    assert_string_equal(text, line);
}

static void one_line_too_many_in_a_minute_is_dropped(void **state)
{
    (void)state;
    int fds[2];
    struct notes notes;
    char text[16384];
    assert_int_equal(pipe(fds), 0);
    notes_init(&notes, fds[1]);
    for (uint64_t i = 0; i < 2 * NOTES_A_MINUTE; i++)
        notes_router(&notes, ROUTER_NOTE_FOREIGN, "s", at(5000 + i));
    size_t line = strlen("repute-guard: s answered what it was not asked\n");
    assert_int_equal(read_said(fds[0], text, sizeof text), NOTES_A_MINUTE * line);
    notes_skipped(&notes, "s", "its url cannot be read", at(5000 + 59999));
    expect(fds[0], "");
    notes_skipped(&notes, "s", "its url cannot be read", at(5000 + 60000));
    expect(fds[0], "repute-guard: s is left out: its url cannot be read\n");
    (void)close(fds[0]);
    (void)close(fds[1]);
}

static void a_reader_that_does_not_read_stops_nobody(void **state)
{
    (void)state;
    int fds[2];
    struct notes notes;
    char page[4096];
    memset(page, 'x', sizeof page);
    assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
    while (write(fds[1], page, sizeof page) > 0)
        continue;
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(fcntl(fds[1], F_SETFL, 0), 0); /* a write would now block for ever */
    notes_init(&notes, fds[1]);
    notes_say(&notes, at(0), "dropped %d", 1);
    (void)close(fds[0]);
    notes_say(&notes, at(0), "nobody hears %d", 2);
    (void)close(fds[1]);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_line_too_many_in_a_minute_is_dropped),
        cmocka_unit_test(a_reader_that_does_not_read_stops_nobody),
    };
    return cmocka_run_group_tests_name("guard/notes", tests, NULL, NULL);
}
