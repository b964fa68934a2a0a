/* guard/child: real processes, started by way of this test as the launcher. Their exits are waited
 * for at their descriptors; the time of harsher steps is a number. */
#include "guard/backend/child.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SELF "/proc/self/exe"
#define WAIT_MS 20000
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

static void start(struct child *child, const struct child_command *command)
{
    child_init(child);
    assert_int_equal(child_start(child, command), TRUST_OK);
    assert_int_equal(child->state, CHILD_RUNNING);
}

static struct child_end await_end(struct child *child)
{
    struct child_end end = {0};
    struct pollfd item = {.fd = child->exit_fd, .events = POLLIN};
    assert_int_equal(poll(&item, 1, WAIT_MS), 1);
    assert_true(child_reap(child, &end));
    assert_int_equal(child->state, CHILD_NONE);
    return end;
}

/* What it writes to standard output, until it closes that. */
static size_t read_all(const struct child *child, char *text, size_t room)
{
    size_t size = 0;
    while (size + 1 < room) {
        struct pollfd item = {.fd = child->output_fd, .events = POLLIN};
        assert_int_equal(poll(&item, 1, WAIT_MS), 1);
        ssize_t got = read(child->output_fd, text + size, room - 1 - size);
        if (got <= 0)
            break;
        size += (size_t)got;
    }
    text[size] = '\0';
    return size;
}

static size_t count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    assert_non_null(folder);
    size_t count = 0;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

/* Gone, or a zombie that waits for whoever adopted it. */
static bool is_dead(long pid)
{
    char path[64];
    char line[256] = "";
    (void)snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return true;
    (void)!fgets(line, sizeof line, file);
    (void)fclose(file);
    const char *behind = strrchr(line, ')');
    return behind == NULL || behind[2] == 'Z' || behind[2] == 'X';
}

static void await_death(long pid)
{
    for (int i = 0; i < WAIT_MS && !is_dead(pid); i++)
        usleep(1000);
    assert_true(is_dead(pid));
}

static void it_answers_and_ends_when_its_input_does(void **state)
{
    (void)state;
    struct child child;
    struct child_command command = {.launcher = SELF, .program = "cat"};
    char text[64];
    start(&child, &command);
    assert_int_equal(write(child.input_fd, "hello\n", 6), 6);
    child_leave(&child, at(0));
    assert_int_equal(child.input_fd, -1);
    assert_int_equal(read_all(&child, text, sizeof text), 6);
    assert_string_equal(text, "hello\n");
    struct child_end end = await_end(&child);
    assert_int_equal(end.signal, 0);
    assert_int_equal(end.code, 0);
    assert_int_equal(child.output_fd, -1);
    assert_int_equal(child.exit_fd, -1);
    assert_false(child_reap(&child, &end));
}

static void an_exit_code_is_told(void **state)
{
    (void)state;
    struct child child;
    start(&child, &SHELL("exit 7"));
    struct child_end end = await_end(&child);
    assert_int_equal(end.signal, 0);
    assert_int_equal(end.code, 7);
}

