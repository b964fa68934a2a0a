/* guard/child_launch: the step in between, without the guard around it. tests/unit/tools/guard/
 * child.c starts every child by way of it. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "guard/backend/child.h"

#define TOLD_FD 3
#define UNSTARTED 127

struct launched {
    int code;     /* its exit code */
    uint8_t told; /* what came over the descriptor; 0: nothing */
};

/* Launches in a process of its own, as the child of parent (0: of this test). */
static struct launched launch(int count, const char *program, pid_t parent)
{
    int told[2];
    assert_int_equal(pipe2(told, O_CLOEXEC), 0);
    char number[16];
    (void)snprintf(number, sizeof number, "%d", parent == 0 ? (int)getpid() : (int)parent);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        char name[] = "repute-guard";
        char mode[] = CHILD_LAUNCH;
        char path[64];
        (void)snprintf(path, sizeof path, "%s", program);
        char *words[] = {name, mode, number, path, NULL};
        if (dup2(told[1], TOLD_FD) != TOLD_FD)
            _exit(1);
        _exit(child_launch(count, words));
    }
    (void)close(told[1]);
    struct launched launched = {0};
    (void)!read(told[0], &launched.told, 1);
    (void)close(told[0]);
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    launched.code = WEXITSTATUS(status);
    return launched;
}

static void a_program_takes_its_place(void **state)
{
    (void)state;
    struct launched launched = launch(4, "true", 0);
    assert_int_equal(launched.code, 0);
    assert_int_equal(launched.told, 0); /* the descriptor closed when it began to run */
    assert_int_equal(launch(4, "false", 0).code, 1);
}

static void a_program_that_cannot_run_is_told(void **state)
{
    (void)state;
    struct launched launched = launch(4, "no-such-program-anywhere", 0);
    assert_int_equal(launched.code, UNSTARTED);
    assert_int_equal(launched.told, ENOENT);
    launched = launch(4, "/", 0);
    assert_int_equal(launched.code, UNSTARTED);
    assert_int_equal(launched.told, EACCES);
}

static void an_orphan_starts_nothing(void **state)
{
    (void)state;
    struct launched launched = launch(4, "true", getppid());
    assert_int_equal(launched.code, UNSTARTED);
    assert_int_equal(launched.told, 0);
}

static void it_needs_a_program(void **state)
{
    (void)state;
    assert_int_equal(launch(3, "true", 0).code, UNSTARTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_takes_its_place),
        cmocka_unit_test(a_program_that_cannot_run_is_told),
        cmocka_unit_test(an_orphan_starts_nothing),
        cmocka_unit_test(it_needs_a_program),
    };
    return cmocka_run_group_tests_name("guard/child_launch", tests, NULL, NULL);
}