static void what_cannot_be_started_says_why(void **state)
{
    (void)state;
    size_t before = count_descriptors();
    struct child child;
    child_init(&child);
    struct child_command command = {.launcher = SELF, .program = "no-such-program-anywhere"};
    assert_int_equal(child_start(&child, &command), TRUST_NO_FOUND);
    command.program = "/";
    assert_int_equal(child_start(&child, &command), TRUST_NO_PERMISSION);
    command = (struct child_command){.launcher = SELF, .program = "cat", .folder = "/no/folder"};
    assert_int_equal(child_start(&child, &command), TRUST_NO_FOUND);
    assert_int_equal(child.state, CHILD_NONE);
    assert_int_equal(count_descriptors(), before);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void it_has_its_variables_and_its_folder(void **state)
{
    (void)state;
    const struct child_pair variables[] = {{"CHILD_NEW", "a b=c"}, {"CHILD_OLD", "mine"}};
    assert_int_equal(setenv("CHILD_OLD", "theirs", 1), 0);
    assert_int_equal(setenv("CHILD_KEPT", "kept", 1), 0);
    struct child_command command = SHELL("echo \"$CHILD_NEW|$CHILD_OLD|$CHILD_KEPT|$(pwd)\"; env");
    command.variables = variables;
    command.variable_count = 2;
    command.folder = "/usr";
    struct child child;
    char text[65536];
    start(&child, &command);
    (void)read_all(&child, text, sizeof text);
    assert_ptr_equal(strstr(text, "a b=c|mine|kept|/usr\n"), text);
    assert_null(strstr(text, "CHILD_OLD=theirs"));
    (void)await_end(&child);
}

static void no_descriptor_of_ours_is_handed_on(void **state)
{
    (void)state;
    int ours = dup(STDOUT_FILENO); /* without close-on-exec, above the streams */
    assert_true(ours > STDERR_FILENO);
    struct child first;
    struct child second;
    char text[256];
    start(&first, &SHELL("cat"));
    start(&second, &SHELL("ls /proc/self/fd | tr '\\n' ' '"));
    (void)read_all(&second, text, sizeof text);
    assert_string_equal(text, "0 1 2 3 "); /* 3 is the folder that ls reads */
    (void)await_end(&second);
    child_kill(&first);
    (void)close(ours);
}

static void the_end_of_what_it_said_is_kept(void **state)
{
    (void)state;
    struct child child;
    uint8_t said[CHILD_STDERR_SIZE];
    start(&child, &SHELL("echo begin >&2; i=0; while [ $i -lt 2000 ]; do echo line $i >&2; "
                         "i=$((i + 1)); done; printf 'the end' >&2"));
    for (bool is_open = true; is_open;) {
        struct pollfd item = {.fd = child.error_fd, .events = POLLIN};
        assert_int_equal(poll(&item, 1, WAIT_MS), 1);
        is_open = child_listen(&child);
    }
    assert_int_equal(child_said(&child, said, sizeof said), CHILD_STDERR_SIZE);
    assert_memory_equal(said + CHILD_STDERR_SIZE - 17, "line 1999\nthe end", 17);
    assert_int_equal(child_said(&child, said, 7), 7);
    assert_memory_equal(said, "the end", 7);
    (void)await_end(&child);
    start(&child, &SHELL("exit 0"));
    assert_int_equal(child_said(&child, said, sizeof said), 0);
    (void)await_end(&child);
}

/* Told that it is ready, so that the signals find what it has set up. */
static void await_ready(const struct child *child)
{
    char byte = 0;
    struct pollfd item = {.fd = child->output_fd, .events = POLLIN};
    assert_int_equal(poll(&item, 1, WAIT_MS), 1);
    assert_int_equal(read(child->output_fd, &byte, 1), 1);
}

static void patience_ends_in_harsher_steps(void **state)
{
    (void)state;
    struct child child;
    start(&child, &SHELL("trap '' TERM; printf r; while :; do sleep 1000 <&- ; done"));
    await_ready(&child);
    assert_int_equal(child_deadline(&child).ms, UINT64_MAX);
    child_leave(&child, at(100));
    assert_int_equal(child_deadline(&child).ms, 100 + CHILD_PATIENCE_MS);
    child_time(&child, at(99 + CHILD_PATIENCE_MS));
    assert_int_equal(child.state, CHILD_LEAVING);
    child_time(&child, at(100 + CHILD_PATIENCE_MS));
    assert_int_equal(child.state, CHILD_TERMED);
    child_time(&child, at(100 + 2 * CHILD_PATIENCE_MS - 1));
    assert_int_equal(child.state, CHILD_TERMED);
    child_time(&child, at(100 + 2 * CHILD_PATIENCE_MS));
    assert_int_equal(child.state, CHILD_KILLED);
    assert_int_equal(child_deadline(&child).ms, UINT64_MAX);
    struct child_end end = await_end(&child);
    assert_int_equal(end.signal, SIGKILL);
}

static void one_that_listens_ends_by_the_first_signal(void **state)
{
    (void)state;
    struct child child;
    start(&child, &SHELL("printf r; exec sleep 1000"));
    await_ready(&child);
    child_leave(&child, at(0));
    child_time(&child, at(CHILD_PATIENCE_MS));
    struct child_end end = await_end(&child);
    assert_int_equal(end.signal, SIGTERM);
}

static long read_number(const struct child *child)
{
    char text[32];
    size_t size = 0;
    while (size + 1 < sizeof text && (size == 0 || text[size - 1] != '\n')) {
        struct pollfd item = {.fd = child->output_fd, .events = POLLIN};
        assert_int_equal(poll(&item, 1, WAIT_MS), 1);
        assert_int_equal(read(child->output_fd, text + size, 1), 1);
        size++;
    }
    text[size] = '\0';
    return strtol(text, NULL, 10);
}

static void what_it_started_ends_with_it(void **state)
{
    (void)state;
    struct child child;
    start(&child, &SHELL("sleep 1000 & echo $!; wait"));
    long grandchild = read_number(&child);
    assert_false(is_dead(grandchild));
    child_kill(&child);
    await_death(grandchild);
    start(&child, &SHELL("sleep 1000 & echo $!; exit 0"));
    grandchild = read_number(&child);
    (void)await_end(&child);
    await_death(grandchild);
}

/* A guard that is killed leaves nobody behind. */
static void it_dies_with_its_guard(void **state)
{
    (void)state;
    int told[2];
    assert_int_equal(pipe(told), 0);
    pid_t guard = fork();
    assert_true(guard >= 0);
    if (guard == 0) {
        struct child child;
        child_init(&child);
        long pid =
            child_start(&child, &SHELL("trap '' TERM HUP; while :; do sleep 1; done")) == TRUST_OK
                ? (long)child.pid
                : 0;
        (void)!write(told[1], &pid, sizeof pid);
        (void)pause();
        _exit(0);
    }
    long pid = 0;
    assert_int_equal(read(told[0], &pid, sizeof pid), sizeof pid);
    assert_true(pid > 0);
    assert_int_equal(kill(guard, SIGKILL), 0);
    assert_int_equal(waitpid(guard, NULL, 0), guard);
    await_death(pid);
    (void)close(told[0]);
    (void)close(told[1]);
}

static void many_lives_leave_nothing_open(void **state)
{
    (void)state;
    size_t before = count_descriptors();
    struct child child;
    for (int i = 0; i < 100; i++) {
        start(&child, &SHELL("cat >/dev/null"));
        if (i % 2 == 0)
            child_kill(&child);
        else {
            child_leave(&child, at(0));
            (void)await_end(&child);
        }
    }
    assert_int_equal(count_descriptors(), before);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

int main(int count, char **words)
{
    if (count > 1 && strcmp(words[1], CHILD_LAUNCH) == 0)
        return child_launch(count, words);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_answers_and_ends_when_its_input_does),
        cmocka_unit_test(an_exit_code_is_told),
        cmocka_unit_test(what_cannot_be_started_says_why),
        cmocka_unit_test(it_has_its_variables_and_its_folder),
        cmocka_unit_test(no_descriptor_of_ours_is_handed_on),
        cmocka_unit_test(the_end_of_what_it_said_is_kept),
        cmocka_unit_test(patience_ends_in_harsher_steps),
        cmocka_unit_test(one_that_listens_ends_by_the_first_signal),
        cmocka_unit_test(what_it_started_ends_with_it),
        cmocka_unit_test(it_dies_with_its_guard),
        cmocka_unit_test(many_lives_leave_nothing_open),
    };
    return cmocka_run_group_tests_name("guard/child", tests, NULL, NULL);
}
